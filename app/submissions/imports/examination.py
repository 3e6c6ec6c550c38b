"""One pass over a table: rows read, refused, recognised as known, or new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import Actor
from app.core.tables import Row, Table
from app.submissions.imports import errors
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.reasons import Refusal
from app.submissions.imports.rows import Candidate, RowReader
from app.territories.naming import PlaceIndex

#: Rows read, then written, in one go.
CHUNK = 500


@dataclass
class Chunk:
    """Some hundred rows, read.

    :ivar last_row: number of the last of them.
    :ivar candidates: rows that can enter.
    :ivar refusals: every reason why others cannot (each row has one or several).
    :ivar share: how much of the file is read with them, in [0, 1].
    """

    last_row: int = 0
    n_rows: int = 0
    n_known: int = 0
    n_refused: int = 0
    candidates: list[Candidate] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    share: float = 0.0

    def refuse(self, reasons: list[Refusal]) -> None:
        """Count a refused row."""
        self.n_refused += 1
        self.refusals += reasons


class Examination:
    """Reads a table in chunks; remembers its identifiers, so that none enters twice.

    :ivar unknown: values that no field recognised, by field, with how often each stands.
    """

    def __init__(
        self,
        consultation: Consultation,
        table: Table,
        mapping: ColumnMapping,
        *,
        places: PlaceIndex,
        actor: Actor,
        now: datetime,
        limit: int | None = None,
    ) -> None:
        self.reader = RowReader(
            consultation, mapping, table.header, places=places, actor=actor, now=now
        )
        self._table, self._limit = table, limit
        #: Row and fingerprint of each key met in this file.
        self._met: dict[str, tuple[int, str]] = {}

    @classmethod
    def of(
        cls,
        session: Session,
        consultation: Consultation,
        table: Table,
        mapping: ColumnMapping,
        *,
        actor: Actor,
        now: datetime,
        limit: int | None = None,
    ) -> Examination:
        """Make one, with the territories read from the database.

        :raises MappingError: if the mapping does not fit the file or the consultation.
        """
        places = PlaceIndex.load(session)
        return cls(consultation, table, mapping, places=places, actor=actor, now=now, limit=limit)

    @property
    def unknown(self) -> Counter[tuple[str, str]]:
        """Values that no field recognised."""
        return self.reader.unknown

    def chunks(self, *, after: int = 0) -> Iterator[Chunk]:
        """Yield the rows, some hundreds at a time.

        :param after: rows up to this one were dealt with before: their identifiers are remembered.
        :raises TooManyRowsError: if there are more than the limit.
        """
        rows = self._table.rows()
        n_rows = 0
        while batch := list(islice(rows, CHUNK)):
            n_rows += len(batch)
            if self._limit is not None and n_rows > self._limit:
                raise errors.TooManyRowsError(limit=self._limit)
            seen = [row for row in batch if row.number <= after]
            self._read(seen)
            new = batch[len(seen) :]
            if new:
                yield self._read(new)

    def _read(self, rows: list[Row]) -> Chunk:
        """Read rows, and set apart those that this file has already said."""
        chunk = Chunk(n_rows=len(rows), share=self._table.share_read())
        for row in rows:
            chunk.last_row = row.number
            read = self.reader.read(row)
            if isinstance(read, list):
                chunk.refuse(read)
                continue
            first = self._met.setdefault(read.key, (read.row, read.fingerprint))
            if first[0] == read.row:
                chunk.candidates.append(read)
            elif first[1] == read.fingerprint:
                chunk.n_known += 1
            else:
                self._refuse(chunk, read, errors.IdentityConflictError(row=first[0]))
        return chunk

    def settle(self, chunk: Chunk, known: Mapping[str, str | None]) -> None:
        """Set apart the candidates that the database has.

        :param known: fingerprint of each submission that a candidate's key names.
        """
        candidates, chunk.candidates = chunk.candidates, []
        for candidate in candidates:
            if candidate.key not in known:
                chunk.candidates.append(candidate)
            elif known[candidate.key] in {None, candidate.fingerprint}:
                chunk.n_known += 1
            else:
                self._refuse(chunk, candidate, errors.AlreadyDifferentError())

    def _refuse(self, chunk: Chunk, candidate: Candidate, error: errors.RowRefusedError) -> None:
        """Refuse a row for what another one says."""
        column = " | ".join(self.reader.mapping.identity)
        column = column or self.reader.mapping.column_of("source_id") or ""
        value = candidate.columns["source_id"] or ""
        chunk.refuse([Refusal.of(candidate.row, column, value, error)])
