"""Pointing at a submission, masking words, deciding: every decision once, with who and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor, Role
from app.submissions import masking
from app.submissions.models import ModerationCase, Redaction, Submission
from app.submissions.models.care import CaseReason, CaseSource, CaseState, RedactionSource
from app.submissions.moderation import errors, queries
from app.submissions.reach import ensure_reach

#: Those who decide; a coordinator, within the region.
MODERATORS = (Role.MODERATOR, Role.ADMINISTRATOR, Role.COORDINATOR)

#: Those who may see the words under a mask.
SEE_ORIGINALS = (Role.MODERATOR, Role.ADMINISTRATOR, Role.ANALYST)


def ensure_moderator(actor: Actor, submission: Submission) -> None:
    """Check that someone may decide on a submission.

    :raises ForbiddenError: if not.
    """
    ensure_reach(actor, MODERATORS, submission)


def open_case(
    session: Session,
    submission: Submission,
    *,
    reason: CaseReason,
    source: CaseSource,
    note: str = "",
    actor: Actor | None = None,
    now: datetime,
) -> ModerationCase:
    """Point at a submission, flushed; what waits already for the same reason is returned."""
    case = ModerationCase(
        submission_id=submission.id,
        reason=reason,
        source=source,
        note=note[:2000],
        opened_at=now,
        opened_by_id=actor.id if actor else None,
    )
    try:
        with session.begin_nested():
            session.add(case)
    except IntegrityError:
        waiting = select(ModerationCase).where(
            ModerationCase.submission_id == submission.id,
            ModerationCase.reason == reason,
            ModerationCase.state == CaseState.OPEN,
        )
        return session.scalars(waiting).one()
    if actor is not None:
        detail = {"reason": str(reason)}
        audit.record(session, actor, "moderation.report", at=now, target=submission, detail=detail)
    return case


def decide(
    session: Session,
    actor: Actor,
    case: ModerationCase,
    state: CaseState,
    *,
    explanation: str = "",
    words: Iterable[str] = (),
    now: datetime,
) -> None:
    """Decide a case, flushed, once.

    Keeping lifts what the machine masked; masking masks the given words too; hiding keeps the
    submission out of everything that is shown, while it stays counted and analysed.

    :raises ForbiddenError: unless the actor moderates there.
    :raises AlreadyDecidedError: if somebody decided it meanwhile.
    :raises ExplanationMissingError: if it is hidden or masked without a word to its author.
    :raises WordsNotFoundError: if words to mask are in none of the answers.
    """
    submission = case.submission
    ensure_moderator(actor, submission)
    is_by_machine = case.source == CaseSource.MACHINE
    if state in {CaseState.HIDDEN, CaseState.MASKED} and not explanation and not is_by_machine:
        raise errors.ExplanationMissingError
    _take(session, actor, case, state, explanation=explanation, now=now)
    if state == CaseState.MASKED:
        for some in words:
            mask_words(session, actor, submission, some, now=now)
    elif state == CaseState.KEPT and case.reason == CaseReason.PERSONAL_DATA:
        _lift_machine_masks(session, submission)
    elif state == CaseState.HIDDEN:
        submission.hidden_reason = case.reason
    session.flush()
    detail = {"case": case.id, "reason": case.reason, "state": str(state)}
    audit.record(session, actor, "moderation.decide", at=now, target=submission, detail=detail)


def _take(
    session: Session,
    actor: Actor,
    case: ModerationCase,
    state: CaseState,
    *,
    explanation: str,
    now: datetime,
) -> None:
    """Write the decision if the case is still open: of two at once, the row lets one in."""
    result = session.execute(
        update(ModerationCase)
        .where(ModerationCase.id == case.id, ModerationCase.state == CaseState.OPEN)
        .values(state=state, decided_at=now, decided_by_id=actor.id, explanation=explanation[:2000])
        .execution_options(synchronize_session=False)
    )
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise errors.AlreadyDecidedError
    session.refresh(case)


def _lift_machine_masks(session: Session, submission: Submission) -> None:
    """Let the words be read that the machine masked."""
    for mask in session.scalars(queries.masks_in(submission.id)):
        if mask.source == RedactionSource.MACHINE:
            mask.is_lifted = True


def mask_words(
    session: Session,
    actor: Actor,
    submission: Submission,
    words: str,
    *,
    kind: str = masking.OTHER,
    now: datetime,
) -> int:
    """Mask words wherever the answers have them, flushed; return in how many places.

    :raises ForbiddenError: unless the actor moderates there.
    :raises WordsNotFoundError: if no answer has them.
    """
    ensure_moderator(actor, submission)
    places = [
        (answer, at)
        for answer in submission.answers
        if answer.text
        for at in _occurrences(answer.text, words)
    ]
    if not places:
        raise errors.WordsNotFoundError
    known = {
        (one.answer_id, one.start, one.end): one
        for one in session.scalars(queries.masks_in(submission.id))
    }
    for answer, at in places:
        earlier = known.get((answer.id, at, at + len(words)))
        if earlier is not None:
            earlier.is_lifted = False
            continue
        session.add(
            Redaction(
                answer_id=answer.id,
                start=at,
                end=at + len(words),
                kind=kind,
                source=RedactionSource.STAFF,
                created_at=now,
                created_by_id=actor.id,
            )
        )
    session.flush()
    audit.record(session, actor, "moderation.mask", at=now, target=submission)
    return len(places)


def _occurrences(text: str, words: str) -> Iterable[int]:
    """Yield where words stand in a text."""
    at = text.find(words) if words else -1
    while at >= 0:
        yield at
        at = text.find(words, at + len(words))


def set_lifted(
    session: Session, actor: Actor, mask: Redaction, *, is_lifted: bool, now: datetime
) -> None:
    """Lift a mask or put it back, flushed.

    :raises ForbiddenError: unless the actor moderates there.
    """
    submission = mask.answer.submission
    ensure_moderator(actor, submission)
    mask.is_lifted = is_lifted
    session.flush()
    verb = "moderation.unmask" if is_lifted else "moderation.mask"
    audit.record(session, actor, verb, at=now, target=submission, detail={"mask": mask.id})


def show_again(session: Session, actor: Actor, submission: Submission, *, now: datetime) -> None:
    """Undo a decision to hide, flushed.

    :raises ForbiddenError: unless the actor moderates there.
    """
    ensure_moderator(actor, submission)
    submission.hidden_reason = ""
    session.flush()
    audit.record(session, actor, "moderation.show", at=now, target=submission)
