"""The sheets of the regions: who took part there, of what they speak, and some of their words."""

from __future__ import annotations

from typing import Any

from app.reports.body.participation import share
from app.reports.claims.dataset import Dataset

#: Themes of a sheet.
MOST = 8


def regions(body: dict[str, Any], data: Dataset) -> list[dict[str, Any]]:
    """Return the sheets without their quotations; one too small to be described has no theme."""
    matrix = body["participation"]["matrix"]
    cells = {row["code"]: row["cells"] for row in matrix["rows"]}
    groups = {group["code"]: group for group in body["groups"]["region"]}
    found = []
    for row in body["participation"]["by_region"]:
        code = row["code"]
        group = groups[code]
        hidden = group["hidden"] or not group["of"]
        kinds = [
            {"code": kind, "count": n}
            for kind, n in zip(matrix["actor_types"], cells[code], strict=True)
            if n
        ]
        sheet: dict[str, Any] = {
            "code": code,
            "hidden": hidden,
            "submissions": row["count"],
            "contributors": group["of"],
            "themes": [] if hidden else _themes(body, code, data),
            "actor_types": [] if hidden else sorted(kinds, key=_most_first),
            "languages": [] if hidden else _languages(code, data),
            "quotations": [],
        }
        found.append(sheet)
    return found


def _most_first(row: dict[str, Any]) -> tuple[int, str]:
    """Order rows by count, then by code."""
    return -row["count"], row["code"]


def _languages(code: str, data: Dataset) -> list[dict[str, Any]]:
    """Return the languages in which at least five people of a region wrote."""
    rows = data.ask({"measure": "spoken", "region": code})
    return [{"code": language, "passages": n} for language, n in rows]


def _themes(body: dict[str, Any], code: str, data: Dataset) -> list[dict[str, Any]]:
    """Return what a region speaks of, most voices first."""
    differs = {
        theme["id"]: group["differs"]
        for theme in body["themes"]
        for group in theme["by_region"]
        if group["code"] == code
    }
    of = data.ask({"measure": "analysed", "region": code})
    ranking = data.ask({"measure": "ranking", "region": code, "top": MOST})
    return [
        {"id": theme, "count": n, "share": share(n, of), "differs": differs[theme]}
        for theme, n in ranking
        if n
    ]
