"""What exchange files are refused for, in words for the reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError
from app.core.tables.errors import RowRefusedError


class ExchangeRefusedError(DomainError):
    """The file as a whole cannot be taken, or written."""

    message: Any = _l("This file cannot be imported.")
    status = 422


class ExchangeTooLargeError(ExchangeRefusedError):
    """More bytes than the limit."""

    message = _l("The file weighs %(size)s MB; the limit here is %(limit)s MB.")
    status = 413


class NotXmlError(ExchangeRefusedError):
    """The bytes are not XML that can be read."""

    message = _l("This file is not XML, or is damaged (line %(line)s).")


class DangerousXmlError(ExchangeRefusedError):
    """The XML declares entities, or a document type."""

    message = _l("This file declares entities or a document type, which REFI-QDA files do not.")


class NotRefiError(ExchangeRefusedError):
    """The XML is something else."""

    message = _l(
        "This is XML, but not what a REFI-QDA file (%(suffix)s, version 1.0) holds: its root is "
        "“%(root)s”."
    )


class NoCodeError(ExchangeRefusedError):
    """A codebook without a code."""

    message = _l("The codebook holds no theme.")


class TooManyCodesError(ExchangeRefusedError):
    """More codes than any review has."""

    message = _l("The codebook holds more than %(limit)s themes.")
    status = 413


class TooDeepError(ExchangeRefusedError):
    """Codes stand under one another without end."""

    message = _l("Themes stand under one another more than %(limit)s levels deep.")


class GuidError(ExchangeRefusedError):
    """An element has no GUID, or something else in its place."""

    message = _l("An element (%(element)s) has no valid GUID: “%(guid)s”.")


class GuidTwiceError(ExchangeRefusedError):
    """Two elements have the same GUID."""

    message = _l("Two elements have the same GUID: %(guid)s.")


class CodeNameMissingError(ExchangeRefusedError):
    """A code has no name in any language."""

    message = _l("A theme has no name (GUID %(guid)s).")


class ParentLoopError(ExchangeRefusedError):
    """A code stands above itself."""

    message = _l("“%(name)s” stands above itself.")


class PositionError(ExchangeRefusedError):
    """A selection's position is not a number."""

    message = _l("In “%(source)s”, a selection has no position: “%(value)s”.")


class SelectionOutsideError(ExchangeRefusedError):
    """A selection reaches beyond its text."""

    message = _l(
        "In “%(source)s”, the selection from %(start)s to %(end)s is not inside the text "
        "(length: %(length)s)."
    )


class PassageElsewhereError(ExchangeRefusedError):
    """A passage's words are not those that its offsets point at."""

    message = _l("The words of a passage of “%(source)s” are not those at its offsets.")


class SourceUnknownError(ExchangeRefusedError):
    """A passage is cut from an answer that is not there."""

    message = _l("The answer of a passage of “%(submission)s” is missing.")


class NoProjectError(ExchangeRefusedError):
    """The archive has no project inside."""

    message = _l("This archive holds no REFI-QDA project (project.qde).")


class DamagedProjectError(ExchangeRefusedError):
    """The archive cannot be read."""

    message = _l("This is not a REFI-QDA project (.qdpx), or the archive is damaged.")


class InflatedProjectError(ExchangeRefusedError):
    """The archive unpacks into too much."""

    message = _l("The archive unpacks into more than %(limit)s MB, or into too many files.")
    status = 413


class LockedProjectError(ExchangeRefusedError):
    """The archive is behind a password."""

    message = _l("The archive is protected by a password. Export it again without one.")


class HeadingMissingError(ExchangeRefusedError):
    """A column without which a table says nothing is not there."""

    message = _l("The column “%(name)s” is missing.")


@dataclass(frozen=True)
class RowProblem:
    """Why a row cannot be taken.

    :ivar row: its number in the spreadsheet.
    :ivar column: heading of the column, empty for the row as a whole.
    :ivar sheet: name of the sheet, empty for a file that has none.
    """

    row: int
    column: str
    error: DomainError
    sheet: str = ""


class RowsRefusedError(ExchangeRefusedError):
    """Rows cannot be taken; ``problems`` says which and why (the first hundred)."""

    message = _l("Rows cannot be taken: %(count)s. Nothing was imported.")

    def __init__(self, problems: tuple[RowProblem, ...], count: int) -> None:
        self.problems = problems
        super().__init__(count=count)


class RowNameMissingError(RowRefusedError):
    """A row has no name."""

    message = _l("Give the name in French and in Arabic.")


class RowParentUnknownError(RowRefusedError):
    """The theme above is nowhere in the table."""

    message = _l("No theme of the file has the name or key “%(name)s”.")


class RowParentAmbiguousError(RowRefusedError):
    """Several themes bear the name."""

    message = _l("Several themes of the file have the name “%(name)s”: write the key instead.")


class RowParentLoopError(RowRefusedError):
    """The theme above stands below."""

    message = _l("“%(name)s” stands above itself.")


class RowKeyTwiceError(RowRefusedError):
    """The key stands in a row before."""

    message = _l("The same theme already stands in row %(row)s.")


class RowKeyError(RowRefusedError):
    """The key was changed by hand."""

    message = _l("“%(value)s” is not a key. Leave the cell empty for a new theme.")


class RowColorError(RowRefusedError):
    """The colour cannot be told."""

    message = _l("“%(value)s” is not a colour such as #1A7F5A.")


class RowYesNoError(RowRefusedError):
    """Neither yes nor no."""

    message = _l("Write yes or no, not “%(value)s”.")


class RowNumberError(RowRefusedError):
    """A number is missing, or does not fit."""

    message = _l("“%(value)s” is not a number that fits here.")


class RowMomentError(RowRefusedError):
    """A date cannot be read."""

    message = _l("“%(value)s” is not a date and time such as 2026-03-31T14:05:00Z.")


class RowOffsetsError(RowRefusedError):
    """The offsets do not measure the text."""

    message = _l("The length of the text is %(length)s, but the positions say %(span)s.")


class RowCellMissingError(RowRefusedError):
    """A cell that must not be empty is."""

    message = _l("This cell must not be empty.")
