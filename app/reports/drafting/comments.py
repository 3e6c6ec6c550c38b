"""Comments on a draft: on the whole, on a section, on a sentence of it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor, ensure
from app.core.errors import NotFoundError
from app.core.text import clean_text
from app.reports.body.outline import default
from app.reports.drafting.operations import WRITERS
from app.reports.drafting.outlines import find
from app.reports.errors import NoDraftError, NoWordsError, UnknownSectionError, WordsTooLongError
from app.reports.models import DraftState, ReportComment, ReportDraft

#: Most characters of a comment.
LONGEST = 4000


def comment(
    session: Session,
    actor: Actor,
    draft: ReportDraft,
    *,
    text: str,
    now: datetime,
    section: str = "",
    claim: str = "",
) -> ReportComment:
    """Add a comment, flushed; the same words said twice running at one place are one comment.

    Comments change nothing of the body, so no approval lapses.

    :raises NoDraftError: if the draft is no longer open.
    :raises UnknownSectionError: if the draft has no such section, or the section no such claim.
    :raises NoWordsError, WordsTooLongError: if there is nothing in it, or too much.
    """
    ensure(actor, *WRITERS, consultation=draft.consultation_id)
    _wait_for(session, draft)
    words = clean_text(text)
    if not words:
        raise NoWordsError
    if len(words) > LONGEST:
        raise WordsTooLongError(most=LONGEST)
    _check_place(draft, section, claim)
    session.refresh(draft, ["comments"])
    before = [row for row in draft.comments if (row.section, row.claim) == (section, claim)]
    if before and (before[-1].author_id, before[-1].text) == (actor.id, words):
        return before[-1]
    row = ReportComment(
        section=section,
        claim=claim,
        text=words,
        author_id=actor.id,
        author_label=actor.label,
        at=now,
    )
    draft.comments.append(row)
    session.flush()
    audit.record(session, actor, "reports.comment", at=now, target=draft)
    return row


def settle(
    session: Session, actor: Actor, draft: ReportDraft, comment_id: int, *, now: datetime
) -> ReportComment:
    """Note that a comment is settled, flushed; twice is once.

    :raises NotFoundError: if the draft has no such comment.
    :raises NoDraftError: if the draft is no longer open.
    """
    ensure(actor, *WRITERS, consultation=draft.consultation_id)
    _wait_for(session, draft)
    row = next((row for row in draft.comments if row.id == comment_id), None)
    if row is None:
        raise NotFoundError
    if row.settled_at is None:
        row.settled_at, row.settled_by_label = now, actor.label
        session.flush()
        audit.record(session, actor, "reports.settle_comment", at=now, target=draft)
    return row


def open_by_section(draft: ReportDraft) -> Counter[str]:
    """Count the comments that wait, by section; the empty name is the whole."""
    return Counter(row.section for row in draft.comments if row.settled_at is None)


def _wait_for(session: Session, draft: ReportDraft) -> None:
    """Take one's turn on the draft, which must be open."""
    state = session.scalar(
        select(ReportDraft.state).where(ReportDraft.id == draft.id).with_for_update()
    )
    if state != DraftState.OPEN:
        raise NoDraftError


def _check_place(draft: ReportDraft, section: str, claim: str) -> None:
    """Refuse a comment on something that is not there."""
    if not section:
        if claim:
            raise UnknownSectionError
        return
    place = find(draft.outline, default(draft.body), section)
    if claim and claim not in place.everything:
        raise UnknownSectionError
