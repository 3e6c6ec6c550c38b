"""Commands of the territories."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core.db import db
from app.territories.operations import load_territories

group = AppGroup("territories", help="Regions, provinces and prefectures, communes.")


@group.command("load")
@click.option("--dry-run", is_flag=True, help="Say what would change, change nothing.")
def load(*, dry_run: bool) -> None:
    """Load or bring up to date the territories that ship with the product."""
    loaded = load_territories(db.session())
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    click.echo(
        f"{loaded.regions} regions, {loaded.provinces} provinces and prefectures, "
        f"{loaded.communes} communes and arrondissements: {loaded.changed} new or changed."
    )
