"""The demonstration's measures: only what is known, at the day of its clock, loaded once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.commitments.measures import operations
from app.commitments.measures.details import details_of
from app.commitments.measures.lateness import civil_day, is_late
from app.commitments.models import Measure, MeasureEvent, MeasureState
from app.consultations.models import Consultation, StrategyAxis, TargetPopulation
from app.core.access import System
from app.core.db import Texts
from app.core.text import text_direction
from app.demonstration.commitments import load_commitments, themes_with
from app.themes.models import Theme
from tests import factories
from tests.conftest import NOW

ACTOR = System("demonstration")
LATER = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """A consultation with the axis and the population that the measures name."""
    made: Consultation = factories.ConsultationFactory()
    made.axes.append(StrategyAxis(code="equality", position=1, title=factories.texts("Equality")))
    made.populations.append(
        TargetPopulation(code="street", position=1, title=factories.texts("Street"))
    )
    session.flush()
    return made


def by_key(session: Session) -> dict[str, Measure]:
    """Return the measures by their keys."""
    return {one.key: one for one in session.scalars(select(Measure))}


def n_events(session: Session) -> int:
    """Count the events."""
    return session.scalar(select(func.count()).select_from(MeasureEvent)) or 0


def test_loading_again_changes_nothing(session: Session, consultation: Consultation) -> None:
    added = load_commitments(session, ACTOR, consultation, now=NOW)
    events = n_events(session)

    again = load_commitments(session, ACTOR, consultation, now=NOW + timedelta(hours=1))

    assert (added, again) == (7, 0)
    assert n_events(session) == events == 7


def test_nothing_has_happened_that_is_still_to_come(
    session: Session, consultation: Consultation
) -> None:
    load_commitments(session, ACTOR, consultation, now=NOW)

    today = civil_day(NOW)
    for measure in by_key(session).values():
        days = [measure.signed_on, *(step.due_on for step in measure.milestones)]
        if any(day and day > today for day in days):
            assert measure.state == MeasureState.PLANNED
        assert not any(step.done_on for step in measure.milestones)
        assert not is_late(measure, today)


def test_measures_come_about_as_the_clock_goes_on(
    session: Session, consultation: Consultation
) -> None:
    load_commitments(session, ACTOR, consultation, now=NOW)
    load_commitments(session, ACTOR, consultation, now=LATER)

    found = by_key(session)
    assert found["convention-cadre-indh"].state == MeasureState.SIGNED
    assert found["convention-cadre-indh"].signed_on == date(2022, 6, 17)
    assert found["centres-souss-massa"].state == MeasureState.DONE
    assert found["centres-souss-massa"].milestones[0].done_on == date(2024, 2, 5)
    assert found["strategie-gissr"].state == MeasureState.UNDER_WAY
    assert found["conventions-casablanca-settat"].population is not None


def test_only_one_amount_is_known(session: Session, consultation: Consultation) -> None:
    load_commitments(session, ACTOR, consultation, now=LATER)

    amounts = {key: one.amount_mad for key, one in by_key(session).items()}
    assert amounts.pop("convention-marrakech-safi") == 10_000_000
    assert set(amounts.values()) == {None}


def test_each_names_its_source_in_both_languages(
    session: Session, consultation: Consultation
) -> None:
    load_commitments(session, ACTOR, consultation, now=NOW)

    for measure in by_key(session).values():
        directions = [text_direction(line) for line in measure.source.splitlines()]
        assert directions == ["ltr", "rtl"]


def test_what_a_person_changed_is_left_alone(session: Session, consultation: Consultation) -> None:
    load_commitments(session, ACTOR, consultation, now=NOW)
    made = by_key(session)["programme-jisr"]
    changed = replace(details_of(made), title=Texts(fr="Autre", ar="آخر"))
    operations.change(session, factories.admin(), made, changed, seen=1, now=NOW)

    load_commitments(session, ACTOR, consultation, now=LATER)

    assert made.title["fr"] == "Autre"


def test_a_theme_is_tied_for_several_words_and_not_for_one() -> None:
    def theme(number: int, name: str, keywords: list[str]) -> Any:
        """Return a theme."""
        return Theme(id=number, name=Texts(fr=name, ar="-"), keywords={"fr": keywords, "ar": []})

    themes = [
        theme(1, "Formation", []),
        theme(2, "Autre", ["metier"]),
        theme(3, "Autre", ["metier", "formation"]),
    ]

    assert themes_with({"fr": ["formation", "métier"], "ar": []}, themes) == [1, 3]
    assert themes_with({"fr": [], "ar": []}, themes) == []


def test_commands_bring_measures_out_and_in(
    app: Flask, session: Session, consultation: Consultation, tmp_path: Any
) -> None:
    factories.measure(consultation)
    slug = consultation.slug
    session.commit()
    run = app.test_cli_runner().invoke
    path = str(tmp_path / "measures.xlsx")

    out = run(args=["commitments", "export", slug, path])
    dry = run(args=["commitments", "import", slug, path, "--dry-run"])

    assert out.output == "Measures: 1.\n"
    assert dry.output == "Rows: 1. Added: 0. Changed: 0. The same: 1. Refused: 0.\n"
