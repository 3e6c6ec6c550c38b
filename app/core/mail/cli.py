"""Commands of the outbox."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from app.core import clock
from app.core.cli import reporting_errors
from app.core.db import db, reading_only
from app.core.mail.delivery import MailServer, send_due
from app.core.mail.models import LetterState
from app.core.mail.queries import count_by_state, due, letters

group = AppGroup("mail", help="Letters by e-mail.")


@group.command("send")
@click.option("--dry-run", is_flag=True, help="Say how many are due, send nothing.")
@reporting_errors
def send(*, dry_run: bool) -> None:
    """Send the letters that are due, at once."""
    server = MailServer.of(current_app.config)
    if dry_run or server is None:
        with reading_only():
            n_due = len(db.session.scalars(due(clock.now())).all())
        db.session.rollback()
        if server is None:
            raise click.ClickException(f"No mail server is configured (SMTP_HOST); {n_due} due.")
        click.echo(f"{n_due} due.")
        return
    done = send_due(db.session(), server, now=clock.now)
    click.echo(f"{done.n_sent} sent, {done.n_put_off} put off, {done.n_given_up} refused for good.")
    if done.outage:
        raise click.ClickException(f"The mail server cannot be reached: {done.outage}")


@group.command("list")
@click.option("--state", type=click.Choice([state.value for state in LetterState]), default=None)
@click.option("--limit", default=50, show_default=True)
def list_letters(state: str | None, limit: int) -> None:
    """List letters, the newest first; without the words in them."""
    with reading_only():
        for letter in db.session.scalars(letters(state=state or "").limit(limit)):
            tries = f" ({letter.n_tries} tries) {letter.error}" if letter.error else ""
            click.echo(f"{letter.id}\t{letter.state}\t{letter.kind}\t{letter.lang}{tries}")
        counts = count_by_state(db.session())
    db.session.rollback()
    click.echo(", ".join(f"{counts.get(one, 0)} {one}" for one in LetterState))
