"""A small analysed consultation with people to code it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.consultations.models import Consultation
from app.core.access import Role, System
from app.themes.models import AnalysisRun, CodingRound
from app.themes.reliability.coding import Coders, Part, code, open_round, task_of
from tests import factories
from tests.factories import ConsultationFactory, submission

WORDS = ("road", "school", "care")


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """Forty people who each said one thing, a quarter of them in Arabic."""
    consultation = ConsultationFactory()
    for number in range(40):
        word = WORDS[number % 3]
        words = f"{word}: الطريق رقم {number}." if number % 4 == 0 else f"{word}: number {number}."
        submission(consultation, words, region_code="08" if number % 2 else "04")
    session.commit()
    return consultation


@pytest.fixture
def run(consultation: Consultation, analysed: Any) -> AnalysisRun:
    """Its analysis."""
    made: AnalysisRun = analysed(consultation)
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


@pytest.fixture
def coders(person: Callable[..., User]) -> dict[Part, User]:
    """Three people."""
    names = {Part.FIRST: "Nadia", Part.SECOND: "Omar", Part.THIRD: "Salma"}
    return {part: person(name) for part, name in names.items()}


@pytest.fixture
def drawn(
    session: Session, consultation: Consultation, run: AnalysisRun, coders: Any, now: Any
) -> CodingRound:
    """A round of all forty passages."""
    made = open_round(
        session,
        System(),
        consultation,
        Coders(*(coders[part].id for part in Part)),
        size=40,
        seed=5,
        now=now,
    )
    session.commit()
    return made


@pytest.fixture
def codes(session: Session, coders: dict[Part, User], now: Any) -> Callable[..., list[int]]:
    """Let somebody code all there is; return the passages in the order in which they came."""

    def codes(
        round_: CodingRound, part: Part, choose: Callable[[Any], tuple[str, Any]]
    ) -> list[int]:
        seen = []
        while (item := task_of(session, round_, coders[part].id).item) is not None:
            state, theme_id = choose(item)
            code(session, coders[part], round_, item.id, state=state, theme_id=theme_id, now=now)
            seen.append(item.passage_id)
        session.commit()
        return seen

    return codes
