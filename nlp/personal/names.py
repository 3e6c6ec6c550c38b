"""Names of persons after what announces them: titles, "my name is", "my son", a signature.

Without a cue a name is not sought: places, institutions and public figures would be hit.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from nlp.personal.given import (
    EVERYDAY,
    GIVEN_ARABIC,
    GIVEN_LATIN,
    PARTICLES_ARABIC,
    PARTICLES_LATIN,
    no_names,
)
from nlp.personal.kinds import Kind
from nlp.personal.numbers import Hit
from nlp.text.normalise import is_arabic, listed

#: Words of a name at most.
_MOST_WORDS: Final = 4

_TITLES = listed(
    """
    m me mr mme mlle madame monsieur mademoiselle dr docteur pr professeur maitre hadj haj
    hajja lhaj hadja السيد السيدة الآنسة الأستاذ الأستاذة الدكتور الدكتورة الحاج الحاجة دكتور أستاذ
    المرحوم المرحومة للسيد للسيدة والسيد والسيدة بالسيد
    """
)
#: Titles after which anything but a function word is a name.
_CALLED = listed("المدعو المدعوة المسمى المسماة والمدعو للمدعو لمدعو لمسمى المدعوا")
_SELF = listed(
    """
    m'appelle m'apelle mappelle soussigne soussignee smiti smiyti smiyty ismi semiti اسمي إسمي سميتي
    اسميتي واسمي وسميتي
    """
)
#: Names of others: these words are also said without a name.
_OTHERS = listed(
    """
    s'appelle s'appelait prenomme prenommee nomme nommee smitou smito smitha smiytha smiyto
    سميتو سميتها سميته اسمه اسمها واسمه واسمها أسفله
    """
)
#: The same, but only before a colon, or as "my name is".
_FIELDS = listed(
    """
    nom prenom prenoms signe signature signataire الاسم الإسم اسم التوقيع الإمضاء توقيع إمضاء
    الموقع الموقعة أسفله السمية سمية
    """
)
_KIN = listed(
    """
    fils fille mari femme epouse epoux mere pere frere soeur oncle tante cousin cousine voisin
    voisine ami amie bebe niece neveu grand-mere grand-pere belle-mere beau-frere garcon jumeaux
    wldi weldi wlidi bnti benti bniti rajli mrati khoya khouya khti jarti jari mart si
    ابني ابنتي ولدي بنتي زوجي زوجتي أمي أبي أخي أختي جارتي جاري راجلي مراتي خويا ختي عمي خالي
    الطفل الطفلة الشاب الشابة المواطن المواطنة
    خالتي عمتي وليدي بنيتي صديقي صديقتي طفلي طفلتي والدتي والدي جدتي جدي لابني لابنتي وابني وابنتي
    """
)
_POSSESSIVES = listed("mon ma notre votre sa son leur")
_OF_ONES_OWN = listed(
    "wldi weldi wlidi bnti benti bniti rajli mrati khoya khouya khti jarti jari si"
)
_TITLES |= frozenset(f"و{form}" for form in _TITLES if form.startswith("ال"))
_CUES = _TITLES | _CALLED | _SELF | _OTHERS | _FIELDS | _KIN


def _parts(cues: AbstractSet[str]) -> frozenset[str]:
    """Return each cue, or what follows its apostrophe or hyphen."""
    return frozenset(re.split("['-]", cue)[-1] for cue in cues)


_KIN_PARTS = _parts(_KIN)
_SURE_PARTS = _parts(_CUES - _KIN)
_GIVEN = GIVEN_LATIN | GIVEN_ARABIC
_KIN_AHEAD = re.compile(
    r"(?:[Mm]on|[Mm]a|[Nn]otre|[Vv]otre|[Ss]a|[Ss]on|[Ll]eur) [a-z\-]{3,11}(?:, ?| |-)[A-Z]"
)
_WORD = re.compile(r"[^\W\d_]+(?:['\-][^\W\d_]+)*")
_LINK = re.compile(r"[ \-]|, ?")
_JOINED = re.compile(r" |\. ?|-")
_AFTER_CUE = re.compile(r"[ .:;,\-\"'«(]{1,4}")
_BEFORE_NAME = _TITLES | listed("هو هي howa hiya الكامل الشخصي العائلي")
_OTHERS_LINK = re.compile(r" ?:? ?")
_COLON = re.compile(r"[^\w\n]{0,2}:[^\w\n\ufffc]{0,3}")
_LATIN_ENDS = re.compile(
    r" ?(?:[.,;:!?)\n]|$)| (?:et|j'|je|o|w|ana|mn|men|de|du|habitante?|agee?) "
)
_ENDS = re.compile(r" ?(?:[.,;:!?؟)\n\-]|$)")


class _Token(NamedTuple):
    """A word of the view and its lower-case form."""

    text: str
    form: str
    start: int
    end: int


def _tokens(text: str) -> list[_Token]:
    """Return the words of a view."""
    found = _WORD.finditer(text)
    return [_Token(m.group(), m.group().lower(), m.start(), m.end()) for m in found]


def _is_capital(token: _Token) -> bool:
    """Whether a word in Latin letters is written as names are, and is no word known as none."""
    if not token.text[0].isupper() or len(token.text) < 2 or token.form in no_names():
        return False
    elided = token.form.partition("'")[0] if "'" in token.form else ""
    return elided not in no_names() or token.form.startswith("m'h")


def _gap(text: str, line: Sequence[_Token], at: int) -> str:
    """Return what stands between a word and the one before it."""
    return text[line[at - 1].end : line[at].start]


def _latin_end(text: str, line: Sequence[_Token], at: int, *, any_case: bool) -> int:
    """Return the number of the word after a name in Latin letters; ``at`` when there is none."""
    end = here = at
    while here < len(line) and here - at < _MOST_WORDS:
        token = line[here]
        if is_arabic(token.form) or (here > at and _gap(text, line, here) not in {" ", "-"}):
            break
        is_placed = any_case and (here == at or bool(_LATIN_ENDS.match(text, token.end)))
        if _is_capital(token) or _is_small_name(token, is_placed=is_placed):
            end = here + 1
        elif token.form not in PARTICLES_LATIN:
            break
        here += 1
    return end


def _is_small_name(token: _Token, *, is_placed: bool) -> bool:
    """Whether a word is a name although nothing says so but its place or the list of names."""
    if token.form in GIVEN_LATIN:
        return True
    return is_placed and len(token.form) >= 3 and token.form not in no_names()


def _is_arabic_surname(token: _Token) -> bool:
    """Whether a word has the shape of a family name: article and -i, or Ben and the like joined."""
    form = token.form
    if form in no_names():
        return False
    has_article = form.startswith("ال") and form.endswith("ي") and len(form) >= 5
    return has_article or (form.startswith(("بن", "بو", "عبدال")) and len(form) >= 5)


def _may_follow_particle(token: _Token) -> bool:
    """Whether a word completes "Abd" or "Ben": with the article even an everyday word may."""
    has_article = token.form.startswith("ال") and len(token.form) >= 4
    return has_article or (token.form not in no_names() and len(token.form) >= 2)


def _arabic_end(text: str, line: Sequence[_Token], at: int, *, anything: bool) -> int:
    """Return the number of the word after a name in Arabic letters; ``at`` when there is none."""
    end = here = at
    while here < len(line) and here - at < _MOST_WORDS:
        token = line[here]
        if not is_arabic(token.form) or (here > at and _gap(text, line, here) != " "):
            break
        if here > at and line[here - 1].form in PARTICLES_ARABIC:
            is_part = token.form not in PARTICLES_ARABIC and _may_follow_particle(token)
        else:
            is_part = _is_arabic_part(text, token, anything and here == at, end > at)
        if is_part:
            end = here + 1
        elif token.form not in PARTICLES_ARABIC:
            break
        here += 1
    return end


def _is_arabic_part(text: str, token: _Token, is_sure: bool, follows: bool) -> bool:  # noqa: FBT001
    """Whether a word in Arabic letters is part of a name, given what stands before it."""
    if token.form in no_names() or len(token.form) < 2:
        return False
    if is_sure and token.form not in PARTICLES_ARABIC:
        return True
    if token.form in GIVEN_ARABIC or _is_arabic_surname(token):
        return True
    # A family name of no known shape ends in -i, or a mark or the end of the line follows it.
    is_plain = token.form[0] not in "وفيتنسبلك" and len(token.form) >= 3
    is_plain = is_plain and not token.form.endswith(("ني", "نا", "ها", "هم", "ات", "وا"))
    is_last = token.form.endswith("ي") or _ENDS.match(text, token.end)
    return follows and is_plain and bool(is_last)


def _end(text: str, line: Sequence[_Token], at: int, *, anything: bool) -> int:
    """Return the number of the word after a name that begins with a word, in either script."""
    if at >= len(line):
        return at
    if is_arabic(line[at].form):
        return _arabic_end(text, line, at, anything=anything)
    return _latin_end(text, line, at, any_case=anything)


def _after_title(text: str, line: Sequence[_Token], at: int) -> int:
    """Return the number of the first word after a title, initials and further titles passed."""
    here = at + 1
    while here < len(line) and here - at < 4 and _JOINED.fullmatch(_gap(text, line, here)):
        is_initial = len(line[here].text) == 1 and line[here].text.isupper()
        if not is_initial and line[here].form not in _TITLES | _CALLED:
            return here
        here += 1
    return len(line)


def _is_title(token: _Token) -> bool:
    """Whether a word is a title here: "M" and "Me" only when written so."""
    return token.form not in {"m", "me"} or token.text in {"M", "Me"}


def _titled(text: str, line: Sequence[_Token], at: int) -> Hit | None:
    """Return the name after a title."""
    if not _is_title(line[at]):
        return None
    first = _after_title(text, line, at)
    called = line[at].form in _CALLED
    return _hit(line, first, _end(text, line, first, anything=called), 0.9)


def _named(text: str, line: Sequence[_Token], at: int) -> Hit | None:
    """Return the name after "my name is" or the like."""
    first = at + 1
    if first >= len(line) or not _AFTER_CUE.fullmatch(_gap(text, line, first)):
        return None
    # "My full name is Mr ..."
    while first < len(line) and first - at < 4 and line[first].form in _BEFORE_NAME:
        first += 1
    return _hit(line, first, _end(text, line, first, anything=True), 0.95)


def _named_other(text: str, line: Sequence[_Token], at: int) -> Hit | None:
    """Return the name after "whose name is" or the like, where it looks like one."""
    first = at + 1
    if first >= len(line) or not _OTHERS_LINK.fullmatch(_gap(text, line, first)):
        return None
    return _hit(line, first, _end(text, line, first, anything=False), 0.85)


def _written_in(text: str, line: Sequence[_Token], at: int) -> Hit | None:
    """Return the name after "name:" or "signed:", or after "my name is"."""
    first = at + 1
    if first >= len(line):
        return None
    if line[at].form == "nom" and line[first].form == "est" and at and line[at - 1].form == "mon":
        return _named(text, line, first)
    # "Name and surname:", «الاسم الكامل:»
    while first < len(line) and first - at < 4 and _is_field_word(line[first]):
        first += 1
    if first >= len(line) or not _COLON.fullmatch(_gap(text, line, first)):
        return None
    if line[first].form in _TITLES:
        first += 1
    return _hit(line, first, _end(text, line, first, anything=True), 0.9)


def _is_field_word(token: _Token) -> bool:
    """Whether a word may stand between "name" and its colon."""
    return token.form in {"et", "prenom", "nom", "complet", "الكامل", "الشخصي", "العائلي",
                          "والنسب", "ديالي", "dyali", "اسفله"}  # fmt: skip


def _kin(text: str, line: Sequence[_Token], at: int) -> Hit | None:
    """Return the name after "my son" or the like: capital in French, a listed one in Arabic."""
    first = at + 1
    if first >= len(line) or not _LINK.fullmatch(_gap(text, line, first)):
        return None
    token, cue = line[first], line[at].form
    if is_arabic(cue):
        known = token.form in GIVEN_ARABIC and token.form not in EVERYDAY
    elif cue in _OF_ONES_OWN:
        known = token.form in GIVEN_LATIN
    else:
        is_own = at > 0 and line[at - 1].form in _POSSESSIVES
        is_acronym = token.text.isupper() and token.form not in GIVEN_LATIN
        known = is_own and _is_capital(token) and not is_acronym
    if not known:
        return None
    return _hit(line, first, _end(text, line, first, anything=False), 0.8)


def _hit(line: Sequence[_Token], first: int, end: int, certainty: float) -> Hit | None:
    """Return a name from its words, if there are any."""
    if end <= first or first >= len(line):
        return None
    return Hit(Kind.NAME, line[first].start, line[end - 1].end, certainty)


_READERS: Final = (
    (_TITLES | _CALLED, _titled),
    (_SELF, _named),
    (_OTHERS, _named_other),
    (_FIELDS, _written_in),
    (_KIN, _kin),
)


def _is_worth_reading(text: str, forms: AbstractSet[str]) -> bool:
    """Whether a text may hold a name: family words are common, most are not followed by one."""
    if not _SURE_PARTS.isdisjoint(forms):
        return True
    if _KIN_PARTS.isdisjoint(forms):
        return False
    return not _GIVEN.isdisjoint(forms) or bool(_KIN_AHEAD.search(text))


def find_names(text: str, forms: AbstractSet[str]) -> Iterator[Hit]:
    """Yield the names that something announces, given a view's words in small letters."""
    if not _is_worth_reading(text, forms):
        return
    line = _tokens(text)
    for at, token in enumerate(line):
        if token.form not in _CUES:
            continue
        for cues, read in _READERS:
            hit = read(text, line, at) if token.form in cues else None
            if hit:
                yield hit
