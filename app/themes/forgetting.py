"""Before answers are erased: a campaign whose first text goes is carried by the next one."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.submissions.afterwards.applying import before_forgetting
from app.submissions.models import Submission
from app.themes.models import Passage, Placement


@before_forgetting
def hand_over(session: Session, answer_ids: Collection[int]) -> None:
    """Let another of its copies stand for each passage that is about to go, in every run.

    The copies point at it, and it alone has the theme's voice: without this the database would
    refuse to delete it, or the theme would lose the campaign's text.
    """
    going = select(Passage.id).where(Passage.answer_id.in_(list(answer_ids)))
    copies = session.scalars(
        select(Placement)
        .join(Passage, Passage.id == Placement.passage_id)
        .join(Submission, Submission.id == Passage.submission_id)
        .where(Placement.copy_of_id.in_(going), Placement.passage_id.not_in(going))
        .order_by(Placement.run_id, Submission.is_standing.desc(), Placement.passage_id)
    ).all()
    heirs: dict[tuple[int, int | None], Placement] = {}
    for copy in copies:
        campaign = (copy.run_id, copy.copy_of_id)
        if campaign in heirs:
            copy.copy_of_id = heirs[campaign].passage_id
            continue
        heirs[campaign] = copy
        _take_over(session, copy)
    session.execute(
        update(Placement)
        .where(Placement.copy_of_id.in_(going))
        .values(copy_of_id=None)
        .execution_options(synchronize_session=False)
    )
    session.flush()


def _take_over(session: Session, heir: Placement) -> None:
    """Put a copy where the text that it copies was."""
    first = session.scalars(
        select(Placement).where(
            Placement.run_id == heir.run_id, Placement.passage_id == heir.copy_of_id
        )
    ).one_or_none()
    heir.copy_of_id = None
    if first is not None:
        heir.state, heir.theme_id = first.state, first.theme_id
        heir.margin, heir.quotation_rank = first.margin, first.quotation_rank
