"""The sections of a report, each kind with what writes it, in the order that people chose."""

from __future__ import annotations

from collections.abc import Callable

from app.reports.word.sections import annexes, method, others, participation, regions, themes
from app.reports.word.sections.sheet import Section, Sheet

__all__ = ["Sheet", "write"]

WRITERS: dict[str, Callable[[Sheet, Section], None]] = {
    "summary": others.summary,
    "participation": participation.write,
    "theme": themes.write,
    "minority": others.minority,
    "region": regions.write,
    "set_aside": others.set_aside,
    "method": method.write,
    "annexes": annexes.write,
}

#: Kinds of which several stand under one heading, with what begins them.
GROUPS: dict[str, Callable[[Sheet], None]] = {
    "theme": themes.overview,
    "region": regions.overview,
}


def write(sheet: Sheet) -> None:
    """Add every section, and at the end what proves them."""
    sections = sheet.view.sections
    begun: set[str] = set()
    for i, section in enumerate(sections):
        kind = section["kind"]
        if kind == "narrative":
            others.own(sheet, section, level=2 if _is_inside(sections, i) else 1)
            continue
        if kind in GROUPS and kind not in begun:
            begun.add(kind)
            GROUPS[kind](sheet)
        WRITERS[kind](sheet, section)
    annexes.proofs(sheet)


def _is_inside(sections: list[Section], at: int) -> bool:
    """Return whether people's own section stands between two themes, or between two regions."""
    before = [one["kind"] for one in sections[:at] if one["kind"] != "narrative"]
    after = [one["kind"] for one in sections[at:] if one["kind"] != "narrative"]
    return bool(before and after) and before[-1] == after[0] and before[-1] in GROUPS
