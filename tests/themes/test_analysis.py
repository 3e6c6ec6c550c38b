"""The analysis as a job: a frozen corpus, results written at once, durable themes."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.access import System
from app.core.db import db
from app.core.jobs import Job
from app.core.jobs import run as run_job
from app.core.jobs.control import LEASE
from app.core.jobs.operations import claim
from app.submissions.models import Answer
from app.themes import queries
from app.themes.deciding import exclude, merge, rename
from app.themes.errors import AnalysisUnderWayError, CorpusChangedError, NothingToAnalyseError
from app.themes.models import AnalysisRun, Passage, Placement, Theme, ThemeEvent
from app.themes.operations import start_analysis
from app.themes.overview import load_overview, load_states
from tests.factories import ConsultationFactory, submission
from tests.statements import counted_statements
from tests.themes.fake import FakeEngine


def table(session: Session, run: AnalysisRun) -> list[tuple[Any, ...]]:
    """Return a run's placements with everything in them that is not a key."""
    rows = session.execute(
        select(
            Passage.answer_id,
            Passage.start,
            Passage.end,
            Passage.language,
            Passage.sha256,
            Placement.state,
            Theme.name,
            Placement.margin,
            Placement.copy_of_id,
            Placement.quotation_rank,
        )
        .join(Placement, Placement.passage_id == Passage.id)
        .outerjoin(Theme, Placement.theme_id == Theme.id)
        .where(Placement.run_id == run.id)
        .order_by(Passage.answer_id, Passage.start)
    )
    return [tuple(row) for row in rows]


def test_every_passage_is_placed_once_and_is_an_exact_substring(
    session: Session, consultation: Any, analysed: Any
) -> None:
    run = analysed(consultation)

    passages = session.query(Passage).all()
    assert len(passages) == run.n_passages == 11
    assert run.n_submissions == 5
    assert session.query(Placement).filter_by(run_id=run.id).count() == 11
    assert {p.text for p in passages} >= {"road: the road is far.", "road: الطريق مقطوعة."}
    states = load_states(session, run)
    assert {state.value: n for state, n in states.items()} == {
        "in_theme": 7,
        "copy": 1,
        "to_arbitrate": 1,
        "off_topic": 1,
        "unreadable": 1,
        "excluded": 0,
    }
    assert sum(states.values()) == run.n_passages


def test_the_run_tells_its_options_and_its_end(
    session: Session, consultation: Any, analysed: Any, now: Any
) -> None:
    run = analysed(consultation, n_themes=4, seed=7)

    assert run.options == {"n_themes": 4, "unit": "passage", "seed": 7}
    assert (run.engine, run.fingerprint, run.finished_at) == ("fake 1", "f" * 64, now)
    assert run.job.state == "done"


def test_checkpoint_files_are_removed_when_the_work_is_done(
    app: Flask, consultation: Any, analysed: Any
) -> None:
    run = analysed(consultation)

    assert not (Path(app.config["INSTANCE"]) / "jobs" / str(run.job_id)).exists()


def test_another_writer_is_not_kept_waiting_while_themes_are_sought(
    app: Flask, session: Session, consultation: Any, analysed: Any, fake: FakeEngine
) -> None:
    consultation_id, written = consultation.id, []

    def write() -> None:
        with app.app_context():
            db.session.get_one(type(consultation), consultation_id).summary = {"fr": "changed"}
            db.session.commit()
            written.append(True)

    def during() -> None:
        thread = threading.Thread(target=write)
        thread.start()
        thread.join(5)
        assert written, "the analysis holds the database while it computes"

    fake.during = during
    analysed(consultation)


def test_the_same_corpus_gives_the_same_rows_again(
    session: Session, consultation: Any, analysed: Any
) -> None:
    first = table(session, analysed(consultation))

    second = table(session, analysed(consultation))

    assert first == second
    assert session.query(Passage).count() == len(first)
    assert session.query(Theme).count() == 3


def test_a_text_that_comes_during_the_analysis_waits_for_the_next_one(
    session: Session, consultation: Any, analysed: Any, fake: FakeEngine
) -> None:
    def during() -> None:
        submission(consultation, "road: late.")
        session.commit()

    fake.during = during
    run = analysed(consultation)

    assert run.n_submissions == 5
    fake.during = lambda: None
    assert analysed(consultation).n_submissions == 6


def test_a_resumed_run_analyses_the_corpus_of_its_beginning(
    app: Flask, session: Session, consultation: Any, fake: FakeEngine, now: Any
) -> None:
    run = start_analysis(session, System(), consultation, now=now)
    session.commit()

    def killed() -> None:
        raise SystemExit

    fake.during = killed
    with pytest.raises(SystemExit):
        run_job(app, run.job_id)
    session.rollback()
    submission(consultation, "road: late.")
    session.commit()
    fake.during = lambda: None
    app.extensions["clock"] = lambda: now + LEASE + timedelta(seconds=1)

    assert run_job(app, run.job_id)

    assert fake.calls[0] == fake.calls[1]
    session.expire_all()
    assert run.n_submissions == 5
    assert run.job.attempts == 2


