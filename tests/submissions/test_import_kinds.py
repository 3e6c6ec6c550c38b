"""Columns of every kind of question, imported from a table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import System
from app.core.tables import Row
from app.submissions.imports.guessing import suggest
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.reasons import Refusal, reason_text
from app.submissions.imports.rows import Candidate, RowReader
from app.territories.naming import PlaceIndex
from tests.conftest import NOW
from tests.submissions.every_kind import every_kind


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """The consultation that asks every kind."""
    return every_kind(session)


def read(session: Session, consultation: Consultation, row: dict[str, str]) -> Any:
    """Read one row, with the columns that names tell."""
    cells = {"region": "Drâa-Tafilalet", "agreed": "oui"} | row
    header = list(cells)
    mapping = ColumnMapping(
        columns=suggest(header, consultation.questionnaire.questions),
        constants={"actor_type": "citizen"},
    )
    reader = RowReader(
        consultation, mapping, header, actor=System("tests"), places=PlaceIndex.load(session),
        now=NOW + timedelta(days=1),
    )  # fmt: skip
    return reader.read(Row(2, tuple(cells.values()), ()))


def said(candidate: Any) -> dict[str, Any]:
    """Return the answers of a row by key."""
    assert isinstance(candidate, Candidate), candidate
    return {question.key: value for question, value in candidate.answers}


def test_each_kind_has_its_columns(session: Session, consultation: Consultation) -> None:
    row = {
        "used": "care; youth", "used.other": "Transport scolaire", "best": "care",
        "times.care": "Chaque semaine", "times.listening": "never",
        "since": "04/03/2021 10:20", "household": "3", "children": "1",
        "order.youth": "1", "order.care": "2",
        "points.care": "60", "points.youth": "40", "ease.care": "4",
    }  # fmt: skip
    answers = said(read(session, consultation, row))
    assert answers["used"] == ["care", "youth", {"code": "other", "other": "Transport scolaire"}]
    assert answers["times"] == {"care": "weekly", "listening": "never"}
    assert answers["since"] == "2021-03-04"
    assert answers["order"] == ["youth", "care"]
    assert answers["points"] == {"care": 60, "listening": 0, "disability": 0, "youth": 40}
    assert answers["agreed"] is True


def test_a_ranking_also_stands_in_one_cell(session: Session, consultation: Consultation) -> None:
    row = {"order": "Accompagnement des jeunes > care"}
    assert said(read(session, consultation, row))["order"] == ["youth", "care"]


def test_words_beside_a_single_choice_go_with_it(
    session: Session, consultation: Consultation
) -> None:
    words = {"code": "other", "other": "La bibliothèque"}
    used = {"used": "care; youth"}
    for cell in ("", "other"):
        row = used | {"best": cell, "best.other": "La bibliothèque"}
        assert said(read(session, consultation, row))["best"] == words
    row = used | {"best": "care", "best.other": "La bibliothèque"}
    assert said(read(session, consultation, row))["best"] == "care"


@pytest.mark.parametrize(("row", "column", "words"), [
    ({"points.care": "60", "points.youth": "30"}, "points", "10"),
    ({"order.care": "1", "order.youth": "1"}, "order.youth", "1"),
    ({"times.care": "parfois"}, "times.care", "parfois"),
    ({"used": "care", "since": "hier"}, "since", "hier"),
    ({"household": "2", "children": "2"}, "children", "moins d’enfants"),
])  # fmt: skip
def test_a_row_is_refused_with_the_column_and_the_reason(
    session: Session, consultation: Consultation, row: dict[str, str], column: str, words: str
) -> None:
    refusals = read(session, consultation, row)
    assert [type(one) for one in refusals] == [Refusal]
    assert refusals[0].column == column
    assert words in reason_text(refusals[0].reason, refusals[0].values, "fr")


def test_an_answer_of_a_closed_section_is_refused(
    session: Session, consultation: Consultation
) -> None:
    refusals = read(session, consultation, {"partner": "Entraide"})
    assert [one.reason for one in refusals] == ["NotAskedError"]
