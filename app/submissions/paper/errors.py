"""What printing and typing in refuse."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError, NotFoundError


class CopyNotFoundError(NotFoundError):
    """No copy has the code."""

    message = _l("No form has this code in this consultation. Read it again on the paper.")


class NotOpenYetError(DomainError):
    """Nothing can have been written on paper before the consultation began."""

    message = _l("The consultation has not begun: nothing can be typed in yet.")


class AlreadyTypedError(DomainError):
    """Somebody has typed this copy, as often as it has to be."""

    message = _l(
        "This form has been typed already: nothing was added. What you typed stays on the page "
        "until you leave it."
    )


class SameAgentError(DomainError):
    """The second reading of a copy is somebody else's."""

    message = _l(
        "You typed this form the first time: the second reading must be made by another person."
    )


class AgreementMissingError(DomainError):
    """Nobody agreed to the notice."""

    message = _l(
        "Without the agreement of the person who speaks, nothing can be recorded. If the box on "
        "the form is empty, put the form aside."
    )
    status = 422


class NothingToSettleError(DomainError):
    """There is no difference between the two readings, or all are settled."""

    message = _l("There is nothing left to settle on this form.")


class ChoiceNotMadeError(DomainError):
    """A difference was left without a decision, or decided for a value that cannot stand."""

    message = _l("Choose, for each difference, which reading is the right one.")
    status = 422
