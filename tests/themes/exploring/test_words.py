"""Words in context, in both scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core.access import Role
from app.themes.exploring.lines import find_lines
from app.themes.models import AnalysisRun, Theme
from app.themes.queries import EVERYTHING, Narrowing
from tests.factories import submission


@pytest.fixture
def spoken(
    session: Session, consultation: Any, analysed: Callable[..., AnalysisRun]
) -> AnalysisRun:
    """A run over people who speak of schools in two scripts."""
    for text in (
        "school: L’École publique est loin.",
        "school: une école privée, puis une autre école rurale.",
        "school: نريد مدرسةً قريبة من الدوار.",
        "school: وبالمدرسة لا يوجد ماء.",
    ):
        submission(consultation, text, region_code="04")
    session.commit()
    return analysed(consultation)


def _shown(found: Any) -> list[tuple[str, str, str]]:
    """Return the lines as what stands before, the words, what stands after."""
    return [(line.left, line.words, line.right) for line, _row in found.lines]


def test_a_word_is_found_however_it_is_written(session: Session, spoken: AnalysisRun) -> None:
    found = find_lines(session, spoken, "ecole", EVERYTHING)

    assert found is not None
    assert (found.n_found, found.n_passages) == (3, 2)
    assert {words for _left, words, _right in _shown(found)} == {"École", "école"}


def test_an_arabic_word_is_found_with_its_article_and_particles(
    session: Session, spoken: AnalysisRun
) -> None:
    found = find_lines(session, spoken, "المدرسه", EVERYTHING)

    assert found is not None
    assert {words for _left, words, _right in _shown(found)} == {"مدرسةً", "وبالمدرسة"}


def test_lines_are_put_in_order_by_what_follows(session: Session, spoken: AnalysisRun) -> None:
    found = find_lines(session, spoken, "école", EVERYTHING, order="right")

    assert found is not None
    after = [right.split()[0].strip(",.") for _left, _words, right in _shown(found)]
    assert after == ["privée", "publique", "rurale"]


def test_only_what_one_may_read_is_looked_into(session: Session, spoken: AnalysisRun) -> None:
    found = find_lines(session, spoken, "école", Narrowing(regions=frozenset({"08"})))

    assert found is not None
    assert found.lines == []


def test_a_theme_narrows_the_search(
    session: Session, spoken: AnalysisRun, theme_called: Callable[[str], Theme]
) -> None:
    road = theme_called("Routes et pistes").id

    found = find_lines(session, spoken, "school", EVERYTHING, theme_id=road)

    assert found is not None
    assert found.n_found == 0


@pytest.mark.parametrize("query", ["", "...", "%", "un deux trois quatre cinq six sept huit neuf"])
def test_a_query_without_words_or_with_too_many_finds_nothing(
    session: Session, consultation: Any, spoken: AnalysisRun, query: str
) -> None:
    submission(consultation, "road: un deux trois quatre cinq six sept huit neuf.")

    found = find_lines(session, spoken, query, EVERYTHING)

    assert found is None or found.lines == []


def test_masked_personal_data_is_neither_shown_nor_found(
    session: Session,
    consultation: Any,
    analysed: Callable[..., AnalysisRun],
    client: Any,
    sign_in: Any,
) -> None:
    submission(consultation, "road: phone 0661234567 for the road.")
    session.commit()
    run = analysed(consultation)
    sign_in(client, Role.ANALYST)

    hidden = find_lines(session, run, "0661234567", EVERYTHING)
    page = client.get(f"/en/staff/consultations/{consultation.slug}/words?q=phone")

    assert hidden is not None
    assert hidden.n_found == 0
    assert "0661234567" not in page.get_data(as_text=True)


def test_each_script_has_a_table_in_its_own_direction(
    client: Any, sign_in: Any, consultation: Any, spoken: AnalysisRun
) -> None:
    sign_in(client, Role.ANALYST)
    here = f"/fr/staff/consultations/{consultation.slug}/words"

    latin = client.get(f"{here}?q=école").get_data(as_text=True)
    arabic = client.get(f"{here}?q=مدرسة").get_data(as_text=True)

    assert 'class="tbl kwic" dir="ltr" lang="fr"' in latin
    assert 'class="tbl kwic" dir="rtl" lang="ar"' in arabic
