"""Commands of the synthesis reports."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import System
from app.core.db import db, reading_only
from app.core.errors import DomainError
from app.reports.models import Report
from app.reports.operations import next_edition, render_files
from app.reports.operations import publish as publish_report

group = AppGroup("reports", help="Synthesis reports: publish them and write their files.")


@group.command("publish")
@click.argument("slug")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out"),
    show_default=True,
    help="Folder that the files are written to.",
)
@click.option("--dry-run", is_flag=True, help="Build, check and render; publish and write nothing.")
def publish(slug: str, *, out: Path, dry_run: bool) -> None:
    """Publish the report of a consultation and write it as PDF (fr, ar) and JSON."""
    try:
        _publish(slug, out, dry_run=dry_run)
    except DomainError as error:
        db.session.rollback()
        raise click.ClickException(error.text()) from error


def _publish(slug: str, out: Path, *, dry_run: bool) -> None:
    """Prepare, then publish and write, or only say what would be."""
    now = clock.now()
    with reading_only():
        consultation = get_consultation(db.session(), slug)
        pending = next_edition(db.session(), consultation, now=now)
        db.session.rollback()
    prepared = render_files(pending) if pending else None
    if dry_run:
        said = f"Version {pending.edition.version} would be" if pending else "No version has to be"
        click.echo(f"{said} published. Nothing was written.")
        return
    report = publish_report(
        db.session(),
        System("command line"),
        get_consultation(db.session(), slug),
        now=now,
        prepared=prepared,
    )
    db.session.commit()
    for path in _write(report, slug, out):
        click.echo(str(path))


def _write(report: Report, slug: str, out: Path) -> list[Path]:
    """Write a report's files and return their paths."""
    out.mkdir(parents=True, exist_ok=True)
    stem = f"synthese-{slug}-v{report.version}"
    written = []
    for file in report.files:
        if file.kind == "pdf":
            path = out / f"{stem}-{file.lang}.pdf"
            path.write_bytes(file.content)
            written.append(path)
    path = out / f"{stem}.json"
    published = {
        "version": report.version,
        "published_at": report.published_at.isoformat(),
        "sha256": report.sha256,
        "report": report.body,
    }
    path.write_text(
        json.dumps(published, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    return [*written, path]
