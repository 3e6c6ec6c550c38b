"""Take the settled codes of a closed round over as decisions."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy.orm import Session

from app.core.access import Actor
from app.themes import deciding, errors
from app.themes.choosing import code_of, place_of
from app.themes.ledger.recording import take_turn
from app.themes.models import CodingRound, PassageState, Theme
from app.themes.queries import newest_run, root_of, themes_of
from app.themes.queue.drawing import placement_of
from app.themes.reliability import queries
from app.themes.reliability.coding import codes_by_item
from app.themes.reliability.measuring import settled_code

#: States that can be confirmed as they are.
_CONFIRMED = frozenset({PassageState.IN_THEME, PassageState.OFF_TOPIC, PassageState.UNREADABLE})


def apply_round(
    session: Session,
    actor: Actor,
    round_: CodingRound,
    *,
    reason: str,
    seen: int | None = None,
    now: datetime,
) -> int:
    """Put every passage where it was settled to be; return how many were decided on.

    What stands already where it was settled is confirmed. A second click changes nothing.

    :param reason: names the round; each decision carries it.
    :raises RoundOpenError: before the round is closed.
    :raises PassagesChangedError: if somebody else decided on one of them since ``seen``.
    """
    take_turn(session, actor, round_.consultation_id)
    session.refresh(round_)
    if round_.closed_at is None:
        raise errors.RoundOpenError
    if "applied" in round_.results:
        return 0
    themes = {theme.id: theme for theme in session.scalars(themes_of(round_.consultation_id))}
    n_decided = 0
    for (code, is_there), ids in _grouped(session, round_, themes).items():
        state, theme_id = place_of(code)
        if is_there:
            deciding.confirm(
                session, actor, round_.consultation_id, ids, seen=seen, reason=reason, now=now
            )
        elif theme_id is not None:
            theme = themes[theme_id]
            if theme.state != "active":
                continue
            deciding.move(session, actor, theme, ids, seen=seen, reason=reason, now=now)
        else:
            deciding.set_aside(
                session,
                actor,
                round_.consultation_id,
                ids,
                state=state,
                reason=reason,
                seen=seen,
                now=now,
            )
        n_decided += len(ids)
    applied = {"at": now.isoformat(), "by": actor.label, "n": n_decided}
    round_.results = dict(round_.results) | {"applied": applied}
    session.flush()
    return n_decided


def _grouped(
    session: Session, round_: CodingRound, themes: dict[int, Theme]
) -> dict[tuple[str, bool], list[int]]:
    """Return the passages by what they were settled as, and whether they are there already.

    Those that the newest analysis does not know any more are left out.
    """
    run = session.scalars(newest_run(round_.consultation_id)).one()
    said = codes_by_item(session, round_)
    groups: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for item in session.scalars(queries.items_of(round_.id)):
        code = settled_code(said.get(item.id, {}))
        placed = placement_of(session, run, item.passage_id)
        if code is None or placed is None or placed.copy_of_id is not None:
            continue
        root = None if placed.theme_id is None else root_of(themes[placed.theme_id], themes).id
        is_there = code == code_of(placed.state, root) and placed.state in _CONFIRMED
        groups[code, is_there].append(item.passage_id)
    return dict(sorted(groups.items()))
