"""The sentences on minority positions."""

from __future__ import annotations

from typing import Any

from app.reports.claims.making.asking import EVERYONE, spoken_in, voices
from app.reports.claims.making.maker import Maker


def add(body: dict[str, Any], maker: Maker) -> None:
    """Add what is said of them."""
    everyone = body["participation"]["analysed"]
    of_theme = {theme["id"]: theme for theme in body["themes"]}
    for row in body["minority"]:
        if row["kind"] == "carried":
            _carried(row, of_theme[row["theme"]], everyone, maker)
        else:
            _position(row, maker)


def _carried(row: dict[str, Any], theme: dict[str, Any], everyone: int, maker: Maker) -> None:
    """Add a theme of few that a group carries."""
    part = {row["dimension"]: row["code"]}
    maker.add(
        f"minority.carried.{row['theme']}",
        "contrast",
        "carried",
        themes=[row["theme"]],
        about=part,
        queries={
            "count": voices(row["theme"], **part),
            "of": EVERYONE | part,
            "all": voices(row["theme"]),
            "everyone": EVERYONE,
            "differs": {"measure": "differs", "theme": [row["theme"]], **part},
        },
        result={
            "count": row["count"],
            "of": row["of"],
            "all": theme["voices"],
            "everyone": everyone,
            "differs": "more",
        },
        proof=spoken_in(row["theme"], **part),
    )


def _position(row: dict[str, Any], maker: Maker) -> None:
    """Add a position that few voices hold."""
    asked = {"measure": "positions", "theme": [row["theme"]]}
    other = "against" if row["stance"] == "for" else "for"
    maker.add(
        f"minority.position.{row['theme']}",
        "share",
        "position",
        themes=[row["theme"]],
        about={"stance": row["stance"]},
        queries={
            "count": asked | {"stance": row["stance"]},
            "of": asked,
            "other": asked | {"stance": other},
        },
        result={"count": row["count"], "of": row["of"], "other": row["rest"]},
        proof=spoken_in(row["theme"], stance=row["stance"]),
    )
