"""What the outbox refuses."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError


class LetterSentError(DomainError):
    """A letter that has left cannot be put back among those that wait."""

    message = _l("This letter has been sent already.")
