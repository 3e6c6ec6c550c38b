"""What meetings refuse."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError, NotFoundError


class MeetingNotFoundError(NotFoundError):
    """No such meeting in this consultation."""

    message = _l("This meeting does not exist, or no longer.")


class LinkNotFoundError(NotFoundError):
    """A personal link that is nobody's."""

    message = _l("This link is not known. Copy it whole from the letter you received.")


class MeetingCancelledError(DomainError):
    """Nothing more can be done for a meeting that will not take place."""

    message = _l("This meeting has been cancelled.")


class MeetingOverError(DomainError):
    """One can no longer answer or register."""

    message = _l("This meeting has taken place: one can no longer register.")


class NotOpenError(DomainError):
    """Only those invited come to this meeting."""

    message = _l("This meeting is by invitation.")


class TimesError(DomainError):
    """A meeting that ends before it begins."""

    message = _l("The meeting must end after it begins.")
    status = 422


class CapacityError(DomainError):
    """Fewer seats than are taken."""

    message = _l("%(count)s people have a seat already: the capacity cannot be lower.")
    status = 422


class WorkshopInUseError(DomainError):
    """A workshop that points of the minutes are attributed to."""

    message = _l("The workshop “%(name)s” has contributions in the minutes: it cannot be removed.")
    status = 422


class AddressError(DomainError):
    """Something pasted that is no address."""

    message = _l("Line %(number)s: “%(text)s” has no e-mail address.")
    status = 422


class ListRowError(DomainError):
    """A row of a list of attendance that names nobody."""

    message = _l("Row %(number)s: a name or an organisation is missing.")
    status = 422


class ListColumnsError(DomainError):
    """A list whose columns say nothing that is known."""

    message = _l(
        "No column gives a name or an organisation. Name the columns as on the sheet: "
        "name, organisation, e-mail, telephone, present."
    )
    status = 422


class MinutesStateError(DomainError):
    """Not at this stage of the minutes."""

    message = _l("The minutes are no longer at this stage: reload the page.")


class PointChangedError(DomainError):
    """Somebody else changed the point meanwhile."""

    message = _l(
        "Somebody changed this point while you were writing. Your words are below, theirs above."
    )
    status = 422


class PointNotFoundError(NotFoundError):
    """No such point."""


class NobodyToAskError(DomainError):
    """Minutes that nobody can be sent."""

    message = _l("Nobody who was present left an address: take attendance first.")


class NoPointError(DomainError):
    """Empty minutes."""

    message = _l("The minutes have no point yet.")


class ContestDateError(DomainError):
    """A date that leaves no time."""

    message = _l("Leave at least one day to those who read the minutes.")
    status = 422


class ContestOpenError(DomainError):
    """Settling before participants had their time."""

    message = _l("Participants may still answer until %(date)s.")


class ContestOverError(DomainError):
    """Too late to validate or contest."""

    message = _l("The time to validate or contest these minutes is over.")


class ReasonMissingError(DomainError):
    """A contest without a reason."""

    message = _l("Say why you contest point %(number)s.")
    status = 422


class NotPresentError(DomainError):
    """Someone who was not at the meeting."""

    message = _l("Only those who were at the meeting validate its minutes.")
    status = 403


class QuestionGoneError(DomainError):
    """No version of the questionnaire asks the question that a point answers."""

    message = _l("No version of the questionnaire asks “%(key)s” as a long text.")


class DocumentRefusedError(DomainError):
    """A file from which no minutes can be read."""

    message = _l("This file cannot be read as minutes.")
    status = 422


class NotADocumentError(DocumentRefusedError):
    """Something else than a DOCX."""

    message = _l("This is not a DOCX document. In a word processor: save as, Word (.docx).")


class BrokenDocumentError(DocumentRefusedError):
    """A damaged DOCX."""

    message = _l("The document is damaged: open it in a word processor and save it again.")


class LockedDocumentError(DocumentRefusedError):
    """A DOCX behind a password."""

    message = _l("The document is protected by a password: save it without one.")


class InflatedDocumentError(DocumentRefusedError):
    """A document that unpacks into too much."""

    message = _l("The document unpacks into more than minutes can be. Save its text alone.")


class EmptyDocumentError(DocumentRefusedError):
    """No words."""

    message = _l("There are no words in this document.")
