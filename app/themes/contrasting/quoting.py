"""Quotations of positions and of groups: which passages, then their words as far as one may read.

Which passages they are follows from a run's facts, which are in memory; only the words of the few
that are shown are asked of the database, which also says what may be quoted.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy.orm import Session

from app.core.db import db
from app.themes.contrasting.facts import Facts
from app.themes.models import AnalysisRun
from app.themes.queries import Narrowing, passages_with_words

Key = TypeVar("Key", bound=Hashable)

#: What a list calls passages whose words take no position.
SILENT = "none"
#: Passages looked at for each quotation: some of the clearest may not be quoted.
_TRIES = 4


def with_stance(facts: Facts, theme_id: int, stance: str, part: Narrowing) -> list[int]:
    """Return a theme's passages of a stance (or of none) that one may read, the clearest first."""
    held = None if stance == SILENT else stance
    return [
        facts.passages[row]
        for row in facts.of_theme.get(theme_id, [])
        if facts.stances[row] == held
        and (part.regions is None or facts.regions[row] in part.regions)
    ]


def of_group(
    facts: Facts,
    theme_id: int,
    values: Sequence[str | None],
    group: str,
    part: Narrowing,
    *,
    stance: str | None = None,
) -> list[int]:
    """Return what a group says of a theme, the clearest first.

    :param values: the group of each row, in the group's dimension.
    """
    return [
        facts.passages[row]
        for row in facts.of_theme.get(theme_id, [])
        if values[row] == group
        and (stance is None or facts.stances[row] == stance)
        and (part.regions is None or facts.regions[row] in part.regions)
    ]


def rows_of(
    session: Session, run: AnalysisRun, part: Narrowing, passages: Iterable[int]
) -> dict[int, Any]:
    """Return passages with their words, by number; those out of reach are left out."""
    facts, rows = passages_with_words(run, part)
    found = session.execute(rows.where(facts.c.passage_id.in_(sorted(set(passages)))))
    return {row.passage_id: row for row in found}


def quoted(
    session: Session,
    run: AnalysisRun,
    part: Narrowing,
    wanted: Mapping[Key, Sequence[int]],
    *,
    each: int = 2,
) -> dict[Key, list[Any]]:
    """Return the first passages of each list that may be quoted, all asked for at once."""
    tried = {key: list(islice(passages, each * _TRIES)) for key, passages in wanted.items()}
    rows = rows_of(session, run, part, (one for passages in tried.values() for one in passages))
    return {
        key: [rows[one] for one in passages if one in rows and rows[one].may_be_shown][:each]
        for key, passages in tried.items()
    }


class Picked(Pagination):
    """A page of passages that are known by their numbers (``run``, ``part``, ``passages``)."""

    def _query_items(self) -> list[Any]:
        """Return the page's rows."""
        args = self._query_args
        here = args["passages"][self._query_offset : self._query_offset + self.per_page]
        rows = rows_of(db.session(), args["run"], args["part"], here)
        return [rows[one] for one in here if one in rows]

    def _query_count(self) -> int:
        """Return how many there are."""
        return len(self._query_args["passages"])
