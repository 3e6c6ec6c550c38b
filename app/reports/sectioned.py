"""What every form of a report that stands section by section asks of a body."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import flask_babel

from app.reports.presentation import View

_: Callable[..., str] = flask_babel.gettext


class Sectioned(View):
    """A view that names sections and crosses regions with kinds of contributor."""

    def heading(self, section: dict[str, Any]) -> str:
        """Return a section's name."""
        if section["kind"] == "theme":
            return self.theme_name(section["theme"])
        if section["kind"] == "region":
            return self.region(section["region"])
        if section["kind"] == "narrative":
            return self.text(section["title"])
        return {
            "summary": _("The essentials"),
            "participation": _("Who took part"),
            "minority": _("Minority positions"),
            "set_aside": _("What was set aside, and why"),
            "method": _("How this report is made"),
            "annexes": _("Annexes"),
        }[section["kind"]]

    @cached_property
    def matrix(self) -> dict[str, Any] | None:
        """The table of actor types in rows and regions in columns, None where there is none."""
        given = self.body["participation"].get("matrix") or {}
        rows = [row for row in given.get("rows", []) if row["code"] or row["total"]]
        if not rows:
            return None
        totals = {r["code"]: r["count"] for r in self.body["participation"]["by_actor_type"]}
        return {
            "regions": [row["code"] for row in rows],
            "rows": [
                (self.group("actor_type", code), [row["cells"][i] for row in rows])
                for i, code in enumerate(given["actor_types"])
            ],
            "counts": [totals.get(code) for code in given["actor_types"]],
            "totals": [row["total"] for row in rows],
        }
