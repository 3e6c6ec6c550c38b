"""Signing a common draft: one official position of an organisation in a consultation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core import audit
from app.core.text import clean_text
from app.organisations.errors import NotVerifiedError
from app.organisations.models import ActorType, MandateRole, OrganisationState
from app.submissions.models import Channel, Position, PositionState, Submission, SubmissionState
from app.submissions.operations import ensure_agreed, ensure_open
from app.submissions.positions import errors, queries
from app.submissions.positions.operations import ensure_complete, ensure_unsigned, hold
from app.submissions.recording import Said, record_submission


def sign(
    session: Session,
    user: User,
    position: Position,
    *,
    revision: int,
    function: str,
    notice_id: int | None,
    has_agreed: bool,
    lang: str,
    now: datetime,
) -> Submission:
    """Make the draft the organisation's official position, flushed; signing twice gives the same.

    Whoever calls has made sure that it is the signatory in person (their password).

    :raises ForbiddenError: if the person's mandate as a signatory does not stand.
    :raises NotVerifiedError: if the coordination has not verified the organisation.
    :raises RevisionChangedError: if the draft is not the one that was read.
    :raises PositionIncompleteError: if an answer is missing or refused.
    """
    hold(session, user, position, MandateRole.SIGNATORY, now=now)
    if position.state == PositionState.SIGNED and position.submission is not None:
        return position.submission
    organisation, notice = position.organisation, position.consultation.notice
    session.refresh(organisation)
    if organisation.state != OrganisationState.VERIFIED:
        raise NotVerifiedError
    ensure_unsigned(position, revision, now=now)
    ensure_agreed(notice, notice_id, has_agreed=has_agreed)
    function = " ".join(clean_text(function).split())[:200]
    if not function:
        raise errors.FunctionMissingError
    values = ensure_complete(session, position)
    draft = position.draft
    if draft is None:
        raise errors.PositionNotFoundError
    said = Said(
        questionnaire=draft.questionnaire,
        values=values,
        actor_type=ActorType(organisation.actor_type),
        organisation=organisation.name.best(lang)[0],
        channel=Channel.WEB,
        lang=lang,
        key=_key(session, position),
        organisation_id=organisation.id,
        is_official=True,
    )
    try:
        row, _is_new = record_submission(session, said, notice=notice, now=now)
    except IntegrityError as error:
        raise errors.AlreadyOfficialError from error
    if row.region_code is None:
        row.region_code, row.province_code = organisation.region_code, organisation.province_code
    position.state, position.submission_id = PositionState.SIGNED, row.id
    position.signed_at, position.signed_by_id, position.signed_as = now, user.id, function
    session.flush()
    session.refresh(position)
    audit.record(
        session,
        user,
        "positions.sign",
        at=now,
        target=position,
        detail={"revision": revision, "submission": row.id, "as": function},
    )
    return row


def _key(session: Session, position: Position) -> str:
    """Return what makes a signature the same when it is sent twice.

    A position that was reopened is signed anew, beside the one that was withdrawn.
    """
    earlier = queries.official_of(position.consultation_id, position.organisation_id)
    n_signed = session.scalar(select(func.count()).select_from(earlier.subquery())) or 0
    return f"position:{position.id}" if not n_signed else f"position:{position.id}:{n_signed + 1}"


def reopen(session: Session, user: User, position: Position, *, now: datetime) -> None:
    """Take a signed position back to drafting, flushed, until closing.

    The submission is withdrawn and kept; signing again makes a new one.

    :raises ForbiddenError: if the person's mandate as a signatory does not stand.
    :raises ConsultationNotOpenError: after closing.
    :raises NothingToReopenError: if it is not signed.
    """
    hold(session, user, position, MandateRole.SIGNATORY, now=now)
    ensure_open(position.consultation, now=now)
    if position.state != PositionState.SIGNED:
        raise errors.NothingToReopenError
    withdrawn = position.submission
    if withdrawn is not None and withdrawn.state == SubmissionState.RECEIVED:
        withdrawn.state, withdrawn.changed_at = SubmissionState.WITHDRAWN, now
    position.state = PositionState.DRAFTING
    position.proposed_at = position.signed_at = position.signed_by_id = None
    position.signed_as, position.submission_id = "", None
    session.flush()
    session.refresh(position)
    audit.record(
        session,
        user,
        "positions.reopen",
        at=now,
        target=position,
        detail={"submission": withdrawn.id if withdrawn is not None else None},
    )
