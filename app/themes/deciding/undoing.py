"""Take a decision back: an event like any other, which can be taken back in turn."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.access import Actor
from app.themes import errors
from app.themes.ledger.folding import InapplicableError, fold_themes
from app.themes.ledger.kinds import OF_RUNS, ON_PASSAGES, ON_THEMES, Kind
from app.themes.ledger.reading import births_of, events_of_themes, undone_ids
from app.themes.ledger.recording import append, take_turn
from app.themes.ledger.settling import settle, write_themes
from app.themes.models import EventPassage, Proposal, ProposalState, Theme, ThemeEvent


def undo(session: Session, actor: Actor, event: ThemeEvent, *, now: datetime) -> ThemeEvent:
    """Take a decision back; everything that does not build upon it stays.

    :raises EventUndoneError: if it is taken back already, or a run wrote it.
    :raises UndoBlockedError: if a later decision makes no sense without it; ``event_id`` says
        which one.
    :raises NameTakenError: if the name that would come back was given to another theme.
    """
    consultation_id = event.consultation_id
    take_turn(session, actor, consultation_id)
    is_undone = event.id in undone_ids(session, consultation_id) - _undos_in_force(
        session, consultation_id
    )
    if is_undone or event.kind in OF_RUNS or event.run_id is not None:
        raise errors.EventUndoneError
    about = _first(session, event)
    try:
        with session.begin_nested():
            taken = append(
                session,
                actor,
                consultation_id,
                Kind.UNDO,
                about=session.get(Theme, about.theme_id) if about.theme_id else None,
                payload={"kind": event.kind, "of": about.kind},
                undoes_id=event.id,
                now=now,
            )
    except IntegrityError as error:
        raise errors.EventUndoneError from error
    _write(session, consultation_id, about)
    _follow_proposal(session, about, taken)
    return taken


def _undos_in_force(session: Session, consultation_id: int) -> set[int]:
    """Return the undos that hold: taking one back brings its decision into force again."""
    rows = session.execute(
        select(ThemeEvent.id, ThemeEvent.undoes_id).where(
            ThemeEvent.consultation_id == consultation_id, ThemeEvent.kind == Kind.UNDO
        )
    ).all()
    undone: set[int] = set()
    for row in sorted(rows, key=lambda one: -one.id):
        if row.id not in undone:
            undone.add(row.undoes_id)
    return {row.id for row in rows} - undone


def _first(session: Session, event: ThemeEvent) -> ThemeEvent:
    """Return the decision at the beginning of a chain of undos."""
    while event.undoes_id is not None:
        event = session.get_one(ThemeEvent, event.undoes_id)
    return event


def _write(session: Session, consultation_id: int, about: ThemeEvent) -> None:
    """Write what follows now: themes if it was about them, then the passages concerned."""
    changed: set[int] = set()
    # Taking back a move changes no theme; bringing it back may need one that is gone.
    if about.kind in ON_THEMES or about.id not in undone_ids(session, consultation_id):
        events = events_of_themes(session, consultation_id)
        try:
            states = fold_themes(births_of(session, consultation_id), events)
        except InapplicableError as error:
            raise errors.UndoBlockedError(event_id=error.event.id) from error
        changed = write_themes(session, consultation_id, states)
    passages: set[int] = set()
    if about.kind in ON_PASSAGES:
        passages = set(
            session.scalars(
                select(EventPassage.passage_id).where(EventPassage.event_id == about.id)
            )
        )
    if passages or changed:
        group = _with_merged(session, consultation_id, changed)
        settle(session, consultation_id, passage_ids=passages, theme_ids=group)


def _with_merged(session: Session, consultation_id: int, changed: set[int]) -> set[int]:
    """Return themes with all that count under them."""
    rows = session.execute(
        select(Theme.id, Theme.merged_into_id).where(Theme.consultation_id == consultation_id)
    ).all()
    group = set(changed)
    while more := {row.id for row in rows if row.merged_into_id in group} - group:
        group |= more
    return group


def _follow_proposal(session: Session, about: ThemeEvent, taken: ThemeEvent) -> None:
    """Open the proposal again whose acceptance or refusal was taken back, or close it again."""
    number = about.payload.get("proposal")
    proposal = session.get(Proposal, number) if number else None
    if proposal is None:
        return
    is_open = taken.id and about.id in undone_ids(session, about.consultation_id)
    if is_open:
        proposal.state, proposal.event_id = ProposalState.OPEN.value, None
    else:
        refused = about.kind == Kind.REFUSE
        state = ProposalState.REFUSED if refused else ProposalState.ACCEPTED
        proposal.state, proposal.event_id = state.value, about.id
    session.flush()
