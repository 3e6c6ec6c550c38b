"""What a coded round measures, kept with it when it is closed.

``results`` of a round::

    format        1
    n_items       passages coded by both; n_differing, n_settled (by the third), n_abstained
                  (passages that the machine had left to people)
    coders        alpha, low, high, observed, n, why
    by_language   [code, and the same]; by_region
    machine       first, second, settled: the same, each coder and what was settled beside it
    machine_by_language [code, and the same] of what was settled
    confusions    [one, other, n] of codes, the most frequent first; machine_confusions [machine,
                  settled, n]
    names         {code of a theme: {fr, ar}}
    applied       {at, by, n} once the settled codes were taken over as decisions

``why`` is ``too_few_units`` or ``no_variation`` where alpha cannot be said, else null.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor, ensure
from app.themes import errors
from app.themes.choosing import code_of
from app.themes.ledger.recording import DECIDERS
from app.themes.models import CodingItem, CodingRound, PassageState, Theme
from app.themes.queries import lock_decisions, root_of, themes_of
from app.themes.reliability import queries
from app.themes.reliability.coding import Codes, Part, codes_by_item, differs, progress_of

if TYPE_CHECKING:
    from nlp.agreement import Agreement

FORMAT = 1
#: Confusions that are listed.
_LISTED = 12


def settled_code(codes: Codes) -> str | None:
    """Return what an item was settled as: what both said, else what the third did."""
    return codes.get(Part.THIRD) if differs(codes) else codes.get(Part.FIRST)


@dataclass(frozen=True)
class _Coded:
    """The codes of a round in columns; None where nothing was said."""

    languages: Sequence[str]
    regions: Sequence[str | None]
    pairs: Sequence[tuple[str | None, str | None]]
    machine: Sequence[str | None]
    settled: Sequence[str | None]
    thirds: Sequence[str | None]


def close_round(session: Session, actor: Actor, round_: CodingRound, *, now: datetime) -> None:
    """Measure a round and close it; a second click changes nothing.

    :raises RoundOpenError: while one of the two coders is not done.
    """
    ensure(actor, *DECIDERS, consultation=round_.consultation_id)
    lock_decisions(session, round_.consultation_id)
    session.refresh(round_)
    if round_.closed_at is not None:
        return
    if not progress_of(session, round_).is_coded:
        raise errors.RoundOpenError
    round_.results = measure(session, round_)
    round_.closed_at = now
    session.flush()
    detail = {"alpha": round_.results["coders"]["alpha"], "n": round_.results["n_items"]}
    audit.record(session, actor, "themes.round_close", at=now, target=round_, detail=detail)


def measure(session: Session, round_: CodingRound) -> dict[str, Any]:
    """Return the measures of a round as they are now."""
    from nlp.agreement import agreement, agreement_by, agreement_of_two

    coded = _columns(session, round_)
    seed = round_.seed
    alone = [[code] for code in coded.settled]
    first, second = ([pair[side] for pair in coded.pairs] for side in (0, 1))
    disagreements = [pair[0] != pair[1] for pair in coded.pairs]
    return {
        "format": FORMAT,
        "n_items": len(coded.pairs),
        "n_differing": sum(disagreements),
        "n_settled": sum(code is not None for code in coded.thirds),
        "n_abstained": sum(code is None for code in coded.machine),
        "coders": _row(agreement(coded.pairs, seed=seed)),
        "by_language": _rows(agreement_by(coded.languages, coded.pairs, seed=seed)),
        "by_region": _rows(agreement_by(coded.regions, coded.pairs, seed=seed)),
        "machine": {
            "first": _row(agreement_of_two(first, coded.machine, seed=seed)),
            "second": _row(agreement_of_two(second, coded.machine, seed=seed)),
            "settled": _row(agreement_of_two(coded.settled, coded.machine, seed=seed)),
        },
        "machine_by_language": _rows(
            agreement_by(coded.languages, alone, coded.machine, seed=seed)
        ),
        "confusions": _confusions(coded.pairs, is_ordered=False),
        "machine_confusions": _confusions(
            list(zip(coded.machine, coded.settled, strict=True)), is_ordered=True
        ),
        "names": _names(session, round_),
    }


def _columns(session: Session, round_: CodingRound) -> _Coded:
    """Return the items that both coded, in columns."""
    said = codes_by_item(session, round_)
    themes = {theme.id: theme for theme in session.scalars(themes_of(round_.consultation_id))}
    items = [
        item
        for item in session.scalars(queries.items_of(round_.id))
        if {Part.FIRST, Part.SECOND} <= said.get(item.id, {}).keys()
    ]
    codes = [said[item.id] for item in items]
    return _Coded(
        languages=[item.passage.language for item in items],
        regions=[item.passage.submission.region_code for item in items],
        pairs=[(one[Part.FIRST], one[Part.SECOND]) for one in codes],
        machine=[_machine_code(item, themes) for item in items],
        settled=[settled_code(one) for one in codes],
        thirds=[one.get(Part.THIRD) if differs(one) else None for one in codes],
    )


def _machine_code(item: CodingItem, themes: dict[int, Theme]) -> str | None:
    """Return the machine's code of an item, None where it left the passage to people."""
    if item.machine_state == PassageState.TO_ARBITRATE:
        return None
    number = item.machine_theme_id
    return code_of(
        item.machine_state, None if number is None else root_of(themes[number], themes).id
    )


def _row(found: Agreement) -> dict[str, Any]:
    """Return a measure as JSON can hold it."""
    return {
        "alpha": found.alpha,
        "low": found.low,
        "high": found.high,
        "observed": found.observed,
        "n": found.n_units,
        "why": found.why,
    }


def _rows(found: Mapping[str, Agreement]) -> list[dict[str, Any]]:
    """Return the measures of groups, the largest first."""
    rows = [{"code": code} | _row(one) for code, one in found.items()]
    return sorted(rows, key=lambda row: (-row["n"], row["code"]))


def _confusions(
    pairs: Sequence[tuple[str | None, str | None]], *, is_ordered: bool
) -> list[list[Any]]:
    """Return the pairs of different codes, the most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    for one, other in pairs:
        if one is not None and other is not None and one != other:
            counts[(one, other) if is_ordered else (min(one, other), max(one, other))] += 1
    ranked = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return [[one, other, n] for (one, other), n in ranked[:_LISTED]]


def _names(session: Session, round_: CodingRound) -> dict[str, dict[str, str]]:
    """Return the names of the themes, as they are now."""
    return {
        code_of(PassageState.IN_THEME, theme.id): dict(theme.name)
        for theme in session.scalars(themes_of(round_.consultation_id))
        if theme.state == "active"
    }
