"""An application on a migrated database, emptied after each test, and clients that check pages."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, has_app_context
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import create_app
from app.core.access import Role
from app.core.db import db
from app.territories.operations import load_territories
from config import Settings
from tests import factories
from tests.mail_server import PostOffice, post_office
from tests.pages import CheckedClient

#: The instant that tests live in: the demonstration's consultation is open.
NOW = datetime(2022, 1, 20, 12, 0, tzinfo=UTC)

#: Chromium without its own errands: no look-ups, no updates, no sync.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: Tables that the migration or the territories' files fill and no test empties.
KEPT = {"regions", "provinces", "communes", "roles", "alembic_version"}


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes and long texts by their argument.

    An archive carries the second it was made in: two processes that collect the same test would
    tell it by two names.
    """
    is_long = isinstance(val, str) and len(val) > 80
    return argname if is_long or isinstance(val, bytes) else None


def database_url(worker: str) -> str:
    """Return the address of this test process's own database: SQLite unless told otherwise."""
    server = os.environ.get("TACHAWOR_TEST_DATABASE", "")
    if not server:
        return ""
    import psycopg

    name = f"tachawor_test_{worker}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{server.rsplit('/', 1)[0]}/{name}"


@pytest.fixture(scope="session", autouse=True)
def nothing_leaves_the_machine() -> Iterator[None]:
    """Refuse every connection that is not to this very machine: the product needs none."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: Any) -> None:
        """Connect, if it is here."""
        host = address[0] if isinstance(address, tuple) else "localhost"
        if host not in {"127.0.0.1", "::1", "localhost"}:
            raise ConnectionRefusedError(f"a request would have left the machine: {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", only_here)
        yield


@pytest.fixture(scope="session")
def settings(worker_id: str) -> Iterator[Settings]:
    """Settings of an instance in a temporary folder, in memory where the machine offers it."""
    shared_memory = Path("/dev/shm")
    parent = shared_memory if shared_memory.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="tachawor-", dir=parent) as folder:
        yield Settings(
            profile="test",
            instance=Path(folder),
            database_url=database_url(worker_id),
            secret_key="a key for tests that is long enough, and known",
            serve_over_https=False,
            extra={
                "WTF_CSRF_ENABLED": False,
                "SECURITY_PASSWORD_HASH": "plaintext",
                "SECURITY_PASSWORD_SCHEMES": ["plaintext"],
                "SECURITY_PASSWORD_SINGLE_HASH": ["plaintext"],
                "SECURITY_HASHING_SCHEMES": ["plaintext"],
                "SECURITY_DEPRECATED_HASHING_SCHEMES": [],
                "SERVER_NAME": None,
            },
        )


@pytest.fixture(scope="session")
def application(settings: Settings) -> Iterator[Flask]:
    """The application, its database migrated and its territories loaded, once for all tests."""
    app = create_app(settings)
    with app.app_context():
        upgrade()
        load_territories(db.session)
        db.session.commit()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(application: Flask) -> Iterator[Flask]:
    """The application at a fixed instant; whatever the test wrote is gone afterwards."""
    application.extensions["clock"] = lambda: NOW
    yield application
    with application.app_context():
        _empty()


def _empty() -> None:
    """Delete the rows of every table that tests write."""
    db.session.remove()
    tables = [table for table in reversed(db.metadata.sorted_tables) if table.name not in KEPT]
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            names = ", ".join(f'"{table.name}"' for table in tables)
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
            return
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in tables:
            connection.execute(table.delete())


@pytest.fixture
def now() -> datetime:
    """The instant of the application's clock."""
    return NOW


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The database session, inside an application context; factories use it."""
    with app.app_context():
        yield db.session  # type: ignore[misc]


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    """A visitor's browser, which also checks each HTML page it is given."""
    app.test_client_class = CheckedClient
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def sign_in(app: Flask) -> Callable[..., Any]:
    """Make a member of staff with the given roles, sign the client in as them, return their id."""

    def sign_in(
        client: CheckedClient,
        *roles: Role,
        region: str | None = None,
        consultation: int | None = None,
    ) -> int:
        """Sign in; what the test made so far is committed."""
        if has_app_context():
            db.session.commit()
        with app.app_context():
            user = factories.UserFactory()
            for role in roles:
                factories.grant(user, role, region=region, consultation=consultation)
            db.session.commit()
            identity, uniquifier = user.id, user.fs_uniquifier
        with client.session_transaction() as cookie:
            cookie["_user_id"] = uniquifier
            cookie["_fresh"] = True
        return identity

    return sign_in


@pytest.fixture
def office(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """A mail server that the application is told to use."""
    with post_office() as office:
        for name, value in office.settings.items():
            monkeypatch.setitem(app.config, name, value)
        yield office


@pytest.fixture
def unproven(app: Flask, monkeypatch: pytest.MonkeyPatch) -> CheckedClient:
    """A program without a session, while forms from elsewhere are refused as in production."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    app.test_client_class = CheckedClient
    return app.test_client(use_cookies=False)  # type: ignore[return-value]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, headless; one for all the tests of a process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Name of this test process (``main`` without parallel workers)."""
    return getattr(request.config, "workerinput", {}).get("workerid", "main")
