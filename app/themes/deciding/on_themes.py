"""Decisions on themes: name, merge, split, make, exclude, restore, validate."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import Actor
from app.core.db import Texts
from app.themes import errors
from app.themes.deciding.on_passages import chosen_rows
from app.themes.ledger.folding import Put
from app.themes.ledger.kinds import Kind
from app.themes.ledger.recording import append, clean_reason, must_be_seen, take_turn
from app.themes.ledger.settling import settle, take_names
from app.themes.models import Theme, ThemeEvent
from app.themes.names import LANGUAGES, NAME_LIMIT, key_of
from app.themes.queries import newest_run, root_of, themes_of


@dataclass(frozen=True)
class Part:
    """A part to be made a theme of its own: its names and its passages."""

    name_fr: str
    name_ar: str
    passage_ids: Sequence[int]


def rename(
    session: Session,
    actor: Actor,
    theme: Theme,
    *,
    name_fr: str,
    name_ar: str,
    seen: int | None = None,
    proposal: int | None = None,
    reason: str = "",
    now: datetime,
) -> ThemeEvent:
    """Give a theme its names; from now on no run changes them.

    :raises NameMissingError: if one of the two is empty.
    :raises NameTakenError: if another active theme bears one of them.
    :raises ThemeChangedError: if somebody decided on it since ``seen``.
    """
    begin(session, actor, theme, seen)
    names = checked_names(name_fr, name_ar)
    before = dict(theme.name)
    theme.name, theme.is_named_by_hand = names, True
    _take_names(session, theme)
    payload = {"from": before, "to": dict(names)} | _of(proposal)
    return decide(session, actor, theme, Kind.RENAME, payload, reason=clean_reason(reason), now=now)


def merge(
    session: Session,
    actor: Actor,
    theme: Theme,
    into: Theme,
    *,
    seen: int | None = None,
    proposal: int | None = None,
    reason: str = "",
    now: datetime,
) -> ThemeEvent:
    """Count a theme, and those merged into it, under another one.

    :raises MergeWithItselfError: if ``into`` is the theme or is counted under it.
    :raises MergeTargetError: if ``into`` is not an active theme of the same consultation.
    """
    take_turn(session, actor, theme.consultation_id)
    session.refresh(theme)
    session.refresh(into)
    by_id = {one.id: one for one in session.scalars(themes_of(theme.consultation_id))}
    if into.id == theme.id or root_of(into, by_id | {into.id: into}).id == theme.id:
        raise errors.MergeWithItselfError
    if into.consultation_id != theme.consultation_id or into.state != "active":
        raise errors.MergeTargetError
    must_be_active(theme)
    must_be_seen(session, theme, seen)
    theme.state, theme.merged_into_id = "merged", into.id
    theme.key_fr = theme.key_ar = None
    payload = {"into": into.id, "name": dict(theme.name), "into_name": dict(into.name)}
    event = decide(
        session,
        actor,
        theme,
        Kind.MERGE,
        payload | _of(proposal),
        also=[into],
        reason=clean_reason(reason),
        now=now,
    )
    _settle_group(session, theme)
    return event


def exclude(
    session: Session,
    actor: Actor,
    theme: Theme,
    *,
    reason: str,
    seen: int | None = None,
    now: datetime,
) -> ThemeEvent:
    """Take a theme out of the results, for a reason that the report prints.

    Its passages, those of the themes merged into it, and their copies become ``excluded``.

    :raises ReasonMissingError: without a reason.
    """
    begin(session, actor, theme, seen)
    reason = clean_reason(reason, is_needed=True)
    theme.state, theme.excluded_reason = "excluded", reason
    theme.key_fr = theme.key_ar = None
    payload = {"name": dict(theme.name)}
    event = decide(session, actor, theme, Kind.EXCLUDE, payload, reason=reason, now=now)
    _settle_group(session, theme)
    return event


def restore(
    session: Session, actor: Actor, theme: Theme, *, seen: int | None = None, now: datetime
) -> ThemeEvent:
    """Take a merge or an exclusion back: the theme is active again, with its passages.

    :raises ThemeActiveError: if it is neither merged nor excluded.
    :raises NameTakenError: if another theme took one of its names meanwhile.
    """
    take_turn(session, actor, theme.consultation_id)
    session.refresh(theme)
    must_be_seen(session, theme, seen)
    if theme.state not in {"merged", "excluded"}:
        raise errors.ThemeActiveError(name=theme.names.best("fr")[0])
    undone = {"state": theme.state, "into": theme.merged_into_id, "reason": theme.excluded_reason}
    theme.state, theme.merged_into_id, theme.excluded_reason = "active", None, ""
    _take_names(session, theme)
    event = decide(session, actor, theme, Kind.RESTORE, {"undone": undone}, now=now)
    _settle_group(session, theme)
    return event


def validate(
    session: Session,
    actor: Actor,
    theme: Theme,
    *,
    is_validated: bool = True,
    seen: int | None = None,
    reason: str = "",
    now: datetime,
) -> ThemeEvent | None:
    """Mark a theme as good, or no longer; None if it is so already."""
    begin(session, actor, theme, seen)
    if theme.is_validated == is_validated:
        return None
    theme.is_validated = is_validated
    payload = {"is_validated": is_validated}
    return decide(
        session, actor, theme, Kind.VALIDATE, payload, reason=clean_reason(reason), now=now
    )


def create(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    *,
    name_fr: str,
    name_ar: str,
    passage_ids: Collection[int] = (),
    seen: int | None = None,
    reason: str = "",
    now: datetime,
) -> Theme:
    """Make a theme that no run found, with passages taken from wherever they are.

    :raises NoAnalysisError: before the first analysis.
    :raises PassagesChangedError: if somebody decided on one of the passages since ``seen``.
    """
    take_turn(session, actor, consultation.id)
    theme = _bear(session, consultation.id, checked_names(name_fr, name_ar), now)
    puts = []
    if passage_ids:
        rows = chosen_rows(session, actor, consultation.id, passage_ids, seen)
        puts = [Put(row.passage_id, theme.id, row.theme_id) for row in rows]
    payload = {"name": dict(theme.name)}
    why = clean_reason(reason)
    decide(session, actor, theme, Kind.CREATE, payload, puts=puts, reason=why, now=now)
    settle(session, consultation.id, passage_ids={put.passage_id for put in puts})
    return theme


def split(
    session: Session,
    actor: Actor,
    theme: Theme,
    parts: Sequence[Part],
    *,
    seen: int | None = None,
    proposal: int | None = None,
    now: datetime,
) -> list[Theme]:
    """Make themes of their own of parts of a theme, which stays with what is left.

    :param seen: the newest event of the consultation that its author has seen.
    :raises SplitError: if a part has no passage, one that is not in the theme, or one that
        another part has.
    """
    take_turn(session, actor, theme.consultation_id)
    session.refresh(theme)
    must_be_active(theme)
    wanted = [passage for part in parts for passage in part.passage_ids]
    if not parts or not all(part.passage_ids for part in parts) or len(set(wanted)) < len(wanted):
        raise errors.SplitError
    rows = chosen_rows(session, actor, theme.consultation_id, wanted, seen)
    by_id = {one.id: one for one in session.scalars(themes_of(theme.consultation_id))}
    theme_of = {row.passage_id: row.theme_id for row in rows}
    if any(
        source is None or root_of(by_id[source], by_id).id != theme.id
        for source in theme_of.values()
    ):
        raise errors.SplitError
    originals = {row.asked_id: row.passage_id for row in rows}
    born: list[Theme] = []
    puts: dict[int, Put] = {}
    for part in parts:
        names = checked_names(part.name_fr, part.name_ar)
        new = _bear(session, theme.consultation_id, names, now)
        born.append(new)
        for asked in part.passage_ids:
            passage_id = originals[asked]
            puts.setdefault(passage_id, Put(passage_id, new.id, theme_of[passage_id]))
    payload = {"parts": [{"theme_id": new.id, "name": dict(new.name)} for new in born]}
    decide(
        session,
        actor,
        theme,
        Kind.SPLIT,
        payload | _of(proposal),
        also=born,
        puts=list(puts.values()),
        now=now,
    )
    settle(session, theme.consultation_id, passage_ids=set(puts))
    return born


def checked_names(name_fr: str, name_ar: str) -> Texts:
    """Return names fit to be given.

    :raises NameMissingError: if one of the two is empty.
    :raises NameTooLongError: if one does not fit.
    """
    names = Texts(fr=" ".join(name_fr.split()), ar=" ".join(name_ar.split()))
    if not all(key_of(names[code]) for code in LANGUAGES):
        raise errors.NameMissingError
    if max(len(name) for name in names.values()) > NAME_LIMIT:
        raise errors.NameTooLongError(limit=NAME_LIMIT)
    return names


def must_be_active(theme: Theme) -> None:
    """Refuse decisions on a theme that is not active."""
    if theme.state != "active":
        raise errors.ThemeNotActiveError(name=theme.names.best("fr")[0])


def begin(session: Session, actor: Actor, theme: Theme, seen: int | None) -> None:
    """Take one's turn on an active theme of which everything was seen."""
    take_turn(session, actor, theme.consultation_id)
    session.refresh(theme)
    must_be_active(theme)
    must_be_seen(session, theme, seen)