def test_a_text_changed_meanwhile_fails_the_analysis_and_nothing_is_written(
    app: Flask, session: Session, consultation: Any, fake: FakeEngine, now: Any
) -> None:
    def during() -> None:
        with Session(db.engine) as other:
            other.query(Answer).first().text = "something else."  # type: ignore[union-attr]
            other.commit()

    fake.during = during
    run = start_analysis(session, System(), consultation, now=now)
    session.commit()

    with pytest.raises(CorpusChangedError):
        run_job(app, run.job_id)

    session.expire_all()
    assert run.job.state == "failed"
    assert "start a new analysis" in run.job.error
    assert run.finished_at is None
    assert (session.query(Passage).count(), session.query(Theme).count()) == (0, 0)


def test_a_worker_that_lost_the_analysis_writes_nothing(
    app: Flask, session: Session, consultation: Any, fake: FakeEngine, now: Any
) -> None:
    run = start_analysis(session, System(), consultation, now=now)
    job_id = run.job_id
    session.commit()

    def during() -> None:
        with Session(db.engine) as other:
            assert claim(other, job_id, owner="another", now=now + LEASE + timedelta(seconds=1))
            other.commit()

    fake.during = during

    assert not run_job(app, job_id)

    session.expire_all()
    assert run.job.lease_owner == "another"
    assert session.query(Placement).count() == 0
    # The files are the other worker's now.
    assert (Path(app.config["INSTANCE"]) / "jobs" / str(run.job_id)).exists()


