"""Importing a spreadsheet into the registry: the file, then its columns with a dry run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core import clock
from app.core.access import requires
from app.core.db import db
from app.core.i18n import plain_number
from app.core.tables import open_table
from app.core.tables.errors import ImportRefusedError
from app.organisations.blueprint import bp
from app.organisations.forms import FileForm, columns_form
from app.organisations.importing import LIMIT, Outcome, guess, import_registry
from app.organisations.kept import KeptFiles
from app.organisations.queries import KEEPERS


def _files() -> KeptFiles:
    """Return the folder of kept files."""
    return KeptFiles(Path(current_app.config["INSTANCE"]) / "registry-files")


@bp.route("/staff/organisations/import", methods=["GET", "POST"])
@requires(*KEEPERS)
def import_file() -> Any:
    """Take a spreadsheet."""
    form = FileForm()
    if form.validate_on_submit():
        files, now = _files(), clock.now()
        try:
            token = files.keep(form.file.data.stream, owner_id=current_user.id, now=now)
            open_table(files.get(token, owner_id=current_user.id, now=now), limit=LIMIT)
        except ImportRefusedError as error:
            form.file.errors = [error.text()]
        else:
            name = (form.file.data.filename or "")[:80]
            return redirect(url_for("organisations.import_columns", token=token, name=name), 303)
    page = render_template("organisations/import.html", form=form)
    return page, 422 if request.method == "POST" else 200


@dataclass(frozen=True)
class _Line:
    """A refused row as the page shows it."""

    row: int
    name: str
    reason: str


@bp.route("/staff/organisations/import/<token>", methods=["GET", "POST"])
@requires(*KEEPERS)
def import_columns(token: str) -> Any:
    """Show where each column goes and what every row would become; import when that is wanted."""
    now = clock.now()
    path = _files().get(token, owner_id=current_user.id, now=now)
    table = open_table(path, limit=LIMIT)
    name = request.args.get("name", "")[:80]
    form = columns_form(table.header, guess(table.header), name)
    is_valid = request.method == "GET" or form.validate_on_submit()
    is_import = request.method == "POST" and request.form.get("go") == "import"
    outcome = None
    if is_valid:
        outcome = import_registry(
            db.session(),
            current_user,
            table,
            form.choices(),
            now=now,
            is_dry_run=not is_import,
        )
    if is_import and outcome is not None:
        return _imported(path, outcome)
    db.session.rollback()
    page = render_template(
        "organisations/import_columns.html",
        form=form,
        token=token,
        name=name,
        outcome=outcome,
        lines=[_Line(one.row, one.name, one.error.text()) for one in outcome.refused]
        if outcome
        else [],
    )
    return page, 200 if is_valid else 422


def _imported(path: Path, outcome: Outcome) -> Response:
    """Commit, delete the file, and say what came of it."""
    db.session.commit()
    path.unlink(missing_ok=True)
    added = ngettext(
        "%(count)s organisation was added.",
        "%(count)s organisations were added.",
        outcome.n_added,
        count=plain_number(outcome.n_added),
    )
    left = _(
        "Already known: %(known)s. Refused: %(refused)s.",
        known=plain_number(outcome.n_known),
        refused=plain_number(outcome.n_refused),
    )
    flash(f"{added} {left}")
    return redirect(url_for("organisations.index"), 303)
