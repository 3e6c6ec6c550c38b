"""Commands of the analysis and of the review."""

from __future__ import annotations

from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from tqdm import tqdm

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.cli import reporting_errors
from app.core.db import db, reading_only
from app.core.jobs import Job, JobState, follow
from app.core.jobs import run as run_job
from app.core.jobs.queue import announce
from app.themes import commands, deciding, errors, operations, queries
from app.themes.codebook.cli import codebook
from app.themes.commands import COMMAND
from app.themes.corpus import read_corpus
from app.themes.exploring.cli import enrich_run
from app.themes.forms import MOST_THEMES
from app.themes.models import AnalysisRun, Theme
from app.themes.overview import load_overview
from app.themes.review import get_theme
from app.themes.stages import WRITING, stage_label

group = AppGroup("themes", help="The analysis, and decisions on themes.")
group.add_command(commands.proposals)
group.add_command(commands.verify)

group.add_command(enrich_run)
group.add_command(codebook)


class ThemeNumber(click.ParamType[int | None]):
    """``auto``, or a number of themes."""

    name = "N|auto"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number, None for ``auto``."""
        if value in (None, "auto"):
            return None
        if str(value).isdecimal() and 2 <= int(value) <= MOST_THEMES:
            return int(value)
        return self.fail(f"give auto, or a number from 2 to {MOST_THEMES}", param, ctx)


@group.command("analyse")
@click.argument("slug")
@click.option("--themes", "n_themes", type=ThemeNumber(), default="auto", help="Default: auto.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True)
@click.option("--enqueue", is_flag=True, help="Leave it to a worker instead of doing it here.")
@click.option("--dry-run", is_flag=True, help="Say what would be analysed, change nothing.")
@reporting_errors
def analyse(slug: str, n_themes: int | None, seed: int, *, enqueue: bool, dry_run: bool) -> None:
    """Find the themes of a consultation."""
    with reading_only():
        consultation = get_consultation(db.session(), slug)
        corpus = read_corpus(db.session(), consultation.id)
        db.session.rollback()
    if dry_run:
        click.echo(f"{slug}: {len(corpus.texts)} texts of {corpus.n_submissions} submissions.")
        return
    run = _start(consultation, n_themes=n_themes, seed=seed)
    if enqueue:
        announce(run.job_id)
        click.echo(f"Analysis {run.id} waits for a worker (flask worker run).")
        return
    _finish(run.job_id)
    _tell(run.id)


def _start(consultation: Consultation, *, n_themes: int | None, seed: int) -> AnalysisRun:
    """Start a run, or take up the one that was begun with the same options and is in no hands."""
    try:
        run = operations.start_analysis(
            db.session(), COMMAND, consultation, n_themes=n_themes, seed=seed, now=clock.now()
        )
    except errors.AnalysisUnderWayError as error:
        db.session.rollback()
        run = db.session.get_one(AnalysisRun, error.run_id)
        same = (run.options["n_themes"], run.options["seed"]) == (n_themes, seed)
        if run.job.is_held_at(clock.now()) or not same:
            raise
        click.echo(
            f"Going on with analysis {run.id}, which was begun and is in no hands.", err=True
        )
    db.session.commit()
    return run


def _finish(job_id: int) -> None:
    """Do the job here, or watch whoever took it first, with a progress bar."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    with tqdm(total=100, unit="%", bar_format="{desc}: {bar} {n:.0f} % [{elapsed}]") as bar:

        def show(stage: str, done: float) -> None:
            """Move the bar."""
            bar.set_description_str(stage_label(stage), refresh=False)
            bar.update(max(done * 100 - bar.n, 0))

        db.session.remove()
        try:
            done = run_job(app, job_id, on_progress=show)
        except Exception as error:
            raise click.ClickException(f"The analysis failed: {error}") from error
        if not done:
            for job in follow(job_id):
                show(job.stage, job.progress)
                _refuse_failure(job)
        show(WRITING, 1.0)


def _refuse_failure(job: Job) -> None:
    """Stop with the message of a job that failed elsewhere."""
    if job.state == JobState.FAILED:
        raise click.ClickException(f"The analysis failed: {job.error}")


