"""What the codebook and the coded passages are read from."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from app.consultations.models import Question
from app.core.db import Texts
from app.submissions.models import Answer, Redaction, Submission
from app.themes.ledger.kinds import Kind
from app.themes.models import AnalysisRun, PassageState, Placement, ThemeEvent
from app.themes.queries import Narrowing, passages_with_words, placed


def examples(run: AnalysisRun, part: Narrowing) -> Select[Any]:
    """Select the passages that people pinned in active themes, in the order of the corpus.

    Columns of :func:`app.themes.queries.placed`, and ``words``.
    """
    facts, rows = passages_with_words(run, part)
    return (
        rows.join(Placement, Placement.id == facts.c.placement_id)
        .where(
            Placement.is_pinned,
            facts.c.state == PassageState.IN_THEME,
            facts.c.may_be_shown,
        )
        .order_by(facts.c.theme_id, facts.c.passage_id)
    )


def coded_answers(run: AnalysisRun, part: Narrowing) -> Select[int]:
    """Select the answers that have passages which may leave, in order."""
    facts = placed(run, part)
    return (
        select(facts.c.answer_id).where(facts.c.may_be_shown).distinct().order_by(facts.c.answer_id)
    )


def n_coded(run: AnalysisRun, part: Narrowing) -> Select[int]:
    """Select how many passages may leave."""
    facts = placed(run, part)
    return select(func.count()).select_from(facts).where(facts.c.may_be_shown)


def coded_rows(run: AnalysisRun, part: Narrowing, answer_ids: Collection[int]) -> Select[Any]:
    """Select the passages of some answers with who decided last on each, in order.

    Columns of :func:`app.themes.queries.placed`, ``actor_label`` and ``decided_at``.
    """
    facts = placed(run, part)
    return (
        select(facts, ThemeEvent.actor_label, ThemeEvent.at.label("decided_at"))
        .join(Placement, Placement.id == facts.c.placement_id)
        .outerjoin(ThemeEvent, ThemeEvent.id == Placement.decided_id)
        .where(facts.c.may_be_shown, facts.c.answer_id.in_(answer_ids))
        .order_by(facts.c.answer_id, facts.c.start, facts.c.end)
    )


def texts_of(answer_ids: Collection[int]) -> Select[int, str | None, str, Texts]:
    """Select ``id, text, key, label`` of some answers: their words and their question."""
    return (
        select(Answer.id, Answer.text, Question.key, Question.label)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.id.in_(answer_ids))
    )


def places(run: AnalysisRun) -> Select[Any]:
    """Select ``passage_id, submission_id, state, theme_id`` (the root), ``who, at`` of a decision.

    ``who`` and ``at`` are null where no person decided.
    """
    facts = placed(run)
    return (
        select(
            facts.c.passage_id,
            facts.c.answer_id,
            facts.c.state,
            facts.c.theme_id,
            ThemeEvent.actor_label.label("who"),
            ThemeEvent.at,
        )
        .join(Placement, Placement.id == facts.c.placement_id)
        .outerjoin(
            ThemeEvent, (ThemeEvent.id == Placement.decided_id) & ThemeEvent.run_id.is_(None)
        )
        .order_by(facts.c.passage_id)
    )


#: Decisions that a codebook could write over.
_ABOUT = (Kind.RENAME, Kind.DESCRIBE, Kind.ATTACH, Kind.VALIDATE, Kind.UNDO)


def decided_since(consultation_id: int, event_id: int, *, reason: str) -> Select[int | None, str]:
    """Select ``theme_id, actor_label`` of decisions on what codebooks hold, oldest first.

    :param event_id: only those after this one.
    :param reason: leave out those for this reason.
    """
    return (
        select(ThemeEvent.theme_id, ThemeEvent.actor_label)
        .where(
            ThemeEvent.consultation_id == consultation_id,
            ThemeEvent.id > event_id,
            ThemeEvent.theme_id.is_not(None),
            ThemeEvent.kind.in_(_ABOUT),
            ThemeEvent.reason != reason,
        )
        .order_by(ThemeEvent.id)
    )


def renames(consultation_id: int) -> Select[Any]:
    """Select ``theme_id, payload`` of every renaming."""
    return select(ThemeEvent.theme_id, ThemeEvent.payload).where(
        ThemeEvent.consultation_id == consultation_id, ThemeEvent.kind == Kind.RENAME
    )


def decided_by_others(
    run_id: int, passage_ids: Collection[int], *, since: int, actor_id: int | None
) -> Select[int]:
    """Select those of some passages on which somebody else decided after an event."""
    return (
        select(Placement.passage_id)
        .join(ThemeEvent, ThemeEvent.id == Placement.decided_id)
        .where(
            Placement.run_id == run_id,
            Placement.passage_id.in_(passage_ids),
            ThemeEvent.id > since,
            ThemeEvent.actor_id.is_distinct_from(actor_id),
        )
    )


def print_of_words(session: Session, consultation_id: int, newest: int | None = None) -> str:
    """Return what changes as soon as words of a consultation may no longer leave as they did.

    A withdrawal, an erasure, a correction, a decision of moderation or a mask changes it; new
    submissions do not.

    :param newest: number of the last submission to look at; None for all there are.
    """
    if newest is None:
        newest = session.scalar(
            select(func.max(Submission.id)).where(Submission.consultation_id == consultation_id)
        )
    mine = (Submission.consultation_id == consultation_id, Submission.id <= (newest or 0))
    shown = session.execute(
        select(
            func.count(),
            func.sum(Submission.id),
            func.sum(Submission.version),
            func.sum(Submission.screened_version),
        ).where(*mine, Submission.may_be_shown)
    ).one()
    masks = session.execute(
        select(
            func.count(),
            func.max(Redaction.id),
            func.sum(case((Redaction.is_lifted, 1), else_=0)),
        )
        .join(Answer, Answer.id == Redaction.answer_id)
        .join(Submission, Submission.id == Answer.submission_id)
        .where(*mine)
    ).one()
    return ":".join(str(int(value or 0)) for value in (newest, *shown, *masks))
