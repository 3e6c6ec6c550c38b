"""Bringing a spreadsheet into the registry: columns guessed, every row judged, nothing twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor
from app.core.db import Texts
from app.core.errors import DomainError
from app.core.tables import Row, Table
from app.core.tables.errors import RowRefusedError, TooManyRowsError
from app.core.text import clean_text, fold
from app.organisations import errors
from app.organisations.models import (
    ActorType,
    Organisation,
    OrganisationContact,
    OrganisationState,
)
from app.organisations.operations import Details, Reach
from app.organisations.queries import KEEPERS
from app.territories.models import Region
from app.territories.naming import Place, PlaceIndex

#: Largest file, in bytes, and most rows.
LIMIT = 20 * 1024 * 1024
MOST_ROWS = 50_000
#: How many refused rows are told one by one.
LISTED = 200

#: Words by which a column is recognised, folded; the first field that claims one has it.
_CLAIMS = {
    "name_ar": r"nom.*arabe|arabe|الاسم بالعربيه|اسم الجمعيه|الاسم|التسميه|name_ar",
    "acronym": r"sigle|acronym|الاختصار",
    "actor_type": r"type|categorie|nature|statut|الصنف|النوع|الفئه",
    "province": r"province|prefecture|الاقليم|العماله",
    "commune": r"commune|municipalite|ville|الجماعه|المدينه",
    "region": r"region|الجهه",
    "registration": r"recepisse|enregistrement|immatriculation|registration|ice\b|رقم الوصل|رقم",
    "source_id": r"^(id|identifiant|code|n°|numero)$",
    "email": r"e ?mail|courriel|courrier electronique|البريد",
    "phone": r"tel|phone|gsm|الهاتف",
    "address": r"adresse|address|siege|العنوان",
    "lang": r"langue|language|اللغه",
    "person": r"contact|president|responsable|representant|personne|المسؤول|الرئيس",
    "name_fr": r"nom|name|denomination|raison sociale|organisation|association|intitule",
}
FIELDS = (
    "name_fr",
    "name_ar",
    "acronym",
    "actor_type",
    "region",
    "province",
    "commune",
    "registration",
    "source_id",
    "person",
    "email",
    "phone",
    "address",
    "lang",
)
_LIMITS = {
    "name_fr": 300,
    "name_ar": 300,
    "acronym": 40,
    "registration": 60,
    "source_id": 120,
    "person": 200,
    "email": 255,
    "phone": 40,
    "address": 1000,
}


def guess(header: tuple[str, ...]) -> dict[str, str]:
    """Return which column each field most likely is, by the columns' names."""
    found: dict[str, str] = {}
    for name in header:
        plain = " ".join(fold(name).replace("-", " ").replace("_", " ").split())
        for key, claim in _CLAIMS.items():
            if key not in found and (fold(name) == key or re.search(claim, plain)):
                found[key] = name
                break
    return found


@dataclass(frozen=True)
class Choices:
    """What was decided about a file.

    :ivar columns: the column of each field that has one.
    :ivar default_type: type of the rows whose cell is empty or that have no such column.
    :ivar source: name under which the rows' own numbers are known.
    """

    columns: Mapping[str, str]
    source: str
    default_type: str = ""


@dataclass(frozen=True)
class Refused:
    """A row that cannot enter, and why."""

    row: int
    name: str
    error: DomainError


@dataclass
class Outcome:
    """What importing did, or would do."""

    n_rows: int = 0
    n_added: int = 0
    n_known: int = 0
    n_refused: int = 0
    refused: list[Refused] = field(default_factory=list)


def import_registry(
    session: Session,
    actor: Actor,
    table: Table,
    choices: Choices,
    *,
    now: datetime,
    is_dry_run: bool,
) -> Outcome:
    """Enter the organisations of a table that are not there yet, flushed; rows refused stay out.

    A row is known by its number in the source, its registration number, or its name in a province.

    :raises TooManyRowsError: over :data:`MOST_ROWS`.
    """
    if not is_dry_run:
        # Writers of the registry take turns; contributions go on meanwhile.
        turn = select(Region.code).order_by(Region.code)
        session.execute(turn.with_for_update(key_share=True))
    outcome = Outcome()
    for details, source_id in _new_rows(session, actor, table, choices, outcome):
        outcome.n_added += 1
        if not is_dry_run:
            session.add(_row(details, choices.source, source_id, actor, now=now))
    if not is_dry_run:
        session.flush()
        detail = {"source": choices.source, "sha256": table.sha256, "added": outcome.n_added}
        audit.record(session, actor, "organisations.import", at=now, detail=detail)
    return outcome


def _new_rows(
    session: Session, actor: Actor, table: Table, choices: Choices, outcome: Outcome
) -> Iterator[tuple[Details, str | None]]:
    """Yield the rows that are not in the registry yet; the others are counted."""
    known = _Known(session)
    reader = _Reader(actor, table, choices, PlaceIndex.load(session))
    for row in table.rows():
        outcome.n_rows += 1
        if outcome.n_rows > MOST_ROWS:
            raise TooManyRowsError(limit=MOST_ROWS)
        try:
            details, source_id = reader.read(row)
            is_new = known.note(details, choices.source, source_id)
        except RowRefusedError as error:
            outcome.n_refused += 1
            if len(outcome.refused) < LISTED:
                outcome.refused.append(Refused(row.number, reader.name_of(row), error))
            continue
        if is_new:
            yield details, source_id
        else:
            outcome.n_known += 1


