"""Selections of coding rounds."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from app.accounts.models import Grant, User
from app.core.access import Role
from app.core.errors import NotFoundError
from app.submissions.models import Submission
from app.themes.models import (
    AnalysisRun,
    Coding,
    CodingItem,
    CodingRound,
    Passage,
    PassageState,
    Placement,
)

#: Who may code.
CODERS = (Role.ANALYST, Role.ADMINISTRATOR)
#: Passages that a round may draw: whatever stands for itself and was not left out with its theme.
DRAWN_FROM = (
    PassageState.IN_THEME,
    PassageState.TO_ARBITRATE,
    PassageState.OFF_TOPIC,
    PassageState.UNREADABLE,
)


def get_round(session: Session, round_id: int) -> CodingRound:
    """Return a round.

    :raises NotFoundError: if there is none of that number.
    """
    found = session.get(CodingRound, round_id) if round_id < 2**31 else None
    if found is None:
        raise NotFoundError
    return found


def rounds_of(consultation_id: int) -> Select[CodingRound]:
    """Select the rounds of a consultation, newest first."""
    return (
        select(CodingRound)
        .where(CodingRound.consultation_id == consultation_id)
        .order_by(CodingRound.id.desc())
    )


def newest_closed(consultation_id: int) -> Select[CodingRound]:
    """Select the round whose measures are published (one row at most)."""
    closed = rounds_of(consultation_id).where(CodingRound.closed_at.is_not(None))
    return (
        closed.order_by(None).order_by(CodingRound.closed_at.desc(), CodingRound.id.desc()).limit(1)
    )


def candidates(run: AnalysisRun) -> Select[int, str, str | None]:
    """Select ``passage_id, language, region_code`` of what may be drawn."""
    return (
        select(Placement.passage_id, Passage.language, Submission.region_code)
        .join(Passage, Passage.id == Placement.passage_id)
        .join(Submission, Submission.id == Passage.submission_id)
        .where(
            Placement.run_id == run.id,
            Placement.copy_of_id.is_(None),
            Placement.state.in_(DRAWN_FROM),
            Submission.is_standing,
        )
    )


def items_of(round_id: int) -> Select[CodingItem]:
    """Select the passages of a round that still stand, with what was said of them."""
    return (
        select(CodingItem)
        .join(Passage, Passage.id == CodingItem.passage_id)
        .join(Submission, Submission.id == Passage.submission_id)
        .where(CodingItem.round_id == round_id, Submission.is_standing)
        .order_by(CodingItem.position)
        .options(
            selectinload(CodingItem.codings),
            selectinload(CodingItem.passage).selectinload(Passage.submission),
        )
    )


def codings_of(round_id: int) -> Select[int, str, str, int | None]:
    """Select ``item_id, role, state, theme_id`` of all that was said in a round."""
    return (
        select(Coding.item_id, Coding.role, Coding.state, Coding.theme_id)
        .join(CodingItem, CodingItem.id == Coding.item_id)
        .where(CodingItem.round_id == round_id)
    )


def possible_coders(session: Session, consultation_id: int) -> list[User]:
    """Return the people who may code in a consultation, by name."""
    people = session.scalars(
        select(User).where(User.active, User.id.in_(select(Grant.user_id))).order_by(User.name)
    )
    return [person for person in people if person.may(CODERS, consultation=consultation_id)]
