"""Making the claims that a body supports: which sentences it can say, each with its queries."""

from __future__ import annotations

from typing import Any

from app.reports.claims.making import (
    method,
    minority,
    participation,
    quotations,
    regions,
    setaside,
    summary,
    themes,
)
from app.reports.claims.making.maker import Maker

#: What adds claims, in the order in which they are kept.
PARTS = (
    summary.add,
    participation.add,
    themes.add,
    minority.add,
    regions.add,
    setaside.add,
    method.add,
    quotations.add,
)


def claims(body: dict[str, Any], maker: Maker) -> list[dict[str, Any]]:
    """Return the claims of a body, in order; each identifier stands once."""
    for add in PARTS:
        add(body, maker)
    return maker.finished()
