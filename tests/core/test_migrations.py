"""Migrations, up and down, on the database the tests run on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from app import create_app
from app.core.db import db
from app.themes.ledger.settling import compare
from app.themes.models import Placement, Theme
from config import Settings
from tests.conftest import database_url


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path, worker_id: str) -> Settings:
    """Settings of an instance with an empty database of its own."""
    return replace(
        settings, instance=tmp_path, database_url=database_url(f"{worker_id}_migrations")
    )


def test_migrations_go_up_down_and_up_again_and_match_the_models(elsewhere: Settings) -> None:
    app = create_app(elsewhere)
    with app.app_context():
        upgrade()
        check()
        tables = set(inspect(db.engine).get_table_names())
        assert {table.name for table in db.metadata.sorted_tables} <= tables
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade()
        with db.engine.connect() as connection:
            roles = set(connection.execute(text("SELECT name FROM roles")).scalars())
        db.engine.dispose()

    assert roles == {
        "administrator",
        "analyst",
        "coordinator",
        "moderator",
        "data_entry",
        "observer",
    }


def test_what_was_said_before_survives_the_migrations(elsewhere: Settings) -> None:
    app = create_app(elsewhere)
    with app.app_context():
        upgrade(revision="0001")
        with db.engine.begin() as connection:
            for statement in _SAID_BEFORE:
                connection.execute(text(statement))
        upgrade()
        with db.engine.connect() as connection:
            said = connection.execute(
                text(
                    "SELECT answers.text, submissions.state, submissions.version,"
                    " questionnaires.state, questionnaires.published_at IS NOT NULL"
                    " FROM answers JOIN submissions ON submissions.id = answers.submission_id"
                    " JOIN questionnaires ON questionnaires.id = submissions.questionnaire_id"
                )
            ).all()
        with db.engine.connect() as connection, pytest.raises(IntegrityError):
            connection.execute(text("UPDATE submissions SET channel = 'pigeon'"))
        downgrade(revision="0001")
        with db.engine.connect() as connection:
            left = connection.execute(text("SELECT count(*) FROM answers")).scalar()
        with db.engine.connect() as connection, pytest.raises(IntegrityError):
            connection.execute(text("UPDATE submissions SET actor_type = 'nobody'"))
        db.engine.dispose()

    assert [tuple(row) for row in said] == [("Un centre", "received", 1, "published", True)]
    assert left == 1


def test_decisions_taken_before_there_was_a_ledger_follow_from_it(elsewhere: Settings) -> None:
    app = create_app(elsewhere)
    with app.app_context():
        upgrade(revision="0001")
        with db.engine.begin() as connection:
            for statement in _SAID_BEFORE:
                connection.execute(text(statement))
        upgrade(revision="0002")
        with db.engine.begin() as connection:
            for statement in _DECIDED_BEFORE:
                connection.execute(text(statement))
        upgrade()
        difference = compare(db.session(), 1)
        themes = {
            row.id: (row.state, row.found_name["fr"], row.last_event_id)
            for row in db.session.scalars(select(Theme))
        }
        found = [
            (row.found_state, row.state)
            for row in db.session.scalars(select(Placement).order_by(Placement.id))
        ]
        db.session.remove()
        downgrade(revision="0002")
        with db.engine.connect() as connection:
            states = connection.execute(text("SELECT state FROM placements ORDER BY id")).all()
            kinds = connection.execute(text("SELECT kind FROM theme_events ORDER BY id")).all()
        db.engine.dispose()

    assert not difference
    assert themes == {1: ("excluded", "Un", 2), 2: ("ended", "Deux", 3), 3: ("active", "Trois", 1)}
    assert found == [("in_theme", "excluded"), ("copy", "excluded"), ("in_theme", "in_theme")]
    assert [row[0] for row in states] == ["excluded", "excluded", "in_theme"]
    assert [row[0] for row in kinds] == ["rename", "exclude"]


_SAID_BEFORE = (
    (
        "INSERT INTO consultations (id, slug, title, summary, purpose, who_may_answer, outcome,"
        " opens_at, closes_at, created_at, is_fictional) VALUES (1, 'one', '{}', '{}', '{}', '{}',"
        " '{}', '2022-01-01', '2022-02-01', '2021-12-01', false)"
    ),
    "INSERT INTO questionnaires (id, consultation_id, version) VALUES (1, 1, 1)",
    (
        "INSERT INTO sections (id, questionnaire_id, position, title, intro, minutes)"
        " VALUES (1, 1, 1, '{}', '{}', 2)"
    ),
    (
        "INSERT INTO questions (id, questionnaire_id, section_id, position, key, kind, label, hint,"
        " is_required, options, rules) VALUES (1, 1, 1, 1, 'story', 'long_text', '{}', '{}', false,"
        " '[]', '{}')"
    ),
    (
        "INSERT INTO submissions (id, consultation_id, questionnaire_id, channel, lang,"
        " actor_type, organisation, folded_organisation, receipt_code, idempotency_key,"
        " source_row, submitted_at)"
        " VALUES (1, 1, 1, 'web', 'fr', 'citizen', '', '', 'ABCDEFGH', 'k', '{}', '2022-01-02')"
    ),
    (
        "INSERT INTO answers (id, submission_id, question_id, text, folded)"
        " VALUES (1, 1, 1, 'Un centre', 'un centre')"
    ),
)

_DECIDED_BEFORE = (
    (
        "INSERT INTO jobs (id, kind, payload, state, created_at, progress, stage, attempts, error)"
        " VALUES (1, 'themes.analyse', '{}', 'done', '2022-01-03', 1, '', 1, '')"
    ),
    (
        "INSERT INTO analysis_runs (id, consultation_id, job_id, options, engine, fingerprint,"
        " n_submissions, n_passages, started_at, finished_at)"
        " VALUES (1, 1, 1, '{}', 'one', '', 1, 3, '2022-01-03', '2022-01-03')"
    ),
    *(
        (
            "INSERT INTO themes (id, consultation_id, name, key_fr, key_ar, is_named_by_hand,"
            " keywords, state, excluded_reason, first_run_id, last_run_id, created_at)"
            f' VALUES ({number}, 1, \'{{{{"fr": "{name}", "ar": "{name}"}}}}\', {key}, {key},'
            f" {by_hand}, '{{{{}}}}', '{state}', '{reason}', 1, 1, '2022-01-03')"
        )
        .replace("{{", "{")
        .replace("}}", "}")
        for number, name, key, by_hand, state, reason in (
            (1, "Un", "NULL", "false", "excluded", "Ailleurs"),
            (2, "Deux", "NULL", "false", "active", ""),
            (3, "Trois", "'trois'", "true", "active", ""),
        )
    ),
    (
        "INSERT INTO theme_events (theme_id, kind, payload, reason, actor_label, at) VALUES"
        ' (3, \'rename\', \'{"from": {}, "to": {"fr": "Trois", "ar": "Trois"}}\', \'\', \'A\','
        " '2022-01-04'), (1, 'exclude', '{}', 'Ailleurs', 'A', '2022-01-04')"
    ),
    (
        'INSERT INTO passages (id, submission_id, answer_id, start, "end", language, sha256)'
        " VALUES (1, 1, 1, 0, 2, 'fr', ''), (2, 1, 1, 3, 5, 'fr', ''), (3, 1, 1, 5, 9, 'fr', '')"
    ),
    (
        "INSERT INTO placements (id, run_id, passage_id, state, theme_id, margin, copy_of_id)"
        " VALUES (1, 1, 1, 'excluded', 1, 0.5, NULL), (2, 1, 2, 'excluded', 1, 0.5, 1),"
        " (3, 1, 3, 'in_theme', 3, 0.5, NULL)"
    ),
)
