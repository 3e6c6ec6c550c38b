"""What cannot be done with a contribution once it is sent, said to its author."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError, NotFoundError


class CodeNotFoundError(NotFoundError):
    """No contribution has the code."""

    message = _l(
        "No contribution has this code. Compare it with your receipt: eight letters and digits, "
        "without 0, 1, I, L or O."
    )


class ErasedError(NotFoundError):
    """Nothing is left of the contribution."""

    message = _l("This contribution was erased. Nothing of it is kept but the date.")
    status = 410


class WithdrawnError(DomainError):
    """The contribution does not count any more, so it cannot be corrected."""

    message = _l("This contribution is withdrawn. Take it back before you correct it.")


class CorrectionClosedError(DomainError):
    """The consultation takes no answers any more."""

    message = _l(
        "This consultation is closed: answers cannot be corrected any more. "
        "You can still ask the ministry to correct an error about you."
    )


class NotYoursAloneError(DomainError):
    """What an organisation signed, or a meeting settled, is not changed by one person."""

    message = _l(
        "This contribution was signed or settled by several people: it is not corrected by its "
        "code. Ask for a correction on the page “Your data”."
    )


class DeviceBusyError(DomainError):
    """The device holds other answers, which a correction would push aside."""

    message = _l(
        "Other answers are being written on this device. Send them or delete them first, then "
        "come back with your code."
    )


class RestoreClosedError(DomainError):
    """A withdrawal is final once the consultation is closed."""

    message = _l("This consultation is closed: a withdrawal cannot be undone any more.")


class PositionTakenError(DomainError):
    """Another official position was signed while this one was withdrawn."""

    message = _l("Your organisation has signed another position meanwhile.")
