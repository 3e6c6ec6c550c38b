"""Before answers are erased: a campaign whose first text goes is carried by the next one."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.access import System
from app.submissions.afterwards.applying import before_forgetting
from app.submissions.models import Submission
from app.themes.ledger.folding import Put
from app.themes.ledger.kinds import Kind
from app.themes.ledger.reading import last_words
from app.themes.ledger.recording import append
from app.themes.models import AnalysisRun, Passage, Placement
from app.themes.queries import newest_run


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
            heirs[campaign].n_copies += 1
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
    if first is None:
        return
    heir.found_state, heir.found_theme_id = first.found_state, first.found_theme_id
    heir.found_rank, heir.fallback_id = first.found_rank, first.fallback_id
    heir.state, heir.theme_id = first.state, first.theme_id
    heir.margin, heir.quotation_rank = first.margin, first.quotation_rank
    heir.is_pinned, heir.reason, heir.worth = first.is_pinned, first.reason, first.worth
    _inherit(session, first, heir)


def _inherit(session: Session, first: Placement, heir: Placement) -> None:
    """Let what people decided on a text that goes hold for the copy that stands for it."""
    heir.decided_id = first.decided_id
    run = session.get_one(AnalysisRun, heir.run_id)
    if run is not session.scalars(newest_run(run.consultation_id)).first():
        return
    word = last_words(session, run.consultation_id, {first.passage_id}).get(first.passage_id)
    own = last_words(session, run.consultation_id, {heir.passage_id}).get(heir.passage_id)
    if word is None or (own is not None and own.event_id > word.event_id):
        return
    event = append(
        session,
        System("erasure"),
        run.consultation_id,
        Kind.CARRY,
        payload={"event": word.event_id, "state": word.state, "is_pinned": word.is_pinned},
        puts=[Put(heir.passage_id, word.theme_id, word.theme_id)],
        reason=word.reason,
        run_id=run.id,
        now=clock.now(),
    )
    heir.decided_id = event.id
