"""Names of the codes that reports count by, in the page's language."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.i18n import language
from app.organisations.models import ActorType
from app.themes.labels import language_name

__all__ = [
    "actor_name",
    "channel_name",
    "language_name",
    "said_in",
    "state_name",
    "withheld_reason",
]

#: Languages of passages, as a remark after a quotation.
SAID_IN: dict[str, Any] = {
    "fr": _l("In French"),
    "ar": _l("In Arabic"),
    "ar-MA": _l("In Darija"),
    "ary-Latn": _l("In Darija, Latin letters"),
    "zgh": _l("In Amazigh"),
}

#: The six states of a passage, as rows of the sum.
STATES: dict[str, Any] = {
    "in_theme": _l("in a theme"),
    "copy": _l("copies of one text sent by several people"),
    "to_arbitrate": _l("waiting for a person to decide"),
    "off_topic": _l("off topic"),
    "unreadable": _l("unreadable"),
    "excluded": _l("left out, reason published"),
}

#: The same at the beginning of a sentence.
STATE_TITLES: dict[str, Any] = {
    "in_theme": _l("In a theme"),
    "copy": _l("Copies of one text sent by several people"),
    "to_arbitrate": _l("Waiting for a person to decide"),
    "off_topic": _l("Off topic"),
    "unreadable": _l("Unreadable"),
    "excluded": _l("Left out, reason published"),
}

CHANNELS: dict[str, Any] = {"web": _l("On this site"), "import": _l("Imported from a file")}


#: Why words that a report quotes are not shown any more.
WITHHELD: dict[str, Any] = {
    "author": _l("A quotation was withdrawn at the request of its author."),
    "moderation": _l("A quotation is not shown, by decision of moderation."),
}


def withheld_reason(code: str) -> str:
    """Return the sentence that stands in the place of words withheld."""
    return str(WITHHELD[code])


def said_in(code: str) -> str:
    """Return in which language something was said, nothing if it is the page's own."""
    return "" if code == language().code else str(SAID_IN.get(code, ""))


def state_name(code: str) -> str:
    """Return a state's name."""
    return str(STATES[code])


def state_title(code: str) -> str:
    """Return a state's name at the beginning of a sentence."""
    return str(STATE_TITLES[code])


def channel_name(code: str) -> str:
    """Return a channel's name."""
    return str(CHANNELS.get(code, code))


def actor_name(code: str) -> str:
    """Return an actor type's name."""
    return ActorType(code).texts.best(language().code)[0]
