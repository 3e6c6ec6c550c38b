"""Queries of proposals: open ones that still make sense, closed ones, their evidence."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.themes.models import AnalysisRun, PassageState, Placement, Proposal, Theme
from app.themes.queries import Narrowing, passages_with_words

#: The order in which kinds are shown.
KINDS = ("new", "split", "merge", "rename")

_other = aliased(Theme)


def _makes_sense() -> ColumnElement[bool]:
    """Say that the themes of a proposal still are what it speaks of.

    One on a theme that was merged meanwhile stays open, and is shown again should that be undone.
    """
    return or_(
        and_(Proposal.kind == "new", Theme.state == "proposed"),
        and_(
            Proposal.kind != "new",
            Theme.state == "active",
            or_(Proposal.other_id.is_(None), _other.state == "active"),
        ),
    )


def _open(consultation_id: int) -> Any:
    """Return what open proposals of a consultation satisfy, for a select of them."""
    return and_(
        Proposal.consultation_id == consultation_id, Proposal.state == "open", _makes_sense()
    )


def open_proposals(consultation_id: int) -> Select[Proposal]:
    """Select the open proposals of a consultation, in the order in which they were made."""
    return (
        select(Proposal)
        .join(Theme, Theme.id == Proposal.theme_id)
        .outerjoin(_other, _other.id == Proposal.other_id)
        .where(_open(consultation_id))
        .order_by(Proposal.id)
    )


def open_about(theme_id: int) -> Select[Proposal]:
    """Select the open proposals that would change a theme."""
    return (
        select(Proposal)
        .join(Theme, Theme.id == Proposal.theme_id)
        .outerjoin(_other, _other.id == Proposal.other_id)
        .where(
            Proposal.state == "open",
            _makes_sense(),
            or_(Proposal.theme_id == theme_id, Proposal.other_id == theme_id),
        )
        .order_by(Proposal.id)
    )


def n_open_proposals(session: Session, consultation_id: int) -> int:
    """Return how many proposals of a consultation wait for a decision."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Proposal)
            .join(Theme, Theme.id == Proposal.theme_id)
            .outerjoin(_other, _other.id == Proposal.other_id)
            .where(_open(consultation_id))
        )
        or 0
    )


def closed_proposals(consultation_id: int, limit: int) -> Select[Proposal]:
    """Select the proposals that were decided on or lapsed, the last decided first."""
    return (
        select(Proposal)
        .where(Proposal.consultation_id == consultation_id, Proposal.state != "open")
        .order_by(func.coalesce(Proposal.event_id, 0).desc(), Proposal.id.desc())
        .limit(limit)
    )


def evidence(run: AnalysisRun, passage_ids: Collection[int], part: Narrowing) -> Select[Any]:
    """Select passages with their words, by number."""
    facts, rows = passages_with_words(run, part)
    return rows.where(facts.c.passage_id.in_(sorted(passage_ids)))


def central_in(run: AnalysisRun, theme_ids: Collection[int], most: int) -> Select[Any]:
    """Select ``theme_id, passage_id, place`` of the passages a run put first in some themes.

    :param most: how many of each, the quotations first, then the clearest.
    """
    place = (
        func.row_number()
        .over(
            partition_by=Placement.found_theme_id,
            order_by=(
                func.coalesce(Placement.found_rank, 1_000_000),
                Placement.margin.desc(),
                Placement.passage_id,
            ),
        )
        .label("place")
    )
    ranked = (
        select(Placement.found_theme_id.label("theme_id"), Placement.passage_id, place)
        .where(
            Placement.run_id == run.id,
            Placement.found_theme_id.in_(sorted(theme_ids)),
            Placement.found_state == PassageState.IN_THEME,
        )
        .subquery()
    )
    return select(ranked).where(ranked.c.place <= most).order_by(ranked.c.theme_id, ranked.c.place)
