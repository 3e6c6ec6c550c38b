"""Tying measures to what they answer, themes and passages, and to their documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.commitments.measures import errors
from app.commitments.measures.checking import check_address, checked_themes
from app.commitments.measures.operations import Saved, append, take_turn
from app.commitments.measures.queries import EDITORS
from app.commitments.models import Measure, MeasureDocument, MeasurePassage
from app.core.access import Actor, ensure
from app.core.db import Texts
from app.core.files.operations import keep
from app.themes.models import Passage, Theme


@dataclass(frozen=True)
class Paper:
    """A document as it is given: a file or an address.

    :ivar stream: the file's bytes, None for an address.
    """

    title: Texts
    url: str = ""
    stream: IO[bytes] | None = None
    name: str = ""


def _begin(session: Session, actor: Actor, measure: Measure, seen: int | None) -> dict[str, Any]:
    """Check who writes, take the turn, and return what is said of the measure."""
    ensure(actor, *EDITORS, region=measure.region_code, consultation=measure.consultation_id)
    return take_turn(session, measure, seen)


def set_themes(
    session: Session,
    actor: Actor,
    measure: Measure,
    numbers: list[int],
    *,
    seen: int | None,
    now: datetime,
    kind: str = "change",
) -> Saved:
    """Say which themes a measure answers, flushed.

    :raises NotOfConsultationError: if one is a theme of another consultation, or of none.
    :raises MeasureChangedError: if somebody saved the measure since it was seen.
    """
    before = _begin(session, actor, measure, seen)
    checked_themes(session, measure.consultation, numbers)
    measure.themes = [
        theme
        for number in sorted(set(numbers))
        if (theme := session.get(Theme, number)) is not None
    ]
    session.flush()
    return Saved(measure, append(session, actor, measure, before, kind=kind, note="", now=now))


def add_theme(
    session: Session, actor: Actor, measure: Measure, number: int, *, seen: int, now: datetime
) -> Saved:
    """Say that a measure answers one more theme, flushed; see :func:`set_themes`."""
    numbers = [*(theme.id for theme in measure.themes), number]
    return set_themes(session, actor, measure, numbers, seen=seen, now=now)


def remove_theme(
    session: Session, actor: Actor, measure: Measure, number: int, *, seen: int, now: datetime
) -> Saved:
    """Say that a measure does not answer a theme, flushed; see :func:`set_themes`."""
    numbers = [theme.id for theme in measure.themes if theme.id != number]
    return set_themes(session, actor, measure, numbers, seen=seen, now=now)


def add_passage(
    session: Session, actor: Actor, measure: Measure, number: int, *, seen: int, now: datetime
) -> Saved:
    """Say that a measure answers a passage, flushed; twice is once.

    :raises NotOfConsultationError: if it is a passage of another consultation, or of none.
    :raises MeasureChangedError: if somebody saved the measure since it was seen.
    """
    before = _begin(session, actor, measure, seen)
    passage = session.get(Passage, number) if 0 < number < 2**31 else None
    if passage is None or passage.submission.consultation_id != measure.consultation_id:
        raise errors.NotOfConsultationError(value=number)
    if session.get(MeasurePassage, (measure.id, number)) is None:
        session.add(MeasurePassage(measure_id=measure.id, passage_id=number))
        session.flush()
    return Saved(measure, append(session, actor, measure, before, kind="change", note="", now=now))


def remove_passage(
    session: Session, actor: Actor, measure: Measure, number: int, *, seen: int, now: datetime
) -> Saved:
    """Say that a measure does not answer a passage, flushed.

    :raises MeasureChangedError: if somebody saved the measure since it was seen.
    """
    before = _begin(session, actor, measure, seen)
    session.execute(
        delete(MeasurePassage).where(
            MeasurePassage.measure_id == measure.id, MeasurePassage.passage_id == number
        )
    )
    return Saved(measure, append(session, actor, measure, before, kind="change", note="", now=now))


def add_document(
    session: Session, actor: Actor, measure: Measure, paper: Paper, *, seen: int, now: datetime
) -> Saved:
    """Add a document, a file kept here or an address, flushed.

    :raises OneLanguageError: if the title is not in both languages.
    :raises DocumentMissingError: unless there is either a file or an address.
    :raises FileRefusedError: if the file cannot be taken.
    :raises MeasureChangedError: if somebody saved the measure since it was seen.
    """
    before = _begin(session, actor, measure, seen)
    if not (paper.title.get("fr") and paper.title.get("ar")):
        raise errors.TitleMissingError
    if (paper.stream is None) == (not paper.url):
        raise errors.DocumentMissingError
    row = MeasureDocument(title=paper.title, url=paper.url)
    if paper.stream is not None:
        row.file = keep(session, paper.stream, name=paper.name, actor_id=actor.id, now=now)
    else:
        check_address(paper.url)
    measure.documents.append(row)
    session.flush()
    return Saved(measure, append(session, actor, measure, before, kind="change", note="", now=now))


def remove_document(
    session: Session, actor: Actor, measure: Measure, number: int, *, seen: int, now: datetime
) -> Saved:
    """Take a document off, flushed; its file goes with the daily sweep.

    :raises MeasureChangedError: if somebody saved the measure since it was seen.
    """
    before = _begin(session, actor, measure, seen)
    measure.documents = [one for one in measure.documents if one.id != number]
    session.flush()
    return Saved(measure, append(session, actor, measure, before, kind="change", note="", now=now))
