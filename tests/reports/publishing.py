"""Publishing in one step, as tests need it: the draft is written, approved by two, published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.consultations.models import Consultation
from app.core.access import Role
from app.reports.drafting import operations as drafting
from app.reports.drafting.queries import find_open
from app.reports.errors import NothingNewError
from app.reports.models import Report, ReportDraft
from app.reports.operations import publish as publish_draft
from app.reports.queries import newest_report
from tests import factories


def approver() -> User:
    """Return somebody who may approve."""
    user: User = factories.UserFactory()
    factories.grant(user, Role.ANALYST)
    return user


def approved(
    session: Session, actor: Any, consultation: Consultation, *, now: datetime
) -> ReportDraft:
    """Return the draft as the data stand, approved by two people."""
    draft = find_open(session, consultation.id)
    if draft is None:
        draft = drafting.start(session, actor, consultation, now=now)
    else:
        drafting.renew(session, actor, draft, seen=draft.revision, now=now)
    for _each in range(drafting.N_APPROVALS):
        drafting.approve(session, approver(), draft, sha256=draft.sha256, now=now)
    return draft


def publish(
    session: Session, actor: Any, consultation: Consultation, *, now: datetime, render: Any = None
) -> Report:
    """Publish a consultation's report as the data stand; what says nothing new is not."""
    draft = approved(session, actor, consultation, now=now)
    make = {"pdf": render} if render else None
    try:
        return publish_draft(session, actor, draft, now=now, make=make)
    except NothingNewError:
        newest = newest_report(session, consultation.id)
        assert newest is not None
        return newest
