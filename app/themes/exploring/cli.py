"""The command that gives older runs what newer ones are given while they are made."""

from __future__ import annotations

import click

from app.consultations.queries import get_consultation
from app.core.cli import reporting_errors
from app.core.db import db, reading_only
from app.themes import errors, queries
from app.themes.exploring.extras import extras_of, pieces_in, write_places, write_stances
from app.themes.models import AnalysisRun


@click.command("enrich")
@click.argument("slug")
@click.option("--dry-run", is_flag=True, help="Say what would be written, change nothing.")
@reporting_errors
def enrich_run(slug: str, *, dry_run: bool) -> None:
    """Give the newest analysis its stances and its map."""
    with reading_only():
        consultation = get_consultation(db.session(), slug)
        run = db.session.scalars(queries.newest_run(consultation.id)).first()
        if run is None:
            raise errors.NoAnalysisError
        run_id, seed = run.id, run.options.get("seed", 0)
        pieces = pieces_in(db.session(), run)
        db.session.rollback()
    extras = extras_of(pieces, seed=seed)
    told = f"{len(extras.stances)} stances, {len(extras.places)} places on the map"
    if dry_run:
        click.echo(f"Would be written for analysis {run_id}: {told}.")
        return
    written = db.session.get_one(AnalysisRun, run_id)
    write_stances(db.session(), written, extras)
    write_places(db.session(), written, extras)
    db.session.commit()
    click.echo(f"Analysis {run_id}: {told}.")
