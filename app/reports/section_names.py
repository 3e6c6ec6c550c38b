"""What the sections of a report are called."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.reports.presentation import View

#: Names of the sections that every report has.
NAMES: dict[str, Any] = {
    "summary": _l("The essentials"),
    "participation": _l("Who took part"),
    "minority": _l("Minority positions"),
    "set_aside": _l("What was set aside, and why"),
    "method": _l("How this report is made"),
    "annexes": _l("Annexes"),
}

#: What kind of section it is, where its name does not say so.
KINDS: dict[str, Any] = {
    "theme": _l("Theme"),
    "region": _l("Region"),
    "narrative": _l("Section added"),
}


def section_title(view: View, section: dict[str, Any]) -> str:
    """Return a section's title in the page's language."""
    if section["kind"] == "theme":
        return view.theme_name(section["theme"])
    if section["kind"] == "region":
        return view.region(section["region"])
    if section["kind"] in NAMES:
        return str(NAMES[section["kind"]])
    return view.text(section["title"])


def section_kind(section: dict[str, Any]) -> str:
    """Return what kind of section it is, nothing where its title says it."""
    return str(KINDS.get(section["kind"], ""))
