"""The purge from the command line, for those who prefer their own calendar."""

from __future__ import annotations

from dataclasses import asdict

import click

from app.core import clock
from app.core.access import System
from app.core.db import db
from app.submissions.retention.operations import Purged, count, purge_some


@click.command("purge")
@click.option("--dry-run", is_flag=True, help="Say what would go; change nothing.")
def purge(*, dry_run: bool) -> None:
    """Delete what has been kept long enough: drafts, contacts, names, withdrawals, letters."""
    now = clock.now()
    if dry_run:
        _say(count(db.session(), now=now))
        return
    total = dict.fromkeys(asdict(Purged()), 0)
    while True:
        done = purge_some(db.session(), System("command line"), now=now)
        db.session.commit()
        if not done:
            break
        total = {name: total[name] + n for name, n in asdict(done).items()}
    _say(Purged(**total))


def _say(purged: Purged) -> None:
    """Write the counts on one line."""
    click.echo("; ".join(f"{name}: {n}" for name, n in asdict(purged).items()))
