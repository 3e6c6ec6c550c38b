"""Twenty real analyses with new texts in between: every decision is still there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import System
from app.core.db import db
from app.core.jobs import run as run_job
from app.demonstration.corpus import joined, lines
from app.themes import deciding
from app.themes.deciding.on_themes import Part
from app.themes.ledger.settling import compare
from app.themes.models import AnalysisRun, Placement, Theme
from app.themes.operations import start_analysis
from app.themes.queries import root_of, themes_of
from tests.factories import ConsultationFactory, submission

ANALYST = System("analyst")
N_RUNS = 20


def texts() -> Iterator[str]:
    """Yield long answers of the demonstration, the languages mixed."""
    by_language: dict[str, list[str]] = {}
    for line in lines():
        for segments in line["answers"].values():
            by_language.setdefault(line["language"], []).append(joined(segments)[0])
    for together in zip(*by_language.values(), strict=False):
        yield from together


def rows_of(session: Session, run: AnalysisRun) -> dict[int, Placement]:
    """Return the placements of a run by passage."""
    found = session.scalars(select(Placement).where(Placement.run_id == run.id))
    return {row.passage_id: row for row in found}


@pytest.fixture
def analysed_for_good(app: Flask, session: Session) -> Callable[[Consultation], AnalysisRun]:
    """Analyse with the real library."""

    def analysed(consultation: Consultation) -> AnalysisRun:
        run = start_analysis(session, System(), consultation, now=app.extensions["clock"]())
        session.commit()
        assert run_job(app, run.job_id)
        db.session.expire_all()
        return run

    return analysed


def test_every_decision_is_intact_after_twenty_runs(
    session: Session, analysed_for_good: Any, now: datetime
) -> None:
    said = texts()
    consultation = ConsultationFactory()
    for text in islice(said, 60):
        submission(consultation, text, region_code="08", actor_type="citizen")
    session.commit()
    run = analysed_for_good(consultation)
    themes = sorted(
        session.scalars(themes_of(consultation.id, "active")),
        key=lambda t: -sum(row.theme_id == t.id for row in rows_of(session, run).values()),
    )
    first, second, third, fourth, *_ = themes
    free = [row for row in rows_of(session, run).values() if row.copy_of_id is None]
    of = {t.id: [r.passage_id for r in free if r.theme_id == t.id] for t in themes}

    def did(theme: Theme) -> dict[str, Any]:
        """Return whose decision it is."""
        return {"session": session, "actor": ANALYST, "theme": theme, "now": now}

    deciding.rename(**did(first), name_fr="Accès aux soins", name_ar="الولوج إلى العلاج")
    deciding.merge(session, ANALYST, fourth, third, now=now)
    moved = of[second.id][:3]
    deciding.move(session, ANALYST, first, moved, now=now)
    pinned = of[first.id][:2]
    deciding.pin(session, ANALYST, consultation.id, pinned, now=now)
    aside = of[third.id][:2]
    deciding.set_aside(
        session, ANALYST, consultation.id, aside, state="excluded", reason="Autre", now=now
    )
    parted = of[second.id][3:6]
    [part] = deciding.split(session, ANALYST, second, [Part("Une partie", "جزء", parted)], now=now)
    deciding.validate(session, ANALYST, second, now=now)
    session.commit()
    names = {t.id: dict(t.name) for t in session.scalars(themes_of(consultation.id, "active"))}
    n_before = session.scalar(select(func.count()).select_from(Placement))

    for _ in range(N_RUNS):
        for text in islice(said, 4):
            submission(consultation, text, region_code="04", actor_type="association")
        session.commit()
        run = analysed_for_good(consultation)
        rows = rows_of(session, run)
        by_id = {t.id: t for t in session.scalars(themes_of(consultation.id))}

        assert {rows[n].theme_id for n in moved} == {first.id}
        assert {rows[n].theme_id for n in parted} == {part.id}
        assert all(rows[n].is_pinned and rows[n].theme_id == first.id for n in pinned)
        assert {(rows[n].state, rows[n].reason) for n in aside} == {("excluded", "Autre")}
        assert root_of(by_id[fourth.id], by_id) is by_id[third.id]
        for theme_id, name in names.items():
            if by_id[theme_id].state != "ended":
                assert dict(by_id[theme_id].name) == name
        assert all(by_id[t.id].state == "active" for t in (first, second, third, part))
        assert not compare(session, consultation.id)
        assert len(rows) == run.n_passages
    assert session.scalar(select(func.count()).select_from(Placement)) > n_before
