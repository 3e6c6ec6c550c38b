"""What the common draft of an organisation refuses."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError, NotFoundError


class PositionNotFoundError(NotFoundError):
    """Nobody has begun the organisation's position yet."""

    message = _l("This organisation’s position was not begun yet.")


class PositionConflictError(DomainError):
    """The same answers were changed by somebody else since this person read them.

    :ivar theirs: what the draft says now, by question key.
    """

    message = _l(
        "Somebody else changed the same answers while you were writing. Nothing was overwritten: "
        "both texts are below."
    )

    def __init__(self, *, theirs: dict[str, Any]) -> None:
        self.theirs = theirs
        super().__init__()


class PositionSignedError(DomainError):
    """A signed position is not edited any more."""

    message = _l("The position is signed. The signatory may reopen it until the closing date.")


class NotProposedError(DomainError):
    """Approval was asked of nobody."""

    message = _l("The draft has not been put to the vote of the delegates yet.")


class RevisionChangedError(DomainError):
    """The draft was edited since this person read it."""

    message = _l(
        "The draft was edited since you opened this page. Read it again before you decide."
    )


class PositionIncompleteError(DomainError):
    """Answers are missing or refused."""

    message = _l("Some answers have to be completed first.")
    status = 422


class CommentMissingError(DomainError):
    """A remark of no words."""

    message = _l("Write your remark.")
    status = 422


class CommentTooLongError(DomainError):
    """A remark over the limit."""

    message = _l("A remark has %(most)s characters at most.")
    status = 422


class CommentNotFoundError(NotFoundError):
    """No such remark on this draft."""

    message = _l("We could not find this remark.")


class FunctionMissingError(DomainError):
    """A signature in no function."""

    message = _l("Give the function in which you sign.")
    status = 422


class PasswordWrongError(DomainError):
    """The signatory's password is not the one typed."""

    message = _l("This is not your password.")
    status = 422


class NothingToReopenError(DomainError):
    """A position that is not signed."""

    message = _l("The position is not signed.")


class AlreadyOfficialError(DomainError):
    """Another official position of the organisation stands in this consultation."""

    message = _l("An official position of this organisation stands already.")
