"""The first rows of a file as they will be read, each with what is wrong in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import Actor
from app.core.tables import Table
from app.organisations.models import ActorType
from app.submissions.display import Written, write
from app.submissions.imports.examination import Examination
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.reasons import Refusal

N_ROWS = 8


@dataclass(frozen=True)
class PreviewRow:
    """A row as it would enter, or why it would not.

    :ivar actor: in what capacity it answers.
    :ivar source_id: by what its source knows it.
    """

    number: int
    actor: ActorType | None = None
    organisation: str = ""
    source_id: str = ""
    submitted_at: datetime | None = None
    answers: list[Written] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def preview(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    table: Table,
    mapping: ColumnMapping,
    *,
    now: datetime,
) -> list[PreviewRow]:
    """Read the first rows.

    :raises MappingError: if the mapping does not hold.
    """
    reader = Examination.of(session, consultation, table, mapping, actor=actor, now=now).reader
    rows = []
    for row in islice(table.rows(), N_ROWS):
        read = reader.read(row)
        if isinstance(read, list):
            rows.append(PreviewRow(row.number, refusals=read))
            continue
        columns = read.columns
        rows.append(
            PreviewRow(
                row.number,
                actor=ActorType(columns["actor_type"]),
                organisation=columns["organisation"],
                source_id=columns["source_id"] or "",
                submitted_at=columns["submitted_at"],
                answers=[write(session, question, value) for question, value in read.answers],
            )
        )
    return rows
