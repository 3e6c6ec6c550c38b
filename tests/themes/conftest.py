"""A consultation with answers, and an analysis whose results are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import System
from app.core.db import db
from app.core.jobs import run as run_job
from app.themes import engine
from app.themes.models import AnalysisRun, Theme
from app.themes.operations import start_analysis
from tests.factories import ConsultationFactory, submission
from tests.themes.fake import FakeEngine


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """The library's place taken by an analysis that tests understand."""
    stand_in = FakeEngine()
    monkeypatch.setattr(engine, "analyse", stand_in)
    monkeypatch.setattr(engine, "stances_of", stand_in.stances_of)
    monkeypatch.setattr(engine, "places_of", stand_in.places_of)
    return stand_in


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """A consultation where five people said things."""
    consultation = ConsultationFactory()
    for region, actor, text in [
        ("08", "citizen", "road: the road is far. school: no teacher."),
        ("08", "association", "road: الطريق مقطوعة. road: no bus."),
        ("04", "citizen", "school: too many pupils. ?: who knows. care: no doctor."),
        ("04", "citizen", "road: dup sign here. off: hello."),
        ("01", "citizen", "Road: dup sign here. %: zzz."),
    ]:
        submission(
            consultation,
            text.replace("Road: dup", "road: dup"),
            region_code=region,
            actor_type=actor,
        )
    session.commit()
    return consultation


@pytest.fixture
def analysed(app: Flask, session: Session, fake: FakeEngine) -> Callable[..., AnalysisRun]:
    """Analyse a consultation to the end, return its run."""

    def analysed(consultation: Consultation, **options: Any) -> AnalysisRun:
        run = start_analysis(
            session, System(), consultation, now=app.extensions["clock"](), **options
        )
        session.commit()
        assert run_job(app, run.job_id)
        db.session.expire_all()
        return run

    return analysed


@pytest.fixture
def theme_called(session: Session) -> Callable[[str], Theme]:
    """Find a theme by its French name."""

    def theme_called(name: str) -> Theme:
        [theme] = [t for t in session.query(Theme) if t.name["fr"] == name]
        return theme

    return theme_called
