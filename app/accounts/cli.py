"""Commands of the accounts."""

from __future__ import annotations

import secrets

import click
from flask.cli import AppGroup
from flask_security.utils import hash_password
from sqlalchemy import select

from app.accounts.operations import Scope, check_password, create_person
from app.core import clock
from app.core.access import Role, System
from app.core.cli import reporting_errors
from app.core.db import db

group = AppGroup("accounts", help="People who sign in.")


@group.command("create")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--region", default=None, help="Code of the only region, such as 08.")
@click.option("--consultation", default=None, help="Slug of the only consultation.")
@click.option(
    "--password",
    envvar="TACHAWOR_PASSWORD",
    default=None,
    help="Left out, one is made and printed once.",
)
@click.option("--dry-run", is_flag=True, help="Check, change nothing.")
@reporting_errors
def create(
    email: str,
    name: str,
    role: str,
    region: str | None,
    consultation: str | None,
    password: str | None,
    *,
    dry_run: bool,
) -> None:
    """Make an account with one role."""
    shown = "" if password else f" Password: {(password := secrets.token_urlsafe(12))}"
    check_password(password or "")
    create_person(
        db.session(),
        System("command line"),
        email=email,
        name=name,
        password_hash=hash_password(password),
        scopes=[Scope(Role(role), _region(region), _consultation(consultation))],
        now=clock.now(),
    )
    if dry_run:
        db.session.rollback()
        click.echo(f"{email}: could be made.")
        return
    db.session.commit()
    click.echo(f"{email}: made, {role}.{shown}")


def _region(code: str | None) -> str | None:
    """Check a region's code."""
    table = db.metadata.tables["regions"]
    if code and not db.session.execute(select(table.c.code).where(table.c.code == code)).first():
        raise click.BadParameter(f"no region has the code {code}", param_hint="--region")
    return code


def _consultation(slug: str | None) -> int | None:
    """Return the number of the consultation of a slug."""
    if slug is None:
        return None
    table = db.metadata.tables["consultations"]
    number = db.session.scalar(select(table.c.id).where(table.c.slug == slug))
    if number is None:
        raise click.BadParameter(f"no consultation is at {slug}", param_hint="--consultation")
    return int(number)
