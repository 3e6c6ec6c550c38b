"""Coding rounds: drawn, coded blind, settled by a third person, closed.

What a coder is shown never depends on the machine's guess nor on what others said; nobody reads
the codes before both coders are done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from random import Random

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.consultations.models import Consultation
from app.core import audit
from app.core.access import Actor, ensure
from app.core.errors import NotFoundError
from app.themes import errors
from app.themes.choosing import code_of
from app.themes.ledger.recording import DECIDERS
from app.themes.models import (
    AnalysisRun,
    Coding,
    CodingItem,
    CodingRound,
    PassageState,
    Placement,
    Theme,
)
from app.themes.queries import newest_run, root_of, themes_of
from app.themes.reliability import queries
from app.themes.reliability.sampling import Candidate, stratified

#: Sizes of a round: under the least no agreement can be told.
LEAST, MOST = 20, 1000
#: What can be said of a passage that speaks of no theme.
ASIDES = (PassageState.OFF_TOPIC, PassageState.UNREADABLE, PassageState.TO_ARBITRATE)


class Part(StrEnum):
    """What somebody is in a round."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"


@dataclass(frozen=True)
class Coders:
    """Who codes a round; the third may be left out."""

    first_id: int
    second_id: int
    third_id: int | None = None


def open_round(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    coders: Coders,
    *,
    size: int,
    seed: int,
    now: datetime,
) -> CodingRound:
    """Draw a blind sample of the newest analysis for two people, flushed.

    :raises NoAnalysisError: before the first analysis.
    :raises CodersError: if they are not different people who may code.
    :raises SampleTooSmallError: if the size is out of bounds, or there are too few passages.
    """
    ensure(actor, *DECIDERS, consultation=consultation.id)
    run = session.scalars(newest_run(consultation.id)).first()
    if run is None:
        raise errors.NoAnalysisError
    _check(session, consultation.id, coders)
    rows = session.execute(queries.candidates(run))
    possible = [Candidate(row.passage_id, row.language, row.region_code or "") for row in rows]
    if not LEAST <= size <= MOST or len(possible) < LEAST:
        raise errors.SampleTooSmallError(least=LEAST, most=MOST)
    drawn = stratified(possible, size, seed)
    made = CodingRound(
        consultation_id=consultation.id,
        run_id=run.id,
        size=len(drawn),
        seed=seed,
        first_coder_id=coders.first_id,
        second_coder_id=coders.second_id,
        third_coder_id=coders.third_id,
        created_at=now,
    )
    machine = _machine(session, run, drawn)
    made.items = [
        CodingItem(
            passage_id=number,
            position=position,
            machine_state=machine[number][0],
            machine_theme_id=machine[number][1],
        )
        for position, number in enumerate(drawn, 1)
    ]
    session.add(made)
    session.flush()
    detail = {"size": made.size, "seed": seed, "run": run.id}
    audit.record(session, actor, "themes.round_new", at=now, target=made, detail=detail)
    return made


def _check(session: Session, consultation_id: int, coders: Coders) -> None:
    """Refuse coders who are the same, or may not code."""
    wanted = [coders.first_id, coders.second_id]
    wanted += [coders.third_id] if coders.third_id is not None else []
    people = [session.get(User, number) for number in wanted]
    if len(set(wanted)) < len(wanted) or any(
        person is None or not person.may(queries.CODERS, consultation=consultation_id)
        for person in people
    ):
        raise errors.CodersError


def _machine(
    session: Session, run: AnalysisRun, passage_ids: Sequence[int]
) -> dict[int, tuple[str, int | None]]:
    """Return what the machine said of passages, whatever people decided on them since."""
    themes = {theme.id: theme for theme in session.scalars(themes_of(run.consultation_id))}
    rows = session.scalars(
        select(Placement).where(
            Placement.run_id == run.id, Placement.passage_id.in_(list(passage_ids))
        )
    )
    return {row.passage_id: _said(row, themes) for row in rows}


def _said(row: Placement, themes: dict[int, Theme]) -> tuple[str, int | None]:
    """Return what the machine said of one passage: a theme that stands, or a state."""
    for number in (row.found_theme_id, row.fallback_id):
        if row.found_state == PassageState.IN_THEME and number is not None:
            root = root_of(themes[number], themes)
            if root.state == "active":
                return PassageState.IN_THEME.value, root.id
    is_gone = row.found_state == PassageState.IN_THEME
    return PassageState.TO_ARBITRATE.value if is_gone else row.found_state, None


