"""A report's figures as a table for other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

_HEAD = (
    "rank",
    "theme",
    "name_fr",
    "name_ar",
    "dimension",
    "group",
    "voices",
    "contributors",
    "share",
    "low",
    "high",
    "differs",
    "passages",
    "signatories",
)


def figure_columns() -> tuple[str, ...]:
    """Return the names of the columns."""
    return _HEAD


def _plain(text: str) -> str:
    """Keep a text from being read as a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def figure_rows(body: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Yield each theme's figures: for everyone, by region, by actor type, by language."""
    everyone = body["participation"]["analysed"]
    wrote = {row["code"]: row["contributors"] for row in body["participation"]["by_language"]}
    for theme in body["themes"]:
        head = (
            theme["rank"],
            theme["id"],
            _plain(theme["name"]["fr"]),
            _plain(theme["name"]["ar"]),
        )
        yield (
            *head,
            "all",
            "",
            theme["voices"],
            everyone,
            theme["share"],
            theme["low"],
            theme["high"],
            "",
            theme["passages"],
            theme["signatories"],
        )
        for dimension in ("region", "actor_type"):
            for row in theme[f"by_{dimension}"]:
                figures = (row["count"], row["of"], row["share"], row["low"], row["high"])
                yield (*head, dimension, row["code"], *figures, row["differs"], "", "")
        for row in theme["by_language"]:
            code = row["code"]
            yield (
                *head,
                "language",
                code,
                row["voices"],
                wrote[code],
                "",
                "",
                "",
                "",
                row["passages"],
                "",
            )


def themes_csv(body: dict[str, Any]) -> str:
    """Return the themes' figures as CSV; what is too small to be described is left empty."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(_HEAD)
    writer.writerows(["" if v is None else v for v in row] for row in figure_rows(body))
    return "\ufeff" + buffer.getvalue()
