"""What a request about one's data cannot do."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError, NotFoundError


class RequestNotFoundError(NotFoundError):
    """No request has the number."""

    message = _l("There is no such request.")


class RequestOpenError(DomainError):
    """The same right was asked for and is not answered yet."""

    message = _l("You have already made this request: it is waiting for its answer.")


class RequestDecidedError(DomainError):
    """Somebody else answered meanwhile."""

    message = _l("This request was answered meanwhile. Nothing was changed.")
