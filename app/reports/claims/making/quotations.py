"""A claim for each quotation: these words stand, letter for letter, in this submission."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.reports.claims.making.maker import Maker


def identity_of(quotation: dict[str, Any]) -> str:
    """Return the identifier of a quotation's claim."""
    return f"quote.{quotation['answer']}.{quotation['start']}"


def add(body: dict[str, Any], maker: Maker) -> None:
    """Add the quotations: of themes, of minority positions, of regions; each of them once."""
    for quotation in {identity_of(q): q for q in all_of(body)}.values():
        place = {name: quotation[name] for name in ("number", "question", "start", "end")}
        maker.add(
            identity_of(quotation),
            "quotation",
            "quote",
            themes=[quotation["theme"]],
            about=place | {"words": quotation["text"], "answer": quotation["answer"]},
            queries={"sha256": {"measure": "words", **place}},
            result={"sha256": quotation["sha256"]},
        )


def all_of(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every quotation of a body, wherever it stands; the same words may come twice."""
    for part in ("themes", "minority", "regions"):
        for row in body.get(part) or ():
            yield from row.get("quotations") or ()
