"""Commands of the synthesis reports."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.queries import with_email
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import System
from app.core.cli import RefusedError, reporting_errors
from app.core.db import db, reading_only
from app.reports.drafting import operations as drafting
from app.reports.drafting.queries import find_open
from app.reports.errors import NoDraftError, NothingNewError
from app.reports.models import Report
from app.reports.operations import next_edition, render_files
from app.reports.operations import publish as publish_report
from app.reports.publishing.opening import open_copy
from app.reports.publishing.stored import examined_as_stored
from app.reports.publishing.verifying import examined
from app.reports.queries import find_report, newest_report

group = AppGroup("reports", help="Synthesis reports: draft them, publish them, write their files.")

#: The command line speaks for the machine; what is published is vouched for by people.
_MACHINE = System("command line")


@group.command("draft")
@click.argument("slug")
@click.option("--dry-run", is_flag=True, help="Build it; write nothing.")
@reporting_errors
def draft(slug: str, *, dry_run: bool) -> None:
    """Write the first draft of a consultation's report, or renew the open one from the data."""
    session, now = db.session(), clock.now()
    consultation = get_consultation(session, slug)
    found = find_open(session, consultation.id)
    if found is None:
        found = drafting.start(session, _MACHINE, consultation, now=now)
    else:
        drafting.renew(session, _MACHINE, found, seen=found.revision, now=now)
    claims = len(found.body["claims"])
    said = f"Draft {found.id}: {claims} claims, {len(found.body['sections'])} sections."
    if dry_run:
        session.rollback()
        said += " Nothing was written."
    else:
        session.commit()
    click.echo(said)


@group.command("verify")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE", required=False)
@click.option(
    "--published",
    nargs=2,
    type=(str, int),
    metavar="SLUG VERSION",
    help="Verify a version that this platform published, from its own files.",
)
@click.option(
    "--lang", type=click.Choice(["fr", "ar"]), default="fr", help="Language of the sentences named."
)
@reporting_errors
def verify(path: Path | None, published: tuple[str, int] | None, lang: str) -> None:
    """Prove every claim of a report again, from a copy of its open data; no database is asked.

    FILE is the archive, the folder it was unpacked to, or claims.json beside the tables.
    """
    if (path is None) == (published is None):
        raise click.UsageError("Give a FILE, or --published SLUG VERSION.")
    if path is not None:
        found = examined(open_copy(path), lang=lang)
    elif published is not None:
        session = db.session()
        consultation = get_consultation(session, published[0])
        report = find_report(session, consultation.id, published[1])
        if report is None:
            raise click.ClickException(f"{published[0]} has no version {published[1]}.")
        found = examined_as_stored(report, lang=lang)
    for wrong in found.problems:
        click.echo(wrong.line())
    if found.problems:
        click.echo(f"{len(found.problems)} mismatches: this is not what was published.", err=True)
        raise SystemExit(1)
    click.echo(
        f"Version {found.label}: {found.n_claims} claims verified, {found.n_quotations} of them "
        f"quotations, on {found.n_passages} passages."
    )
    if found.withheld:
        click.echo(f"Words of {found.withheld} passages were withdrawn after publication.")
    click.echo(f"Fingerprint of the report, to compare with the one printed in it: {found.sha256}")


@group.command("publish")
@click.argument("slug")
@click.option(
    "--approved-by",
    "approvers",
    multiple=True,
    required=True,
    metavar="EMAIL",
    help="Account of somebody who approves the draft as it stands; give it twice.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out"),
    show_default=True,
    help="Folder that the files are written to.",
)
@click.option("--dry-run", is_flag=True, help="Prove and render; publish and write nothing.")
@reporting_errors
def publish(slug: str, *, approvers: tuple[str, ...], out: Path, dry_run: bool) -> None:
    """Publish the draft of a consultation's report, which two people approve, and write its files.

    Without an open draft the first one is written as the data stand.
    """
    session, now = db.session(), clock.now()
    people = _people(session, approvers)
    consultation = get_consultation(session, slug)
    found = find_open(session, consultation.id) or drafting.start(
        session, _MACHINE, consultation, now=now
    )
    for person in people:
        drafting.approve(session, person, found, sha256=found.sha256, now=now)
    try:
        edition = next_edition(session, found, now=now)
    except NothingNewError as unchanged:
        session.rollback()
        click.echo(f"{unchanged.text()} Nothing was written.")
        report = newest_report(session, consultation.id)
        if report is not None and not dry_run:
            _tell(report, slug, out)
        return
    body = found.body
    if dry_run:
        session.rollback()
        render_files(body, edition)
        click.echo(f"Version {edition.label} would be published. Nothing was written.")
        return
    session.commit()
    prepared = render_files(body, edition)
    again = find_open(session, consultation.id)
    if again is None:
        raise NoDraftError
    report = publish_report(session, _MACHINE, again, now=now, prepared=prepared)
    session.commit()
    _tell(report, slug, out)


def _people(session: Session, emails: tuple[str, ...]) -> list[User]:
    """Return the accounts of those who approve: as many different people as it takes."""
    people = [_person(session, email) for email in emails]
    if len({person.id for person in people}) < drafting.N_APPROVALS:
        raise RefusedError(
            f"{drafting.N_APPROVALS} different people have to approve: give --approved-by for each."
        )
    return people


def _person(session: Session, email: str) -> User:
    """Return the account of an address."""
    found = session.scalars(with_email(email)).first()
    if found is None:
        raise click.ClickException(f"There is no account {email}.")
    return found


def _tell(report: Report, slug: str, out: Path) -> None:
    """Write a report's files and print their paths."""
    with reading_only():
        for path in _write(report, slug, out):
            click.echo(str(path))


def _write(report: Report, slug: str, out: Path) -> list[Path]:
    """Write a report's files and return their paths."""
    out.mkdir(parents=True, exist_ok=True)
    stem = f"synthese-{slug}-v{report.version}"
    written = []
    for file in report.files:
        if file.lang:
            path = out / f"{stem}-{file.lang}.{file.kind}"
            path.write_bytes(file.content)
            written.append(path)
    path = out / f"{stem}.json"
    published = {
        "version": report.version,
        "label": report.label,
        "published_at": report.published_at.isoformat(),
        "sha256": report.sha256,
        "report": report.body,
    }
    path.write_text(
        json.dumps(published, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    return [*written, path]
