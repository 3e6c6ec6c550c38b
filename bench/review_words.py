"""The words of a review of any size: passages composed from the demonstration's own corpus."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.demonstration.corpus import lines
from app.themes import engine

QUESTIONS = ("story", "people", "equality", "services", "partnership")
TOPICS = {
    "women-income": ("Revenu des femmes", "دخل النساء"),
    "child-disability": ("Enfants en situation de handicap", "الأطفال في وضعية إعاقة"),
    "distance": ("Distance des services", "بعد الخدمات"),
    "local-powers": ("Compétences locales", "الاختصاصات المحلية"),
    "older-persons": ("Personnes âgées", "الأشخاص المسنون"),
    "childcare": ("Garde des enfants", "حضانة الأطفال"),
    "violence": ("Violences faites aux femmes", "العنف ضد النساء"),
    "adult-disability": ("Handicap à l’âge adulte", "الإعاقة لدى الراشدين"),
    "funding": ("Financement des associations", "تمويل الجمعيات"),
    "social-workers": ("Travailleurs sociaux", "العاملون الاجتماعيون"),
    "digital": ("Démarches en ligne", "الخدمات الرقمية"),
    "child-protection": ("Protection de l’enfance", "حماية الطفولة"),
    "family": ("Médiation familiale", "الوساطة الأسرية"),
    "leaving-care": ("Sortie des institutions", "مغادرة مؤسسات الرعاية"),
    "street": ("Vie dans la rue", "الحياة في الشارع"),
}
FACETS = (
    ("besoins", "الحاجيات"),
    ("moyens et coûts", "الوسائل والتكاليف"),
    ("monde rural", "الوسط القروي"),
)
#: What makes a composed passage one of its own: where, and since when.
_CLOSINGS = {
    "fr": (
        "Il en est ainsi à {place} depuis {n} ans.",
        "À {place}, {n} familles sont dans ce cas.",
        "Nous le demandons pour {place} avant {n} mois.",
        "C’est l’expérience de {n} personnes de {place}.",
    ),
    "ar": (
        "هذا هو الحال في {place} منذ {n} سنوات.",
        "توجد في {place} أكثر من {n} أسرة في هذه الوضعية.",
        "نطلب ذلك لفائدة {place} قبل {n} أشهر.",
    ),
    "ar-MA": (
        "هادشي واقع ف{place} هادي {n} سنين.",
        "ف{place} كاينين {n} ديال العائلات بحالنا.",
    ),
    "ary-Latn": ("Hadchi kayn f {place} hadi {n} snin.", "F {place} kaynin {n} dyal l3a2ilat."),
}
LANGUAGES = ("fr", "ar", "ar-MA", "ary-Latn")
SHARES = (0.44, 0.34, 0.17, 0.05)
_SENTENCES = re.compile(r"(?<=[.!?؟])\s+")
_ARABIC = re.compile("[ء-ي]")


@dataclass
class Place:
    """Somewhere to speak from."""

    region: str
    province: str
    commune: str
    name_fr: str
    name_ar: str


@dataclass
class Said:
    """A passage to be written: its words, and what the run is to have found of it."""

    words: str
    language: str
    nature: str | None
    state: str
    theme: int | None
    margin: float
    campaign: int | None = None


@dataclass
class Campaign:
    """A text that many send.

    :ivar said: it as first sent.
    """

    said: Said
    weight: float


class Composer:
    """Composes passages from the demonstration's corpus, always the same for one seed."""

    def __init__(self, chance: random.Random, places: Sequence[Place]) -> None:
        self.chance, self.places = chance, places
        self._pieces: dict[tuple[str, str], list[tuple[str, str | None]]] = {}
        self.organisations: list[str] = []
        self._read()
        shares = [1 / (rank + 1.5) ** 0.8 for rank in range(len(TOPICS) * len(FACETS))]
        chance.shuffle(shares)
        self._shares = shares
        self._topics = list(TOPICS)
        self._campaigns = [self._campaign(number) for number in range(40)]

    def _read(self) -> None:
        """Sort the corpus' segments by what they speak of and their language."""
        words, languages, keys = [], [], []
        for line in lines():
            if line["organisation"]:
                self.organisations.append(line["organisation"])
            for segments in line["answers"].values():
                for segment in segments:
                    language = language_of(segment["text"], line["language"])
                    words.append(segment["text"])
                    languages.append(language)
                    keys.append((segment["theme"], language))
        natures = engine.natures_of(words, languages)
        for key, piece, nature in zip(keys, words, natures, strict=True):
            self._pieces.setdefault(key, []).append((piece, nature))

    def _piece(self, topic: str, language: str) -> tuple[str, str, str | None]:
        """Return words on a topic, their language and nature; another language if need be."""
        for code in (language, "fr", "ar"):
            if (topic, code) in self._pieces:
                text, nature = self.chance.choice(self._pieces[topic, code])
                return text, code, nature
        raise KeyError(topic)

    def _words(self, topic: str, language: str) -> tuple[str, str, str | None]:
        """Return a passage that nobody else says."""
        text, code, nature = self._piece(topic, language)
        sentences = _SENTENCES.split(text)
        if len(sentences) > 2:
            begin = self.chance.randrange(len(sentences) - 1)
            sentences = sentences[begin : begin + 2]
        place = self.chance.choice(self.places)
        name = place.name_ar if code in {"ar", "ar-MA"} else place.name_fr
        closing = self.chance.choice(_CLOSINGS[code])
        end = closing.format(place=name, n=self.chance.randint(3, 60))
        return f"{' '.join(sentences)} {end}", code, nature

    def _campaign(self, number: int) -> Campaign:
        """Make a text that many send."""
        language = self.chance.choice(("fr", "ar"))
        said = self.passage(language, can_stray=number % 10 == 0)
        said.campaign = number
        return Campaign(said, 1 / (number + 1))

    def sent_again(self) -> Said:
        """Return a campaign's text."""
        weights = [campaign.weight for campaign in self._campaigns]
        [campaign] = self.chance.choices(self._campaigns, weights)
        return campaign.said

    def passage(self, language: str, *, can_stray: bool = True) -> Said:
        """Compose a passage and draw by lot where the run finds it."""
        lot = self.chance.random() if can_stray else 0.0
        if lot > 0.985:
            text, code, nature = self._words("unreadable", language)
            return Said(text, code, None, "unreadable", None, 0.0)
        if lot > 0.945:
            text, code, nature = self._words("off-topic", language)
            return Said(text, code, nature, "off_topic", None, self.chance.random() * 0.4)
        [theme] = self.chance.choices(range(len(self._shares)), self._shares)
        text, code, nature = self._words(self._topics[theme // len(FACETS)], language)
        if lot > 0.84:
            suggested = theme if self.chance.random() < 0.6 else None
            margin = self.chance.random() * 0.12
            return Said(text, code, nature, "to_arbitrate", suggested, margin)
        return Said(text, code, nature, "in_theme", theme, self.chance.betavariate(2, 2.5))


def language_of(text: str, of_line: str) -> str:
    """Return the language of a segment of a corpus' line."""
    if _ARABIC.search(text):
        return "ar-MA" if of_line in {"ar-MA", "mixed"} else "ar"
    return "ary-Latn" if of_line == "ary-Latn" else "fr"
