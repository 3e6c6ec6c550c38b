"""What the interface for programs refuses."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError, NotFoundError


class ApiProblemError(DomainError):
    """Something in a request is wrong, at places that can be named.

    :ivar places: ``{"pointer": JSON pointer, "detail": sentence}``, or ``parameter`` for a header
        or a part of the address.
    """

    message: Any = _l("Some of what was sent cannot be accepted.")
    status = 422

    def __init__(self, places: list[dict[str, str]] | None = None, **values: object) -> None:
        self.places = places or []
        super().__init__(**values)


class SubmissionRefusedError(ApiProblemError):
    """Some answers cannot be accepted; nothing was written."""

    message = _l("Some answers cannot be accepted. Nothing was written.")


class CursorError(ApiProblemError):
    """A cursor that this interface did not give."""

    message = _l("This cursor was not given by this interface.")


class KeyReusedError(ApiProblemError):
    """One idempotency key with two contents."""

    message = _l("This idempotency key was used for another content.")


class BrokenTextError(ApiProblemError):
    """Text with halves of signs."""

    message = _l("The text holds a sign that is cut in two.")


class SourceIdTakenError(DomainError):
    """The same number in the source under another idempotency key."""

    message = _l("A submission with this number in the source is already here.")


class TokenError(DomainError):
    """No token, or one that is not known or was revoked."""

    message = _l("A partner’s token is needed, and this one is not valid.")
    status = 401


class TokenScopeError(DomainError):
    """A token for another consultation."""

    message = _l("This token is for another consultation.")
    status = 403


class NotJsonError(DomainError):
    """A body of another type."""

    message = _l("The body must be JSON (Content-Type: application/json).")
    status = 415


class NothingPublishedError(NotFoundError):
    """No results so far."""

    message = _l("Nothing has been published of this consultation so far.")


class PartnerNameTakenError(DomainError):
    """Two partners of one name."""

    message = _l("Another partner has this name.")
    status = 422


class QuestionUnknownError(DomainError):
    """An answer to no question."""

    message = _l("There is no such question in this questionnaire.")


class QuestionNotAskedError(DomainError):
    """An answer to a question that was not asked, given the others."""

    message = _l("This question is not asked of someone who gave the other answers.")


class FileNotTakenError(DomainError):
    """A file, which this interface does not take."""

    message = _l("Files are sent by the form, not by this interface.")
