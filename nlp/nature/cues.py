"""Cues of the nature of a passage: wordings listed as data, found in one walk over the words.

A row of ``nlp/data/cues_*.tsv`` holds a nature (``none`` for wordings that only hide others), a
weight, a scope (``any``, or ``start`` of a sentence) and a wording: ``(a|b|)`` lists alternatives,
``_`` is any word, ``..`` none to two of them, ``<inf>`` and its like a class of words.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from nlp.lexicon.files import read_rows
from nlp.text.normalise import INVISIBLE, MARKS, fold, listed

FILES: Final = ("cues_fr.tsv", "cues_ar.tsv", "cues_ary.tsv")
#: What stands for the end of a sentence, a question mark, a colon, any word.
STOP: Final = "."
ASKS: Final = "?"
COLON: Final = ":"
ANY: Final = "_"

#: Words, and the marks at which sentences end.
PIECE: Final = re.compile(
    rf"[^\W_](?:[^\W_]|[{MARKS}{INVISIBLE}])*|[?؟]|[!;؛\n•…]|[.:](?=\s|$)", re.UNICODE
)
_MARKS: Final = {"?": ASKS, "؟": ASKS, ":": COLON}
_GROUP = re.compile(r"\(([^()]*)\)")
#: Endings of words in -ons and -ez that are no imperatives, words in -er and -re no infinitives.
_NO_IMPERATIVE = listed("nous assez chez nez rez allez voyez savez avez etes imaginez")
#: Verbs of proposals that the package's list of words lacks.
_MORE_VERBS = listed("creer construire digitaliser consulter controler")
_NO_PROPOSAL = listed(
    """
    etre avoir voir vivre savoir pouvoir devoir aller venir attendre dire passer croire
    """
)
#: Words that turn round what follows.
_NOT = listed("ne n pas sans ni jamais aucun aucune لا لم لن ليس ليست بدون دون ماشي machi")
#: Words that may stand before the first word of a sentence proper.
_OPENING = listed(
    """
    et mais donc alors aussi ainsi enfin puis or surtout ensuite bref d abord deja bonjour svp
    c est pour moi و ف لكن ثم إذن كذلك أيضا أولا ثانيا ثالثا السلام عليكم ولكن إذا هنا
    walakin w ou wa lakin o salam
    """
)


class Cue(NamedTuple):
    """A wording and what it speaks for."""

    nature: str
    weight: float
    starts: bool
    #: Whether the wording is itself a negation, which no other one turns round.
    denies: bool


#: A tree of cues: symbol to branch, and the cues that end here under the empty text.
Branch = dict[str, Any]
#: Number of the piece after the last one of a cue, and the cue.
Ending = tuple[int, Cue]


class Match(NamedTuple):
    """A cue found in a text, as numbers of its first piece and of the one after its last."""

    start: int
    end: int
    cue: Cue


def expanded(wording: str) -> Iterator[tuple[str, ...]]:
    """Yield the sequences of symbols a wording stands for."""
    parts: list[Sequence[str]] = []
    at = 0
    for group in _GROUP.finditer(wording):
        parts.extend((word,) for word in wording[at : group.start()].split())
        parts.append(group.group(1).split("|"))
        at = group.end()
    parts.extend((word,) for word in wording[at:].split())
    parts = [("", ANY, f"{ANY} {ANY}") if part == ("..",) else part for part in parts]
    for choice in itertools.product(*parts):
        symbols = tuple(symbol_of(word) for word in " ".join(choice).split())
        if symbols and symbols[0] != ANY:
            yield symbols


def symbol_of(word: str) -> str:
    """Return the symbol of a word of a cue: itself when it is a mark or a class, or its form."""
    return word if word in {ANY, ASKS, COLON} or word.startswith("<") else fold(word)


def plant(root: Branch, symbols: Sequence[str], cue: Cue) -> None:
    """Add a cue to a tree of cues."""
    branch = root
    for symbol in symbols:
        branch = branch.setdefault(symbol, {})
    branch.setdefault("", []).append(cue)


def symbols_in(root: Branch) -> frozenset[str]:
    """Return every symbol that some cue of a tree holds."""
    found: set[str] = set()
    branches = [root]
    while branches:
        branch = branches.pop()
        found.update(key for key in branch if key)
        branches.extend(below for key, below in branch.items() if key)
    return frozenset(found)


@cache
def cues() -> Branch:
    """Return the tree of all cues: symbol to branch; the cue that ends there under ``""``."""
    root: Branch = {}
    for row in itertools.chain.from_iterable(read_rows(name) for name in FILES):
        for symbols in expanded(row["cue"]):
            denies = symbols[0] in _NOT
            cue = Cue(row["nature"], float(row["weight"]), row["scope"] == "start", denies)
            plant(root, symbols, cue)
    return root


@cache
def _known() -> frozenset[str]:
    """Return every symbol that some cue holds."""
    return symbols_in(cues())


@cache
def _infinitives() -> frozenset[str]:
    """Return the French infinitives of the package's list of words."""
    rows = read_rows("words_fr.tsv")
    verbs = {row["word"] for row in rows if "v" in row["pos"] and "n" not in row["pos"]}
    found = {verb for verb in verbs if verb.endswith(("er", "ir", "re"))}
    return frozenset(found | _MORE_VERBS) - _NO_PROPOSAL


