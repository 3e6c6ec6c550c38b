"""The sentences of the executive summary."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from app.reports.claims.dataset import LANGUAGES
from app.reports.claims.making.asking import EVERYONE, spoken_in, voices
from app.reports.claims.making.maker import Maker


def add(body: dict[str, Any], maker: Maker) -> None:
    """Add what the summary says: which themes lead, where, in which tongues, and what is open."""
    themes = [theme for theme in body["themes"] if theme["voices"]]
    if themes:
        _leading(themes, body, maker)
        spread("summary.spread", themes[0], maker)
        tongues("summary.tongues", themes[0], body, maker)
        for dimension in ("region", "actor_type"):
            _widest(themes, dimension, body, maker)
    states = {row["state"]: row["count"] for row in body["coverage"]["states"]}
    if states["copy"]:
        maker.add(
            "summary.copies",
            "coverage",
            "copies",
            queries={
                "count": {"measure": "passages", "state": "copy"},
                "of": {"measure": "passages"},
                "texts": {"measure": "texts"},
            },
            result={
                "count": states["copy"],
                "of": body["coverage"]["total"],
                "texts": body["coverage"]["texts"],
            },
            proof={"measure": "passages", "state": "copy"},
        )
    maker.add(
        "summary.open",
        "coverage",
        "open",
        queries={
            "count": {"measure": "passages", "state": "to_arbitrate"},
            "of": {"measure": "passages"},
        },
        result={"count": states["to_arbitrate"], "of": body["coverage"]["total"]},
        proof={"measure": "passages", "state": "to_arbitrate"},
    )


def _leading(themes: list[dict[str, Any]], body: dict[str, Any], maker: Maker) -> None:
    """Add the first and the second place; themes with as many voices share a place."""
    places = [list(place) for _voices, place in groupby(themes, key=lambda t: t["voices"])]
    top = sum(len(place) for place in places[:2])
    for name, place in zip(("first", "second"), places, strict=False):
        identities = [theme["id"] for theme in place]
        maker.add(
            f"summary.{name}",
            "ranking",
            name,
            themes=identities,
            queries={
                "count": voices(identities[0]),
                "of": EVERYONE,
                "ranking": {"measure": "ranking", "top": top},
            },
            result={
                "count": place[0]["voices"],
                "of": body["participation"]["analysed"],
                "ranking": [[theme["id"], theme["voices"]] for theme in themes[:top]],
            },
            proof=spoken_in(*identities),
        )


def spread(identity: str, theme: dict[str, Any], maker: Maker) -> None:
    """Say in how many of the regions described a theme is raised."""
    described = [g for g in theme["by_region"] if g["code"] and g["count"] is not None]
    if not described:
        return
    maker.add(
        identity,
        "count",
        "spread",
        themes=[theme["id"]],
        queries={
            "count": {"measure": "regions", "theme": [theme["id"]]},
            "of": {"measure": "regions"},
        },
        result={"count": sum(g["count"] > 0 for g in described), "of": len(described)},
        proof=spoken_in(theme["id"]),
    )


def tongues(identity: str, theme: dict[str, Any], body: dict[str, Any], maker: Maker) -> None:
    """Say in how many of the languages heard a theme is said."""
    said = LANGUAGES & {row["code"] for row in theme["by_language"]}
    heard = LANGUAGES & {row["code"] for row in body["participation"]["by_language"]}
    if len(said) < 2:
        return
    maker.add(
        identity,
        "count",
        "tongues",
        themes=[theme["id"]],
        queries={
            "count": {"measure": "languages", "theme": [theme["id"]]},
            "of": {"measure": "languages"},
        },
        result={"count": len(said), "of": len(heard)},
        proof=spoken_in(theme["id"]),
    )


def _widest(
    themes: list[dict[str, Any]], dimension: str, body: dict[str, Any], maker: Maker
) -> None:
    """Add the widest difference that the tests found, where a group says more than the rest."""
    everyone = body["participation"]["analysed"]
    found = []
    for theme in themes:
        for group in theme[f"by_{dimension}"]:
            if group["differs"] == "more":
                rest, rest_of = theme["voices"] - group["count"], everyone - group["of"]
                gap = round(group["share"] - rest / rest_of, 6)
                found.append((-gap, theme["rank"], group["code"], theme, group))
    if found:
        *_order, theme, group = min(found, key=lambda item: item[:3])
        contrast(f"summary.{dimension}", theme, dimension, group, everyone, maker)


def contrast(
    identity: str,
    theme: dict[str, Any],
    dimension: str,
    group: dict[str, Any],
    everyone: int,
    maker: Maker,
) -> None:
    """Add a difference between a group and the rest."""
    part = {dimension: group["code"]}
    maker.add(
        identity,
        "contrast",
        "contrast",
        themes=[theme["id"]],
        about=part,
        queries={
            "count": voices(theme["id"], **part),
            "of": EVERYONE | part,
            "all": voices(theme["id"]),
            "everyone": EVERYONE,
            "differs": {"measure": "differs", "theme": [theme["id"]], **part},
        },
        result={
            "count": group["count"],
            "of": group["of"],
            "all": theme["voices"],
            "everyone": everyone,
            "differs": group["differs"],
        },
        proof=spoken_in(theme["id"], **part),
    )
