"""Migrations, up and down, on the database the tests run on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect, text

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
