"""Taking a draft up on another device: by a code that the draft is given when it is asked for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.submissions import queries, receipts
from app.submissions.errors import DraftCodeNotFoundError
from app.submissions.models import Draft

#: Two equal codes among a million are already unlikely; this many in a row do not happen.
_ATTEMPTS = 5


def give_code(session: Session, draft: Draft) -> str:
    """Return the draft's code, made and flushed the first time that it is asked for."""
    for attempt in range(_ATTEMPTS):
        if draft.code is not None:
            return draft.code
        # Two devices may ask at the same instant: the row takes the first code only.
        wanted = (
            update(Draft)
            .where(Draft.id == draft.id, Draft.code.is_(None))
            .values(code=receipts.new_code(receipts.DRAFT_LENGTH))
        )
        try:
            with session.begin_nested():
                session.execute(wanted)
        except IntegrityError:
            if attempt == _ATTEMPTS - 1:
                raise
        session.refresh(draft)
    raise AssertionError("unreachable")


def get_by_code(session: Session, typed: str, *, now: datetime) -> Draft:
    """Return the draft whose code somebody typed, however they typed it.

    :raises DraftCodeNotFoundError: if there is none in progress, or if it could be several.
    """
    codes = receipts.readings(typed, receipts.DRAFT_LENGTH)
    found = session.scalars(queries.coded_drafts(codes, now=now)).all() if codes else []
    if len(found) != 1:
        raise DraftCodeNotFoundError
    return found[0]
