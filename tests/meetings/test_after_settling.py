"""What a meeting said, afterwards: masked, taken back by nobody alone, erased with its points."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.access import System
from app.core.db import db
from app.meetings.models import MinutePoint
from app.meetings.operations.settling import speaker_key
from app.submissions.afterwards.errors import NotYoursAloneError
from app.submissions.afterwards.forgetting import erase_everything
from app.submissions.afterwards.operations import withdraw
from app.submissions.models import Channel, Submission
from tests import factories
from tests.architecture.things import settled_meeting
from tests.conftest import NOW


@pytest.fixture
def said(session: Session) -> Submission:
    """What the one speaker of a settled meeting said."""
    meeting = settled_meeting(factories.ConsultationFactory())
    point = meeting.points[0]
    point.text = "Appelez Mme Fatima Alaoui au 06 61 23 45 67."
    row = factories.submission(
        meeting.consultation,
        point.text,
        channel=Channel.MEETING,
        idempotency_key=f"meeting:{meeting.id}:{_speaker(point)}",
    )
    point.submission_id = row.id
    session.commit()
    return row


def _speaker(point: MinutePoint) -> str:
    """Return the key of who speaks."""
    return speaker_key(point)


def test_public_minutes_mask_personal_data(client: Any, said: Submission) -> None:
    point_of = select(MinutePoint).where(MinutePoint.submission_id == said.id)
    meeting = db.session.scalars(point_of).one().meeting
    page = client.get(
        f"/fr/consultations/{meeting.consultation.slug}/meetings/{meeting.id}/minutes"
    )

    assert page.status_code == 200
    assert "61 23" not in page.text
    assert "[téléphone]" in page.text


def test_whoever_has_the_code_alone_does_not_take_it_back(
    session: Session, said: Submission
) -> None:
    with pytest.raises(NotYoursAloneError):
        withdraw(session, said, now=NOW)
    with pytest.raises(NotYoursAloneError):
        erase_everything(session, said, now=NOW)


def test_erasing_it_empties_the_points_it_was_made_of(session: Session, said: Submission) -> None:
    number = said.id
    erase_everything(session, said, actor=System("staff"), now=NOW)

    left = session.scalars(select(MinutePoint)).all()
    assert [(point.text, point.state) for point in left] == [("", "taken_out")]
    assert session.get_one(Submission, number).state == "erased"
