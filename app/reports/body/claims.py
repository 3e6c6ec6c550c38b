"""The sentences of the summary, as data: each one is true by the way it is made.

Kinds, with what each holds besides ``kind``, ``themes``, ``count`` and ``of``:

``first``, ``second``   the themes with the most voices (several when equal), voices of contributors
``spread``              the first theme: regions where it is raised, of the regions described
``tongues``             the first theme: languages it is said in, of the languages heard
``region``              the widest difference found between a region and the rest: ``code``,
                        ``rest_count``, ``rest_of``; ``actor_type`` likewise
``copies``              passages that are copies, of all passages, with ``texts``
``open``                passages waiting for a person to decide, of all passages
"""

from __future__ import annotations

from itertools import groupby
from typing import Any


def claims(body: dict[str, Any], n_campaigns: int) -> list[dict[str, Any]]:
    """Return the claims that a body supports, the most important first."""
    themes = [theme for theme in body["themes"] if theme["voices"]]
    if not themes:
        return []
    found = _leading(themes, body["participation"]["analysed"])
    found += [_spread(themes[0]), _tongues(themes[0], body)]
    everyone = body["participation"]["analysed"]
    found += [_difference(themes, dimension, everyone) for dimension in ("region", "actor_type")]
    states = {row["state"]: row["count"] for row in body["coverage"]["states"]}
    total = body["coverage"]["total"]
    if states["copy"]:
        found.append(_claim("copies", [], states["copy"], total, texts=n_campaigns))
    found.append(_claim("open", [], states["to_arbitrate"], total))
    return [claim for claim in found if claim]


def _claim(kind: str, themes: list[int], count: int, of: int, **more: Any) -> dict[str, Any]:
    """Write a claim down."""
    return {"kind": kind, "themes": themes, "count": count, "of": of, **more}


def _leading(themes: list[dict[str, Any]], everyone: int) -> list[dict[str, Any]]:
    """Return the first and the second place; themes with as many voices share a place."""
    places = [list(place) for _voices, place in groupby(themes, key=lambda t: t["voices"])]
    return [
        _claim(kind, [theme["id"] for theme in place], place[0]["voices"], everyone)
        for kind, place in zip(("first", "second"), places, strict=False)
    ]


def _spread(theme: dict[str, Any]) -> dict[str, Any]:
    """Say in how many of the regions described the first theme is raised."""
    described = [g for g in theme["by_region"] if g["code"] and g["count"] is not None]
    raised = sum(group["count"] > 0 for group in described)
    return _claim("spread", [theme["id"]], raised, len(described)) if described else {}


def _tongues(theme: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Say in how many of the languages heard the first theme is said."""
    known = {"fr", "ar", "ar-MA", "ary-Latn", "zgh"}
    said = known & {row["code"] for row in theme["by_language"]}
    heard = known & {row["code"] for row in body["participation"]["by_language"]}
    return _claim("tongues", [theme["id"]], len(said), len(heard)) if len(said) > 1 else {}


def _difference(themes: list[dict[str, Any]], dimension: str, everyone: int) -> dict[str, Any]:
    """Return the widest difference that the tests found, where a group says more than the rest."""
    found = []
    for theme in themes:
        for group in theme[f"by_{dimension}"]:
            if group["differs"] == "more":
                rest, rest_of = theme["voices"] - group["count"], everyone - group["of"]
                gap = round(group["share"] - rest / rest_of, 6)
                found.append((-gap, theme["rank"], group["code"], theme, group, rest, rest_of))
    if not found:
        return {}
    *_order, theme, group, rest, rest_of = min(found, key=lambda item: item[:3])
    return _claim(
        dimension,
        [theme["id"]],
        group["count"],
        group["of"],
        code=group["code"],
        rest_count=rest,
        rest_of=rest_of,
    )
