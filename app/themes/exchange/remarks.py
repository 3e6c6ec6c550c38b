"""Remarks: what of a file was not taken, or not written as it was; nothing goes silently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class RemarkKind(StrEnum):
    """What happened to a part of a file."""

    SIGNS_REPLACED = "signs_replaced"
    TEXT_CUT = "text_cut"
    COLOR_DROPPED = "color_dropped"
    PARENT_UNKNOWN = "parent_unknown"
    NAME_IN_ONE_LANGUAGE = "name_in_one_language"
    FREE_TEXT_KEPT = "free_text_kept"
    NOT_CODABLE = "not_codable"
    GROUPS_LEFT = "groups_left"
    SOURCE_LEFT = "source_left"
    SOURCE_WITHOUT_TEXT = "source_without_text"
    SELECTION_EMPTY = "selection_empty"
    CODE_UNKNOWN = "code_unknown"
    WHOLE_SOURCE_CODED = "whole_source_coded"
    USER_UNKNOWN = "user_unknown"
    MOMENT_UNKNOWN = "moment_unknown"
    FIGURE_UNKNOWN = "figure_unknown"
    NOTES_LEFT = "notes_left"
    PART_LEFT = "part_left"
    CASES_LEFT = "cases_left"


#: Each with ``where``, the name of what it is about, and ``count``.
_SENTENCES: dict[RemarkKind, Any] = {
    RemarkKind.SIGNS_REPLACED: _l(
        "Characters that the format cannot hold were replaced by “�” (%(where)s; texts: %(count)s)."
    ),
    RemarkKind.TEXT_CUT: _l(
        "A cell holds 32,767 characters: longer texts were cut (%(where)s; cells: %(count)s)."
    ),
    RemarkKind.COLOR_DROPPED: _l("The colour of “%(where)s” is not one, and was left out."),
    RemarkKind.PARENT_UNKNOWN: _l(
        "The theme above “%(where)s” is not in the codebook: it stands at the top."
    ),
    RemarkKind.NAME_IN_ONE_LANGUAGE: _l(
        "Themes with a name in one language only: %(count)s (the first is “%(where)s”)."
    ),
    RemarkKind.FREE_TEXT_KEPT: _l(
        "Words without a label in the description of “%(where)s” were added to its definition."
    ),
    RemarkKind.NOT_CODABLE: _l(
        "“%(where)s” only groups other codes; here it is a theme like the others."
    ),
    RemarkKind.GROUPS_LEFT: _l("The set of codes “%(where)s” was not taken."),
    RemarkKind.SOURCE_LEFT: _l(
        "Only texts are taken: pictures, PDF files, sound and video were left out "
        "(%(where)s; files: %(count)s)."
    ),
    RemarkKind.SOURCE_WITHOUT_TEXT: _l(
        "The text of “%(where)s” is not in the file, or is not UTF-8: its passages were left out."
    ),
    RemarkKind.SELECTION_EMPTY: _l(
        "Selections of no character were left out (%(where)s; selections: %(count)s)."
    ),
    RemarkKind.CODE_UNKNOWN: _l(
        "Passages of “%(where)s” bear a code that the file does not describe; they were taken "
        "without it (passages: %(count)s)."
    ),
    RemarkKind.WHOLE_SOURCE_CODED: _l(
        "Codes put on the whole of “%(where)s”, not on a passage, were left out (codes: %(count)s)."
    ),
    RemarkKind.USER_UNKNOWN: _l(
        "Who coded is not told for passages of “%(where)s” (passages: %(count)s)."
    ),
    RemarkKind.MOMENT_UNKNOWN: _l(
        "Dates that cannot be read were left out (%(where)s; passages: %(count)s)."
    ),
    RemarkKind.FIGURE_UNKNOWN: _l(
        "Margins that are not numbers from 0 to 1 were left out (%(where)s; passages: %(count)s)."
    ),
    RemarkKind.NOTES_LEFT: _l("The note “%(where)s” was not taken."),
    RemarkKind.PART_LEFT: _l(
        "A part of the project was not taken: %(where)s (elements: %(count)s)."
    ),
    RemarkKind.CASES_LEFT: _l(
        "The case “%(where)s” was not taken: it is not about exactly one text, or says more."
    ),
}


@dataclass(frozen=True)
class Remark:
    """One thing that was not taken or written as it was.

    :ivar where: name of the code, the source or the part it is about.
    :ivar count: how often it happened there.
    """

    kind: RemarkKind
    where: str
    count: int = 1

    def text(self) -> str:
        """Return the sentence for the reader."""
        return str(_SENTENCES[self.kind]) % {"where": self.where, "count": self.count}


@dataclass
class Remarks:
    """Remarks gathered while a file is read or written, those of one kind and place together."""

    _counts: dict[tuple[RemarkKind, str], int] = field(default_factory=dict)

    def add(self, kind: RemarkKind, where: str, count: int = 1) -> None:
        """Note that something happened."""
        self._counts[kind, where] = self._counts.get((kind, where), 0) + count

    def __iter__(self) -> Iterator[Remark]:
        for (kind, where), count in self._counts.items():
            yield Remark(kind, where, count)
