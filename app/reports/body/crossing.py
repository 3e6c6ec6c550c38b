"""Participation looked at closer: regions by actor types, the registry, the weights of regions."""

from __future__ import annotations

from collections import Counter
from typing import Any

from app.organisations.models import ActorType
from app.reports.claims import weighting
from app.reports.claims.dataset import Dataset
from app.reports.claims.disclosure import hiding


def crossing(data: Dataset) -> dict[str, Any]:
    """Return the parts that are added to participation."""
    registry = data.told["registry"]
    effective, of = weighting.effective(data)
    return {
        "matrix": matrix(data),
        "registry": [
            {"code": code, "organisations": n, "took_part": took_part}
            for code, (n, took_part) in registry.items()
        ],
        "weighting": {
            "regions": [
                {"code": code, "weight": weight} for code, weight in weighting.weights(data).items()
            ],
            "effective": effective,
            "of": of,
        },
    }


def matrix(data: Dataset) -> dict[str, Any]:
    """Return who took part by region and actor type; a cell is None where it is not shown.

    Cells are those that the rows of the open data show: the table gives nothing else away. Rows of
    regions too few to be described have no cell; those who did not say where they are have a row.
    """
    people = data.people.values()
    described = set(data.described["region"])
    cells, hidden = hiding(
        {number: (str(p.region), str(p.actor_type)) for number, p in data.people.items()},
        data.analysed,
        [data.voices_of(theme) for theme in data.themes],
    )
    counts = Counter(cells.values())
    present = {actor for _region, actor in counts}
    types = [kind.value for kind in ActorType if kind.value in present]
    totals = Counter(str(person.region) for person in people)
    codes = [*data.told["populations"], *([""] if totals[""] else [])]
    rows = []
    for code in codes:
        shown: list[int | None] = [
            None if code not in described or (code, actor) in hidden else counts[code, actor]
            for actor in types
        ]
        if not totals[code]:
            shown = [0] * len(types)
        rows.append({"code": code, "cells": shown, "total": totals[code]})
    return {"actor_types": types, "rows": rows}