def test_a_worker_that_died_after_writing_leaves_only_the_last_word_to_say(
    app: Flask,
    session: Session,
    consultation: Any,
    fake: FakeEngine,
    now: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from app.core.jobs import operations as jobs

    run = start_analysis(session, System(), consultation, now=now)
    session.commit()
    finish = jobs._finish

    def die(_control: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(jobs, "_finish", die)
    with pytest.raises(SystemExit):
        run_job(app, run.job_id)
    monkeypatch.setattr(jobs, "_finish", finish)
    session.rollback()
    session.expire_all()
    assert (run.job.state, run.finished_at) == ("running", now)
    app.extensions["clock"] = lambda: now + LEASE + timedelta(seconds=1)

    assert run_job(app, run.job_id)

    assert len(fake.calls) == 1
    session.expire_all()
    assert run.job.state == "done"


def test_files_of_an_analysis_that_was_given_up_are_removed_by_the_next(
    app: Flask, session: Session, consultation: Any, fake: FakeEngine, analysed: Any, now: Any
) -> None:
    run = start_analysis(session, System(), consultation, now=now)
    run.job.state = "failed"
    session.commit()
    left = Path(app.config["INSTANCE"]) / "jobs" / str(run.job_id)
    # Tests share the folder, and numbers of jobs begin anew.
    left.mkdir(parents=True, exist_ok=True)

    analysed(consultation)

    assert not left.exists()


def test_two_analyses_of_one_consultation_cannot_be_open(
    session: Session, consultation: Any, now: Any
) -> None:
    first = start_analysis(session, System(), consultation, now=now)
    session.commit()

    with pytest.raises(AnalysisUnderWayError) as refused:
        start_analysis(session, System(), consultation, now=now)

    assert refused.value.run_id == first.id
    session.rollback()
    assert session.query(Job).count() == 1


def test_a_consultation_without_texts_is_not_analysed(session: Session, now: Any) -> None:
    empty = ConsultationFactory()
    submission(empty, values={"place": {"region": "08"}})

    with pytest.raises(NothingToAnalyseError):
        start_analysis(session, System(), empty, now=now)


def test_names_given_by_hand_and_identities_survive_new_runs(
    session: Session,
    consultation: Any,
    analysed: Any,
    fake: FakeEngine,
    theme_called: Any,
    now: Any,
) -> None:
    analysed(consultation)
    road = theme_called("Routes et pistes")
    rename(session, System(), road, name_fr="Désenclaver", name_ar="فك العزلة", now=now)
    submission(consultation, "road: mud. school: far away.")
    session.commit()
    fake.names["road"] = ("Chemins", "المسالك")
    fake.names["school"] = ("Enseignement", "التعليم")

    second = analysed(consultation)

    assert road.name == {"fr": "Désenclaver", "ar": "فك العزلة"}
    assert road.last_run_id == second.id
    # Once people have decided anything, no run changes any name by itself.
    assert theme_called("École").first_run_id != second.id
    assert session.query(Theme).count() == 3


def test_a_cluster_of_a_merged_theme_counts_under_its_target(
    session: Session, consultation: Any, analysed: Any, theme_called: Any, now: Any
) -> None:
    analysed(consultation)
    care, school = theme_called("Soins"), theme_called("École")
    merge(session, System(), care, school, now=now)
    session.commit()

    run = analysed(consultation)

    overview = load_overview(session, run)
    assert [(f.theme.id, f.n_passages) for f in overview.themes if f.theme is school] == [
        (school.id, 3)
    ]
    assert care.id not in {f.theme.id for f in overview.themes}
    assert overview.merged == [(care, school)]


def test_a_cluster_of_an_excluded_theme_stays_excluded_with_its_copies(
    session: Session, consultation: Any, analysed: Any, theme_called: Any, now: Any
) -> None:
    analysed(consultation)
    road = theme_called("Routes et pistes")
    exclude(session, System(), road, reason="Out of scope", now=now)
    session.commit()

    run = analysed(consultation)

    rows = session.query(Placement).filter_by(run_id=run.id, state="excluded").all()
    assert len(rows) == 5
    assert {row.theme_id for row in rows} == {road.id}
    assert sum(row.copy_of_id is not None for row in rows) == 1


def test_a_finer_run_does_not_undo_an_exclusion_or_a_merge(
    session: Session, analysed: Any, fake: FakeEngine, theme_called: Any, now: Any
) -> None:
    consultation = ConsultationFactory()
    for word in ("a", "b", "c", "d"):
        for number in range(4):
            submission(consultation, f"{word}: sentence number {number}.")
    session.commit()
    fake.synonyms = {"b": "a", "d": "c"}
    analysed(consultation)
    exclude(session, System(), theme_called("A"), reason="Out of scope", now=now)
    session.commit()
    fake.synonyms = {"d": "c"}

    run = analysed(consultation)

    counts = {row.theme_id: row.n_excluded for row in session.execute(queries.theme_counts(run))}
    assert counts[theme_called("A").id] == 8
    assert {f.theme.name["fr"] for f in load_overview(session, run).themes} == {"C"}


def test_a_theme_named_by_hand_stays_with_its_passages_when_no_run_finds_it(
    session: Session,
    consultation: Any,
    analysed: Any,
    theme_called: Any,
    fake: FakeEngine,
    now: Any,
) -> None:
    analysed(consultation)
    rename(session, System(), theme_called("Soins"), name_fr="Santé", name_ar="الصحة", now=now)
    session.commit()
    fake.synonyms = {"care": "school", "work": "school"}

    run = analysed(consultation)

    figures = {f.theme.name["fr"]: f.n_passages for f in load_overview(session, run).themes}
    assert figures == {"Routes et pistes": 4, "École": 2, "Santé": 1}


def test_a_theme_that_nobody_touched_ends_when_a_run_does_not_find_it_again(
    session: Session, consultation: Any, analysed: Any, theme_called: Any, fake: FakeEngine
) -> None:
    analysed(consultation)
    care = theme_called("Soins")
    fake.synonyms = {"care": "school"}

    run = analysed(consultation)

    assert care.id not in {f.theme.id for f in load_overview(session, run).themes}
    assert care.state == "ended"
    assert session.query(ThemeEvent).filter_by(theme_id=care.id).one().kind == "end"


def test_two_themes_never_bear_one_name(
    session: Session, consultation: Any, analysed: Any, fake: FakeEngine
) -> None:
    fake.names = dict.fromkeys(("road", "school", "care"), ("Accès", "الولوج"))

    run = analysed(consultation)

    names = [f.theme.name for f in load_overview(session, run).themes]
    assert [n["fr"] for n in names] == ["Accès", "Accès (school)", "Accès (care)"]
    assert [n["ar"] for n in names] == ["الولوج", "الولوج (كschool)", "الولوج (كcare)"]


def test_machine_names_may_be_exchanged_between_runs(
    session: Session, consultation: Any, analysed: Any, fake: FakeEngine, theme_called: Any
) -> None:
    analysed(consultation)
    road, school = theme_called("Routes et pistes").id, theme_called("École").id
    fake.names["road"], fake.names["school"] = fake.names["school"], fake.names["road"]

    analysed(consultation)

    assert (theme_called("École").id, theme_called("Routes et pistes").id) == (road, school)


def test_quotations_are_exact_and_ranked(
    session: Session, consultation: Any, analysed: Any, theme_called: Any
) -> None:
    run = analysed(consultation)

    rows = session.execute(queries.quotations(run, theme_called("Routes et pistes").id)).all()

    assert [(row.quotation_rank, row.words) for row in rows] == [
        (0, "road: the road is far."),
        (1, "road: الطريق مقطوعة."),
        (2, "road: no bus."),
    ]
    assert [row.region_code for row in rows] == ["08", "08", "08"]


@pytest.mark.parametrize("n_passages", [50_000])
def test_fifty_thousand_passages_are_written_in_some_hundred_statements(
    app: Flask, session: Session, analysed: Any, fake: FakeEngine, n_passages: int, now: Any
) -> None:
    consultation = ConsultationFactory()
    words = ("road", "school", "care", "work")
    for number in range(500):
        text = " ".join(
            f"{words[(number + i) % 4]}: sentence {i}." for i in range(n_passages // 500)
        )
        submission(consultation, text)
    session.commit()

    with counted_statements() as statements:
        run = analysed(consultation)

    assert len(statements) < 400
    assert run.n_passages == n_passages
    assert session.query(Passage).count() == n_passages
