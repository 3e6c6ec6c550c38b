"""Stances and places on the map: given to each run, and to older ones by a command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.themes.exploring.extras import Extras, Piece, sampled, write_stances
from app.themes.models import AnalysisRun, Passage, PassageState, Placement
from tests.factories import submission
from tests.themes.fake import FakeEngine


def _piece(number: int, theme: int) -> Piece:
    """Return a passage of a theme."""
    return Piece((number, 0, 5), "words", "fr", "in_theme", theme)


def test_a_run_has_places_for_all_but_copies_and_the_unreadable(
    session: Session, run: AnalysisRun
) -> None:
    placements = session.query(Placement).filter_by(run_id=run.id)

    on_map = {p.state for p in placements if p.map_x is not None}
    off_map = {p.state for p in placements if p.map_x is None}

    assert off_map == {PassageState.COPY, PassageState.UNREADABLE}
    assert on_map == {PassageState.IN_THEME, PassageState.TO_ARBITRATE, PassageState.OFF_TOPIC}


def test_what_the_words_tell_is_written_and_the_rest_is_left_open(
    session: Session, consultation: Any, analysed: Callable[..., AnalysisRun]
) -> None:
    submission(consultation, "work: we want this (for). work: not this (against). work: well.")
    session.commit()

    analysed(consultation)

    told = Counter(p.stance for p in session.query(Passage) if p.text.startswith("work"))
    assert told == {"for": 1, "against": 1, None: 1}


def test_a_stance_that_was_written_is_not_written_again(
    session: Session, consultation: Any, run: AnalysisRun
) -> None:
    passage = session.query(Passage).order_by(Passage.id).first()
    assert passage is not None
    passage.stance = "for"
    session.flush()

    spot = (passage.answer_id, passage.start, passage.end)
    write_stances(session, run, Extras(stances={spot: "against"}))

    session.refresh(passage)
    assert passage.stance == "for"


def test_a_large_consultation_is_sampled_theme_by_theme() -> None:
    pieces = [
        _piece(number, 0 if number < 9_000 else 1 if number < 9_990 else 2)
        for number in range(10_000)
    ]

    chosen = sampled(pieces, most=1_000)

    sizes = Counter(piece.theme for piece in chosen)
    assert 990 <= len(chosen) <= 1_000
    assert sizes[2] == 10
    assert sizes[1] > 60
    assert chosen == sampled(pieces, most=1_000)


def test_a_small_one_is_on_the_map_as_a_whole() -> None:
    pieces = [_piece(number, 0) for number in range(5)]

    assert sampled(pieces) == pieces


def test_the_command_gives_an_older_run_its_map(
    app: Flask, session: Session, consultation: Any, run: AnalysisRun, fake: FakeEngine
) -> None:
    session.execute(update(Placement).values(map_x=None, map_y=None))
    session.commit()
    runner = app.test_cli_runner()

    tried = runner.invoke(args=["themes", "enrich", consultation.slug, "--dry-run"])
    untouched = session.query(Placement).filter(Placement.map_x.is_not(None)).count()
    done = runner.invoke(args=["themes", "enrich", consultation.slug])
    session.expire_all()

    assert (tried.exit_code, done.exit_code) == (0, 0), done.output
    assert untouched == 0
    assert session.query(Placement).filter(Placement.map_x.is_not(None)).count() > 0


def test_a_run_outlives_a_map_that_cannot_place_a_passage(
    session: Session, consultation: Any, analysed: Callable[..., AnalysisRun]
) -> None:
    submission(consultation, "road: nowhere at all.")
    session.commit()

    analysed(consultation)

    [lost] = [p for p in session.query(Passage) if "nowhere" in p.text]
    [placement] = session.query(Placement).filter_by(passage_id=lost.id)
    assert (placement.map_x, placement.state) == (None, "in_theme")


@pytest.mark.parametrize("most", [3, 7])
def test_a_sample_never_exceeds_what_was_asked_for(most: int) -> None:
    pieces = [_piece(number, number % 5) for number in range(50)]

    assert len(sampled(pieces, most=most)) <= most
