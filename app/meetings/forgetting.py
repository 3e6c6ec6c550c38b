"""Before what a meeting said is erased: the points of the minutes that it was made of go too."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.consultations.models import Question
from app.meetings.models import MinutePoint, PointReply, PointState
from app.submissions.afterwards.applying import before_forgetting
from app.submissions.models import Answer


@before_forgetting
def forget_points(session: Session, answer_ids: Collection[int]) -> None:
    """Empty the points that stand in answers about to go, and what was replied to them."""
    points = session.scalars(
        select(MinutePoint)
        .join(Answer, Answer.submission_id == MinutePoint.submission_id)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.id.in_(list(answer_ids)), Question.key == MinutePoint.question_key)
    ).all()
    for point in points:
        point.text, point.outcome, point.state = "", "", PointState.TAKEN_OUT
        session.execute(delete(PointReply).where(PointReply.point_id == point.id))
    session.flush()
