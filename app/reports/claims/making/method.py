"""The sentences on the method and on how reliable it is."""

from __future__ import annotations

from typing import Any

from app.reports.claims.making.asking import EVERYONE, PASSAGES, told
from app.reports.claims.making.maker import Maker


def add(body: dict[str, Any], maker: Maker) -> None:
    """Add how the figures were made and how far they can be trusted."""
    method, coverage = body["method"], body["coverage"]
    if method["analysed_at"]:
        maker.add(
            "method.run",
            "coverage",
            "run",
            queries={
                "passages": PASSAGES,
                "contributors": EVERYONE,
                **{name: told("method", name) for name in ("engine", "seed", "analysed_at")},
            },
            result={
                "passages": coverage["total"],
                "contributors": body["participation"]["analysed"],
                **{name: method[name] for name in ("engine", "seed", "analysed_at")},
            },
        )
    maker.add(
        "method.themes",
        "count",
        "n-themes",
        queries={"count": {"measure": "themes"}, "asked": told("method", "n_themes")},
        result={"count": len(body["themes"]), "asked": method["n_themes"]},
    )
    waiting = PASSAGES | {"state": "to_arbitrate"}
    states = {row["state"]: row for row in coverage["states"]}
    maker.add(
        "method.arbitrate",
        "share",
        "arbitrate",
        queries={
            "count": waiting,
            "of": PASSAGES,
            "tenths": {"measure": "tenths", "state": "to_arbitrate"},
        },
        result={
            "count": states["to_arbitrate"]["count"],
            "of": coverage["total"],
            "tenths": states["to_arbitrate"]["tenths"],
        },
        proof=waiting,
    )
    maker.add(
        "method.smallest",
        "count",
        "smallest",
        queries={"count": told("method", "smallest_group")},
        result={"count": method["smallest_group"]},
    )
    if method["quotations_withheld"]:
        maker.add(
            "method.withheld",
            "count",
            "withheld",
            queries={"count": told("method", "withheld")},
            result={"count": method["quotations_withheld"]},
        )
    _round(method["reliability"]["round"], maker)
    _accuracy(method["reliability"]["accuracy"], maker)


def _round(measured: dict[str, Any] | None, maker: Maker) -> None:
    """Add the agreement of people with each other and with the machine."""
    if measured is None:
        maker.add(
            "method.unmeasured",
            "reliability",
            "unmeasured",
            queries={"round": told("reliability", "round")},
            result={"round": None},
        )
        return

    def of_round(*path: str | int) -> dict[str, Any]:
        """Return the query for a value of the round."""
        return told("reliability", "round", *path)

    maker.add(
        "method.round",
        "reliability",
        "round",
        queries={"count": of_round("passages"), "closed_at": of_round("closed_at")},
        result={"count": measured["passages"], "closed_at": measured["closed_at"]},
    )
    if measured["differing"]:
        maker.add(
            "method.differing",
            "reliability",
            "differing",
            queries={"count": of_round("differing"), "settled": of_round("settled")},
            result={"count": measured["differing"], "settled": measured["settled"]},
        )
    for name, template, key, languages in (
        ("alpha", "alpha", "coders", "by_language"),
        ("alpha-machine", "alpha-machine", "machine", "machine_by_language"),
    ):
        maker.add(
            f"method.{name}",
            "reliability",
            template,
            queries={"measure": of_round(key)},
            result={"measure": measured[key]},
        )
        for index, row in enumerate(measured[languages]):
            maker.add(
                f"method.{name}.{row['code']}",
                "reliability",
                template,
                about={"language": row["code"]},
                queries={"measure": of_round(languages, index)},
                result={"measure": row},
            )


def _accuracy(found: dict[str, Any] | None, maker: Maker) -> None:
    """Add how often the machine was right, and how often placements are right now."""
    if found is None:
        return
    for name, template, values in (
        ("accuracy", "accuracy", ("machine", "low", "high")),
        ("accuracy-now", "accuracy-now", ("now", "now_low", "now_high")),
        ("accuracy-sample", "accuracy-sample", ("sample", "known")),
    ):
        keys = [value.removeprefix("now_") for value in values]
        maker.add(
            f"method.{name}",
            "reliability",
            template,
            queries={
                key: told("reliability", "accuracy", value)
                for key, value in zip(keys, values, strict=True)
            },
            result={key: found[value] for key, value in zip(keys, values, strict=True)},
        )
