"""A consultation with axes, populations and measures."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.consultations.models import Consultation, StrategyAxis, TargetPopulation
from app.core.access import Role
from app.core.db import Texts
from tests import factories


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """A consultation with two axes and a population."""
    made: Consultation = factories.ConsultationFactory()
    made.axes += [
        StrategyAxis(code="equality", position=1, title=Texts(fr="Égalité", ar="المساواة")),
        StrategyAxis(code="family", position=2, title=Texts(fr="Famille", ar="الأسرة")),
    ]
    made.populations.append(
        TargetPopulation(code="street", position=1, title=Texts(fr="Rue", ar="الشارع"))
    )
    session.flush()
    return made


@pytest.fixture
def staff(session: Session) -> Any:
    """Make a member of staff with a role and a scope."""

    def make(role: Role, region: str | None = None) -> Any:
        """Make them."""
        user = factories.UserFactory()
        factories.grant(user, role, region=region)
        return user

    return make
