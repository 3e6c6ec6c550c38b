"""The sentences of the regions' sheets; one too small to be described has none."""

from __future__ import annotations

from typing import Any

from app.reports.claims.making.asking import EVERYONE, SUBMISSIONS, spoken_in, told, voices
from app.reports.claims.making.maker import Maker
from app.reports.claims.making.participation import first_language
from app.reports.figures import SMALLEST_GROUP


def add(body: dict[str, Any], maker: Maker) -> None:
    """Add what is said of each region."""
    of_theme = {theme["id"]: theme for theme in body["themes"]}
    for sheet in body["regions"]:
        if sheet["hidden"]:
            continue
        _took_part(sheet, body, maker)
        _places(sheet, maker)
        _differing(sheet, body, of_theme, maker)
        _languages(sheet, maker)
        _kinds(sheet, maker)


def _took_part(sheet: dict[str, Any], body: dict[str, Any], maker: Maker) -> None:
    """Add how much a region took part, beside its inhabitants."""
    rows = body["participation"]["by_region"]
    code = sheet["code"]
    populations = {row["code"]: row["population"] for row in rows}
    maker.add(
        f"region.{code}.took-part",
        "share",
        "took-part",
        about={"region": code},
        queries={
            "count": SUBMISSIONS | {"region": code},
            "of": {"measure": "located"},
            "inhabitants": told("populations", code),
            "populations": told("populations"),
        },
        result={
            "count": sheet["submissions"],
            "of": sum(row["count"] for row in rows),
            "inhabitants": populations[code],
            "populations": populations,
        },
    )


def _places(sheet: dict[str, Any], maker: Maker) -> None:
    """Add what is raised most, and next, as far as one theme stands there alone."""
    themes, code = sheet["themes"], sheet["code"]
    part = {"region": code}
    for place, name in enumerate(("first", "second")):
        above = themes[: place + 2]
        counts = [row["count"] for row in above]
        if len(counts) <= place or len(set(counts)) < len(counts):
            return
        if counts[place] < SMALLEST_GROUP:
            return
        row = themes[place]
        maker.add(
            f"region.{code}.{name}",
            "ranking",
            f"region-{name}",
            themes=[row["id"]],
            about=part,
            queries={
                "count": voices(row["id"], **part),
                "of": EVERYONE | part,
                "ranking": {"measure": "ranking", "top": place + 1, **part},
            },
            result={
                "count": row["count"],
                "of": sheet["contributors"],
                "ranking": [[one["id"], one["count"]] for one in themes[: place + 1]],
            },
            proof=spoken_in(row["id"], **part),
        )


def _differing(
    sheet: dict[str, Any],
    body: dict[str, Any],
    of_theme: dict[int, dict[str, Any]],
    maker: Maker,
) -> None:
    """Add what is raised more, or less, than in the rest of the country."""
    code = sheet["code"]
    part = {"region": code}
    for identity, theme in of_theme.items():
        group = next(one for one in theme["by_region"] if one["code"] == code)
        if not group["differs"]:
            continue
        maker.add(
            f"region.{code}.{group['differs']}.{identity}",
            "contrast",
            f"region-{group['differs']}",
            themes=[identity],
            about=part,
            queries={
                "count": voices(identity, **part),
                "of": EVERYONE | part,
                "all": voices(identity),
                "everyone": EVERYONE,
                "differs": {"measure": "differs", "theme": [identity], **part},
            },
            result={
                "count": group["count"],
                "of": group["of"],
                "all": theme["voices"],
                "everyone": body["participation"]["analysed"],
                "differs": group["differs"],
            },
            proof=spoken_in(identity, **part),
        )


def _languages(sheet: dict[str, Any], maker: Maker) -> None:
    """Add the first language of a region."""
    part = {"region": sheet["code"]}
    of = maker.data.ask({"measure": "passages", **part})
    rows = sheet["languages"]
    # Languages of too few people are not told; one of them could be the first.
    if not rows or rows[0]["passages"] <= of - sum(row["passages"] for row in rows):
        return
    first_language(f"region.{sheet['code']}.language", sheet["languages"], of, part, [], maker)


def _kinds(sheet: dict[str, Any], maker: Maker) -> None:
    """Add in what capacity most people of a region answered, as far as it may be shown."""
    rows, code = sheet["actor_types"], sheet["code"]
    withheld = sheet["submissions"] - sum(row["count"] for row in rows)
    others = [withheld, *(row["count"] for row in rows[1:])]
    if not rows or rows[0]["code"] == "unknown" or rows[0]["count"] <= max(others):
        return
    maker.add(
        f"region.{code}.kind",
        "ranking",
        "region-kind",
        about={"region": code, "actor_type": rows[0]["code"]},
        queries={
            "count": SUBMISSIONS | {"region": code, "actor_type": rows[0]["code"]},
            "of": SUBMISSIONS | {"region": code},
            "kinds": {"measure": "kinds", "region": code},
        },
        result={
            "count": rows[0]["count"],
            "of": sheet["submissions"],
            "kinds": [[row["code"], row["count"]] for row in rows],
        },
    )
