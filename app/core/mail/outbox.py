"""Putting letters into the outbox, in the transaction of what they tell."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NotRequired, TypedDict, Unpack

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.mail.models import Letter

#: Letters that one statement adds.
MANY = 500


class Words(TypedDict):
    """What a letter is made of.

    ``key`` makes it the same letter (``meetings.invitation:12``), ``body`` is plain text, its lines
    as they are to be sent.
    """

    key: str
    kind: str
    to: str
    subject: str
    body: str
    lang: str
    now: datetime
    enclosures: NotRequired[Iterable[dict[str, Any]]]


def written(**words: Unpack[Words]) -> dict[str, Any]:
    """Return the columns of a letter that is in no outbox yet."""
    return {
        "key": words["key"],
        "kind": words["kind"],
        "recipient": words["to"].strip(),
        "lang": words["lang"],
        "subject": " ".join(words["subject"].split())[:300],
        "body": words["body"],
        "enclosures": list(words.get("enclosures", ())),
        "created_at": words["now"],
        "next_try_at": words["now"],
    }


def post(session: Session, **words: Unpack[Words]) -> Letter:
    """Add a letter, flushed; one that was posted under the same key is returned as it is.

    The letter leaves after the transaction is committed, when a worker finds it.
    """
    return _add(session, written(**words))


def post_all(session: Session, letters: Iterable[dict[str, Any]]) -> None:
    """Add letters that were :func:`written` as :func:`post` adds one, hundreds by one statement."""
    by_key = {letter["key"]: letter for letter in letters}
    keys = list(by_key)
    for begin in range(0, len(keys), MANY):
        some = keys[begin : begin + MANY]
        known = _known(session, some)
        new = [by_key[key] for key in some if key not in known]
        if not new:
            continue
        try:
            with session.begin_nested():
                session.execute(insert(Letter), new)
        except IntegrityError:
            # Somebody posts one of them at this very moment: each key lets one in.
            for letter in new:
                _add(session, letter)


def _known(session: Session, keys: Collection[str]) -> set[str]:
    """Return the keys that are taken."""
    return set(session.scalars(select(Letter.key).where(Letter.key.in_(keys))))


def _add(session: Session, columns: dict[str, Any]) -> Letter:
    """Add a letter; of two under one key, the unique row lets the first in."""
    letter = Letter(**columns)
    try:
        with session.begin_nested():
            session.add(letter)
    except IntegrityError:
        known = session.scalars(select(Letter).where(Letter.key == letter.key)).one_or_none()
        if known is None:
            raise
        return known
    return letter
