"""What measures and their files refuse."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError, NotFoundError
from app.core.tables.errors import RowRefusedError


class MeasureNotFoundError(NotFoundError):
    """No such measure in this consultation, or none that this reader may see."""

    message = _l("We could not find this measure.")


class MeasureChangedError(DomainError):
    """Somebody saved the measure after it was opened."""

    message = _l(
        "Somebody changed this measure while you had it open. What you typed is kept: look at what "
        "changed, then save again."
    )


class TitleMissingError(DomainError):
    """A title that one of the two languages lacks."""

    message = _l("Give the title in French and in Arabic.")
    status = 422


class OneLanguageError(DomainError):
    """A text that the public reads, in one language only."""

    message = _l("“%(text)s” is in one language only: give it in French and in Arabic.")
    status = 422


class DatesOutOfOrderError(DomainError):
    """A measure that ends before it starts."""

    message = _l("The measure must end after it starts.")
    status = 422


class DoneInTheFutureError(DomainError):
    """A step said to be done on a day that has not come."""

    message = _l("A milestone cannot be done on a day that has not come: %(day)s.")
    status = 422


class AmountError(DomainError):
    """An amount that is no whole number of dirhams."""

    message = _l("“%(value)s” is not an amount in whole dirhams.")
    status = 422


class PlaceOutsideError(DomainError):
    """Territories that do not lie in one another."""

    message = _l("The territories chosen do not lie in one another.")
    status = 422


class NotOfConsultationError(DomainError):
    """An axis, a population, a theme or a passage of another consultation, or of none."""

    message = _l("“%(value)s” does not belong to this consultation.")
    status = 422


class KeyTakenError(DomainError):
    """Two measures under one key."""

    message = _l("Another measure of this consultation has the key “%(key)s”.")
    status = 422


class AddressError(DomainError):
    """An address that is none of the web."""

    message = _l("“%(value)s” is not a web address.")
    status = 422


class DocumentMissingError(DomainError):
    """A document that is neither a file nor an address, or both."""

    message = _l("Give either a file or an address.")
    status = 422


class TextTooLongError(DomainError):
    """A text longer than its place."""

    message = _l("The text is too long: %(count)s characters; the limit is %(limit)s.")
    status = 422


class KeyTwiceError(RowRefusedError):
    """Two rows of a file for one measure."""

    message = _l("The key “%(key)s” stands in this file already, in row %(row)s.")


class WordUnknownError(RowRefusedError):
    """A word that a column does not know."""

    message = _l("“%(value)s” is none of the words of this column: %(known)s.")


class DateInRowError(RowRefusedError):
    """A cell that holds no date."""

    message = _l("“%(value)s” is not a date. Write it as 2022-06-17 or 17/06/2022.")


class ColumnsMissingError(DomainError):
    """A file without the columns by which a measure is known."""

    message = _l("The file has no column “%(name)s”.")
    status = 422


class FileGoneError(NotFoundError):
    """A file that was looked at more than a day ago, or by somebody else."""

    message = _l("This file is no longer kept. Upload it again.")
