"""What writing an answer refuses."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError


class AnswerChangedError(DomainError):
    """Somebody saved the answer after its author was shown it."""

    message = _l(
        "Somebody saved this answer meanwhile. What you typed is still here: compare it with what "
        "stands now, then save again."
    )


class AnswerIncompleteError(DomainError):
    """An answer cannot be published before both languages say everything that its state asks."""

    message = _l("This answer is not complete in both languages: it cannot be published.")
    status = 422


class ThemeNotReportedError(DomainError):
    """Only what a report has published is answered."""

    message = _l("The newest published report does not have this theme.")
    status = 404
