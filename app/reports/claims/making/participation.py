"""The sentences on who took part."""

from __future__ import annotations

from typing import Any

from app.reports.claims.making.asking import EVERYONE, PASSAGES, SUBMISSIONS, told
from app.reports.claims.making.maker import Maker


def add(body: dict[str, Any], maker: Maker) -> None:
    """Add what is said of participation."""
    part = body["participation"]
    _received(part, maker)
    _dates(part, maker)
    _regions(body, maker)
    _kinds(part, maker)
    _language("participation.language", part["by_language"], part["passages"], {}, [], maker)
    _channels(part, maker)
    _beside(part, maker)


def _count(
    identity: str, template: str, count: int, query: dict[str, Any], maker: Maker, **more: Any
) -> None:
    """Add a count without a denominator."""
    maker.add(
        identity, "count", template, queries={"count": query}, result={"count": count}, **more
    )


def _received(part: dict[str, Any], maker: Maker) -> None:
    """Add how many contributions came, and what was read of them."""
    _count("participation.received", "received", part["submissions"], SUBMISSIONS, maker)
    maker.add(
        "participation.analysed",
        "coverage",
        "analysed",
        queries={"count": EVERYONE, "of": SUBMISSIONS},
        result={"count": part["analysed"], "of": part["submissions"]},
        proof=PASSAGES,
    )
    _count("participation.passages", "passages", part["passages"], PASSAGES, maker, proof=PASSAGES)
    if part["without_text"]:
        asked = told("texts", "without")
        _count("participation.without-text", "without-text", part["without_text"], asked, maker)
    if part["waiting"]:
        asked = told("texts", "waiting")
        _count("participation.waiting", "waiting", part["waiting"], asked, maker)


def _dates(part: dict[str, Any], maker: Maker) -> None:
    """Add when contributions came, and the week of most of them if it is alone."""
    if not part["first_on"]:
        return
    maker.add(
        "participation.days",
        "coverage",
        "days",
        queries={"days": told("days")},
        result={"days": [part["first_on"], part["last_on"]]},
    )
    weeks = part["by_week"]
    most = max(week["count"] for week in weeks)
    leaders = [week for week in weeks if week["count"] == most]
    if len(weeks) > 1 and len(leaders) == 1:
        index = weeks.index(leaders[0])
        maker.add(
            "participation.week",
            "ranking",
            "week",
            about={"week": leaders[0]["monday"]},
            queries={
                "count": told("weeks", index, 1),
                "of": SUBMISSIONS,
                "weeks": told("weeks"),
            },
            result={
                "count": most,
                "of": part["submissions"],
                "weeks": [[week["monday"], week["count"]] for week in weeks],
            },
        )


def _regions(body: dict[str, Any], maker: Maker) -> None:
    """Add from where contributions came; a region too small to be described is not named."""
    part = body["participation"]
    rows = part["by_region"]
    described = {group["code"] for group in body["groups"]["region"] if not group["hidden"]}
    located = sum(row["count"] for row in rows)
    if part["without_region"]:
        asked = {"measure": "submissions", "region": ""}
        _count(
            "participation.without-region", "without-region", part["without_region"], asked, maker
        )
    if not located:
        return
    maker.add(
        "participation.heard",
        "coverage",
        "heard",
        queries={"count": {"measure": "heard"}, "of": {"measure": "n_regions"}},
        result={"count": sum(row["count"] > 0 for row in rows), "of": len(rows)},
    )
    for name, template, measure in (
        ("most-region", "most-region", "count"),
        ("densest-region", "densest-region", "per_inhabitant"),
    ):
        sizes = {
            row["code"]: row["count"] / (row["population"] if measure != "count" else 1)
            for row in rows
        }
        most = max(sizes.values(), default=0)
        leaders = [row for row in rows if sizes[row["code"]] == most]
        if not most or len(leaders) > 1 or leaders[0]["code"] not in described:
            continue
        code = leaders[0]["code"]
        is_rate = measure != "count"
        maker.add(
            f"participation.{name}",
            "ranking",
            template,
            about={"region": code},
            queries={
                "count": {"measure": "submissions", "region": code},
                "of": told("populations", code) if is_rate else {"measure": "located"},
                "first": {"measure": "busiest", "for_population": is_rate},
            },
            result={
                "count": leaders[0]["count"],
                "of": leaders[0]["population"] if is_rate else located,
                "first": [code],
            },
        )


