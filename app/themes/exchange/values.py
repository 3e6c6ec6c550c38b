"""What goes in and out: the codebook of a review, and passages with their codes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from app.themes.exchange.labels import field_named
from app.themes.exchange.remarks import Remark

#: Decimals that a margin keeps in every format.
MARGIN_DECIMALS = 6

T = TypeVar("T")


@dataclass(frozen=True)
class Example:
    """A quotation that shows what a code is for.

    :ivar source: label of the submission it is from.
    """

    text: str
    language: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Code:
    """A theme as a codebook describes it.

    :ivar key: a UUID that stays the theme's over exports and imports.
    :ivar parent: key of the code above it.
    :ivar color: ``#RGB`` or ``#RRGGBB``.
    :ivar said: the fields that the file it was read from speaks of, so that what is only absent is
        not taken for empty; None for all.
    :ivar row: its row in a spreadsheet.
    """

    key: str
    name_fr: str
    name_ar: str
    definition_fr: str = ""
    definition_ar: str = ""
    inclusion_fr: str = ""
    inclusion_ar: str = ""
    exclusion_fr: str = ""
    exclusion_ar: str = ""
    examples: tuple[Example, ...] = ()
    parent: str | None = None
    axis: str | None = None
    population: str | None = None
    color: str | None = None
    is_validated: bool = False
    said: frozenset[str] | None = field(default=None, compare=False)
    row: int | None = field(default=None, compare=False)

    def says(self, name: str) -> bool:
        """Tell whether the file speaks of a field, be it to leave it empty."""
        return self.said is None or name in self.said


@dataclass(frozen=True, kw_only=True)
class Codebook:
    """The codes of a review; those above others may stand anywhere among them.

    :ivar version: of the review when it was written, to tell what was decided since.
    """

    title_fr: str = ""
    title_ar: str = ""
    version: str = ""
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Source:
    """A whole answer that passages are cut from.

    :ivar attributes: what is known of it, by name. Names that the product knows are those of
        :data:`app.themes.exchange.labels.LABELS` (``region``, ``actor_type``...), never their
        translations; ``language`` stands apart.
    """

    key: str
    label: str
    text: str
    language: str = ""
    attributes: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        names = Counter(name for name, _value in self.attributes)
        for name, count in names.items():
            if count > 1 or name == "language" or field_named(name) not in {None, name}:
                raise ValueError(f"attribute not allowed: {name}")


@dataclass(frozen=True, kw_only=True)
class CodedPassage:
    """A passage and the code it bears; one that bears several codes stands here several times.

    :ivar source: key of the answer it is cut from.
    :ivar submission: label of the submission, ``S-00012``.
    :ivar text: the exact words, those of the answer from ``start`` to ``end``.
    :ivar start: first code point, counted from nought; ``end`` is the first one after it.
    :ivar theme: key of the code, None if it bears none.
    :ivar coder: label of who put it there, one of :attr:`CodedProject.users`.
    :ivar margin: how clearly it belongs there, in [0, 1].
    :ivar theme_names: what a table that was read calls the theme, in French and in Arabic: people
        change names, not keys. None where it has no such columns.
    :ivar row: its row in a spreadsheet.
    """

    key: str
    source: str
    submission: str
    text: str
    start: int
    end: int
    language: str = ""
    question: str = ""
    region: str = ""
    actor_type: str = ""
    organisation: str = ""
    state: str = ""
    theme: str | None = None
    coder: str | None = None
    coded_at: datetime | None = None
    margin: float | None = None
    theme_names: tuple[str, str] | None = field(default=None, compare=False)
    row: int | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True)
class CodedProject:
    """A codebook, the answers, and the passages coded in them.

    :ivar users: labels of those who coded, each one person's.
    :ivar note: what a reader should know of the data.
    """

    codebook: Codebook
    sources: tuple[Source, ...] = ()
    passages: tuple[CodedPassage, ...] = ()
    users: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Reading(Generic[T]):
    """What a file held, and what of it could not be taken."""

    value: T
    remarks: tuple[Remark, ...] = ()