def _tell(run_id: int) -> None:
    """Print what a run found."""
    with reading_only():
        run = db.session.get_one(AnalysisRun, run_id, populate_existing=True)
        overview = load_overview(db.session(), run)
        click.echo(
            f"Analysis {run.id}: {len(overview.themes)} themes from {run.n_passages} passages of "
            f"{run.n_submissions} submissions ({run.engine})."
        )
        for state, count in overview.states.items():
            click.echo(f"  {state.value:<13} {count:>7}")
        db.session.rollback()


@group.command("list")
@click.argument("slug")
@reporting_errors
def list_themes(slug: str) -> None:
    """Print the themes of the newest analysis: number, state, voices, passages, names."""
    with reading_only():
        consultation = get_consultation(db.session(), slug)
        run = db.session.scalars(queries.newest_run(consultation.id)).first()
        if run is None:
            raise errors.NoAnalysisError
        overview = load_overview(db.session(), run)
        for found in overview.themes:
            _print(found.theme, "active", found.n_voices, found.n_passages)
        for theme, root in overview.merged:
            _print(theme, f"merged:{root.id}", 0, 0)
        for found in overview.excluded:
            _print(found.theme, "excluded", 0, found.n_excluded)
        db.session.rollback()


def _print(theme: Theme, state: str, voices: int, passages: int) -> None:
    """Print a theme as a line of tab-separated values."""
    names = (theme.name.get("fr", ""), theme.name.get("ar", ""))
    click.echo("\t".join(map(str, (theme.id, state, voices, passages, *names))))


@group.command("rename")
@click.argument("theme_id", type=int, metavar="ID")
@click.option("--fr", required=True, help="Name in French.")
@click.option("--ar", required=True, help="Name in Arabic.")
@click.option("--dry-run", is_flag=True, help="Check, change nothing.")
@reporting_errors
def rename(theme_id: int, fr: str, ar: str, *, dry_run: bool) -> None:
    """Give a theme its names."""
    theme = get_theme(db.session(), theme_id)
    deciding.rename(db.session(), COMMAND, theme, name_fr=fr, name_ar=ar, now=clock.now())
    commands.close(f"Theme {theme.id}: {theme.name['fr']} / {theme.name['ar']}", dry_run=dry_run)


@group.command("merge")
@click.argument("theme_id", type=int, metavar="ID")
@click.argument("into_id", type=int, metavar="INTO")
@click.option("--dry-run", is_flag=True, help="Check, change nothing.")
@reporting_errors
def merge(theme_id: int, into_id: int, *, dry_run: bool) -> None:
    """Count a theme under another one."""
    theme, into = get_theme(db.session(), theme_id), get_theme(db.session(), into_id)
    deciding.merge(db.session(), COMMAND, theme, into, now=clock.now())
    commands.close(f"Theme {theme.id} counts under theme {into.id}.", dry_run=dry_run)


@group.command("exclude")
@click.argument("theme_id", type=int, metavar="ID")
@click.option("--reason", required=True, help="The report prints it.")
@click.option("--dry-run", is_flag=True, help="Check, change nothing.")
@reporting_errors
def exclude(theme_id: int, reason: str, *, dry_run: bool) -> None:
    """Leave a theme out of the results."""
    theme = get_theme(db.session(), theme_id)
    deciding.exclude(db.session(), COMMAND, theme, reason=reason, now=clock.now())
    commands.close(f"Theme {theme.id} is excluded.", dry_run=dry_run)


@group.command("restore")
@click.argument("theme_id", type=int, metavar="ID")
@click.option("--dry-run", is_flag=True, help="Check, change nothing.")
@reporting_errors
def restore(theme_id: int, *, dry_run: bool) -> None:
    """Undo a theme's merge or exclusion."""
    theme = get_theme(db.session(), theme_id)
    deciding.restore(db.session(), COMMAND, theme, now=clock.now())
    commands.close(f"Theme {theme.id} is active.", dry_run=dry_run)
