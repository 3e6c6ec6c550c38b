"""Who is told: those who left an address, whose words are in a theme or behind a measure."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import aliased

from app.commitments.models import MeasurePassage
from app.submissions.models import Contact, Submission
from app.themes.models import Passage, PassageState, Placement

#: States in which a passage counts for its theme.
COUNTED = (PassageState.IN_THEME, PassageState.COPY)


def to_be_told(consultation_id: int) -> Select[Submission, Contact]:
    """Select the contributions that stand, and the contact of each that asked to be told.

    The contact is held until the letter is written, so that nobody deletes it in between.
    """
    return (
        select(Submission, Contact)
        .join(Contact, Contact.submission_id == Submission.id)
        .where(
            Submission.consultation_id == consultation_id,
            Submission.is_standing,
            Contact.email != "",
            Contact.stopped_at.is_(None),
        )
        .order_by(Submission.id)
        .with_for_update(of=Contact)
    )


def speaks_of(run_id: int, theme_ids: Collection[int]) -> ColumnElement[bool]:
    """Say that a contribution has a passage, or the copy of one, in some themes.

    It is asked of one contribution at a time, of its passages first, and not of a list of all those
    of the themes: letters are written some hundreds at a time, and each time the whole run would be
    read for that list.
    """
    original = aliased(Placement)
    is_copy = (
        select(original.id)
        .where(
            original.run_id == run_id,
            original.passage_id == Placement.copy_of_id,
            original.theme_id.in_(list(theme_ids)),
        )
        .correlate(Placement)
        .exists()
    )
    placed = (
        select(Placement.id)
        .where(
            Placement.run_id == run_id,
            Placement.passage_id == Passage.id,
            Placement.state.in_(COUNTED),
            or_(
                Placement.theme_id.in_(list(theme_ids)),
                Placement.theme_id.is_(None) & is_copy,
            ),
        )
        .correlate(Passage)
        .exists()
    )
    return _has_passage(placed)


def stands_behind(measure_id: int) -> ColumnElement[bool]:
    """Say that a contribution has a passage that a measure answers."""
    tied = (
        select(MeasurePassage.passage_id)
        .where(MeasurePassage.measure_id == measure_id, MeasurePassage.passage_id == Passage.id)
        .correlate(Passage)
        .exists()
    )
    return _has_passage(tied)


def _has_passage(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Say that a contribution has a passage of which something holds."""
    own = select(Passage.id).where(Passage.submission_id == Submission.id, condition)
    return own.correlate(Submission).exists()
