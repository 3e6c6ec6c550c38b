"""Writing a common draft together: begun, edited, discussed, proposed and approved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.consultations.models import Consultation, QuestionKind, Questionnaire
from app.core import audit
from app.core.text import clean_text
from app.organisations.mandates import civil_day
from app.organisations.models import Mandate, MandateRole, Organisation
from app.organisations.operations import ensure_mandate
from app.submissions.answers import is_empty
from app.submissions.models import (
    Attempt,
    Position,
    PositionApproval,
    PositionComment,
    PositionEdit,
    PositionState,
)
from app.submissions.operations import begin_draft, check_draft, ensure_open, keep_section
from app.submissions.positions import errors, queries
from app.submissions.positions.way import FROM_REGISTRY

WRITERS = (MandateRole.SIGNATORY, MandateRole.DELEGATE)

#: A common draft outlives the consultation by this much, so that it can be read again.
KEPT_AFTER = timedelta(days=365)
COMMENT_LENGTH = 4000


def begin(
    session: Session,
    user: User,
    organisation: Organisation,
    consultation: Consultation,
    *,
    lang: str,
    now: datetime,
) -> Position:
    """Begin the common draft of an organisation, flushed; of two at once there is one.

    :raises ForbiddenError: without a mandate that allows to write.
    :raises ConsultationNotOpenError: if the consultation takes no answers.
    """
    ensure_mandate(session, user, organisation, *WRITERS, today=civil_day(now))
    ensure_open(consultation, now=now)
    selection = queries.position_of(organisation.id, consultation.id)
    known = session.scalars(selection).one_or_none()
    if known is not None:
        return known
    try:
        with session.begin_nested():
            draft = begin_draft(session, consultation, lang=lang, now=now)
            draft.values = _first_values(organisation, draft.questionnaire, lang)
            draft.expires_at = consultation.closes_at + KEPT_AFTER
            # Several people write it: it tells nothing of how far one person gets.
            session.execute(delete(Attempt).where(Attempt.id == draft.attempt_id))
            session.refresh(draft, ["attempt_id"])
            position = Position(
                consultation_id=consultation.id,
                organisation_id=organisation.id,
                state=PositionState.DRAFTING,
                draft_id=draft.id,
                created_at=now,
                created_by_id=user.id,
            )
            session.add(position)
    except IntegrityError:
        return session.scalars(selection).one()
    audit.record(session, user, "positions.begin", at=now, target=position)
    return position


def _first_values(
    organisation: Organisation, questionnaire: Questionnaire, lang: str
) -> dict[str, Any]:
    """Return what the registry answers: who speaks, and from where."""
    values: dict[str, Any] = {
        "actor_type": organisation.actor_type,
        "organisation": organisation.name.best(lang)[0],
    }
    levels = {
        "region": organisation.region_code,
        "province": organisation.province_code,
        "commune": organisation.commune_code,
    }
    for question in questionnaire.questions:
        if question.kind == QuestionKind.TERRITORY:
            values[question.key] = {level: code for level, code in levels.items() if code}
            break
    return values


def hold(
    session: Session, user: User, position: Position, *roles: MandateRole, now: datetime
) -> Mandate:
    """Take one's turn at a position and return the mandate by which one acts on it.

    :raises ForbiddenError: if no such mandate stands.
    """
    session.refresh(position, with_for_update=True)
    if position.draft is not None:
        session.refresh(position.draft)
    return ensure_mandate(session, user, position.organisation, *roles, today=civil_day(now))


def edit(
    session: Session,
    user: User,
    position: Position,
    section: int,
    typed: Mapping[str, Any],
    *,
    is_done: bool,
    seen: int,
    lang: str,
    now: datetime,
) -> PositionEdit | None:
    """Keep what a delegate typed in a section, flushed; return the edit, None if nothing changed.

    Two people may write in one section: answers that only one of them changed are both kept.

    :param seen: revision of the draft that the person was shown.
    :raises PositionConflictError: if both changed the same answer to something else.
    :raises PositionSignedError: if the position is signed.
    """
    hold(session, user, position, *WRITERS, now=now)
    draft = position.draft
    if draft is None:
        raise errors.PositionNotFoundError
    if position.state == PositionState.SIGNED:
        raise errors.PositionSignedError
    ensure_open(position.consultation, now=now)
    typed = {key: value for key, value in typed.items() if key not in FROM_REGISTRY}
    mine = _own_changes(session, position, typed, draft.values, seen)
    changes = {key: [draft.values.get(key), value] for key, value in mine.items()}
    keep_section(
        session, draft, section, mine, is_done=is_done, lang=lang, now=now, seen=draft.revision
    )
    draft.expires_at = max(draft.expires_at, position.consultation.closes_at + KEPT_AFTER)
    if not changes:
        session.flush()
        return None
    # An edit takes the proposal back; approvals stay, each at the revision it was given to.
    position.state, position.proposed_at = PositionState.DRAFTING, None
    made = PositionEdit(
        position_id=position.id, user_id=user.id, at=now, revision=draft.revision, changes=changes
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        user,
        "positions.edit",
        at=now,
        target=position,
        detail={"revision": draft.revision, "questions": sorted(changes)},
    )
    return made


def _own_changes(
    session: Session,
    position: Position,
    typed: Mapping[str, Any],
    current: Mapping[str, Any],
    seen: int,
) -> dict[str, Any]:
    """Return the answers that this person changed; what others changed meanwhile stays.

    :raises PositionConflictError: where somebody else changed the same ones to something else.
    """
    before = queries.values_at(session, position, seen)
    mine: dict[str, Any] = {}
    theirs: dict[str, Any] = {}
    for key, value in typed.items():
        if _same(value, current.get(key)) or (key in before and _same(value, before[key])):
            continue
        if key in before:
            theirs[key] = current.get(key)
        mine[key] = value
    if theirs:
        raise errors.PositionConflictError(theirs=theirs)
    return mine


def _same(one: Any, other: Any) -> bool:
    """Tell whether two values as typed say the same; empty ones all do."""
    return bool(one == other) or (is_empty(one) and is_empty(other))


# --- remarks ------------------------------------------------------------------------------------


def comment(
    session: Session, user: User, position: Position, *, question: str, body: str, now: datetime
) -> PositionComment:
    """Add a remark on the draft, or on one of its questions, flushed; any holder may.

    :raises CommentMissingError: without a word.
    """
    hold(session, user, position, now=now)
    body = clean_text(body)
    if not body:
        raise errors.CommentMissingError
    if len(body) > COMMENT_LENGTH:
        raise errors.CommentTooLongError(most=COMMENT_LENGTH)
    keys = {one.key for one in position.draft.questionnaire.questions} if position.draft else set()
    made = PositionComment(
        position_id=position.id,
        question_key=question if question in keys else "",
        user_id=user.id,
        at=now,
        body=body,
    )
    session.add(made)
    session.flush()
    audit.record(session, user, "positions.comment", at=now, target=position)
    return made


def resolve(
    session: Session, user: User, position: Position, comment_id: int, *, now: datetime
) -> None:
    """Close a remark, flushed: its author, a delegate or the signatory may; twice changes nothing.

    :raises CommentNotFoundError: if the draft has no such remark.
    """
    mandate = hold(session, user, position, now=now)
    found = session.get(PositionComment, comment_id)
    if found is None or found.position_id != position.id:
        raise errors.CommentNotFoundError
    if mandate.role not in WRITERS and found.user_id != user.id:
        hold(session, user, position, *WRITERS, now=now)
    if found.resolved_at is None:
        found.resolved_at, found.resolved_by_id = now, user.id
        session.flush()
        audit.record(session, user, "positions.resolve", at=now, target=position)


# --- proposing and approving --------------------------------------------------------------------


def propose(
    session: Session, user: User, position: Position, *, revision: int, now: datetime
) -> None:
    """Put the draft before the delegates, flushed; twice changes nothing.

    :raises RevisionChangedError: if it was edited since.
    :raises PositionIncompleteError: if an answer is missing or refused.
    """
    hold(session, user, position, *WRITERS, now=now)
    ensure_unsigned(position, revision, now=now)
    ensure_complete(session, position)
    if position.state == PositionState.PROPOSED:
        return
    position.state, position.proposed_at = PositionState.PROPOSED, now
    session.flush()
    audit.record(
        session, user, "positions.propose", at=now, target=position, detail={"revision": revision}
    )


def approve(
    session: Session, user: User, position: Position, *, revision: int, now: datetime
) -> PositionApproval:
    """Agree with the draft as it stands, flushed; twice is one agreement.

    :raises NotProposedError: if nobody proposed it.
    :raises RevisionChangedError: if it was edited since.
    """
    hold(session, user, position, *WRITERS, now=now)
    ensure_unsigned(position, revision, now=now)
    if position.state != PositionState.PROPOSED:
        raise errors.NotProposedError
    approval = PositionApproval(position_id=position.id, user_id=user.id, revision=revision, at=now)
    try:
        with session.begin_nested():
            session.add(approval)
    except IntegrityError:
        selection = queries.approvals_of(position).where(
            PositionApproval.user_id == user.id, PositionApproval.revision == revision
        )
        return session.scalars(selection).one()
    audit.record(
        session, user, "positions.approve", at=now, target=position, detail={"revision": revision}
    )
    return approval


def ensure_unsigned(position: Position, revision: int, *, now: datetime) -> None:
    """Check that the draft can still move, and that it is the one that was read."""
    ensure_open(position.consultation, now=now)
    if position.state == PositionState.SIGNED:
        raise errors.PositionSignedError
    if position.draft is None or position.draft.revision != revision:
        raise errors.RevisionChangedError


def ensure_complete(session: Session, position: Position) -> Mapping[str, Any]:
    """Return the validated answers.

    :raises PositionIncompleteError: if any is missing or refused.
    """
    if position.draft is None:
        raise errors.PositionNotFoundError
    checked = check_draft(session, position.draft)
    if checked.problems:
        raise errors.PositionIncompleteError
    return checked.values
