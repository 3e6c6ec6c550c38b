"""Subscribing: an address is told of versions only once it confirmed; ended, it is forgotten."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.mail import Letter
from app.reports.models import ReportSubscription
from app.reports.publishing.errors import LinkEndedError

#: How long an address that did not confirm is kept.
PATIENCE = timedelta(days=7)
#: How long until the same address is asked again.
PAUSE = timedelta(days=1)


def ask(
    session: Session, consultation: Consultation, email: str, lang: str, *, now: datetime
) -> ReportSubscription | None:
    """Keep an address until it confirms, flushed; return it if a letter should be written to it.

    Whoever asks is told the same in every case, so that nobody learns which addresses are known.
    """
    forget_unconfirmed(session, now=now)
    address = email.strip().lower()
    row = ReportSubscription(
        consultation_id=consultation.id,
        email=address,
        lang=lang,
        token=secrets.token_urlsafe(32),
        asked_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return _again(session, consultation, address, lang, now=now)
    return row


def _again(
    session: Session, consultation: Consultation, address: str, lang: str, *, now: datetime
) -> ReportSubscription | None:
    """Return the subscription of an address that asks a second time, if it is to be written to."""
    known = session.scalars(
        select(ReportSubscription).where(
            ReportSubscription.consultation_id == consultation.id,
            ReportSubscription.email == address,
        )
    ).one_or_none()
    if known is None or known.confirmed_at is not None or known.asked_at > now - PAUSE:
        return None
    known.asked_at, known.lang = now, lang
    session.flush()
    return known


def forget_unconfirmed(session: Session, *, now: datetime) -> None:
    """Forget the addresses that never confirmed."""
    session.execute(
        delete(ReportSubscription).where(
            ReportSubscription.confirmed_at.is_(None),
            ReportSubscription.asked_at <= now - PATIENCE,
        )
    )


def of_token(session: Session, token: str) -> ReportSubscription:
    """Return the subscription of an address in a letter.

    :raises LinkEndedError: if there is none, or none any more.
    """
    found = find_by_token(session, token)
    if found is None:
        raise LinkEndedError
    return found


def find_by_token(session: Session, token: str) -> ReportSubscription | None:
    """Return the subscription of an address in a letter, if there still is one."""
    return session.scalars(
        select(ReportSubscription).where(ReportSubscription.token == token)
    ).one_or_none()


def confirm(session: Session, row: ReportSubscription, *, now: datetime) -> None:
    """Confirm an address, flushed; twice is once."""
    if row.confirmed_at is None:
        row.confirmed_at = now
        session.flush()


def end(session: Session, row: ReportSubscription) -> None:
    """End a subscription and forget the address, in letters too, flushed."""
    mark = mark_of(row)
    session.execute(
        delete(Letter).where(
            Letter.recipient == row.email,
            Letter.key.like(f"reports.%:{mark}:%"),
        )
    )
    session.delete(row)
    session.flush()


def mark_of(row: ReportSubscription) -> str:
    """Return what stands for a subscription in the keys of letters; it does not give its secret."""
    return sha256(row.token.encode()).hexdigest()[:24]


def told(session: Session, consultation_id: int) -> list[ReportSubscription]:
    """Return those who are told of a consultation's versions."""
    return list(
        session.scalars(
            select(ReportSubscription)
            .where(
                ReportSubscription.consultation_id == consultation_id,
                ReportSubscription.confirmed_at.is_not(None),
            )
            .order_by(ReportSubscription.id)
        )
    )
