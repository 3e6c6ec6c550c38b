"""Mappings kept for the next file of the same source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core import audit
from app.core.access import Actor
from app.submissions.imports import errors
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.scope import ensure_may_import
from app.submissions.models import SavedMapping

NAME_LENGTH = 120
#: Share of a mapping's columns that a file must have for the mapping to be offered.
_ALIKE = 0.8


def saved_mappings(consultation_id: int) -> Select[SavedMapping]:
    """Select the mappings of a consultation, by name."""
    return (
        select(SavedMapping)
        .where(SavedMapping.consultation_id == consultation_id)
        .order_by(SavedMapping.name, SavedMapping.id)
    )


def get_saved(session: Session, mapping_id: int) -> SavedMapping:
    """Return a saved mapping.

    :raises MappingNotFoundError: if there is none of that number.
    """
    saved = session.get(SavedMapping, mapping_id)
    if saved is None:
        raise errors.MappingNotFoundError(name=mapping_id, known="-")
    return saved


def get_saved_named(session: Session, consultation: Consultation, name: str) -> SavedMapping:
    """Return the saved mapping of that name.

    :raises MappingNotFoundError: if there is none; the message names those there are.
    """
    known = {saved.name: saved for saved in session.scalars(saved_mappings(consultation.id))}
    if name not in known:
        raise errors.MappingNotFoundError(name=name, known=", ".join(known) or "-")
    return known[name]


def fitting(
    session: Session, consultation: Consultation, header: Sequence[str]
) -> list[SavedMapping]:
    """Return the saved mappings that a file's columns suit, the best first."""
    found = []
    for saved in session.scalars(saved_mappings(consultation.id)):
        share = _share_found(saved, set(header))
        if share >= _ALIKE:
            alike = len(set(saved.header) & set(header)) / max(len(saved.header), len(header))
            found.append((-share, -alike, saved.name, saved))
    return [row[-1] for row in sorted(found, key=lambda row: row[:3])]


def _share_found(saved: SavedMapping, columns: set[str]) -> float:
    """Return the share of the columns which a mapping sends somewhere that a file has."""
    used = set(saved.mapping.get("columns", {}))
    return len(used & columns) / len(used) if used else 0.0


def mapping_for(saved: SavedMapping, header: Sequence[str]) -> ColumnMapping:
    """Return a saved mapping without the columns that a file does not have."""
    mapping = ColumnMapping.from_json(saved.mapping)
    columns = {column: key for column, key in mapping.columns.items() if column in header}
    values = {key: new for key, new in mapping.values.items() if key in columns.values()}
    identity = mapping.identity if set(mapping.identity) <= set(header) else ()
    return replace(mapping, columns=columns, values=values, identity=identity)


def save_mapping(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    name: str,
    mapping: ColumnMapping,
    header: Sequence[str],
    *,
    now: datetime,
) -> SavedMapping:
    """Keep a mapping under a name, flushed; one of that name is replaced.

    :raises MappingNameMissingError: without a name.
    """
    ensure_may_import(actor, consultation)
    name = _name(name)
    saved = session.scalars(
        saved_mappings(consultation.id).where(SavedMapping.name == name).with_for_update()
    ).one_or_none()
    if saved is None:
        saved = SavedMapping(
            consultation_id=consultation.id,
            name=name,
            source=mapping.kind,
            mapping={},
            header=[],
            created_at=now,
            updated_at=now,
            created_by_id=actor.id,
        )
        session.add(saved)
    saved.mapping, saved.header = mapping.as_json(), list(header)
    saved.source, saved.updated_at = mapping.kind, now
    # Somebody else may give the same name at the same moment, so the unique key decides.
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError as error:
        raise errors.MappingNameTakenError(name=name) from error
    audit.record(session, actor, "submissions.mapping_save", at=now, target=saved)
    return saved


def rename_mapping(
    session: Session, actor: Actor, saved: SavedMapping, name: str, *, now: datetime
) -> None:
    """Give a saved mapping another name, flushed.

    :raises MappingNameMissingError: without a name.
    :raises MappingNameTakenError: if another one has it.
    """
    before, name = saved.name, _name(name)
    try:
        with session.begin_nested():
            saved.name, saved.updated_at = name, now
            session.flush()
    except IntegrityError as error:
        raise errors.MappingNameTakenError(name=name) from error
    detail = {"from": before, "to": name}
    audit.record(session, actor, "submissions.mapping_rename", at=now, target=saved, detail=detail)


def delete_mapping(session: Session, actor: Actor, saved: SavedMapping, *, now: datetime) -> None:
    """Forget a saved mapping, flushed; imports that were made with it keep theirs."""
    detail = {"name": saved.name}
    audit.record(session, actor, "submissions.mapping_delete", at=now, target=saved, detail=detail)
    session.delete(saved)
    session.flush()


def _name(typed: str) -> str:
    """Return a name on one line, not too long."""
    name = " ".join(typed.split())[:NAME_LENGTH]
    if not name:
        raise errors.MappingNameMissingError
    return name
