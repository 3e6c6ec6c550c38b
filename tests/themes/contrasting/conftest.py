"""A consultation of eighty people in which it is known who says what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.themes.models import AnalysisRun
from tests.factories import ConsultationFactory, submission


@pytest.fixture
def divided(session: Session) -> Consultation:
    """Forty people of region 08 want roads, forty of region 04 want schools.

    Of the first, thirty say that they are for and four against; associations of region 08 are
    those against. Eight people of region 01, and they alone, ask for care.
    """
    consultation = ConsultationFactory()
    for number in range(40):
        stance = "(for)" if number < 30 else "(against)" if number < 38 else "."
        submission(
            consultation,
            f"road: the road is far, we say it {number} {stance}.",
            region_code="08",
            actor_type="association" if 30 <= number < 38 else "citizen",
        )
        submission(
            consultation,
            f"school: no teacher for {number}. الطريق: المدرسة بعيدة {number}.",
            region_code="04",
        )
    for number in range(8):
        submission(consultation, f"care: no doctor in {number}.", region_code="01")
    session.commit()
    return consultation


@pytest.fixture
def divided_run(divided: Consultation, analysed: Callable[..., AnalysisRun]) -> AnalysisRun:
    """Its analysis."""
    return analysed(divided)


@pytest.fixture
def analyst(client: Any, sign_in: Any) -> Any:
    """A browser in which an analyst is signed in."""
    from app.core.access import Role

    sign_in(client, Role.ANALYST)
    return client
