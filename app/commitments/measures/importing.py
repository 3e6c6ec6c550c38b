"""Bringing measures in from a table: every row judged, none twice, nothing written that stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.commitments.measures import columns, errors, operations
from app.commitments.measures.checking import check, checked_themes
from app.commitments.measures.details import Details, as_values, details_of, differences
from app.commitments.measures.lateness import civil_day
from app.commitments.measures.operations import KEY, key_from
from app.commitments.measures.queries import EDITORS, with_key
from app.commitments.measures.tying import set_themes
from app.commitments.models import Measure
from app.consultations.models import Consultation
from app.core.access import Actor, ensure
from app.core.db import Texts
from app.core.errors import DomainError
from app.core.tables import Row, Table
from app.core.tables.errors import TooManyRowsError
from app.core.text import clean_text, fold
from app.territories.naming import Place, PlaceIndex
from app.themes.exchange.cells import unguarded

#: Largest file, in bytes, and most rows.
LIMIT = 20 * 1024 * 1024
MOST_ROWS = 20_000
#: How many refused rows are told one by one.
LISTED = 200


@dataclass(frozen=True)
class Refused:
    """A row that cannot enter, and why."""

    row: int
    name: str
    error: DomainError


@dataclass
class Outcome:
    """What importing did, or would do.

    :ivar columns: the fields that the file speaks of.
    :ivar passed_over: headings that mean nothing here.
    """

    columns: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    n_rows: int = 0
    n_added: int = 0
    n_changed: int = 0
    n_same: int = 0
    n_refused: int = 0
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True)
class Wanted:
    """What a row asks for.

    :ivar themes: None where the file does not speak of them.
    """

    key: str
    details: Details
    themes: list[int] | None


def import_measures(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    table: Table,
    *,
    now: datetime,
    is_dry_run: bool,
) -> Outcome:
    """Write a table's measures down, flushed; rows refused stay out, rows that stand make no event.

    What a file has no column for stays as it is; an empty cell empties.

    :raises ColumnsMissingError: if measures cannot be told by the columns there are.
    :raises TooManyRowsError: over :data:`MOST_ROWS`.
    """
    reader = _Reader(session, consultation, table)
    outcome = Outcome(columns=sorted(reader.at), passed_over=reader.passed_over)
    rows_of: dict[str, int] = {}
    for row in table.rows():
        outcome.n_rows += 1
        if outcome.n_rows > MOST_ROWS:
            raise TooManyRowsError(limit=MOST_ROWS)
        try:
            wanted, measure = reader.read(row)
            if wanted.key in rows_of:
                raise errors.KeyTwiceError(key=wanted.key, row=rows_of[wanted.key])
            rows_of[wanted.key] = row.number
            done = _examined(session, actor, consultation, wanted, measure, now=now)
            if not is_dry_run and done != "same":
                with session.begin_nested():
                    _written(session, actor, consultation, wanted, measure, now=now)
        except DomainError as error:
            outcome.n_refused += 1
            if len(outcome.refused) < LISTED:
                outcome.refused.append(Refused(row.number, reader.name_of(row), error))
            continue
        setattr(outcome, f"n_{done}", getattr(outcome, f"n_{done}") + 1)
    return outcome


def _examined(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    wanted: Wanted,
    measure: Measure | None,
    *,
    now: datetime,
) -> str:
    """Return what a row would do: ``added``, ``changed`` or ``same``.

    :raises DomainError: if it cannot be done.
    """
    reached = [wanted.details.region] + ([measure.region_code] if measure else [])
    for region in reached:
        ensure(actor, *EDITORS, region=region, consultation=consultation.id)
    check(session, consultation, wanted.details, today=civil_day(now))
    if wanted.themes is not None:
        checked_themes(session, consultation, wanted.themes)
    if measure is None:
        return "added"
    changes: dict[str, Any] = differences(as_values(details_of(measure)), as_values(wanted.details))
    own = sorted(theme.id for theme in measure.themes)
    return "changed" if changes or wanted.themes not in (None, own) else "same"


def _written(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    wanted: Wanted,
    measure: Measure | None,
    *,
    now: datetime,
) -> None:
    """Write a row down."""
    if measure is None:
        saved = operations.create(
            session, actor, consultation, wanted.details, now=now, key=wanted.key, kind="import"
        )
        measure = saved.measure
    else:
        operations.change(
            session, actor, measure, wanted.details, seen=None, now=now, kind="import"
        )
    if wanted.themes is not None:
        set_themes(session, actor, measure, wanted.themes, seen=None, now=now, kind="import")


class _Reader:
    """Makes details of rows."""

    def __init__(self, session: Session, consultation: Consultation, table: Table) -> None:
        self._session, self._consultation = session, consultation
        self._guard = not table.sheets
        self.at: dict[str, int] = {}
        self.passed_over: list[str] = []
        for position, heading in enumerate(table.header):
            name = columns.field_named(heading)
            if name is None or name in self.at:
                if heading not in columns.TOLD:
                    self.passed_over.append(heading)
            else:
                self.at[name] = position
        if "key" not in self.at and "title_fr" not in self.at:
            raise errors.ColumnsMissingError(name="key")
        self._places = PlaceIndex.load(session)

    def name_of(self, row: Row) -> str:
        """Return what a row calls itself, as far as it can be told."""
        cells = self._cells(row)
        return cells.get("title_fr") or cells.get("title_ar") or cells.get("key") or ""

    def read(self, row: Row) -> tuple[Wanted, Measure | None]:
        """Return what a row asks for, and the measure that it is about if there is one.

        :raises DomainError: if it cannot be told.
        """
        if row.problems:
            raise row.problems[0].error
        cells = self._cells(row)
        key = cells.get("key") or key_from(cells.get("title_fr", ""))
        if len(key) > KEY:
            raise errors.TextTooLongError(count=len(key), limit=KEY)
        measure = self._session.scalars(with_key(self._consultation.id, key)).first()
        details = details_of(measure) if measure else Details(Texts())
        for name, value in self._values(cells, details):
            details = replace(details, **{name: value})
        themes = columns.read_numbers(cells["themes"]) if "themes" in cells else None
        return Wanted(key, details, themes), measure

    def _cells(self, row: Row) -> dict[str, str]:
        """Return the cells of the fields that the file speaks of."""
        cells = {}
        for name, position in self.at.items():
            cell = row.cells[position]
            cells[name] = clean_text(unguarded(cell) if self._guard else cell)
        return cells

    def _values(self, cells: dict[str, str], now: Details) -> Iterator[tuple[str, Any]]:
        """Yield the fields that a row sets."""
        for name in ("title", "description"):
            texts = {
                code: cells.get(f"{name}_{code}", getattr(now, name).get(code, ""))
                for code in ("fr", "ar")
            }
            yield name, columns.named(texts["fr"], texts["ar"])
        readers: dict[str, Callable[[str], Any]] = {
            "kind": columns.read_kind,
            "state": columns.read_state,
            "amount_mad": columns.read_amount,
            "parties": columns.read_parties,
            "milestones": columns.read_steps,
            "signed_on": columns.read_day,
            "starts_on": columns.read_day,
            "ends_on": columns.read_day,
            "is_public": columns.read_yes,
            "source": str,
            "source_url": str,
        }
        for name, read in readers.items():
            if name in cells and (cells[name] or name not in {"kind", "state", "is_public"}):
                yield name, read(cells[name])
        for name, rows in (
            ("axis", self._consultation.axes),
            ("population", self._consultation.populations),
        ):
            if name in cells:
                yield name, _coded(rows, cells[name])
        yield from self._place(cells)

    def _place(self, cells: dict[str, str]) -> Iterator[tuple[str, str | None]]:
        """Yield the territory that a row names, if the file speaks of territories."""
        levels = [level for level in ("region", "province", "commune") if level in cells]
        if not levels:
            return
        place: Place | None = None
        for level in levels:
            if cells[level]:
                place = self._places.narrow(place, level, cells[level])
        yield "region", place.region if place else None
        yield "province", place.province if place else None
        yield "commune", place.commune if place else None


def _coded(rows: Any, text: str) -> str | None:
    """Return the code that a cell names, itself or by its title in a language.

    :raises NotOfConsultationError: if there is none.
    """
    if not text:
        return None
    for row in rows:
        if fold(text) in {fold(row.code), *(fold(title) for title in row.title.values())}:
            return str(row.code)
    raise errors.NotOfConsultationError(value=text[:80])
