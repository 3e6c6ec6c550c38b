"""The database: base class, column types shared by all tables, and SQLite's safety settings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from flask import Flask, has_request_context, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, MetaData, String, TypeDecorator, event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Declarative base; every constraint gets a stable name so that migrations can drop it."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, engine_options={"pool_pre_ping": True})
if TYPE_CHECKING:

    class Model(Base):
        """Base of every table (for type checkers: Flask-SQLAlchemy makes it when it runs)."""

        __abstract__ = True

else:
    Model = db.Model
migrate = Migrate(compare_type=True, render_as_batch=True)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: stored in UTC, always returned aware (SQLite alone would return it naive)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values, bring the others to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A naive datetime is not an instant.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002  SQLAlchemy's signature
    ) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Texts(dict[str, str]):
    """A text in several languages, ``{"fr": ..., "ar": ...}``."""

    def best(self, lang: str) -> tuple[str, str]:
        """Return the text in ``lang`` or in the first language that has it, with that language."""
        for code in (lang, "fr", "ar", "en"):
            if self.get(code):
                return self[code], code
        return "", lang


class LocalizedText(TypeDecorator[Texts]):
    """A :class:`Texts` kept as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self,
        value: dict[str, str] | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> Any:
        """Store a plain object."""
        return None if value is None else dict(value)

    def process_result_value(
        self,
        value: Any,
        dialect: Dialect,  # noqa: ARG002
    ) -> Texts | None:
        """Return a :class:`Texts`."""
        return None if value is None else Texts(value)


Key = Annotated[int, mapped_column(primary_key=True)]
Instant = Annotated[datetime, mapped_column(UtcDateTime)]
Localized = Annotated[Texts, mapped_column(LocalizedText)]
Code = Annotated[str, mapped_column(String(32))]
Label = Annotated[str, mapped_column(String(300))]

_reading_only: ContextVar[bool] = ContextVar("reading_only", default=False)


@contextmanager
def reading_only() -> Iterator[None]:
    """Open transactions that will not write: SQLite then lets others write meanwhile."""
    token = _reading_only.set(True)
    try:
        yield
    finally:
        _reading_only.reset(token)


def _will_only_read() -> bool:
    """Tell whether the transaction about to begin is a reader's."""
    if has_request_context():
        return request.method in {"GET", "HEAD", "OPTIONS"}
    return _reading_only.get()


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Make SQLite durable and strict: write-ahead log, full sync, foreign keys."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # the driver's own BEGIN breaks savepoints; ours is below
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout=20000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # All processes read the same pages in memory: a pass over 50,000 rows takes half the time.
        "mmap_size=268435456",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """Take SQLite's write lock at once when writing is meant: upgrading later can fail."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if _will_only_read() else "BEGIN IMMEDIATE")


def init_app(app: Flask) -> None:
    """Bind the database and the migrations to the application."""
    db.init_app(app)
    migrate.init_app(app, db, directory=str(app.config["ROOT"] / "migrations"))
