"""What a run would change, written down for people to accept or refuse."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.themes.exploring.extras import Spot
from app.themes.history import theme_of_key
from app.themes.models import AnalysisRun, Proposal, ProposalState, Theme
from app.themes.names import key_of

if TYPE_CHECKING:
    from nlp import ThemeResult
    from nlp.proposing import ThemeProposal

#: Passages that a proposal shows as its evidence.
_SHOWN = 12


def write_proposals(
    session: Session,
    run: AnalysisRun,
    proposals: Sequence[ThemeProposal],
    proposed: Mapping[int, ThemeResult],
    of_spot: Mapping[Spot, int],
    *,
    now: datetime,
) -> None:
    """Write the proposals of a run; those of earlier ones that are still open lapse.

    One that people refused is not made again; an open one of a new theme stays as it is while the
    theme is found again.
    """
    session.flush()
    themes = {t.id: t for t in session.scalars(_themes(run.consultation_id))}
    _lapse(session, run, themes)
    for theme_id, result in proposed.items():
        figures = {"n": float(result.n_passages), "stability": result.stability}
        _write(session, run, "new", theme_id, None, {"figures": figures}, [theme_id], now)
    for one in proposals:
        theme = themes.get(theme_of_key(one.theme) or 0)
        other = themes.get(theme_of_key(one.other or "") or 0)
        if theme is None or theme.state != "active" or (one.kind == "merge" and other is None):
            continue
        if other is not None and other.state != "active":
            continue
        if one.kind == "rename" and _is_no_new_name(theme, one):
            continue
        ids = [
            of_spot[int(ref.key), ref.start, ref.end]
            for ref in one.passages
            if (int(ref.key), ref.start, ref.end) in of_spot
        ]
        payload: dict[str, Any] = {"figures": dict(one.figures)}
        if one.kind != "merge":
            payload["name"] = {"fr": one.name_fr, "ar": one.name_ar}
        payload["passages"] = ids if one.kind == "split" else ids[:_SHOWN]
        same = [one.kind, theme.id, other.id if other else None, payload.get("name")]
        _write(session, run, one.kind, theme.id, other.id if other else None, payload, same, now)
    session.flush()


def _themes(consultation_id: int) -> Any:
    """Select the themes of a consultation."""
    return select(Theme).where(Theme.consultation_id == consultation_id)


def _is_no_new_name(theme: Theme, one: ThemeProposal) -> bool:
    """Tell whether a theme is called so already, or was named by a person."""
    if theme.is_named_by_hand:
        return True
    new = (key_of(one.name_fr), key_of(one.name_ar))
    return new == (theme.key_fr, theme.key_ar)


def _lapse(session: Session, run: AnalysisRun, themes: Mapping[int, Theme]) -> None:
    """Close proposals of earlier runs, but for new themes that this run found again."""
    still = [t.id for t in themes.values() if t.state == "proposed" and t.last_run_id == run.id]
    session.execute(
        update(Proposal)
        .where(
            Proposal.consultation_id == run.consultation_id,
            Proposal.state == ProposalState.OPEN,
            Proposal.run_id != run.id,
            ~((Proposal.kind == "new") & Proposal.theme_id.in_(still)),
        )
        .values(state=ProposalState.LAPSED.value)
    )


def _write(
    session: Session,
    run: AnalysisRun,
    kind: str,
    theme_id: int,
    other_id: int | None,
    payload: dict[str, Any],
    same: list[Any],
    now: datetime,
) -> None:
    """Add a proposal, or open one that lapsed; one that was decided on stays as it is."""
    digest = hashlib.sha256(json.dumps([kind, *same], sort_keys=True).encode()).hexdigest()
    known = session.scalars(
        select(Proposal).where(
            Proposal.consultation_id == run.consultation_id, Proposal.fingerprint == digest
        )
    ).first()
    if known is None:
        session.add(
            Proposal(
                consultation_id=run.consultation_id,
                run_id=run.id,
                kind=kind,
                theme_id=theme_id,
                other_id=other_id,
                payload=payload,
                fingerprint=digest,
                state=ProposalState.OPEN.value,
                created_at=now,
            )
        )
    elif known.state in {ProposalState.LAPSED, ProposalState.OPEN}:
        known.state, known.run_id, known.payload = ProposalState.OPEN.value, run.id, payload
    session.flush()
