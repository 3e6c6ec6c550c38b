"""Accept or refuse what the machine proposes; accepting is a decision like any other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core.access import Actor
from app.core.db import Texts
from app.themes import errors
from app.themes.deciding import on_themes
from app.themes.ledger.kinds import Kind
from app.themes.ledger.reading import batches
from app.themes.ledger.recording import append, clean_reason, take_turn
from app.themes.ledger.settling import settle, take_names
from app.themes.models import (
    PassageState,
    Placement,
    Proposal,
    ProposalState,
    Theme,
    ThemeEvent,
)
from app.themes.queries import newest_run, root_of, themes_of


def accept(
    session: Session,
    actor: Actor,
    proposal: Proposal,
    *,
    name_fr: str = "",
    name_ar: str = "",
    now: datetime,
) -> ThemeEvent:
    """Do what a proposal says, with other names than the machine's if some are given.

    :raises ProposalClosedError: if it is no longer open, or its themes are no longer active.
    :raises NameTakenError: if another theme bears one of the names.
    """
    theme = _begin(session, actor, proposal)
    names = dict(proposal.payload.get("name") or theme.name)
    name_fr, name_ar = name_fr or names.get("fr", ""), name_ar or names.get("ar", "")
    if proposal.kind == "new":
        event = _accept_new(session, actor, proposal, theme, name_fr, name_ar, now)
    elif proposal.kind == "rename":
        event = on_themes.rename(
            session,
            actor,
            theme,
            name_fr=name_fr,
            name_ar=name_ar,
            proposal=proposal.id,
            now=now,
        )
    elif proposal.kind == "merge" and proposal.other is not None:
        event = on_themes.merge(
            session, actor, theme, proposal.other, proposal=proposal.id, now=now
        )
    else:
        part = on_themes.Part(name_fr, name_ar, _still_there(session, proposal))
        on_themes.split(session, actor, theme, [part], proposal=proposal.id, now=now)
        event = session.get_one(ThemeEvent, theme.last_event_id)
    _close(session, proposal, ProposalState.ACCEPTED, event)
    return event


def refuse(
    session: Session, actor: Actor, proposal: Proposal, *, reason: str = "", now: datetime
) -> ThemeEvent:
    """Refuse a proposal: it is not made again, and passages stay where they were.

    :raises ProposalClosedError: if it is no longer open.
    """
    theme = _begin(session, actor, proposal)
    if proposal.kind == "new":
        theme.state = "refused"
    event = append(
        session,
        actor,
        proposal.consultation_id,
        Kind.REFUSE,
        theme=theme,
        payload={"proposal": proposal.id, "kind": proposal.kind},
        reason=clean_reason(reason),
        now=now,
    )
    if proposal.kind == "new":
        settle(session, proposal.consultation_id, theme_ids={theme.id})
    _close(session, proposal, ProposalState.REFUSED, event)
    return event


def _begin(session: Session, actor: Actor, proposal: Proposal) -> Theme:
    """Take one's turn on an open proposal; return the theme it is about."""
    take_turn(session, actor, proposal.consultation_id)
    session.refresh(proposal)
    theme = proposal.theme
    session.refresh(theme)
    needed = "proposed" if proposal.kind == "new" else "active"
    if proposal.state != ProposalState.OPEN or theme.state != needed:
        raise errors.ProposalClosedError
    return theme


def _accept_new(
    session: Session,
    actor: Actor,
    proposal: Proposal,
    theme: Theme,
    name_fr: str,
    name_ar: str,
    now: datetime,
) -> ThemeEvent:
    """Make a proposed theme one of the themes."""
    names: Texts = on_themes.checked_names(name_fr, name_ar)
    theme.name, theme.state, theme.is_named_by_hand = names, "active", True
    session.flush()
    take_names(session, [theme])
    event = append(
        session,
        actor,
        proposal.consultation_id,
        Kind.ACCEPT,
        theme=theme,
        payload={"name": dict(names), "proposal": proposal.id},
        now=now,
    )
    settle(session, proposal.consultation_id, theme_ids={theme.id})
    return event


def _still_there(session: Session, proposal: Proposal) -> list[int]:
    """Return the passages of a part that nobody moved since it was proposed.

    A division that somebody asked for also takes those that people had decided on before.

    :raises ProposalClosedError: if none is left.
    """
    run = session.scalars(newest_run(proposal.consultation_id)).first()
    by_id = {one.id: one for one in session.scalars(themes_of(proposal.consultation_id))}
    group = {one.id for one in by_id.values() if root_of(one, by_id).id == proposal.theme_id}
    seen = proposal.payload.get("seen", 0)
    found: list[int] = []
    for batch in batches(proposal.payload.get("passages", ())):
        found += session.scalars(
            select(Placement.passage_id).where(
                Placement.run_id == (run.id if run else 0),
                Placement.passage_id.in_(batch),
                Placement.theme_id.in_(group),
                Placement.state == PassageState.IN_THEME,
                Placement.is_pinned.is_(False),
                or_(Placement.decided_id.is_(None), Placement.decided_id <= seen),
            )
        ).all()
    if not found:
        raise errors.ProposalClosedError
    return found


def _close(session: Session, proposal: Proposal, state: ProposalState, event: ThemeEvent) -> None:
    """Write what became of a proposal."""
    proposal.state, proposal.event_id = state.value, event.id
    session.flush()
