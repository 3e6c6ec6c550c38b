"""Words for what moderation decides on."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

REASONS: dict[str, Any] = {
    "personal_data": _l("Personal data"),
    "insult": _l("Insult or slander"),
    "hatred": _l("Incitement to hatred or violence"),
    "off_topic": _l("Has nothing to do with the consultation"),
    "advertising": _l("Advertising"),
    "duplicate": _l("Sent twice"),
    "other": _l("Another reason"),
}

SOURCES: dict[str, Any] = {
    "machine": _l("Found by the machine"),
    "staff": _l("Pointed at by staff"),
    "public": _l("Pointed at by a reader"),
}

STATES: dict[str, Any] = {
    "open": _l("To decide"),
    "kept": _l("Shown as it is"),
    "masked": _l("Shown with words masked"),
    "hidden": _l("Not shown"),
}

#: What the machine masks, as staff read it.
KINDS: dict[str, Any] = {
    "telephone": _l("Telephone number"),
    "email": _l("E-mail address"),
    "profile": _l("Personal profile on the web"),
    "identity": _l("Identity card number"),
    "passport": _l("Passport number"),
    "bank": _l("Bank account"),
    "card": _l("Bank card"),
    "address": _l("Personal address"),
    "birth": _l("Date of birth"),
    "social": _l("Social security number"),
    "name": _l("Name of a person"),
    "other": _l("Words masked by a moderator"),
}
