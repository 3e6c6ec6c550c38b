"""What the reports refuse."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError


class NothingToReportError(DomainError):
    """The consultation has no finished analysis, or one without a single passage."""

    message = _l("There is nothing to report on yet: no analysis of this consultation is finished.")


class CoverageMismatchError(DomainError):
    """The states of the passages do not add up to the passages analysed."""

    message = _l(
        "Nothing was published: the states add up to %(counted)s passages, but the analysis has "
        "%(total)s."
    )


class QuotationMismatchError(DomainError):
    """A quotation is not what the stored answer says any more."""

    message = _l(
        "Nothing was published: the quotation of submission %(number)s (answer %(answer)s, "
        "characters %(start)s to %(end)s) is not what the stored answer says. Run the analysis "
        "again."
    )


class FigureMismatchError(DomainError):
    """A figure, counted a second time in another way, came out different."""

    message = _l(
        "Nothing was published: “%(figure)s” was %(written)s in the report and %(counted)s when "
        "it was counted again."
    )


class PublishedMeanwhileError(DomainError):
    """Someone else published another version at the same moment."""

    message = _l("Somebody has just published version %(version)s. Look at it, then publish again.")