def _bear(session: Session, consultation_id: int, names: Texts, now: datetime) -> Theme:
    """Add a theme made by hand, its names reserved, flushed."""
    run = session.scalars(newest_run(consultation_id)).first()
    if run is None:
        raise errors.NoAnalysisError
    theme = Theme(
        consultation_id=consultation_id,
        name=names,
        found_name=names,
        is_named_by_hand=True,
        is_made_by_hand=True,
        first_run_id=run.id,
        last_run_id=run.id,
        created_at=now,
    )
    session.add(theme)
    session.flush()
    _take_names(session, theme)
    return theme


def _take_names(session: Session, theme: Theme) -> None:
    """Reserve the names a theme has now."""
    theme.key_fr = theme.key_ar = None
    session.flush()
    take_names(session, [theme])


def _of(proposal: int | None) -> dict[str, Any]:
    """Return the part of a payload that says which proposal was accepted."""
    return {} if proposal is None else {"proposal": proposal}


def _settle_group(session: Session, theme: Theme) -> None:
    """Write where the passages of a theme, and of those merged into it, are now."""
    session.flush()
    by_id = {one.id: one for one in session.scalars(themes_of(theme.consultation_id))}
    group = {one.id for one in by_id.values() if theme.id in _ends(one, by_id)}
    settle(session, theme.consultation_id, theme_ids=group)


def _ends(theme: Theme, by_id: Mapping[int, Theme]) -> set[int]:
    """Return a theme and those it is merged into, one after the other."""
    chain = {theme.id}
    while theme.merged_into_id is not None:
        theme = by_id[theme.merged_into_id]
        chain.add(theme.id)
    return chain


def decide(
    session: Session,
    actor: Actor,
    theme: Theme,
    kind: Kind,
    payload: dict[str, Any],
    *,
    also: Sequence[Theme] = (),
    puts: Sequence[Put] = (),
    reason: str = "",
    now: datetime,
) -> ThemeEvent:
    """Append the decision."""
    return append(
        session,
        actor,
        theme.consultation_id,
        kind,
        theme=theme,
        also=also,
        payload=payload,
        puts=puts,
        reason=reason,
        now=now,
    )
