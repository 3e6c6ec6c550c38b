"""How Alembic reaches the application's database."""

from alembic import context
from flask import current_app

#: Tables of the job queue's library, which makes them itself.
QUEUE_TABLES = {"kv", "schedule", "task", "counter"}

extension = current_app.extensions["migrate"]


def is_ours(_object, name, kind, _reflected, _compare_to):
    """Leave the queue's own tables alone."""
    return not (kind == "table" and name in QUEUE_TABLES)


def render_type(kind, item, _context):
    """Write column types without the application's classes: migrations never import them."""
    if kind == "type":
        return {"UtcDateTime": "sa.DateTime(timezone=True)", "LocalizedText": "sa.JSON()"}.get(
            type(item).__name__, False
        )
    return False


def run() -> None:
    """Run the migrations in one transaction; SQLite rebuilds tables without its foreign keys."""
    engine = extension.db.engine
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        context.configure(
            connection=connection,
            target_metadata=extension.db.metadata,
            include_object=is_ours,
            render_item=render_type,
            **extension.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


run()
