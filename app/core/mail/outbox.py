"""Putting letters into the outbox, in the transaction of what they tell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.mail.models import Letter


def post(
    session: Session,
    *,
    key: str,
    kind: str,
    to: str,
    subject: str,
    body: str,
    lang: str,
    now: datetime,
    enclosures: Iterable[dict[str, Any]] = (),
) -> Letter:
    """Add a letter, flushed; one that was posted under the same key is returned as it is.

    The letter leaves after the transaction is committed, when a worker finds it.

    :param key: what makes it the same letter, ``meetings.invitation:12``.
    :param body: plain text, lines as they are to be sent.
    """
    letter = Letter(
        key=key,
        kind=kind,
        recipient=to.strip(),
        lang=lang,
        subject=" ".join(subject.split())[:300],
        body=body,
        enclosures=list(enclosures),
        created_at=now,
        next_try_at=now,
    )
    try:
        with session.begin_nested():
            session.add(letter)
    except IntegrityError:
        known = session.scalars(select(Letter).where(Letter.key == key)).one_or_none()
        if known is None:
            raise
        return known
    return letter
