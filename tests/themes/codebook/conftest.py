"""An analysed consultation whose themes people have described, and files of it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation, StrategyAxis, TargetPopulation
from app.core.access import System
from app.core.db import Texts, db
from app.themes import deciding
from app.themes.codebook.applying import apply_plan
from app.themes.codebook.exporting import Export
from app.themes.codebook.plans import Outcome, Plan, plan_from_json
from app.themes.codebook.tasks import look_at
from app.themes.models import AnalysisRun, Passage, Placement, Theme, ThemeEvent
from app.themes.queries import EVERYTHING


@pytest.fixture
def run(session: Session, consultation: Consultation, analysed: Any) -> AnalysisRun:
    """A finished analysis of a consultation with an axis and a population."""
    consultation.axes.append(
        StrategyAxis(code="services", position=1, title=Texts(fr="Services", ar="الخدمات"))
    )
    consultation.populations.append(
        TargetPopulation(code="girls", position=1, title=Texts(fr="Filles", ar="الفتيات"))
    )
    session.commit()
    return analysed(consultation)


@pytest.fixture
def described(
    session: Session, consultation: Consultation, run: AnalysisRun, theme_called: Any, now: Any
) -> Consultation:
    """The consultation, its themes described, attached, one with an example."""
    actor = System("Salma Idrissi")
    road, school = theme_called("Routes et pistes"), theme_called("École")
    deciding.describe(
        session,
        actor,
        road,
        texts={
            "definition": {"fr": "Aller et venir.\nPistes comprises.", "ar": "التنقل"},
            "exclusion": {"fr": "=SUM(1) : transport scolaire"},
        },
        now=now,
    )
    deciding.attach(
        session,
        actor,
        road,
        to={"axis_id": consultation.axes[0].id, "population_id": consultation.populations[0].id},
        now=now,
    )
    deciding.attach(session, actor, school, to={"parent_id": road.id}, now=now)
    deciding.validate(session, actor, school, now=now)
    deciding.pin(session, actor, consultation.id, [passage_in(session, run, "École")], now=now)
    session.commit()
    return consultation


def passage_in(session: Session, run: AnalysisRun, name: str) -> int:
    """Return the first passage of a theme."""
    rows = session.execute(
        select(Placement.passage_id, Theme.name)
        .join(Theme, Theme.id == Placement.theme_id)
        .where(Placement.run_id == run.id, Placement.state == "in_theme")
        .order_by(Placement.passage_id)
    )
    return next(row.passage_id for row in rows if row.name["fr"] == name)


def events(session: Session) -> int:
    """Count the decisions."""
    return session.scalar(select(func.count()).select_from(ThemeEvent)) or 0


def new_events(session: Session, before: int) -> list[ThemeEvent]:
    """Return the decisions after the first ``before`` ones."""
    return list(session.scalars(select(ThemeEvent).order_by(ThemeEvent.id)))[before:]


def where(session: Session, passage_id: int) -> tuple[str, str]:
    """Return where a passage is: state and French name of its theme."""
    row = session.scalars(
        select(Placement).where(Placement.passage_id == passage_id).order_by(Placement.id.desc())
    ).first()
    assert row is not None
    return row.state, row.theme.name["fr"] if row.theme else ""


def words_of(session: Session, passage_id: int) -> str:
    """Return a passage's words."""
    return session.get_one(Passage, passage_id).text


@pytest.fixture
def exported(session: Session, tmp_path: Path) -> Callable[..., Path]:
    """Write a file of a consultation."""

    def exported(consultation: Consultation, kind: str, lang: Any = "fr") -> Path:
        out = BytesIO()
        Export(session, consultation, EVERYTHING, lang).write(kind, out)
        session.rollback()
        path = tmp_path / f"{lang}-{kind}"
        path.write_bytes(out.getvalue())
        return path

    return exported


@pytest.fixture
def planned(session: Session) -> Callable[..., Plan]:
    """Look at a file, as a job does; the plan passes through what is kept of it."""

    def planned(consultation: Consultation, path: Path, lang: str = "fr") -> Plan:
        number = consultation.id
        session.rollback()
        plan = look_at(System("import"), number, path, name=path.name, lang=lang)
        return plan_from_json(plan.as_json())

    return planned


@pytest.fixture
def imported(session: Session, planned: Any, now: Any) -> Callable[..., tuple[Plan, Outcome]]:
    """Look at a file and do what it says."""

    def imported(
        consultation: Consultation, path: Path, *, also_changed: bool = False
    ) -> tuple[Plan, Outcome]:
        plan = planned(consultation, path)
        run = session.scalars(select(AnalysisRun).order_by(AnalysisRun.id.desc())).first()
        assert run is not None
        outcome = apply_plan(
            session,
            System("import"),
            consultation,
            run,
            plan,
            also_changed=also_changed,
            now=now,
        )
        session.commit()
        db.session.expire_all()
        return plan, outcome

    return imported
