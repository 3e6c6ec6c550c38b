"""The folder of an instance, and the command that deletes what nothing names any more."""

from __future__ import annotations

import time

import click
from flask import Flask
from flask.cli import AppGroup

from app.core import clock
from app.core.db import db
from app.core.files import chores
from app.core.files.operations import ORPHANS_STAY, sweep, unreferenced
from app.core.files.store import FileStore

__all__ = ["chores", "group", "init_app"]

group = AppGroup("files", help="The files that people sent.")


@group.command("sweep")
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, delete nothing.")
def sweep_files(*, dry_run: bool) -> None:
    """Delete files of drafts that were given up, and bytes left by requests that failed."""
    if dry_run:
        rows = db.session.scalars(unreferenced(clock.now() - ORPHANS_STAY)).all()
        click.echo(f"Files that nothing names: {len(rows)}.")
        return
    n_files, n_stray = sweep(db.session(), now=clock.now(), disk_now=time.time())
    db.session.commit()
    click.echo(f"Files deleted: {n_files}; stray bytes deleted: {n_stray}.")


def init_app(app: Flask) -> None:
    """Say where the files of this instance are."""
    app.extensions["files"] = FileStore(app.config["INSTANCE"] / "files")
    app.cli.add_command(group)
