"""Words of a text and the dictionary forms an unlisted word may come from.

A candidate only counts when the word list holds it, so the rules may be generous: French endings
are exchanged for those of the infinitive or the singular, Arabic words lose particles, pronouns,
endings and the letters of the imperfect, and plurals by pattern ("broken") find their singular.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from nlp.text.normalise import arabic_variants, fold

_INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06ed]"
)
_WORD = re.compile(r"[^\W_]+")
_ARABIC = re.compile(r"[\u0620-\u064a\u066e-\u06d3]")
_LATIN = re.compile(r"[a-zß-öø-ÿœ\u0100-\u024f]")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """Read "ending:other|other" items separated by spaces; nothing between bars is no ending."""
    pairs = (item.rpartition(":") for item in text.split())
    return {ending: tuple(others.split("|")) for ending, _, others in pairs}


#: French endings and what may stand in their place, longest ending first when tried.
_FRENCH_ENDINGS = _table(
    """
    s: x: e:|er|re es:|er|re aux:al|ail|eau ale:al ee:er|e|é ees:er|e|é és:é|er é:er ée:é|er
    ées:é|er ive:if ives:if|ive ifs:if euse:eux|eur euses:eux|eur|euse trice:teur
    trices:teur|trice elle:el elles:el|elle enne:en ennes:en|enne ère:er ères:er|ère ette:et
    ettes:et|ette onne:on ant:er|re|ir ants:er|ant ante:ant|er antes:ant|er ent:er|re|ir
    ons:er|re|ir ez:er|re|ir ais:er|re|ir ait:er|re|ir aient:er|re|ir ions:er|re|ir iez:er|re
    ai:er as:er a:er era:er erai:er eras:er erez:er erons:er eront:er erait:er erais:er erions:er
    eraient:er èrent:er erent:er issent:ir issant:ir issons:ir issez:ir issait:ir issaient:ir
    isse:ir ira:ir iront:ir irait:ir iraient:ir irons:ir it:ir|ire is:ir|re|ire i:ir ie:ir|i
    ies:ir|ie irent:ir|re u:re|ir|oir ue:re|ir|oir us:re|ir|oir ues:re|ir|ue ra:re ront:re rait:re
    raient:re rons:re t:tre|ttre|re ts:t|ttre ttent:ttre d:dre ds:dre|d nt:ndre nnent:ndre|nir
    ient:enir|ier iennent:enir iens:enir iendra:enir iendront:enir enu:enir enus:enir enue:enir
    enues:enir uit:uire uits:uire|uit uite:uire uites:uire uisent:uire isent:ire|iser
    ivent:ire|ivre|iver rit:rire rits:rire rite:rire vrent:vrir|vrer vre:vrir|vrer ert:rir
    erte:rir erts:rir ertes:rir nnaît:nnaître nnaissent:nnaître oient:oir|oyer oit:oir|evoir
    oivent:evoir çoivent:cevoir çoit:cevoir çu:cevoir çus:cevoir çoi:cevoir oie:oyer aie:ayer
    ève:ever èvent:ever ète:eter|éter ètent:éter|eter ègre:égrer ègrent:égrer ènent:ener
    ène:ener|éner ellent:eler èlent:eler|éler çant:cer çait:cer geant:ger geons:ger geait:ger
    ment: ement:|e amment:ant emment:ent
    """
)
_LONGEST_ENDING = 8

_PRONOUNS = ("هما", "كما", "ها", "هم", "هن", "كم", "نا", "ه", "ك", "ي")
_ARABIC_ENDINGS = _table(
    """
    ات:ه| ون:|ي ين:|ي ان: تين:ه تان:ه ا:|ء وا:|ي|ا ت:|ه|ي|ا ه:|ي يه:ي| تي:ه تنا:ه تها:ه تهم:ه ته:ه
    تك:ه تكم:ه ي: يا:ي| و:|ي اء: يين:ي يون:ي يات:يه|ي ايي:اء ايه:اء|ايي
    """
)
#: Plurals by pattern (folded letters) and the singulars they may have, by numbers of groups.
_BROKEN = tuple(
    (re.compile(pattern), singulars)
    for pattern, singulars in _table(
        """
    ^ا(.)(.)ا(.)$:{0}{1}{2}|{0}{1}ي{2}|{0}ا{1}{2}|{0}{1}{2}ه|{0}ي{2}|{0}ا{2}
    ^(.)(.)و(.)$:{0}{1}{2}|{0}{1}|{0}ا{1}{2}
    ^(.)وا(.)(.)$:{0}ا{1}{2}|{0}ا{1}{2}ه|{0}و{1}{2}|{0}و{1}{2}ه
    ^(.)وا(.)ي(.)$:{0}ا{1}و{2}|{0}و{1}{2}
    ^(.)(.)اي(.)$:{0}{1}ي{2}ه|{0}{1}ا{2}ه|{0}{1}ي{2}|{0}{1}و{2}
    ^(.)(.)ا(.)ي(.)$:{0}{1}{2}و{3}|{0}{1}{2}ي{3}|{0}{1}{2}ا{3}|{0}{1}ا{3}|{0}{1}و{3}
    ^(.)(.)ا(.)(.)$:{0}{1}{2}{3}|{0}{1}{2}{3}ه|{0}{1}{2}و{3}
    ^(.)(.)ا(.)(.)ه$:{0}{1}{2}{3}|{0}{1}{2}{3}ي|{0}{1}{2}ا{3}|ا{0}{1}ا{2}
    ^(.)(.)(.)اء$:{0}{1}ي{2}|{0}ا{1}{2} ^ا(.)(.)(.)اء$:{0}{1}ي{2}
    ^ا(.)(.)اء$:{0}{1}ي{1}|{0}{1}ي|{0}{1}و ^ا(.)(.)(.)ه$:{0}{1}ا{2}|{0}{1}ي{2}
    ^ا(.)ا(.)(.)$:{0}{1}ا{2}|ا{0}{1}{2} ^(.)(.)ايا$:{0}{1}يه|{0}{1}ي
    ^(.)(.)ا(.)ي$:{0}{1}{2}ه|{0}{1}{2}ي ^(.)(.)ا(.)$:{0}{1}{2}|{0}{1}ي{2}|{0}ا{1}{2}|{0}ا{2}
    ^(.)ي(.)ان$:{0}ا{1} ^(.)(.)(.)ان$:{0}{1}ي{2}|{0}{1}{2} ^(.)(.)(.)ه$:{0}ا{1}{2}
    ^(.)(.)(.)$:{0}{1}ا{2}|{0}{1}ي{2}|{0}{1}ي{2}ه|{0}ا{1}{2}|{0}{1}{2}ه
    """
    ).items()
)


def unvocalised(text: str) -> str:
    """Return a text without vowel signs, marks of direction and invisible characters."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text))


