"""An analysis that finds what the texts themselves say, so that tests know the truth.

What was settled before is respected by the library's own code (:mod:`nlp.durable`), told that
passages of one word are alike.

Each sentence is a passage; its first word names the cluster (``road: ...``). ``dup`` sentences
that are the same but for case are copies; ``?`` is to arbitrate, ``off`` off topic, ``%``
unreadable.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from app.themes.corpus import Corpus
from app.themes.engine import Found
from nlp.durable import Carried, PassageRef, carry_over
from nlp.joining import History
from nlp.proposing import ThemeProposal

NAMES = {
    "road": ("Routes et pistes", "الطرق والمسالك"),
    "school": ("École", "المدرسة"),
    "care": ("Soins", "العلاجات"),
    "work": ("Travail", "الشغل"),
}
STATES = {"?": "to_arbitrate", "off": "off_topic", "%": "unreadable"}


@dataclass
class FakePassage:
    """What the library says of a passage."""

    key: str
    start: int
    end: int
    language: str
    state: str
    theme: int | None
    margin: float
    copy_of: int | None = None
    word: str = ""


@dataclass
class FakeQuotation:
    """A chosen passage."""

    key: str
    start: int
    end: int
    language: str


@dataclass
class FakeTheme:
    """A cluster."""

    index: int
    name_fr: str
    name_ar: str
    keywords_fr: list[str]
    keywords_ar: list[str]
    quotations: list[FakeQuotation]
    stability: float | None = 0.9
    key: str = ""
    n_passages: int = 0


@dataclass
class FakeAnalysis:
    """All of it."""

    passages: list[FakePassage]
    themes: list[FakeTheme]
    fingerprint: str = "f" * 64
    engine: str = "fake 1"


@dataclass
class FakeEngine:
    """Stands where :func:`app.themes.engine.analyse` does.

    :ivar synonyms: words that open the same cluster as another one.
    :ivar shorten: characters that the end of each passage leaves out.
    :ivar during: called in the middle of the work.
    """

    synonyms: dict[str, str] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=lambda: dict(NAMES))
    shorten: int = 0
    during: Callable[[], None] = lambda: None
    calls: list[list[str]] = field(default_factory=list)
    proposals: list[ThemeProposal] = field(default_factory=list)

    def __call__(
        self,
        corpus: Corpus,
        options: dict[str, Any],
        *,
        history: History | None,
        progress: Any,
        folder: Path,
    ) -> Found:
        """Analyse."""
        self.calls.append([text.text for text in corpus.texts])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "passages.json").write_text("{}")
        progress("passages", 0.5)
        self.during()
        progress("clusters", 1.0)
        labels: list[str] = []
        passages: list[FakePassage] = []
        campaigns: dict[str, int] = {}
        for text in corpus.texts:
            for found in re.finditer(r"[^.]+\.", text.text):
                passages.append(self._passage(text.key, found, labels, campaigns, len(passages)))
        if history is None or history.is_empty:
            keys = [f"m-{label}" for label in labels]
            carried = None
        else:
            keys, carried = self._join(passages, labels, history)
        sizes = [
            sum(p.theme == i and p.state == "in_theme" for p in passages) for i in range(len(keys))
        ]
        names = [self._name_of(i, labels, passages) for i in range(len(keys))]
        order = sorted(range(len(keys)), key=lambda i: (-sizes[i], names[i]))
        themes = [self._theme(i, names[i], keys[i], passages) for i in order]
        return Found(FakeAnalysis(passages, themes), carried, self.proposals)

    def stances_of(self, texts: Sequence[str], languages: Sequence[str]) -> list[str | None]:
        """Read the stance off the end of each sentence: ``(for)``, ``(against)``, ``(mixed)``."""
        found = [re.search(r"\((for|against|mixed)\)", text) for text in texts]
        return [None if one is None else one[1] for one in found]

    def places_of(
        self, texts: Sequence[str], languages: Sequence[str], themes: Sequence[int], **options: Any
    ) -> list[tuple[float, float] | None]:
        """Put each theme in a column of its own, each passage in its row."""
        n = max(len(texts), 1)
        return [
            (0.1 + 0.1 * (theme % 9), row / n) if "nowhere" not in texts[row] else None
            for row, theme in enumerate(themes)
        ]

    def _join(
        self, passages: list[FakePassage], labels: list[str], history: History
    ) -> tuple[list[str], Carried]:
        """Join the clusters to what was settled; passages become what it says of them."""
        rows = [
            p for p in passages if p.copy_of is None and (p.theme is not None or p.state == "?")
        ]
        refs = [PassageRef(p.key, p.start, p.end) for p in rows]
        labelled = np.array([-1 if p.theme is None else p.theme for p in rows], dtype=np.int64)
        vectors = np.eye(max(1, len(labels)))[np.maximum(labelled, 0)]
        carried = carry_over(labelled, vectors, refs, history.constraints)
        for passage, label, is_out in zip(
            rows, carried.labels.tolist(), carried.excluded.tolist(), strict=True
        ):
            passage.theme = None if label < 0 else label
            passage.state = "in_theme" if label >= 0 else "excluded" if is_out else "to_arbitrate"
        return [theme.key for theme in carried.themes], carried

    def _name_of(self, theme: int, labels: list[str], passages: list[FakePassage]) -> str:
        """Return the word that most passages of a theme begin with."""
        words = Counter(p.word for p in passages if p.theme == theme)
        return words.most_common(1)[0][0] if words else f"empty {theme}"

    def _passage(
        self,
        key: str,
        found: re.Match[str],
        labels: list[str],
        campaigns: dict[str, int],
        index: int,
    ) -> FakePassage:
        """Read one sentence."""
        words = found[0].strip()
        start = found.start() + len(found[0]) - len(found[0].lstrip())
        first = words.split(":")[0]
        language = "ar" if re.search("[ء-ي]", words) else "fr"
        common = {
            "key": key,
            "start": start,
            "end": found.end() - self.shorten,
            "language": language,
        }
        common["word"] = self.synonyms.get(first, first)
        if first in STATES:
            return FakePassage(**common, state=STATES[first], theme=None, margin=0.1)
        label = self.synonyms.get(first, first)
        if label not in labels:
            labels.append(label)
        theme = labels.index(label)
        if "dup" in words:
            source = campaigns.setdefault(words.casefold(), index)
            if source != index:
                return FakePassage(**common, state="copy", theme=None, margin=1.0, copy_of=source)
        return FakePassage(**common, state="in_theme", theme=theme, margin=0.5)

    def _theme(self, index: int, label: str, key: str, passages: list[FakePassage]) -> FakeTheme:
        """Describe one cluster."""
        mine = [p for p in passages if p.theme == index and p.state == "in_theme"][:3]
        fr, ar = self.names.get(label, (label.title(), f"موضوع {label}"))
        return FakeTheme(
            index,
            fr,
            ar,
            [label, "mot"],
            [f"ك{label}", "كلمة"],
            [FakeQuotation(p.key, p.start, p.end, p.language) for p in mine],
            key=key,
            n_passages=len(mine),
        )
