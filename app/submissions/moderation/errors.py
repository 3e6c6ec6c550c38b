"""What moderation refuses."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError


class AlreadyDecidedError(DomainError):
    """Someone else decided the case meanwhile."""

    message = _l("Someone else has decided this case meanwhile. This is what was decided.")


class ExplanationMissingError(DomainError):
    """A decision against publishing, without a word for its author."""

    message = _l("Say to the contributor why, in a sentence or two.")
    status = 422


class WordsNotFoundError(DomainError):
    """Words to mask that the answers do not contain."""

    message = _l("These words are in none of the answers. Copy them exactly as they are written.")
    status = 422
