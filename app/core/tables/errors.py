"""Files that cannot be read as tables, and rows whose cells cannot be told."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError


class ImportRefusedError(DomainError):
    """The import as a whole cannot go on."""

    message: Any = _l("This file cannot be imported.")
    status = 422


class EmptyFileError(ImportRefusedError):
    """A file of no bytes, or of blank lines alone."""

    message = _l("The file is empty.")


class FileTooLargeError(ImportRefusedError):
    """More than the limit of the way it came in by."""

    message = _l("The file weighs %(size)s MB; the limit here is %(limit)s MB.")
    status = 413


class TooManyRowsError(ImportRefusedError):
    """More rows than the page takes in one go."""

    message = _l(
        "The file has more than %(limit)s rows. Import it by command, or cut it in several files."
    )
    status = 413


class UnreadableFileError(ImportRefusedError):
    """The operating system does not give the file."""

    message = _l("The file cannot be opened: %(reason)s.")


class NotATableError(ImportRefusedError):
    """Something known that is not a table."""

    message = _l(
        "This is not a table but another kind of file (%(kind)s). Give a CSV or XLSX file."
    )


class BinaryFileError(ImportRefusedError):
    """Bytes that no text has."""

    message = _l(
        "This is neither text nor an XLSX workbook: byte %(position)s cannot be part of a CSV file."
    )


class EncodingError(ImportRefusedError):
    """Text in another encoding than UTF-8, which was recognised."""

    message = _l(
        "The file is not in UTF-8: line %(line)s cannot be read. It looks like %(name)s. "
        "Save it again as UTF-8, or state its encoding (%(code)s)."
    )


class UnknownEncodingError(ImportRefusedError):
    """Text in another encoding than UTF-8, which was not recognised."""

    message = _l(
        "The file is not in UTF-8: line %(line)s cannot be read, and its encoding is not "
        "recognised. Save it again as UTF-8."
    )


class EncodingNameError(ImportRefusedError):
    """An encoding that does not exist, or that no spreadsheet writes."""

    message = _l("“%(name)s” is not an encoding that can be read. These can: %(known)s.")


class WrongEncodingError(ImportRefusedError):
    """The encoding stated by the reader cannot be the file's."""

    message = _l("The file is not in %(name)s: line %(line)s cannot be read so.")


class GarbledTextError(ImportRefusedError):
    """The encoding stated by the reader gives words that nobody writes."""

    message = _l(
        "Read as %(name)s, the text makes no sense (“%(sample)s”). The file is in another encoding."
    )


class IsUtf8Error(ImportRefusedError):
    """Another encoding was stated for a file in UTF-8."""

    message = _l("The file is in UTF-8, not in %(name)s: leave the encoding out.")


class DamagedTextError(ImportRefusedError):
    """UTF-8 that was once read as something else and saved so."""

    message = _l(
        "The text of this file was damaged before it came here (“%(sample)s”): it was once opened "
        "with the wrong encoding and saved. Go back to the original file."
    )


class DelimiterError(ImportRefusedError):
    """A delimiter of several signs, or one that text needs."""

    message = _l("The delimiter must be one of: comma, semicolon, tab, vertical bar.")


class UnclosedQuotationError(ImportRefusedError):
    """A cell so long that its quotation mark cannot have been closed."""

    message = _l("The quotation mark that opens at row %(row)s or a little later is never closed.")


class OldWorkbookError(ImportRefusedError):
    """The format of Excel before 2007."""

    message = _l(
        "This is an old Excel workbook (.xls). Open it and save it as XLSX or as CSV in UTF-8."
    )


class EncryptedWorkbookError(ImportRefusedError):
    """A workbook behind a password."""

    message = _l(
        "This workbook is protected by a password. Save a copy without the password and import "
        "that copy."
    )


class OpenDocumentError(ImportRefusedError):
    """A spreadsheet of LibreOffice's own format."""

    message = _l("This is an OpenDocument spreadsheet (.ods). Save it as XLSX or as CSV in UTF-8.")


class BinaryWorkbookError(ImportRefusedError):
    """Excel's binary format."""

    message = _l("This is a binary Excel workbook (.xlsb). Save it as XLSX or as CSV in UTF-8.")


class DamagedWorkbookError(ImportRefusedError):
    """A workbook that cannot be read to its end."""

    message = _l(
        "This workbook is damaged and cannot be read. Open it in a spreadsheet and save it again."
    )


class InflatedWorkbookError(ImportRefusedError):
    """A workbook that unpacks into far more than it should."""

    message = _l("Unpacked, this workbook would take more than %(limit)s MB: it is refused.")


class SheetNotFoundError(ImportRefusedError):
    """No sheet of that name."""

    message = _l("There is no sheet named “%(name)s”. The workbook has: %(sheets)s.")


class NoSheetError(ImportRefusedError):
    """A workbook of charts alone."""

    message = _l("This workbook has no sheet with cells.")


class ColumnNameMissingError(ImportRefusedError):
    """A column of data under an empty heading."""

    message = _l("Column %(letter)s has no name: row %(row)s must name every column.")


class ColumnNameTwiceError(ImportRefusedError):
    """Two columns that cannot be told apart."""

    message = _l("Several columns are named “%(name)s”: give each column a name of its own.")


class HeaderMissingError(ImportRefusedError):
    """A first row that names nothing."""

    message = _l("Row %(row)s must name the columns, but it looks like data (“%(sample)s”).")


class TooManyColumnsError(ImportRefusedError):
    """A table wider than any questionnaire."""

    message = _l("The table has too many columns: %(count)s; the limit is %(limit)s.")


class NoRowError(ImportRefusedError):
    """Names of columns and nothing under them."""

    message = _l("The file names columns but has no row.")


class RowRefusedError(DomainError):
    """One row cannot enter; the class says why, ``values`` fill the sentence."""

    message: Any = _l("This row cannot be accepted.")
    status = 422


class RaggedRowError(RowRefusedError):
    """More or fewer cells than columns."""

    message = _l("The number of cells (%(count)s) is not that of the columns (%(expected)s).")


class BrokenQuotationError(RowRefusedError):
    """Quotation marks that do not pair."""

    message = _l("The quotation marks of this row do not pair, so its cells cannot be told apart.")


class CellTooLongError(RowRefusedError):
    """A cell over the limit."""

    message = _l("The cell is too long: %(count)s characters; the limit is %(limit)s.")


class FormulaCellError(RowRefusedError):
    """A formula where an answer was expected."""

    message = _l(
        "The cell holds a formula, and a formula is not an answer. Replace it by its value."
    )


class ErrorCellError(RowRefusedError):
    """A cell in error, such as ``#REF!``."""

    message = _l("The cell is in error in the workbook (%(code)s).")
