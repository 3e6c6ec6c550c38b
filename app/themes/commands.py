"""Commands of the ledger: proposals decided on, and the proof that rows follow from events."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.consultations.queries import get_consultation
from app.core import audit, clock
from app.core.access import System
from app.core.cli import reporting_errors
from app.core.db import db, reading_only
from app.core.errors import NotFoundError
from app.themes import deciding
from app.themes.ledger import settling
from app.themes.models import Proposal
from app.themes.proposals.queries import closed_proposals, open_proposals

COMMAND = System("command line")
#: Differences of passages that ``verify`` prints one by one.
_SHOWN = 20

proposals = AppGroup("proposals", help="What the analysis proposes to change.")


@proposals.command("list")
@click.argument("slug")
@click.option("--all", "is_all", is_flag=True, help="Those that were decided on as well.")
@reporting_errors
def list_proposals(slug: str, *, is_all: bool) -> None:
    """Print proposals: number, state, kind, theme, the other theme, names, figures."""
    with reading_only():
        consultation = get_consultation(db.session(), slug)
        found = list(db.session.scalars(open_proposals(consultation.id)))
        if is_all:
            found += db.session.scalars(closed_proposals(consultation.id, 1000))
        for one in found:
            names = one.payload.get("name") or one.theme.name
            figures = one.payload.get("figures", {})
            told = " ".join(f"{key}={value:g}" for key, value in sorted(figures.items()))
            click.echo(
                "\t".join(
                    map(
                        str,
                        (
                            one.id,
                            one.state,
                            one.kind,
                            one.theme_id,
                            one.other_id or "",
                            names.get("fr", ""),
                            names.get("ar", ""),
                            told,
                        ),
                    )
                )
            )
        db.session.rollback()


def _get(proposal_id: int) -> Proposal:
    """Return a proposal.

    :raises NotFoundError: if there is none of that number.
    """
    found = db.session.scalars(select(Proposal).where(Proposal.id == proposal_id)).first()
    if found is None:
        raise NotFoundError
    return found


def close(done: str, *, dry_run: bool) -> None:
    """Commit and say so, or undo everything."""
    if dry_run:
        db.session.rollback()
        click.echo(f"Would be done: {done}")
        return
    db.session.commit()
    click.echo(done)


@proposals.command("accept")
@click.argument("proposal_id", type=int, metavar="ID")
@click.option("--fr", default="", help="Name in French, instead of the machine's.")
@click.option("--ar", default="", help="Name in Arabic, instead of the machine's.")
@click.option("--dry-run", is_flag=True, help="Check, change nothing.")
@reporting_errors
def accept(proposal_id: int, fr: str, ar: str, *, dry_run: bool) -> None:
    """Do what a proposal says."""
    proposal = _get(proposal_id)
    event = deciding.accept(
        db.session(), COMMAND, proposal, name_fr=fr, name_ar=ar, now=clock.now()
    )
    close(f"Proposal {proposal_id} is accepted by decision {event.id}.", dry_run=dry_run)


@proposals.command("refuse")
@click.argument("proposal_id", type=int, metavar="ID")
@click.option("--reason", default="", help="Why.")
@click.option("--dry-run", is_flag=True, help="Check, change nothing.")
@reporting_errors
def refuse(proposal_id: int, reason: str, *, dry_run: bool) -> None:
    """Refuse a proposal; it is not made again."""
    proposal = _get(proposal_id)
    event = deciding.refuse(db.session(), COMMAND, proposal, reason=reason, now=clock.now())
    close(f"Proposal {proposal_id} is refused by decision {event.id}.", dry_run=dry_run)


@click.command("verify")
@click.argument("slug")
@click.option("--repair", is_flag=True, help="Write what follows from the events.")
@click.option("--dry-run", is_flag=True, help="With --repair: say what would be written.")
@click.pass_context
@reporting_errors
def verify(context: click.Context, slug: str, *, repair: bool, dry_run: bool) -> None:
    """Rebuild themes and passages from all events and compare; exit with 1 if anything differs."""
    consultation = get_consultation(db.session(), slug)
    if repair:
        difference = settling.repair(db.session(), consultation.id)
    else:
        difference = settling.compare(db.session(), consultation.id)
    _tell(difference)
    if not difference:
        db.session.rollback()
        click.echo(f"{slug}: everything follows from the events.")
        return
    if not repair:
        db.session.rollback()
        context.exit(1)
    left = settling.compare(db.session(), consultation.id)
    if left:
        db.session.rollback()
        raise click.ClickException("The rows could not be made to follow from the events.")
    detail: dict[str, Any] = {
        "themes": len(difference.themes),
        "passages": len(difference.passages),
    }
    audit.record(
        db.session(), COMMAND, "themes.repair", at=clock.now(), target=consultation, detail=detail
    )
    close(
        f"{slug}: {detail['themes']} themes and {detail['passages']} passages are written anew.",
        dry_run=dry_run,
    )


def _tell(difference: settling.Difference) -> None:
    """Print what differs, a line each."""
    for theme_id, columns in sorted(difference.themes.items()):
        for column, (written, due) in sorted(columns.items()):
            click.echo(f"theme {theme_id}\t{column}\twritten {written!r}\tdue {due!r}")
    for number, (passage_id, (written, due)) in enumerate(sorted(difference.passages.items())):
        if number == _SHOWN:
            click.echo(f"... and {len(difference.passages) - _SHOWN} more passages")
            break
        click.echo(f"passage {passage_id}\twritten {written}\tdue {due}")
