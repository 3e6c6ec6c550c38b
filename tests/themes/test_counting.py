"""Counts of a run: the same as the figures say one by one, and remembered until they change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.access import System
from app.core.db import db
from app.submissions.models import Submission, SubmissionState
from app.themes import queries
from app.themes.counting import counts_of, stamp_of
from app.themes.deciding import exclude, merge, move
from app.themes.models import AnalysisRun, Placement, Theme
from app.themes.queries import EVERYTHING, Narrowing

PARTS = {
    "everything": EVERYTHING,
    "a region": Narrowing(region="04"),
    "a reader's regions": Narrowing(regions=frozenset({"01", "08"})),
    "an actor type": Narrowing(actor_type="citizen"),
    "a language": Narrowing(language="ar"),
    "language and region": Narrowing(language="fr", region="08"),
    "nobody": Narrowing(regions=frozenset()),
}


@pytest.fixture
def run(consultation: Any, analysed: Any) -> AnalysisRun:
    """A finished analysis."""
    return analysed(consultation)


@pytest.fixture
def settled(app: Flask, session: Session, run: AnalysisRun, theme_called: Any) -> AnalysisRun:
    """The same after a merge, an exclusion and a withdrawal."""
    now = app.extensions["clock"]()
    road, school, care = (theme_called(name) for name in ("Routes et pistes", "École", "Soins"))
    merge(session, System(), school, road, now=now)
    exclude(session, System(), care, reason="Hors du champ", now=now)
    one = session.query(Submission).filter_by(region_code="08").first()
    assert one is not None
    one.state = SubmissionState.WITHDRAWN
    session.commit()
    return run


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
@pytest.mark.parametrize("fixture", ["run", "settled"])
def test_they_are_what_the_figures_say_one_by_one(
    request: pytest.FixtureRequest, session: Session, fixture: str, part: Narrowing
) -> None:
    analysed: AnalysisRun = request.getfixturevalue(fixture)

    counts = counts_of(session, analysed, part)

    states: dict[str, int] = {}
    themes: dict[int, list[int]] = {}
    for (theme, state, _language), n in counts.passages.items():
        states[state] = states.get(state, 0) + n
        if theme is not None and state == "in_theme":
            themes.setdefault(theme, [0, counts.voices[theme, state]])[0] += n
    assert states == {
        row.state: row.n_passages for row in session.execute(queries.state_counts(analysed, part))
    }
    assert themes == {
        row.theme_id: [row.n_passages, row.n_voices]
        for row in session.execute(queries.theme_counts(analysed, part))
        if row.n_passages
    }
    assert {key: n for key, n in counts.voices.items() if key[1] == "copy"} == {
        (row.theme_id, "copy"): row.n_signatories
        for row in session.execute(queries.theme_counts(analysed, part))
        if row.n_signatories
    }
    assert counts.n_submissions == session.scalar(queries.n_submissions(analysed, part))


def _withdraw(session: Session, _run: AnalysisRun, _now: Any) -> None:
    one = session.query(Submission).first()
    assert one is not None
    one.state = SubmissionState.WITHDRAWN


def _erase(session: Session, _run: AnalysisRun, _now: Any) -> None:
    session.delete(session.query(Placement).filter_by(quotation_rank=None).first())


def _move(session: Session, run: AnalysisRun, now: Any) -> None:
    theme = session.query(Theme).order_by(Theme.id.desc()).first()
    other = session.query(Placement).filter(Placement.theme_id != theme.id).first()
    assert theme is not None
    assert other is not None
    move(session, System(), theme, [other.passage_id], now=now)


@pytest.mark.parametrize("change", [_withdraw, _erase, _move])
def test_what_changes_them_changes_their_stamp(
    app: Flask, session: Session, run: AnalysisRun, change: Callable[..., None]
) -> None:
    before = stamp_of(session, run)
    assert stamp_of(session, run) == before

    change(session, run, app.extensions["clock"]())
    session.flush()

    assert stamp_of(session, run) != before


def test_they_are_remembered_until_something_changes(
    app: Flask, session: Session, run: AnalysisRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "testing", False)
    first = counts_of(session, run)

    again = counts_of(session, run)
    _move(session, run, app.extensions["clock"]())
    session.flush()
    after = counts_of(session, run)
    session.rollback()
    db.session.expire_all()

    assert again is first
    assert after.passages != first.passages
    assert counts_of(session, run).passages == first.passages
