"""Drafts: a first draft by one action, then changed and approved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.consultations.models import Consultation
from app.core import audit
from app.core.access import Actor, Role, ensure
from app.reports.body import build, digest
from app.reports.body.outline import Outline, Section, default, lay
from app.reports.drafting.queries import find_open
from app.reports.errors import DraftChangedError, DraftExistsError, NoDraftError
from app.reports.models import DraftState, ReportApproval, ReportDraft
from app.reports.queries import newest_report

#: Who writes and approves.
WRITERS = (Role.ADMINISTRATOR, Role.ANALYST)

#: Makes an outline of another one and of the sections of the first draft.
Decision = Callable[[Outline, list[Section]], Outline]

#: People who must have approved a draft exactly as it is.
N_APPROVALS = 2


def start(
    session: Session, actor: Actor, consultation: Consultation, *, now: datetime
) -> ReportDraft:
    """Make the first draft of the next version, flushed; it takes over the last version's outline.

    :raises ForbiddenError: unless ``actor`` is an analyst or administrator for the consultation.
    :raises NothingToReportError: if there is no finished analysis with a passage.
    :raises DraftExistsError: if one is open already.
    """
    ensure(actor, *WRITERS, consultation=consultation.id)
    if find_open(session, consultation.id) is not None:
        raise DraftExistsError
    outline = _last_outline(session, consultation)
    built = build(session, consultation, outline)
    draft = ReportDraft(
        consultation_id=consultation.id,
        run_id=built.run_id,
        body=built.body,
        sha256=built.sha256,
        cells=built.cells,
        outline=outline,
        created_at=now,
        created_by_id=actor.id,
        updated_at=now,
    )
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError:
        raise DraftExistsError from None
    audit.record(session, actor, "reports.start_draft", at=now, target=draft)
    return draft


def _last_outline(session: Session, consultation: Consultation) -> dict[str, Any]:
    """Return what people decided of the last version published."""
    newest = newest_report(session, consultation.id)
    if newest is None:
        return {}
    found = session.query(ReportDraft).filter(ReportDraft.report_id == newest.id).one_or_none()
    return dict(found.outline) if found else {}


def renew(
    session: Session, actor: Actor, draft: ReportDraft, *, seen: int, now: datetime
) -> ReportDraft:
    """Build a draft anew from the data as they stand, its outline kept, flushed.

    :param seen: the revision that the actor was shown.
    :raises DraftChangedError: if somebody changed it meanwhile.
    :raises NothingToReportError: if there is nothing to report on any more.
    """
    ensure(actor, *WRITERS, consultation=draft.consultation_id)
    take_turn(session, draft, seen=seen)
    built = build(session, draft.consultation, draft.outline)
    draft.run_id, draft.body, draft.sha256 = built.run_id, built.body, built.sha256
    draft.cells, draft.updated_at = built.cells, now
    session.flush()
    audit.record(session, actor, "reports.renew_draft", at=now, target=draft)
    return draft


def change(
    session: Session,
    actor: Actor,
    draft: ReportDraft,
    decide: Decision,
    *,
    seen: int,
    now: datetime,
) -> ReportDraft:
    """Decide something of a draft's sections, flushed; approvals of another state lapse.

    The figures stay those that were there: only :func:`renew` takes newer ones.

    :param decide: makes another outline of the outline and the sections of the first draft
        (:mod:`app.reports.drafting.outlines`).
    :raises DraftChangedError: if somebody changed it meanwhile.
    :raises NoDraftError: if it is no longer open.
    And what ``decide`` raises.
    """
    ensure(actor, *WRITERS, consultation=draft.consultation_id)
    take_turn(session, draft, seen=seen)
    sections = default(draft.body)
    outline = decide(draft.outline, sections)
    body = draft.body | {"sections": lay(outline, sections)}
    draft.body, draft.sha256 = body, digest(body)
    draft.outline, draft.updated_at = outline, now
    session.flush()
    audit.record(session, actor, "reports.change_draft", at=now, target=draft)
    return draft


def take_turn(session: Session, draft: ReportDraft, *, seen: int) -> None:
    """Raise the revision if it is still the one that was seen: of two at once, one gets it."""
    taken = session.execute(
        update(ReportDraft)
        .where(
            ReportDraft.id == draft.id,
            ReportDraft.revision == seen,
            ReportDraft.state == DraftState.OPEN,
        )
        .values(revision=seen + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(draft)
    if taken.rowcount == 1:  # type: ignore[attr-defined]
        return
    if draft.state != DraftState.OPEN:
        raise NoDraftError
    raise DraftChangedError


def approve(
    session: Session, person: User, draft: ReportDraft, *, sha256: str, now: datetime
) -> ReportApproval:
    """Vouch for a draft exactly as it was shown, flushed; twice by one person is once.

    :param sha256: the hash of the body that the person was shown.
    :raises DraftChangedError: if the draft is another one by now.
    """
    ensure(person, *WRITERS, consultation=draft.consultation_id)
    if draft.state != DraftState.OPEN:
        raise NoDraftError
    if draft.sha256 != sha256:
        raise DraftChangedError
    row = ReportApproval(user_id=person.id, user_label=person.name, sha256=sha256, at=now)
    row.draft_id = draft.id
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return next(a for a in approvals(draft) if a.user_id == person.id)
    session.refresh(draft, ["approvals"])
    audit.record(
        session, person, "reports.approve", at=now, target=draft, detail={"sha256": sha256}
    )
    return row


def withdraw_approval(session: Session, person: User, draft: ReportDraft, *, now: datetime) -> None:
    """Take one's approval back, flushed."""
    for row in approvals(draft):
        if row.user_id == person.id:
            draft.approvals.remove(row)
            audit.record(session, person, "reports.withdraw_approval", at=now, target=draft)
    session.flush()


def approvals(draft: ReportDraft) -> list[ReportApproval]:
    """Return the approvals of a draft exactly as it is, one a person."""
    return [row for row in draft.approvals if row.sha256 == draft.sha256]


def discard(
    session: Session, actor: Actor, draft: ReportDraft, *, seen: int, now: datetime
) -> None:
    """Give a draft up, flushed; it is kept with its comments."""
    ensure(actor, *WRITERS, consultation=draft.consultation_id)
    take_turn(session, draft, seen=seen)
    draft.state, draft.updated_at = DraftState.DISCARDED, now
    session.flush()
    audit.record(session, actor, "reports.discard_draft", at=now, target=draft)