def _row(
    details: Details, source: str, source_id: str | None, actor: Actor, *, now: datetime
) -> Organisation:
    """Make the row of an organisation."""
    reach = details.reach
    return Organisation(
        name=details.name,
        folded_name=details.folded,
        acronym=details.acronym,
        actor_type=details.actor_type,
        region_code=details.region,
        province_code=details.province,
        commune_code=details.commune,
        registration=details.registration,
        state=OrganisationState.DECLARED,
        source=source if source_id else None,
        source_id=source_id,
        created_at=now,
        created_by_id=actor.id,
        contact=OrganisationContact(
            person=reach.person,
            email=reach.email,
            phone=reach.phone,
            address=reach.address,
            lang=reach.lang,
            updated_at=now,
        )
        if reach
        else None,
    )


class _Known:
    """What is in the registry, and what the file has brought so far."""

    def __init__(self, session: Session) -> None:
        self._ids: set[tuple[str, str]] = set()
        self._names: set[tuple[Any, ...]] = set()
        self._numbers: dict[tuple[str, str], str] = {}
        rows = session.execute(
            select(
                Organisation.source,
                Organisation.source_id,
                Organisation.folded_name,
                Organisation.actor_type,
                Organisation.region_code,
                Organisation.province_code,
                Organisation.registration,
            )
        )
        for source, source_id, folded, kind, region, province, number in rows:
            if source and source_id:
                self._ids.add((source, source_id))
            self._names.add((folded, kind, region, province))
            if number:
                self._numbers[kind, number.lower()] = folded

    def note(self, details: Details, source: str, source_id: str | None) -> bool:
        """Remember a row; return whether it is new.

        :raises RegistrationTakenInRowError: if another name bears its number.
        """
        name = (details.folded, details.actor_type, details.region, details.province)
        number = (details.actor_type, details.registration.lower())
        if source_id and (source, source_id) in self._ids:
            return False
        holder = self._numbers.get(number) if details.registration else None
        if holder is not None and holder != details.folded:
            raise errors.RegistrationTakenInRowError(name=holder)
        is_new = holder is None and name not in self._names
        self._names.add(name)
        if source_id:
            self._ids.add((source, source_id))
        if details.registration:
            self._numbers[number] = details.folded
        return is_new


class _Reader:
    """Makes details of rows."""

    def __init__(self, actor: Actor, table: Table, choices: Choices, places: PlaceIndex) -> None:
        header = {name: position for position, name in enumerate(table.header)}
        self._at = {key: header[name] for key, name in choices.columns.items() if name in header}
        self._actor, self._choices, self._places = actor, choices, places
        self._types = dict(_type_names())

    def name_of(self, row: Row) -> str:
        """Return what a row calls itself, as far as it can be told."""
        return self._cell(row, "name_fr") or self._cell(row, "name_ar")

    def read(self, row: Row) -> tuple[Details, str | None]:
        """Return a row's details and its own number.

        :raises RowRefusedError: if it cannot enter.
        """
        if row.problems:
            raise row.problems[0].error
        cells = {key: self._cell(row, key) for key in FIELDS}
        for key, limit in _LIMITS.items():
            if len(cells[key]) > limit:
                raise errors.CellOverLimitError(count=len(cells[key]), limit=limit)
        name = Texts(
            {code: cells[f"name_{code}"] for code in ("fr", "ar") if cells[f"name_{code}"]}
        )
        if not name:
            raise errors.NameMissingInRowError
        kind, place = self._type(cells["actor_type"]), self._place(cells)
        if not self._actor.may(KEEPERS, region=place.region):
            raise errors.RegionOutOfScopeInRowError
        details = Details(
            name=name,
            actor_type=kind,
            region=place.region,
            province=place.province,
            commune=place.commune,
            acronym=cells["acronym"],
            registration=cells["registration"],
            reach=Reach(
                person=cells["person"],
                email=cells["email"],
                phone=cells["phone"],
                address=cells["address"],
                lang="ar" if fold(cells["lang"]).startswith(("ar", "عرب", "العرب")) else "fr",
            ),
        )
        return details, cells["source_id"] or None

    def _cell(self, row: Row, key: str) -> str:
        """Return a field's cell, on one line."""
        at = self._at.get(key)
        return "" if at is None else " ".join(clean_text(row.cells[at]).split())

    def _type(self, text: str) -> str:
        """Return the type that a cell names."""
        kind = self._types.get(fold(text)) if text else self._choices.default_type
        if not kind:
            raise errors.TypeUnknownInRowError(value=text)
        return kind

    def _place(self, cells: Mapping[str, str]) -> Place:
        """Return the territory that a row names, the largest level first."""
        place: Place | None = None
        for level in ("region", "province", "commune"):
            if cells[level]:
                place = self._places.narrow(place, level, cells[level])
        if place is None:
            raise errors.RegionMissingInRowError
        return place


def _type_names() -> Iterator[tuple[str, str]]:
    """Yield every way to write a type of organisation, folded."""
    for kind in ActorType:
        if kind.is_organisation:
            yield fold(kind.value), kind.value
            yield fold(kind.value.replace("_", " ")), kind.value
            for text in kind.texts.values():
                yield fold(text), kind.value
                yield fold(f"{text}s"), kind.value