@dataclass(frozen=True)
class Progress:
    """How far a round is.

    :ivar n_items: passages that still stand.
    :ivar n_differing: where the two differ; None while somebody is not done.
    """

    n_items: int
    n_first: int
    n_second: int
    n_third: int
    n_differing: int | None

    @property
    def is_coded(self) -> bool:
        """Whether both coders are done."""
        return self.n_differing is not None

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left for the third person."""
        return self.n_differing is not None and self.n_third >= self.n_differing


Codes = Mapping[str, str]


def codes_by_item(session: Session, round_: CodingRound) -> dict[int, dict[str, str]]:
    """Return what each part said of each item, themes merged since taken as one."""
    themes = {theme.id: theme for theme in session.scalars(themes_of(round_.consultation_id))}
    said: dict[int, dict[str, str]] = {}
    for row in session.execute(queries.codings_of(round_.id)):
        theme_id = None if row.theme_id is None else root_of(themes[row.theme_id], themes).id
        said.setdefault(row.item_id, {})[row.role] = code_of(row.state, theme_id)
    return said


def differs(codes: Codes) -> bool:
    """Tell whether the two coders said different things."""
    return codes.get(Part.FIRST) != codes.get(Part.SECOND)


def progress_of(session: Session, round_: CodingRound) -> Progress:
    """Return how far a round is."""
    items = session.scalars(queries.items_of(round_.id)).all()
    said = codes_by_item(session, round_)
    own = [said.get(item.id, {}) for item in items]
    counts = {part: sum(part in codes for codes in own) for part in Part}
    is_coded = counts[Part.FIRST] == counts[Part.SECOND] == len(items)
    return Progress(
        n_items=len(items),
        n_first=counts[Part.FIRST],
        n_second=counts[Part.SECOND],
        n_third=sum(Part.THIRD in codes and differs(codes) for codes in own),
        n_differing=sum(map(differs, own)) if is_coded else None,
    )


def part_of(round_: CodingRound, person_id: int | None) -> Part:
    """Return what somebody is in a round.

    :raises NotFoundError: if nothing: whoever does not code sees no passage of it.
    """
    parts = {
        round_.first_coder_id: Part.FIRST,
        round_.second_coder_id: Part.SECOND,
        round_.third_coder_id: Part.THIRD,
    }
    if person_id is None or person_id not in parts:
        raise NotFoundError
    return parts[person_id]


@dataclass(frozen=True)
class Task:
    """What a coder has to do in a round.

    :ivar item: the next passage, in the coder's own order; None when there is none.
    :ivar is_early: the third person's turn has not come.
    """

    part: Part
    n_items: int
    n_done: int
    item: CodingItem | None
    is_early: bool = False


def task_of(session: Session, round_: CodingRound, person_id: int | None) -> Task:
    """Return what somebody has to do next; after the round is closed, nothing.

    :raises NotFoundError: if they are no coder of it.
    """
    part = part_of(round_, person_id)
    items = list(session.scalars(queries.items_of(round_.id)))
    said = codes_by_item(session, round_)
    if part is Part.THIRD:
        if not all({Part.FIRST, Part.SECOND} <= said.get(i.id, {}).keys() for i in items):
            return Task(part, 0, 0, None, is_early=True)
        items = [item for item in items if differs(said[item.id])]
    # An order of one's own, so that getting tired does not fall on the same passages.
    Random(f"{round_.seed}-{round_.id}-{part}").shuffle(items)  # noqa: S311
    left = [item for item in items if part not in said.get(item.id, {})]
    item = left[0] if left and round_.closed_at is None else None
    return Task(part, len(items), len(items) - len(left), item)


def code(
    session: Session,
    actor: Actor,
    round_: CodingRound,
    item_id: int,
    *,
    state: str,
    theme_id: int | None,
    now: datetime,
) -> Coding:
    """Write down what a coder says of a passage; saying it twice changes nothing.

    :raises NotFoundError: if the item is not one for this person now.
    :raises RoundClosedError: once it is closed.
    :raises CodeError: if it is neither a current theme nor one of :data:`ASIDES`.
    """
    ensure(actor, *DECIDERS, consultation=round_.consultation_id)
    part = part_of(round_, actor.id)
    if round_.closed_at is not None:
        raise errors.RoundClosedError
    item = session.get(CodingItem, item_id)
    if item is None or item.round_id != round_.id:
        raise NotFoundError
    known = _coding_of(session, item, part)
    if known is not None:
        return known
    _must_be_for(session, round_, item, part)
    theme = _theme_coded(session, round_, state, theme_id)
    said = Coding(
        item_id=item.id,
        role=part.value,
        coder_id=actor.id,
        coder_label=actor.label,
        state=str(state),
        theme_id=theme.id if theme else None,
        at=now,
    )
    try:
        with session.begin_nested():
            session.add(said)
    except IntegrityError:
        return session.scalars(_own_coding(item, part)).one()
    return said


def _theme_coded(
    session: Session, round_: CodingRound, state: str, theme_id: int | None
) -> Theme | None:
    """Return the theme that a code names, None for one that names none.

    :raises CodeError: if it makes no sense.
    """
    if state in ASIDES:
        return None
    theme = session.get(Theme, theme_id) if theme_id is not None else None
    if state != PassageState.IN_THEME or theme is None or theme.state != "active":
        raise errors.CodeError
    if theme.consultation_id != round_.consultation_id:
        raise errors.CodeError
    return theme


def _own_coding(item: CodingItem, part: Part) -> Select[Coding]:
    """Select what a part said of an item."""
    return select(Coding).where(Coding.item_id == item.id, Coding.role == part.value)


def _coding_of(session: Session, item: CodingItem, part: Part) -> Coding | None:
    """Return what a part said of an item."""
    return session.scalars(_own_coding(item, part)).first()


def _must_be_for(session: Session, round_: CodingRound, item: CodingItem, part: Part) -> None:
    """Refuse an item that the third person has nothing to say of.

    :raises NotFoundError: if both agree on it, or one has not said anything yet.
    """
    if part is not Part.THIRD:
        return
    progress = progress_of(session, round_)
    said = codes_by_item(session, round_).get(item.id, {})
    if not progress.is_coded or not differs(said):
        raise NotFoundError