def tokens(text: str) -> list[str]:
    """Return the words of a text in lower case, without vowel signs; numbers among them."""
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return _WORD.findall(text.lower())


def script(token: str) -> str:
    """Return ``ar`` or ``fr`` by the first letter's script; empty for numbers and other scripts."""
    if _ARABIC.search(token):
        return "ar"
    return "fr" if _LATIN.search(token) else ""


def exact(token: str) -> str:
    """Return the key of a French word with its accents."""
    return token if token.isascii() else token.translate(_LIGATURES)


def french_candidates(word: str) -> Iterator[str]:
    """Yield dictionary forms a French word may come from, longest ending first."""
    for size in range(min(_LONGEST_ENDING, len(word) - 2), 0, -1):
        ending = word[-size:]
        for other in _FRENCH_ENDINGS.get(ending, ()):
            yield word[:-size] + other
            # A doubled letter before a feminine or a conjugated ending.
            if size <= 4 and len(word) > size + 3 and word[-size - 1] == word[-size - 2]:
                yield word[: -size - 1] + other


def _without_imperfect(form: str) -> Iterator[str]:
    """Yield perfect forms of an Arabic verb in the imperfect."""
    if len(form) < 4 or form[0] not in "يتنا":
        return
    stem = form[1:]
    yield stem
    yield "ا" + stem
    if len(stem) == 3 and stem[1] in "وي":
        yield stem[0] + "ا" + stem[2]
    if len(stem) >= 4 and stem[-2] in "وي":
        yield stem[:-2] + "ا" + stem[-1]
        yield "ا" + stem[:-2] + "ا" + stem[-1]


def _broken_singulars(form: str) -> Iterator[str]:
    """Yield singulars of a plural made by pattern."""
    for pattern, singulars in _BROKEN:
        match = pattern.match(form)
        if match:
            for singular in singulars:
                yield singular.format(*match.groups())


def _less_ending(form: str) -> Iterator[str]:
    """Yield an Arabic form without an ending, or with the one it stands for."""
    for size in (3, 2, 1):
        if len(form) - size >= 2:
            for other in _ARABIC_ENDINGS.get(form[-size:], ()):
                yield form[:-size] + other
    for pronoun in _PRONOUNS:
        if form.endswith(pronoun) and len(form) - len(pronoun) >= 3:
            yield form[: -len(pronoun)]


def arabic_bases(form: str) -> list[str]:
    """Return a folded Arabic form without joined particles, most cautious first."""
    bases = list(arabic_variants(form))
    for base in list(bases):
        if base[:1] in "بلكفوس" and len(base) >= 4 and base[1:] not in bases:
            bases.append(base[1:])
    # "Lil-" hides the article's first letter.
    return bases


def arabic_candidates(form: str) -> Iterator[str]:
    """Yield dictionary forms a folded Arabic word may come from, most cautious first."""
    bases = arabic_bases(form)
    yield from bases
    shorter = [short for base in bases for short in _less_ending(base)]
    yield from shorter
    for base in (*bases, *shorter):
        yield from _without_imperfect(base)
    for base in (*bases, *shorter):
        yield from _broken_singulars(base)
    for base in bases:
        for verb in _without_imperfect(base):
            yield from _less_ending(verb)


@lru_cache(maxsize=100_000)
def folded(token: str) -> str:
    """Return the folded form of a word."""
    return fold(token)
