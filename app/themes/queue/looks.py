"""Give a look: what a person says of a passage of the queue, as a look and as a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.access import Actor
from app.themes import deciding, errors
from app.themes.ledger.reading import undone_ids
from app.themes.ledger.recording import take_turn
from app.themes.models import AnalysisRun, PassageState, Placement, ReviewLook, Theme, ThemeEvent
from app.themes.queries import root_of, themes_of
from app.themes.queue import queries
from app.themes.queue.drawing import Draw, placement_of

_ASIDE = frozenset({"off_topic", "unreadable", "excluded", "to_arbitrate"})


@dataclass(frozen=True)
class Answer:
    """What a person says of a passage.

    :ivar theme_id: for ``in_theme``, the theme.
    :ivar reason: for an exclusion.
    """

    state: str
    theme_id: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Given:
    """A look that was given.

    :ivar is_new: False for a second click, which changes nothing.
    """

    look: ReviewLook
    event: ThemeEvent | None
    is_new: bool = True


def answer(
    session: Session,
    actor: Actor,
    run: AnalysisRun,
    passage_id: int,
    said: Answer | None,
    *,
    draw: Draw = Draw.WORTH,
    is_blind: bool = False,
    seen: int | None = None,
    now: datetime,
) -> Given:
    """Write a look down, and the decision that comes of it.

    A repeat decides nothing: it is held against the decision that stands.

    :param said: None confirms what was shown.
    :raises NoPassageError: if the passage is not one of the run that stands for itself.
    :raises PassagesChangedError: if somebody else decided on it since ``seen``.
    :raises ThemeNotActiveError, ReasonMissingError: as the decision itself.
    """
    take_turn(session, actor, run.consultation_id)
    kind = "repeat" if draw is Draw.REPEAT else "queue"
    known = session.scalars(queries.find_look(run.id, passage_id, actor.id, kind)).first()
    if known is not None and known.event_id not in undone_ids(session, run.consultation_id):
        return Given(known, None, is_new=False)
    placement = placement_of(session, run, passage_id)
    if placement is None or placement.copy_of_id is not None:
        raise errors.NoPassageError
    themes = {theme.id: theme for theme in session.scalars(themes_of(run.consultation_id))}
    guess = _guess(placement, themes)
    said = _checked(said or Answer(PassageState.IN_THEME if guess[1] else guess[0], guess[1]))
    stratum = queries.stratum_of(placement.state, queries.band_of(placement.margin))
    event = None
    if kind == "queue":
        event = _decide(session, actor, run, placement, guess, said, themes, seen, now)
    if known is not None:
        # Said again after it was taken back: a person's look at a passage counts once.
        return Given(known, event)
    look = ReviewLook(
        run_id=run.id,
        passage_id=passage_id,
        kind=kind,
        actor_id=actor.id,
        actor_label=actor.label,
        is_blind=is_blind,
        guess_state=guess[0],
        guess_theme_id=guess[1],
        chosen_state=said.state,
        chosen_theme_id=said.theme_id,
        is_same=guess == (said.state, said.theme_id),
        stratum=f"{draw.value}:{stratum}",
        event_id=placement.decided_id if event is None else event.id,
        at=now,
    )
    try:
        with session.begin_nested():
            session.add(look)
    except IntegrityError:
        [first] = session.scalars(queries.find_look(run.id, passage_id, actor.id, kind))
        return Given(first, None, is_new=False)
    return Given(look, event)


def _guess(placement: Placement, themes: dict[int, Theme]) -> tuple[str, int | None]:
    """Return where a passage is, merges taken into account."""
    theme_id = placement.theme_id
    if placement.state not in {PassageState.IN_THEME, PassageState.TO_ARBITRATE}:
        return placement.state, None
    return placement.state, None if theme_id is None else root_of(themes[theme_id], themes).id


def _checked(said: Answer) -> Answer:
    """Return what was said in a form that makes sense.

    :raises MixedStatesError: if it does not.
    """
    if said.state == PassageState.IN_THEME and said.theme_id is not None:
        return said
    if said.state not in _ASIDE:
        raise errors.MixedStatesError
    return Answer(said.state, None, said.reason)


def _decide(
    session: Session,
    actor: Actor,
    run: AnalysisRun,
    placement: Placement,
    guess: tuple[str, int | None],
    said: Answer,
    themes: dict[int, Theme],
    seen: int | None,
    now: datetime,
) -> ThemeEvent:
    """Decide what a look says."""
    ids = [placement.passage_id]
    if guess == (said.state, said.theme_id):
        return deciding.confirm(session, actor, run.consultation_id, ids, seen=seen, now=now)
    if said.theme_id is not None:
        theme = themes.get(said.theme_id)
        if theme is None:
            raise errors.NoPassageError
        return deciding.move(session, actor, theme, ids, seen=seen, now=now)
    return deciding.set_aside(
        session,
        actor,
        run.consultation_id,
        ids,
        state=said.state,
        reason=said.reason,
        seen=seen,
        now=now,
    )


def take_back(session: Session, actor: Actor, look: ReviewLook, *, now: datetime) -> None:
    """Take one's own look back: its decision is undone and it counts in no estimate.

    :raises EventUndoneError: if it is somebody else's, a repeat, or was taken back already.
    """
    event = session.get(ThemeEvent, look.event_id) if look.event_id else None
    if event is None or look.kind != "queue" or look.actor_id != actor.id:
        raise errors.EventUndoneError
    deciding.undo(session, actor, event, now=now)


def settle_repeat(
    session: Session, actor: Actor, look: ReviewLook, *, is_kept: bool, now: datetime
) -> None:
    """Settle a repeat that differs: keep the decision that stands, or take what was said later.

    A second click is harmless: a passage on which something newer was decided is left alone.
    """
    run = session.get_one(AnalysisRun, look.run_id)
    take_turn(session, actor, run.consultation_id)
    placement = placement_of(session, run, look.passage_id)
    if look.kind != "repeat" or placement is None or placement.decided_id != look.event_id:
        return
    themes = {theme.id: theme for theme in session.scalars(themes_of(run.consultation_id))}
    guess = _guess(placement, themes)
    said = Answer(look.chosen_state, look.chosen_theme_id)
    if is_kept or guess == (said.state, said.theme_id):
        deciding.confirm(session, actor, run.consultation_id, [look.passage_id], now=now)
    else:
        _decide(session, actor, run, placement, guess, said, themes, None, now)