_SHAPES: Final = (
    ("<n>", re.compile(r"\d+")),
    ("<ez>", re.compile(r"[a-z]{2,}ez")),
    ("<ons>", re.compile(r"[a-z]{2,}(?<![ctsxe]i)(?<!ss)(?<!ç)ons")),
    ("<negv>", re.compile(r"م(?:ا)?[يتنك].{2,}ش")),
    ("<negvl>", re.compile(r"ma(?:k|t|n|y|b|9|3|l).{2,}(?:ch|sh|x)")),
)


def _verb_classes(form: str) -> Iterator[str]:
    """Yield the classes of a French verb: infinitive, first person plural of the future."""
    if form in _infinitives():
        yield "<inf>"
    if form.endswith("rons"):
        stem = form.removesuffix("ons")
        if stem in _infinitives() or f"{stem}e" in _infinitives():
            yield "<fut>"


class Piece(NamedTuple):
    """What the cues see of a word or mark."""

    #: Itself or its folded form when a cue holds it, and its classes.
    symbols: tuple[str, ...]
    begins_cue: bool = False
    #: ``STOP``, ``ASKS`` or ``COLON`` for a mark, empty for a word.
    mark: str = ""
    denies: bool = False
    opens: bool = False


@lru_cache(maxsize=200_000)
def piece_of(surface: str) -> Piece:
    """Return what the cues see of a word or mark as written."""
    if not surface[0].isalnum():
        mark = _MARKS.get(surface, STOP)
        return Piece((mark,), mark=mark)
    form = fold(surface[:60])
    known = _known()
    bare = form[1:] if form[:1] in "وف" and len(form) > 3 and form not in known else form
    symbols = [bare] if bare in known else []
    symbols.extend(_verb_classes(form))
    if form not in _NO_IMPERATIVE:
        symbols.extend(name for name, shape in _SHAPES if shape.fullmatch(form))
    begins = any(symbol in cues() for symbol in symbols)
    return Piece(tuple(symbols), begins, denies=form in _NOT, opens=form in _OPENING)


def read(text: str) -> list[Piece]:
    """Return the pieces of a text, in the order of :data:`PIECE`."""
    return list(map(piece_of, PIECE.findall(text)))


def collect(branch: Branch, line: Sequence[Piece], here: int, found: list[Ending]) -> None:
    """Collect the cues that a walk down from a branch meets, and where each one ends."""
    found.extend((here, cue) for cue in branch.get("", ()))
    if here == len(line):
        return
    piece = line[here]
    for symbol in piece.symbols:
        if symbol in branch:
            collect(branch[symbol], line, here + 1, found)
    if ANY in branch and not piece.mark:
        collect(branch[ANY], line, here + 1, found)


def is_start(line: Sequence[Piece], at: int) -> bool:
    """Whether a sentence begins with a piece, or with words like "and" just before it."""
    before = at - 1
    while before >= 0 and line[before].opens:
        before -= 1
    return before < 0 or line[before].mark in {STOP, ASKS}


def _is_denied(line: Sequence[Piece], at: int) -> bool:
    """Whether one of the two words before a piece turns it round."""
    for before in range(at - 1, max(at - 3, -1), -1):
        if line[before].mark:
            return False
        if line[before].denies:
            return True
    return False


def matches(line: Sequence[Piece]) -> list[Match]:
    """Return the cues of a text's pieces: the longest where one lies inside another."""
    root = cues()
    found: list[Match] = []
    for at, piece in enumerate(line):
        if not piece.begins_cue:
            continue
        ends: list[Ending] = []
        for symbol in piece.symbols:
            if symbol in root:
                collect(root[symbol], line, at + 1, ends)
        found.extend(
            Match(at, end, cue) for end, cue in ends if not cue.starts or is_start(line, at)
        )
    return [m for m in longest(found) if m.cue.denies or not _is_denied(line, m.start)]


def _rank(match: Match) -> tuple[int, int, bool, float, str]:
    """Return where a match comes among others: earlier, longer, hiding others, heavier first."""
    cue = match.cue
    return match.start, -match.end, cue.nature != "none", -cue.weight, cue.nature


def longest(found: list[Match]) -> list[Match]:
    """Leave out what lies inside a longer wording; of one stretch keep what weighs most."""
    found.sort(key=_rank)
    kept: list[Match] = []
    reach = -1
    for match in found:
        if match.end > reach:
            kept.append(match)
            reach = match.end
    return kept
