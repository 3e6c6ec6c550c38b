"""A run of many passages, in bands of margins, with what is needed to review it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.consultations.models import Consultation
from app.core.access import Role
from app.themes.models import AnalysisRun, Placement
from tests import factories
from tests.factories import ConsultationFactory, submission

WORDS = ("road", "school", "care")


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """Thirty people who each said two things, some in Arabic."""
    consultation = ConsultationFactory()
    for number in range(30):
        first, second = WORDS[number % 3], WORDS[(number + 1) % 3]
        text = f"{first}: word number {number}. {second}: another {number}."
        if number % 6 == 0:
            text += f" {first}: الطريق رقم {number}."
        submission(consultation, text, region_code="08" if number % 2 else "04")
    session.commit()
    return consultation


@pytest.fixture
def run(session: Session, consultation: Consultation, analysed: Any) -> AnalysisRun:
    """Its analysis, with margins from 0 to 1."""
    made: AnalysisRun = analysed(consultation)
    rows = session.query(Placement).filter_by(run_id=made.id).order_by(Placement.id).all()
    for number, row in enumerate(rows):
        margin = (number % 10) / 10
        values = {"margin": margin, "worth": round(1 - margin + number / 10_000, 6)}
        session.execute(update(Placement).where(Placement.id == row.id).values(values))
    session.commit()
    session.expire_all()
    return made


@pytest.fixture
def person(session: Session) -> Callable[..., User]:
    """Make an analyst."""

    def person(name: str = "Nadia", role: Role = Role.ANALYST) -> User:
        user = factories.UserFactory(name=name)
        factories.grant(user, role)
        session.commit()
        return user

    return person
