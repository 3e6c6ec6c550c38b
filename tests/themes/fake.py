"""An analysis that finds what the texts themselves say, so that tests know the truth.

Each sentence is a passage; its first word names the cluster (``road: ...``). ``dup`` sentences
that are the same but for case are copies; ``?`` is to arbitrate, ``off`` off topic, ``%``
unreadable.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.themes.corpus import Corpus

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
    :ivar during: called in the middle of the work.
    """

    synonyms: dict[str, str] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=lambda: dict(NAMES))
    during: Callable[[], None] = lambda: None
    calls: list[list[str]] = field(default_factory=list)

    def __call__(
        self, corpus: Corpus, options: dict[str, Any], *, progress: Any, folder: Path
    ) -> FakeAnalysis:
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
        sizes = [
            sum(p.theme == i and p.state == "in_theme" for p in passages)
            for i in range(len(labels))
        ]
        order = sorted(range(len(labels)), key=lambda i: (-sizes[i], labels[i]))
        return FakeAnalysis(passages, [self._theme(i, labels[i], passages) for i in order])

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
        common = {"key": key, "start": start, "end": found.end(), "language": language}
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

    def _theme(self, index: int, label: str, passages: list[FakePassage]) -> FakeTheme:
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
        )
