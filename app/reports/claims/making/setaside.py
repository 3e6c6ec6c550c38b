"""The sentences on what was set aside, and why."""

from __future__ import annotations

from typing import Any

from app.reports.claims.making.asking import PASSAGES, told
from app.reports.claims.making.maker import Maker


def add(body: dict[str, Any], maker: Maker) -> None:
    """Add the sum of the states, each of them, and the reasons given."""
    coverage = body["coverage"]
    maker.add(
        "set-aside.sum",
        "coverage",
        "sum",
        queries={"of": PASSAGES},
        result={"of": coverage["total"]},
        proof=PASSAGES,
    )
    for row in coverage["states"]:
        asked = PASSAGES | {"state": row["state"]}
        maker.add(
            f"set-aside.{row['state'].replace('_', '-')}",
            "coverage",
            "state",
            about={"state": row["state"]},
            queries={
                "count": asked,
                "of": PASSAGES,
                "tenths": {"measure": "tenths", "state": row["state"]},
            },
            result={"count": row["count"], "of": coverage["total"], "tenths": row["tenths"]},
            proof=asked,
        )
    for theme in body["excluded"]:
        identity = str(theme["id"])
        maker.add(
            f"set-aside.theme.{identity}",
            "count",
            "left-out",
            themes=[theme["id"]],
            about={"reason": theme["reason"]},
            queries={"count": told("set_aside", "themes", identity)},
            result={"count": theme["passages"]},
        )
    for index, row in enumerate(body["set_aside"]):
        maker.add(
            f"set-aside.reason.{index}",
            "count",
            "one-by-one",
            about={"reason": row["reason"]},
            queries={
                "count": told("set_aside", "reasons", index, 1),
                "row": told("set_aside", "reasons", index),
            },
            result={"count": row["passages"], "row": [row["reason"], row["passages"]]},
        )
