"""What fields of several forms offer, in the page's language."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from app.core.db import Texts
from app.core.i18n import language
from app.meetings.models import Meeting
from app.organisations.models import ActorType

SHORT = Length(max=200)
LONG = Length(max=300)


def text_of(texts: Any) -> str:
    """Return a text in the page's language, or in the one it has."""
    return Texts(texts or {}).best(language().code)[0]


def among(*pairs: tuple[str, Any]) -> list[SelectChoice]:
    """Return fixed choices, each a code and its words."""
    return [SelectChoice(code, words) for code, words in pairs]


def actor_choices() -> list[tuple[str, str]]:
    """Return the capacities of organisations, the one that is not stated first."""
    kinds = [kind for kind in ActorType if kind.is_organisation]
    return [(ActorType.UNKNOWN.value, text_of(ActorType.UNKNOWN.texts))] + [
        (kind.value, text_of(kind.texts)) for kind in kinds
    ]


def number_of(value: str | None) -> int | None:
    """Return a chosen number, None for no choice."""
    return int(value) if value and value.isdigit() else None


def workshop_choices(meeting: Meeting) -> list[tuple[str, Any]]:
    """Return the workshops to choose from."""
    return [("", _l("No preference"))] + [
        (str(one.id), text_of(one.title)) for one in meeting.workshops
    ]
