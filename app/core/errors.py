"""Errors of the domain, and the pages that answer when something cannot be done."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.core.db import db


class DomainError(Exception):
    """Something the domain refuses; ``message`` is shown to the reader in their language.

    Operations raise subclasses; ``message`` is a lazily translated sentence with named places that
    the instance's ``values`` fill.
    """

    message: Any = _l("This cannot be done.")
    status = 409

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(type(self).__name__, values)

    def text(self) -> str:
        """Return the sentence for the reader."""
        return str(self.message) % self.values if self.values else str(self.message)


class NotFoundError(DomainError):
    """The thing asked for does not exist, or not for this reader."""

    message = _l("We could not find what you asked for.")
    status = 404


class ForbiddenError(DomainError):
    """The reader may not do this."""

    message = _l("Your role does not give access to this.")
    status = 403


_TITLES = {
    400: _l("We did not understand the request"),
    401: _l("Please sign in"),
    403: _l("You do not have access to this page"),
    404: _l("This page does not exist"),
    405: _l("This page does not accept that action"),
    409: _l("This cannot be done now"),
    413: _l("The file is too large"),
    422: _l("Some of what was sent cannot be accepted"),
    429: _l("Too many attempts"),
    500: _l("Something went wrong on our side"),
}
_TEXTS = {
    400: _l("Go back to the previous page and try again. What you typed has not been lost."),
    401: _l("This page is for signed-in staff."),
    403: _l("Your role does not give access to it. Ask an administrator if it should."),
    404: _l("The address may be mistyped, or the page may have moved."),
    405: _l("Go back to the previous page and use its buttons."),
    413: _l("Files may weigh 20 MB at most."),
    429: _l("Wait a minute, then try again."),
    500: _l("Go back and try again in a moment. The incident has been recorded."),
}


def _page(status: int, text: str | None = None, error: BaseException | None = None) -> Any:
    """Render the error page, or answer as the part of the site that was asked does."""
    title = _TITLES.get(status, _TITLES[400])
    body = text if text is not None else _TEXTS.get(status, _TEXTS[400])
    for prefix, answer in current_app.extensions["error_answers"]:
        if request.path.startswith(prefix):
            return answer(status, str(title), str(body), error)
    return render_template("error.html", status=status, title=title, text=body), status


def init_app(app: Flask) -> None:
    """Answer every kind of error with a page in the reader's language.

    Parts that answer programs add ``(beginning of their addresses, function)`` to
    ``app.extensions["error_answers"]``.
    """
    app.extensions["error_answers"] = []

    @app.errorhandler(DomainError)
    def _domain(error: DomainError) -> Any:
        """Say what the domain refused."""
        db.session.rollback()
        return _page(error.status, error.text(), error)

    @app.errorhandler(CSRFError)
    def _csrf(_error: CSRFError) -> Any:
        """Ask to send the form again."""
        return _page(
            400, _("The form was open for too long. Go back, reload it and send it again.")
        )

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Any:
        """Give HTTP errors the product's look; redirects pass."""
        if error.response is not None or (error.code or 500) < 400:
            return error
        return _page(error.code or 500, error=error)

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> Any:
        """Log what was not foreseen and say so without details."""
        if app.testing:
            raise error
        app.logger.error("unforeseen error", exc_info=error)
        db.session.rollback()
        return _page(500)
