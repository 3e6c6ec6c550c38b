"""What is said about a theme beside its name: definition, rules, axis, population, parent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import Actor
from app.core.db import Texts
from app.themes import errors
from app.themes.deciding.on_themes import begin, decide
from app.themes.ledger.kinds import Kind
from app.themes.ledger.recording import clean_reason
from app.themes.models import Theme, ThemeEvent
from app.themes.names import LANGUAGES
from app.themes.queries import themes_of

#: Longest definition or rule, in characters.
TEXT_LIMIT = 4_000
_DESCRIBED = ("definition", "inclusion", "exclusion")
_ATTACHED = ("axis_id", "population_id", "parent_id")


def describe(
    session: Session,
    actor: Actor,
    theme: Theme,
    *,
    texts: Mapping[str, Mapping[str, str]],
    seen: int | None = None,
    reason: str = "",
    now: datetime,
) -> ThemeEvent | None:
    """Write a theme's definition and rules, by language; None if nothing is new.

    :param texts: some of ``definition``, ``inclusion`` and ``exclusion``.
    :raises TextTooLongError: if one of them does not fit.
    """
    begin(session, actor, theme, seen)
    wanted = {
        column: {code: value for code in LANGUAGES if (value := texts[column].get(code, ""))}
        for column in _DESCRIBED
        if column in texts
    }
    if any(len(value) > TEXT_LIMIT for text in wanted.values() for value in text.values()):
        raise errors.TextTooLongError(limit=TEXT_LIMIT)
    before = {column: dict(getattr(theme, column) or {}) for column in wanted}
    changed = {column: text for column, text in wanted.items() if text != before[column]}
    if not changed:
        return None
    for column, text in changed.items():
        setattr(theme, column, Texts(text))
    payload = {"from": {column: before[column] for column in changed}, "to": changed}
    kind, why = Kind.DESCRIBE, clean_reason(reason)
    return decide(session, actor, theme, kind, payload, reason=why, now=now)


def attach(
    session: Session,
    actor: Actor,
    theme: Theme,
    *,
    to: Mapping[str, int | None],
    seen: int | None = None,
    reason: str = "",
    now: datetime,
) -> ThemeEvent | None:
    """Attach a theme to an axis, a population, a parent; None if nothing is new.

    :param to: some of ``axis_id``, ``population_id`` and ``parent_id``; None detaches.
    :raises AttachmentError: if one of them is not of the consultation, or the parent is the theme
        itself or under it.
    """
    begin(session, actor, theme, seen)
    wanted = {column: to[column] for column in _ATTACHED if column in to}
    changed = {c: value for c, value in wanted.items() if value != getattr(theme, c)}
    if not changed:
        return None
    _check_attachment(session, theme, changed)
    before = {column: getattr(theme, column) for column in changed}
    for column, value in changed.items():
        setattr(theme, column, value)
    payload = {"from": before, "to": changed}
    return decide(session, actor, theme, Kind.ATTACH, payload, reason=clean_reason(reason), now=now)


def _check_attachment(session: Session, theme: Theme, to: Mapping[str, int | None]) -> None:
    """Refuse what is of another consultation, and circles of parents."""
    consultation = session.get_one(Consultation, theme.consultation_id)
    if to.get("axis_id") not in {None, *(axis.id for axis in consultation.axes)}:
        raise errors.AttachmentError
    if to.get("population_id") not in {None, *(one.id for one in consultation.populations)}:
        raise errors.AttachmentError
    parent_id = to.get("parent_id")
    if parent_id is None:
        return
    by_id = {one.id: one for one in session.scalars(themes_of(theme.consultation_id))}
    if parent_id not in by_id or by_id[parent_id].state != "active":
        raise errors.AttachmentError
    above: int | None = parent_id
    while above is not None:
        if above == theme.id:
            raise errors.AttachmentError
        above = by_id[above].parent_id
