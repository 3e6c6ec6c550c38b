"""Queries that claims of several sections ask."""

from __future__ import annotations

from typing import Any

from app.reports.claims.dataset import Query

EVERYONE: Query = {"measure": "analysed"}
SUBMISSIONS: Query = {"measure": "submissions"}
PASSAGES: Query = {"measure": "passages"}


def voices(*themes: int, **part: Any) -> Query:
    """Return the query for the voices of a theme."""
    return {"measure": "voices", "theme": list(themes), **part}


def spoken_in(*themes: int, **part: Any) -> Query:
    """Return the query for the passages in a theme."""
    return {"measure": "passages", "theme": list(themes), **part}


def told(name: str, *path: str | int) -> Query:
    """Return the query for what the source itself tells."""
    return {"measure": "told", "name": name} | ({"path": list(path)} if path else {})
