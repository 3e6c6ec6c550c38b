"""What the workbench's list is narrowed to and ordered by, as an address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from app.organisations.models import ActorType
from app.themes.labels import LANGUAGES
from app.themes.models import PassageState

#: All states of a theme's passages, not only those that count for it.
ANY = "any"
#: Values of ``nlp.nature.Nature``, which is not loaded for a list.
NATURES = ("situation", "problem", "proposal", "commitment", "question")
STANCES = ("for", "against", "mixed")
#: Where a value was not said: nature and stance abstain.
UNSAID = "none"
#: Bands of the margin, as ``[from, to)``; the last one holds 1 as well.
BANDS = {"weak": (0.0, 0.2), "middling": (0.2, 0.5), "clear": (0.5, 1.01)}
REVIEWED = ("no", "yes")
#: Longest search, in characters.
_LONGEST = 200
_LARGEST_KEY = 2**31 - 1


class Order(StrEnum):
    """What comes first."""

    WEAKEST = "weakest"
    CLEAREST = "clearest"
    NEWEST = "newest"
    WORTH = "worth"


_KNOWN: dict[str, frozenset[str]] = {
    "state": frozenset({*PassageState, ANY}),
    "actor_type": frozenset(ActorType),
    "language": frozenset(LANGUAGES),
    "nature": frozenset({*NATURES, UNSAID}),
    "stance": frozenset({*STANCES, UNSAID}),
    "margin": frozenset(BANDS),
    "reviewed": frozenset(REVIEWED),
    "order": frozenset(Order),
}


@dataclass(frozen=True)
class Filter:
    """What is asked for; None and empty strings narrow nothing.

    :ivar theme: number of a theme: its passages, and those of the themes merged into it.
    :ivar state: a state, :data:`ANY`; empty: what counts for the theme, or everything.
    :ivar axis: the axis of the theme; ``question_axis`` that of the question answered.
    :ivar words: searched without regard to accents, vowel signs or variants of letters.
    """

    theme: int | None = None
    state: str = ""
    region: str = ""
    actor_type: str = ""
    organisation: str = ""
    language: str = ""
    nature: str = ""
    stance: str = ""
    axis: int | None = None
    question_axis: int | None = None
    margin: str = ""
    reviewed: str = ""
    words: str = ""
    order: str = Order.WEAKEST.value

    def arguments(self) -> dict[str, str]:
        """Return what an address carries to ask for the same."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        if values["order"] == Order.WEAKEST:
            del values["order"]
        return {name: str(value) for name, value in values.items() if value}

    def place(self) -> Filter:
        """Return the entry of the tree alone, without what narrows it further."""
        return Filter(theme=self.theme, state=self.state, order=self.order)

    @property
    def n_narrowing(self) -> int:
        """How many filters are set beside the entry of the tree, the order and the words."""
        bare = replace(self, theme=None, words="", order=Order.WEAKEST.value)
        if self.theme is None:
            bare = replace(bare, state="")
        return len(bare.arguments())


def read_filter(asked: Mapping[str, str]) -> Filter:
    """Read a filter from an address; what makes no sense narrows nothing."""
    values: dict[str, str | int | None] = {}
    for name in ("theme", "axis", "question_axis"):
        values[name] = _number(asked.get(name, ""))
    for name, known in _KNOWN.items():
        value = asked.get(name, "")
        if value in known:
            values[name] = value
    for name in ("region", "organisation", "words"):
        values[name] = asked.get(name, "").strip()[:_LONGEST]
    return Filter(**values)  # type: ignore[arg-type]


def _number(text: str) -> int | None:
    """Return a key, None if the text is none."""
    if not (text.isascii() and text.isdigit()):
        return None
    number = int(text)
    return number if 0 < number <= _LARGEST_KEY else None


@dataclass(frozen=True)
class Cursor:
    """Where a page of the list ends: the next one begins after it.

    :ivar key: the margin or the worth; 0 in the order that goes by the passage alone.
    """

    key: float
    passage_id: int

    def __str__(self) -> str:
        """Write it for an address; floats come back exactly."""
        return f"{self.key!r}:{self.passage_id}"


def read_cursor(text: str) -> Cursor | None:
    """Read a cursor, None if the text is none."""
    key, _colon, passage = text.partition(":")
    number = _number(passage)
    try:
        value = float(key)
    except ValueError:
        return None
    if number is None or not -1 <= value <= 1:
        return None
    return Cursor(value, number)
