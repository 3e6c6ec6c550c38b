"""What must hold of a measure before it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.commitments.measures import errors
from app.commitments.measures.details import Details
from app.consultations.models import Consultation, StrategyAxis, TargetPopulation
from app.core.db import Texts
from app.territories.models import Commune, Province, Region
from app.themes.models import Theme

Row = TypeVar("Row", StrategyAxis, TargetPopulation)

#: Longest title, name or address; longest description or source; most of each kind of row.
SHORT, LONG, MOST_ROWS = 300, 5000, 40
ADDRESS = 500
#: More than all the money there is, and less than a column holds.
LARGEST_AMOUNT = 10**15


@dataclass(frozen=True)
class Ties:
    """The rows that a measure's codes name."""

    axis: StrategyAxis | None
    population: TargetPopulation | None


def check(session: Session, consultation: Consultation, details: Details, *, today: date) -> Ties:
    """Check what a measure says and return the axis and population that it names.

    :raises DomainError: saying what is wrong.
    """
    _check_texts(details)
    if details.amount_mad is not None and not 0 <= details.amount_mad <= LARGEST_AMOUNT:
        raise errors.AmountError(value=details.amount_mad)
    if details.starts_on and details.ends_on and details.ends_on < details.starts_on:
        raise errors.DatesOutOfOrderError
    for step in details.milestones:
        if step.done_on is not None and step.done_on > today:
            raise errors.DoneInTheFutureError(day=step.done_on.isoformat())
    if details.source_url:
        check_address(details.source_url)
    check_place(session, details)
    return Ties(
        _found(consultation.axes, details.axis),
        _found(consultation.populations, details.population),
    )


def check_address(value: str) -> None:
    """Check that an address is one of the web.

    :raises AddressError: if not.
    """
    try:
        parts = urlsplit(value)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_web = False
    if not is_web or len(value) > ADDRESS or any(sign.isspace() for sign in value):
        raise errors.AddressError(value=value[:80])


def check_place(session: Session, details: Details) -> None:
    """Check that the territories lie in one another.

    :raises PlaceOutsideError: if not.
    """
    region, province, commune = details.region, details.province, details.commune
    if region is not None and session.get(Region, region) is None:
        raise errors.PlaceOutsideError
    if province is not None:
        found = session.get(Province, province)
        if found is None or found.region_code != region:
            raise errors.PlaceOutsideError
    if commune is not None:
        inner = session.get(Commune, commune)
        if inner is None or province is None or inner.province_code != province:
            raise errors.PlaceOutsideError


def _texts_shown(details: Details) -> Iterator[Texts]:
    """Yield the texts that the public reads, the title apart."""
    yield details.description
    yield from details.parties
    for step in details.milestones:
        yield step.title


def _check_texts(details: Details) -> None:
    """Check that texts are in both languages, and of a sane length.

    :raises DomainError: if not.
    """
    if not (details.title.get("fr") and details.title.get("ar")):
        raise errors.TitleMissingError
    for text in _texts_shown(details):
        given = [text[code] for code in ("fr", "ar") if text.get(code)]
        if len(given) == 1:
            raise errors.OneLanguageError(text=given[0][:80])
    short = [details.title, *details.parties, *(step.title for step in details.milestones)]
    for limit, said in (
        (SHORT, [t for text in short for t in text.values()]),
        (LONG, [*details.description.values(), details.source]),
    ):
        for words in said:
            if len(words) > limit:
                raise errors.TextTooLongError(count=len(words), limit=limit)


def _found(rows: Iterable[Row], code: str | None) -> Row | None:
    """Return the row of a code.

    :raises NotOfConsultationError: if the consultation has none.
    """
    if not code:
        return None
    found = next((row for row in rows if row.code == code), None)
    if found is None:
        raise errors.NotOfConsultationError(value=code)
    return found


def checked_themes(session: Session, consultation: Consultation, numbers: list[int]) -> None:
    """Check that themes are those of a consultation.

    :raises NotOfConsultationError: if one is not.
    """
    here = set(
        session.scalars(
            select(Theme.id).where(Theme.consultation_id == consultation.id, Theme.id.in_(numbers))
        )
    )
    for number in numbers:
        if number not in here:
            raise errors.NotOfConsultationError(value=number)
