"""Migrations, up and down, on the database the tests run on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from app import create_app
from app.core.db import db
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
