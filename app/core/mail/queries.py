"""Selections of letters."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.core.mail.models import Letter, LetterState


def due(now: datetime) -> Select[int]:
    """Select the ids of the letters that are to be sent now, the oldest first."""
    return (
        select(Letter.id)
        .where(Letter.state == LetterState.WAITING, Letter.next_try_at <= now)
        .order_by(Letter.id)
    )


def letters(*, state: str = "", kind: str = "", before: int | None = None) -> Select[Letter]:
    """Select letters, the newest first."""
    selection = select(Letter).order_by(Letter.id.desc())
    if state:
        selection = selection.where(Letter.state == state)
    if kind:
        selection = selection.where(Letter.kind.startswith(kind, autoescape=True))
    return selection if before is None else selection.where(Letter.id < before)


def count_by_state(session: Session) -> dict[str, int]:
    """Count the letters of each state."""
    rows = session.execute(select(Letter.state, func.count()).group_by(Letter.state))
    return {row[0]: row[1] for row in rows}


def get_letter(session: Session, letter_id: int) -> Letter:
    """Return a letter.

    :raises NotFoundError: if there is none.
    """
    letter = session.get(Letter, letter_id)
    if letter is None:
        raise NotFoundError
    return letter
