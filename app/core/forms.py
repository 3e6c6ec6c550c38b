"""Forms: protection against cross-site requests, and checks that several forms share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import Form, ValidationError

from app.core.text import clean_text

__all__ = ["PageForm", "both_languages", "checked_by_view", "clean_text", "csrf", "init_app"]

csrf = CSRFProtect()

View = TypeVar("View", bound=Callable[..., Any])


class PageForm(FlaskForm):  # type: ignore[misc]
    """A form of a page, protected, with its errors in order for the summary."""

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield ``(id of the field, message)`` for each error, in the order of the fields."""
        for field in self:
            for message in _flat(field.errors):
                yield field.id, message


def _flat(errors: Any) -> Iterator[str]:
    """Walk the nested errors of compound fields."""
    for error in errors.values() if isinstance(errors, dict) else errors:
        if isinstance(error, (list, tuple, dict)):
            yield from _flat(error)
        else:
            yield str(error)


def both_languages(form: Form, _field: Any) -> None:
    """Refuse a name given in one language only (for forms with ``name_fr`` and ``name_ar``)."""
    if bool(form["name_fr"].data) != bool(form["name_ar"].data):
        raise ValidationError(_l("Give the name in French and in Arabic."))


def checked_by_view(view: View) -> View:
    """State that a view itself checks where a form was sent from, by another proof."""
    csrf.exempt(view)
    return view


def init_app(app: Flask) -> None:
    """Install the protection."""
    csrf.init_app(app)
