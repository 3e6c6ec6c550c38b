"""Commands: the analysis with its bar, and decisions on themes, each with a dry run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from app.core.access import System
from app.core.audit import AuditEntry
from app.core.jobs import Job
from app.core.jobs.control import LEASE
from app.core.jobs.operations import claim
from app.themes import errors
from app.themes.models import AnalysisRun, Theme, ThemeEvent
from app.themes.operations import start_analysis
from tests.factories import ConsultationFactory

Command = Callable[..., Result]


@pytest.fixture
def themes(app: Flask, session: Session) -> Command:
    """Run ``flask themes ...``."""

    def themes(*words: object) -> Result:
        session.remove()  # type: ignore[attr-defined]
        result = app.test_cli_runner().invoke(args=["themes", *map(str, words)])
        session.expire_all()
        return result

    return themes


def test_the_command_analyses_and_prints_the_sum(
    session: Session, consultation: Any, fake: Any, themes: Command
) -> None:
    result = themes("analyse", consultation.slug, "--themes", "3", "--seed", "2")

    assert result.exit_code == 0, result.output
    run = session.query(AnalysisRun).one()
    assert (run.options["n_themes"], run.options["seed"], run.job.state) == (3, 2, "done")
    assert "3 themes from 11 passages of 5 submissions" in result.output
    assert "to_arbitrate        1" in result.output
    assert "100 %" in result.stderr
    assert (
        session.query(AuditEntry)
        .filter_by(action="themes.start", actor_label="command line")
        .count()
        == 1
    )


def test_a_dry_run_starts_nothing(session: Session, consultation: Any, themes: Command) -> None:
    result = themes("analyse", consultation.slug, "--dry-run")

    assert (result.exit_code, result.output) == (
        0,
        f"{consultation.slug}: 5 texts of 5 submissions.\n",
    )
    assert session.query(Job).count() == 0


def test_an_enqueued_analysis_waits_for_a_worker(
    session: Session, consultation: Any, themes: Command
) -> None:
    result = themes("analyse", consultation.slug, "--enqueue")

    assert "waits for a worker" in result.output
    assert session.query(Job).one().state == "queued"


def test_an_analysis_that_nobody_holds_is_taken_up_again(
    app: Flask, session: Session, consultation: Any, fake: Any, themes: Command, now: Any
) -> None:
    run = start_analysis(session, System(), consultation, now=now)
    claim(session, run.job_id, owner="dead", now=now)
    session.commit()
    app.extensions["clock"] = lambda: now + LEASE + timedelta(seconds=1)

    result = themes("analyse", consultation.slug)

    assert result.exit_code == 0, result.output
    assert "Going on with analysis" in result.stderr
    assert (session.query(AnalysisRun).count(), session.query(Job).one().attempts) == (1, 2)


@pytest.mark.parametrize("options", [(), ("--seed", "9")])
def test_an_analysis_that_somebody_does_is_left_alone(
    session: Session,
    consultation: Any,
    fake: Any,
    themes: Command,
    now: Any,
    options: tuple[str, ...],
) -> None:
    run = start_analysis(session, System(), consultation, now=now)
    if not options:
        claim(session, run.job_id, owner="alive", now=now)
    session.commit()

    result = themes("analyse", consultation.slug, *options)

    assert result.exit_code == 2
    assert str(errors.AnalysisUnderWayError.message) in result.output
    assert fake.calls == []


def test_a_failure_is_one_line(
    session: Session, consultation: Any, fake: Any, themes: Command
) -> None:
    def broken() -> None:
        raise ValueError("the vectors file is missing")

    fake.during = broken
    result = themes("analyse", consultation.slug)

    assert result.exit_code == 1
    assert "Error: The analysis failed: the vectors file is missing" in result.output
    assert "Traceback" not in result.output
    assert session.query(Job).one().state == "failed"


@pytest.mark.parametrize(
    "words",
    [
        ("none",),
        ("{slug}", "--themes", "1"),
        ("{slug}", "--themes", "x"),
        ("{slug}", "--seed", "-1"),
    ],
)
def test_wrong_words_are_refused_with_one_line(
    consultation: Any, themes: Command, words: tuple[str, ...]
) -> None:
    result = themes("analyse", *(word.format(slug=consultation.slug) for word in words))

    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_consultation_without_texts_is_refused(session: Session, themes: Command) -> None:
    empty = ConsultationFactory()
    session.commit()

    result = themes("analyse", empty.slug)

    assert (result.exit_code, str(errors.NothingToAnalyseError.message) in result.output) == (
        2,
        True,
    )


def test_themes_are_listed_and_decided_on(
    session: Session, consultation: Any, analysed: Any, themes: Command, theme_called: Any
) -> None:
    analysed(consultation)
    road, school, care = (theme_called(name).id for name in ("Routes et pistes", "École", "Soins"))
    slug = consultation.slug

    assert themes("rename", road, "--fr", "Pistes", "--ar", "مسالك").exit_code == 0
    assert themes("merge", care, school).exit_code == 0
    assert themes("exclude", road, "--reason", "Other ministry").exit_code == 0
    listed = themes("list", slug).output.splitlines()

    assert listed == [
        f"{school}\tactive\t2\t3\tÉcole\tالمدرسة",
        f"{care}\tmerged:{school}\t0\t0\tSoins\tالعلاجات",
        f"{road}\texcluded\t0\t5\tPistes\tمسالك",
    ]
    assert themes("restore", road).exit_code == 0
    assert session.get_one(Theme, road).state == "active"


@pytest.mark.parametrize(
    "words",
    [
        ("rename", "{road}", "--fr", "Pistes", "--ar", "مسالك"),
        ("merge", "{road}", "{school}"),
        ("exclude", "{road}", "--reason", "Other ministry"),
    ],
)
def test_a_dry_run_decides_nothing(
    session: Session,
    consultation: Any,
    analysed: Any,
    themes: Command,
    theme_called: Any,
    words: tuple[str, ...],
) -> None:
    analysed(consultation)
    names = {"road": theme_called("Routes et pistes").id, "school": theme_called("École").id}

    result = themes(*(word.format(**names) for word in words), "--dry-run")

    assert result.exit_code == 0
    assert result.output.startswith("Would be done: ")
    assert session.query(ThemeEvent).count() == 0
    assert theme_called("Routes et pistes").state == "active"


def test_a_refused_decision_is_one_line(
    consultation: Any, analysed: Any, themes: Command, theme_called: Any
) -> None:
    analysed(consultation)
    road = theme_called("Routes et pistes").id

    itself = themes("merge", road, road)
    unknown = themes("merge", road, 999)

    assert (itself.exit_code, unknown.exit_code) == (2, 2)
    assert str(errors.MergeWithItselfError.message) in itself.output


def test_listing_before_any_analysis_says_so(consultation: Any, themes: Command) -> None:
    result = themes("list", consultation.slug)

    assert (result.exit_code, str(errors.NoAnalysisError.message) in result.output) == (2, True)
