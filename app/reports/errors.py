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


class ClaimMismatchError(DomainError):
    """A claim, asked of the record again, came out different."""

    message = _l(
        "Nothing was published: the sentence “%(sentence)s” (claim %(claim)s) does not come out "
        "again. %(what)s: “%(written)s” in the report, “%(found)s” in the record. Renew the draft."
    )


class NarrativeUnprovenError(DomainError):
    """Free words of a report say something that no claim stands behind."""

    message = _l(
        "Nothing was published: no claim stands behind “%(found)s” in the sentence “%(sentence)s”."
    )


class NotApprovedError(DomainError):
    """Two people must have approved a draft exactly as it is."""

    message = _l(
        "Nothing was published: two people have to approve the draft as it stands, and %(count)s "
        "did."
    )


class DraftChangedError(DomainError):
    """Somebody changed the draft since it was shown."""

    message = _l("Somebody changed the draft meanwhile. Look at what stands now, then save again.")


class NoDraftError(DomainError):
    """There is no draft, or it is no longer open."""

    message = _l("There is no open draft of this report.")


class DraftExistsError(DomainError):
    """A consultation has one open draft at a time."""

    message = _l("A draft of this report is open already.")


class SectionFixedError(DomainError):
    """A part without which a report would hide how it came about."""

    message = _l(
        "This part cannot be left out: a report always says who took part, what was set aside, how "
        "it was made and what proves it."
    )


class BothTitlesError(DomainError):
    """A section of one's own needs a title in both languages."""

    message = _l("Give the title in French and in Arabic.")
    status = 422


class WordsTooLongError(DomainError):
    """Words that no section can hold."""

    message = _l("This text is too long: write %(most)s characters at most.")
    status = 422


class NoWordsError(DomainError):
    """A comment without a word."""

    message = _l("Write your comment.")
    status = 422


class UnknownSectionError(DomainError):
    """A section or claim that the draft does not have."""

    message = _l("The draft has no section or claim of that name.")


class NothingNewError(DomainError):
    """The draft says what the last version says."""

    message = _l("Nothing has changed: version %(label)s says all of this already.")
