"""The sentences on each theme."""

from __future__ import annotations

from typing import Any

from app.reports.claims.making.asking import EVERYONE, spoken_in, voices
from app.reports.claims.making.maker import Maker
from app.reports.claims.making.participation import first_language
from app.reports.claims.making.summary import contrast, spread, tongues

#: What a passage does when it asks for something to be done.
PROPOSAL = "proposal"


def add(body: dict[str, Any], maker: Maker) -> None:
    """Add what is said of the themes."""
    everyone = body["participation"]["analysed"]
    for theme in body["themes"]:
        name = f"theme.{theme['id']}"
        _share(name, theme, body, maker)
        _weighted(name, theme, maker)
        if theme["voices"]:
            spread(f"{name}.spread", theme, maker)
            tongues(f"{name}.tongues", theme, body, maker)
        rows = theme["by_language"]
        first_language(f"{name}.language", rows, theme["passages"], {}, [theme["id"]], maker)
        _copies(name, theme, maker)
        _stance(name, theme, maker)
        _trend(name, theme, maker)
        _proposals(name, theme, maker)
        for dimension, word in (("region", "region"), ("actor_type", "actor")):
            for group in theme[f"by_{dimension}"]:
                if group["differs"]:
                    identity = f"{name}.{word}.{group['code']}"
                    contrast(identity, theme, dimension, group, everyone, maker)
    _unsurpassed(body, maker)


def _share(name: str, theme: dict[str, Any], body: dict[str, Any], maker: Maker) -> None:
    """Add how many raise it, its place, and in how many passages."""
    proof = spoken_in(theme["id"])
    maker.add(
        f"{name}.share",
        "share",
        "share",
        themes=[theme["id"]],
        queries={"count": voices(theme["id"]), "of": EVERYONE},
        result={"count": theme["voices"], "of": body["participation"]["analysed"]},
        proof=proof,
    )
    maker.add(
        f"{name}.rank",
        "ranking",
        "rank",
        themes=[theme["id"]],
        queries={
            "count": {"measure": "place", "theme": [theme["id"]]},
            "of": {"measure": "themes"},
        },
        result={"count": theme["rank"], "of": len(body["themes"])},
    )
    maker.add(
        f"{name}.passages",
        "count",
        "theme-passages",
        themes=[theme["id"]],
        queries={"count": proof},
        result={"count": theme["passages"]},
        proof=proof,
    )


def _weighted(name: str, theme: dict[str, Any], maker: Maker) -> None:
    """Add its share as it would be if regions had answered as they are peopled."""
    if theme["weighted"] is None:
        return
    asked = {"measure": "weighted", "theme": [theme["id"]]}
    maker.add(
        f"{name}.weighted",
        "share",
        "weighted",
        themes=[theme["id"]],
        queries={
            **{value: asked | {"value": value} for value in ("share", "low", "high")},
            "of": {"measure": "effective", "value": "of"},
        },
        result=theme["weighted"] | {"of": maker.data.ask({"measure": "effective", "value": "of"})},
    )


def _copies(name: str, theme: dict[str, Any], maker: Maker) -> None:
    """Add how many only signed."""
    if theme["signatories"]:
        maker.add(
            f"{name}.copies",
            "count",
            "signatories",
            themes=[theme["id"]],
            queries={"count": {"measure": "signatories", "theme": [theme["id"]]}},
            result={"count": theme["signatories"]},
            proof=spoken_in(theme["id"], state="copy"),
        )


def _stance(name: str, theme: dict[str, Any], maker: Maker) -> None:
    """Add what its voices say of it."""
    found = theme["stance"]
    if found is None:
        return
    asked = {"measure": "positions", "theme": [theme["id"]]}
    stances = ("for", "against", "mixed")
    maker.add(
        f"{name}.stance",
        "share",
        "stance",
        themes=[theme["id"]],
        queries={
            "count": asked,
            "of": voices(theme["id"]),
            **{stance: asked | {"stance": stance} for stance in stances},
        },
        result={
            "count": theme["voices"] - found["silent"],
            "of": theme["voices"],
            **{stance: found[stance] for stance in stances},
        },
        proof=spoken_in(theme["id"]),
    )


def _trend(name: str, theme: dict[str, Any], maker: Maker) -> None:
    """Add whether it is raised more, or less, in the second half of the collection."""
    found = theme["trend"]
    if found is None:
        return
    half = {"measure": "trend"}
    of = {"theme": [theme["id"]]}
    maker.add(
        f"{name}.trend",
        "trend",
        "trend",
        themes=[theme["id"]],
        about={"until": found["until"]},
        queries={
            "before": half | of | {"value": "before"},
            "before_of": half | {"value": "before"},
            "after": half | of | {"value": "after"},
            "after_of": half | {"value": "after"},
            "differs": half | of | {"value": "differs"},
            "until": {"measure": "told", "name": "trend", "path": ["until"]},
        },
        result={key: found[key] for key in found},
    )


def _proposals(name: str, theme: dict[str, Any], maker: Maker) -> None:
    """Add how many of its passages propose something."""
    found = [row["passages"] for row in theme["natures"] if row["code"] == PROPOSAL]
    if found:
        maker.add(
            f"{name}.proposals",
            "share",
            "proposals",
            themes=[theme["id"]],
            queries={
                "count": spoken_in(theme["id"], nature=PROPOSAL),
                "of": spoken_in(theme["id"]),
            },
            result={"count": found[0], "of": theme["passages"]},
            proof=spoken_in(theme["id"], nature=PROPOSAL),
        )


def _unsurpassed(body: dict[str, Any], maker: Maker) -> None:
    """Add in how many regions nothing is raised more than the first theme: a table's title."""
    themes = body["themes"]
    described = [
        i
        for i, group in enumerate(body["groups"]["region"])
        if group["code"] and not group["hidden"] and group["of"]
    ]
    if not themes or not described:
        return
    first = themes[0]
    top = sum(
        all(first["by_region"][i]["count"] >= theme["by_region"][i]["count"] for theme in themes)
        for i in described
    )
    maker.add(
        "themes.unsurpassed",
        "count",
        "unsurpassed",
        themes=[first["id"]],
        queries={
            "count": {"measure": "unsurpassed", "theme": [first["id"]]},
            "of": {"measure": "regions"},
        },
        result={"count": top, "of": len(described)},
    )
