"""Publishing a version of the notice of law 09-08."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.consultations.models import Consultation, PrivacyNotice
from app.core import audit
from app.core.access import Actor, Role, ensure
from app.core.db import Texts
from app.core.errors import DomainError


class NoticeUnchangedError(DomainError):
    """The version says what the one that stands says."""

    message = _l("This is what the notice says already: nothing was published.")
    status = 422


class NoticeMeanwhileError(DomainError):
    """Somebody published a version at the same moment."""

    message = _l("Another version was published meanwhile. Read it, then try again.")


def publish_notice(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    *,
    body: Texts,
    statement: Texts,
    now: datetime,
) -> PrivacyNotice:
    """Add the version that those who send from now on agree to, flushed.

    Agreements given before keep the version that they were given to.

    :raises ForbiddenError: unless ``actor`` administers the consultation.
    :raises NoticeUnchangedError: if nothing differs.
    :raises NoticeMeanwhileError: if somebody published another one at the same moment.
    """
    ensure(actor, Role.ADMINISTRATOR, consultation=consultation.id)
    last = consultation.notice
    pairs = ((last.body, body), (last.statement, statement))
    if all(old.get(code) == words for old, new in pairs for code, words in new.items()):
        raise NoticeUnchangedError
    notice = PrivacyNotice(
        consultation_id=consultation.id,
        version=last.version + 1,
        body=body,
        statement=statement,
        published_at=now,
    )
    try:
        with session.begin_nested():
            session.add(notice)
    except IntegrityError:
        raise NoticeMeanwhileError from None
    session.refresh(consultation, ["notices"])
    audit.record(
        session,
        actor,
        "consultations.publish_notice",
        at=now,
        target=consultation,
        detail={"version": notice.version},
    )
    return notice
