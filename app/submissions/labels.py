"""Words for codes that staff pages show."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.i18n import LANGUAGES

CHANNELS: dict[str, Any] = {
    "web": _l("Online"),
    "import": _l("Import"),
    "paper": _l("Paper form"),
    "assisted": _l("Entered by an agent"),
    "meeting": _l("Meeting"),
    "api": _l("Partner’s program"),
}

SOURCES: dict[str, Any] = {
    "paper": _l("paper form"),
    "telephone": _l("telephone"),
    "counter": _l("counter"),
    "visit": _l("visit"),
    "letter": _l("letter"),
    "meeting": _l("meeting"),
}

GROUPS: dict[str, Any] = {
    "citizens": _l("Citizens"),
    "associations": _l("Associations and cooperatives"),
    "elected": _l("Elected officials and councils"),
    "state": _l("State services"),
    "social": _l("Social sector institutions"),
    "academia": _l("Universities and experts"),
    "private": _l("Private sector"),
    "unknown": _l("Not stated"),
}

SPANS: dict[str, Any] = {"day": _l("Day"), "week": _l("Week of"), "month": _l("Month")}


def interface(code: str) -> Any:
    """Return the name of an interface language; imports have none."""
    return LANGUAGES[code].name if code in LANGUAGES else _l("Not stated (imported)")
