"""Cues of stance: wordings listed as data, found by the same walk as those of a nature.

A row of ``nlp/data/stance_*.tsv`` is written as in :mod:`nlp.nature.cues`. It speaks ``for`` or
``against``, says ``mixed`` by itself, only ``tolerates`` (no stance unless a condition follows),
brings a reservation (``but``), or is ``none`` and only hides others.
"""

import itertools
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from nlp.lexicon.files import read_rows
from nlp.nature.cues import (
    ASKS,
    STOP,
    Branch,
    Cue,
    Ending,
    Match,
    Piece,
    collect,
    expanded,
    is_start,
    longest,
    plant,
    symbols_in,
)
from nlp.text.normalise import fold, listed

FILES: Final = ("stance_fr.tsv", "stance_ar.tsv", "stance_ary.tsv")
#: Words that turn round what follows: French ones within three words, the others the next one.
_NOT_FRENCH = listed("ne n pas jamais ni sans aucunement nullement")
_NOT_NEXT = listed("لا لم لن ليس لسنا لست ماشي machi mashi")
_NOT = _NOT_FRENCH | _NOT_NEXT
#: Words of French negations that stand inside a wording, and those that deny by themselves.
_INSIDE = listed("ne n pas plus jamais aucunement nullement du tout vraiment")
_INSIDE_DENIES = listed("ne n pas jamais aucunement nullement")
#: Names of these lists among the symbols of a word; no cue holds them.
_KINDS: Final = (("<fr>", _NOT_FRENCH), ("<inside>", _INSIDE), ("<denies>", _INSIDE_DENIES))
#: Words that may stand before the first word of a sentence proper.
_OPENING = listed("et mais donc alors bref moi personnellement franchement و ف ثم إذن w ou wa")
_ASKS: Final = {"?", "؟"}
#: A verb of Darija in the first person plural, in either script.
_FIRST_PLURAL = re.compile(r"ن[^\W\d_]{2,}و|n[a-z0-9]{2,}(?:o|ou|iw|aw)")
#: Words before a cue within which a French negation turns it round.
_BEFORE = 3


@cache
def cues() -> Branch:
    """Return the tree of all cues: symbol to branch; the cues that end there under ``""``."""
    root: Branch = {}
    for row in itertools.chain.from_iterable(read_rows(name) for name in FILES):
        for symbols in expanded(row["cue"]):
            cue = Cue(
                row["stance"],
                float(row["weight"]),
                row["scope"] == "start",
                any(symbol in _NOT for symbol in symbols),
            )
            plant(root, symbols, cue)
    return root


@cache
def _known() -> frozenset[str]:
    """Return every symbol that some cue holds."""
    return symbols_in(cues())


@lru_cache(maxsize=200_000)
def piece_of(surface: str) -> Piece:
    """Return what the cues see of a word or mark as written."""
    if not surface[0].isalnum():
        mark = ASKS if surface in _ASKS else STOP
        return Piece((mark,), mark=mark)
    form = fold(surface[:60])
    known = _known()
    bare = form[1:] if form[:1] in "وف" and len(form) > 3 and form not in known else form
    symbols = [bare] if bare in known else []
    symbols += [name for name, forms in _KINDS if form in forms]
    if _FIRST_PLURAL.fullmatch(form):
        symbols.append("<nverb>")
    begins = any(symbol in cues() for symbol in symbols)
    return Piece(tuple(symbols), begins, denies=form in _NOT, opens=form in _OPENING)


def _is_denied(line: Sequence[Piece], match: Match) -> bool:
    """Whether a negation stands just before a wording that holds none itself."""
    if match.cue.denies:
        return False
    for distance, before in enumerate(range(match.start - 1, match.start - 1 - _BEFORE, -1)):
        if before < 0 or line[before].mark:
            return False
        if line[before].denies and (not distance or "<fr>" in line[before].symbols):
            return True
    return False


def _walked(line: Sequence[Piece]) -> list[Match]:
    """Return all cues of a line of pieces."""
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
    return found


def _split_by_negation(line: Sequence[Piece]) -> list[Match]:
    """Return the cues with a French negation inside, as in "nous ne soutenons pas ce projet"."""
    kept = [at for at, piece in enumerate(line) if "<inside>" not in piece.symbols]
    if len(kept) == len(line):
        return []
    found = []
    for start, end, cue in _walked([line[at] for at in kept]):
        first, last = kept[start], kept[end - 1] + 1
        if any("<denies>" in piece.symbols for piece in line[first:last]):
            found.append(Match(first, last, cue))
    return found


def matches(line: Sequence[Piece]) -> list[tuple[Match, bool]]:
    """Return the cues of a text's pieces, each with whether it is denied.

    The longest counts where one lies inside another.
    """
    whole = _walked(line)
    there = set(whole)
    split = [match for match in _split_by_negation(line) if match not in there]
    inner = set(split)
    return [
        (match, match in inner or _is_denied(line, match)) for match in longest([*whole, *split])
    ]