def _kinds(part: dict[str, Any], maker: Maker) -> None:
    """Add in what capacity most people answered."""
    rows = part["by_actor_type"]
    if len(rows) < 2 or rows[0]["count"] == rows[1]["count"]:
        return
    code = rows[0]["code"]
    if code == "unknown":
        return
    maker.add(
        "participation.kind",
        "ranking",
        "most-kind",
        about={"actor_type": code},
        queries={
            "count": SUBMISSIONS | {"actor_type": code},
            "of": SUBMISSIONS,
            "first": {"measure": "kinds", "top": 1},
        },
        result={
            "count": rows[0]["count"],
            "of": part["submissions"],
            "first": [[code, rows[0]["count"]]],
        },
    )


def _language(
    identity: str,
    rows: list[dict[str, Any]],
    of: int,
    about: dict[str, Any],
    themes: list[int],
    maker: Maker,
) -> None:
    """Add the first language, if it is alone, of all passages, of a theme or of a region."""
    if len(rows) < 2 or rows[0]["passages"] == rows[1]["passages"]:
        return
    part = about | ({"theme": themes} if themes else {})
    code = rows[0]["code"]
    maker.add(
        identity,
        "ranking",
        "language",
        themes=themes,
        about=about | {"language": code},
        queries={
            "count": PASSAGES | part | {"language": code},
            "of": PASSAGES | part,
            "first": {"measure": "spoken", **part, "top": 1},
        },
        result={
            "count": rows[0]["passages"],
            "of": of,
            "first": [[code, rows[0]["passages"]]],
        },
        proof=PASSAGES | part | {"language": code},
    )


#: Themes and regions say it in the same words.
first_language = _language


def _channels(part: dict[str, Any], maker: Maker) -> None:
    """Add by which way most contributions came."""
    rows = part["by_channel"]
    if len(rows) < 2 or rows[0]["count"] == rows[1]["count"]:
        return
    maker.add(
        "participation.channel",
        "ranking",
        "most-channel",
        about={"channel": rows[0]["code"]},
        queries={
            "count": told("channels", rows[0]["code"]),
            "of": SUBMISSIONS,
            "channels": told("channels"),
        },
        result={
            "count": rows[0]["count"],
            "of": part["submissions"],
            "channels": {row["code"]: row["count"] for row in rows},
        },
    )


def _beside(part: dict[str, Any], maker: Maker) -> None:
    """Add participation beside the registry and beside the population."""
    registry = part["registry"]
    organisations = sum(row["organisations"] for row in registry)
    if organisations:
        maker.add(
            "participation.registry",
            "share",
            "registry",
            queries={
                "count": {"measure": "registered", "took_part": True},
                "of": {"measure": "registered"},
            },
            result={"count": sum(row["took_part"] for row in registry), "of": organisations},
        )
    weighting = part["weighting"]
    if weighting["of"]:
        maker.add(
            "participation.weighting",
            "reliability",
            "weighting",
            queries={
                "effective": {"measure": "effective"},
                "of": {"measure": "effective", "value": "of"},
                "regions": {"measure": "effective", "value": "regions"},
            },
            result={
                "effective": weighting["effective"],
                "of": weighting["of"],
                "regions": len(weighting["regions"]),
            },
        )
    cells = [n for row in part["matrix"]["rows"] for n in row["cells"] if n]
    if not cells:
        return
    maker.add(
        "participation.matrix",
        "coverage",
        "crossed",
        queries={"count": {"measure": "crossed"}, "of": SUBMISSIONS},
        result={"count": sum(cells), "of": part["submissions"]},
    )
