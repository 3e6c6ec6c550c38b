"""What the report says of agreement and accuracy, and what it says where they were not measured."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core.access import Role, System
from app.reports.body import build
from app.themes.queue.drawing import Draw
from app.themes.queue.looks import Answer, answer
from app.themes.reliability.coding import Coders, Part, code, open_round, task_of
from app.themes.reliability.measuring import close_round
from tests import factories
from tests.reports.corpus import Analysed
from tests.reports.publishing import publish


@pytest.fixture
def large(session: Session, corpus: Analysed) -> Analysed:
    """The corpus with enough passages to be coded."""
    for number in range(24):
        said = f"الطريق رقم {number}" if number % 2 else f"Route numéro {number}"
        theme = corpus.themes[number % 2]
        corpus.says(said, theme, language="ar" if number % 2 else "fr", region_code="04")
    session.commit()
    return corpus


@pytest.fixture
def closed(session: Session, large: Analysed, now: Any) -> Analysed:
    """With a closed round: the two differ on three passages in twenty."""
    people = [factories.UserFactory() for _part in range(2)]
    for one in people:
        factories.grant(one, Role.ANALYST)
    coders = Coders(people[0].id, people[1].id)
    made = open_round(session, System(), large.consultation, coders, size=20, seed=2, now=now)
    for part, one in zip((Part.FIRST, Part.SECOND), people, strict=True):
        while (item := task_of(session, made, one.id).item) is not None:
            theme = large.themes[item.position % 2]
            differs = part is Part.SECOND and item.position <= 3
            state, theme_id = ("off_topic", None) if differs else ("in_theme", theme.id)
            code(session, one, made, item.id, state=state, theme_id=theme_id, now=now)
    close_round(session, System(), made, now=now)
    session.commit()
    return large


@pytest.fixture
def page(
    session: Session, client: Any, render: Callable[..., bytes], now: Any
) -> Callable[..., str]:
    """Publish and read the report, its tags taken out."""

    def page(corpus: Analysed, lang: str = "en") -> str:
        """Read it."""
        publish(session, System(), corpus.consultation, now=now, render=render)
        session.commit()
        answer = client.get(f"/{lang}/consultations/{corpus.consultation.slug}/reports/1")
        assert answer.status_code == 200
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))

    return page


def test_a_report_without_a_round_says_that_agreement_was_not_measured(
    session: Session, corpus: Analysed, page: Callable[..., str]
) -> None:
    method = build(session, corpus.consultation).body["method"]

    assert method["reliability"] == {"round": None, "accuracy": None}
    words = page(corpus)
    assert "was not measured" in words
    assert "Krippendorff" not in words


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_a_closed_round_enters_the_method_note(
    session: Session, closed: Analysed, page: Callable[..., str], lang: str
) -> None:
    found = build(session, closed.consultation).body["method"]["reliability"]["round"]

    assert (found["passages"], found["differing"], found["settled"]) == (20, 3, 0)
    assert found["coders"]["observed"] == 0.85
    assert found["coders"]["low"] < found["coders"]["alpha"] < found["coders"]["high"]
    assert {row["code"] for row in found["by_language"]} == {"fr", "ar"}
    words = page(closed, lang)
    alpha = f"{found['coders']['alpha']:.2f}"
    assert alpha in words or alpha.replace(".", ",") in words


def test_the_same_round_gives_the_same_report(session: Session, closed: Analysed) -> None:
    first = build(session, closed.consultation).sha256

    session.expire_all()

    assert build(session, closed.consultation).sha256 == first


def test_an_open_round_is_not_published(session: Session, large: Analysed, now: Any) -> None:
    people = [factories.UserFactory() for _part in range(2)]
    for one in people:
        factories.grant(one, Role.ANALYST)
    coders = Coders(people[0].id, people[1].id)
    open_round(session, System(), large.consultation, coders, size=20, seed=2, now=now)

    body = build(session, large.consultation).body

    assert body["method"]["reliability"]["round"] is None


def test_the_queue_s_accuracy_enters_the_method_note(
    session: Session, large: Analysed, page: Callable[..., str], now: Any
) -> None:
    from app.themes.models import Placement

    person = factories.UserFactory()
    factories.grant(person, Role.ANALYST)
    rows = session.query(Placement).filter_by(run_id=large.run.id, state="in_theme").limit(12)
    for number, row in enumerate(rows.all()):
        said = Answer("off_topic") if number < 3 else None
        answer(session, person, large.run, row.passage_id, said, draw=Draw.CHANCE, now=now)

    found = build(session, large.consultation).body["method"]["reliability"]["accuracy"]

    assert found["sample"] == 12
    assert 0.5 < found["low"] < found["machine"] < found["high"] <= 1
    assert found["now"] > found["machine"]
    assert "passages were drawn by chance" in page(large)


def test_reports_of_before_have_no_such_note(
    session: Session, corpus: Analysed, client: Any, render: Callable[..., bytes], now: Any
) -> None:
    from app.reports.models import Report

    report = publish(session, System(), corpus.consultation, now=now, render=render)
    body = dict(report.body)
    body["method"] = {k: v for k, v in body["method"].items() if k != "reliability"}
    body["claims"] = [c for c in body["claims"] if c["id"] != "method.unmeasured"]
    session.commit()
    session.execute(Report.__table__.update().values(body=body))
    session.commit()

    answer = client.get(f"/en/consultations/{corpus.consultation.slug}/reports/1")

    assert answer.status_code == 200
    assert "was not measured" not in answer.get_data(as_text=True)
