"""Staff pages of files: measures brought in after a dry run, and given out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from app.commitments.blueprint import bp
from app.commitments.measures import labels, queries
from app.commitments.measures.errors import FileGoneError
from app.commitments.measures.forms import MeasuresFileForm
from app.commitments.measures.importing import LIMIT, Outcome, import_measures
from app.commitments.measures.queries import EDITORS, READERS
from app.commitments.measures.views.common import kept, read_filter
from app.commitments.measures.views.public import file_answer, written
from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import requires
from app.core.db import db
from app.core.errors import DomainError, NotFoundError
from app.core.i18n import plain_number
from app.core.tables import open_table
from app.core.tables.errors import ImportRefusedError
from app.organisations.kept import KeptFiles


def _files() -> KeptFiles:
    """Return the folder of kept files."""
    return KeptFiles(Path(current_app.config["INSTANCE"]) / "measure-files")


def _upload_page(consultation: Consultation, form: MeasuresFileForm, status: int) -> Any:
    """Show the form that takes a file."""
    page = render_template("commitments/measures/import.html", consultation=consultation, form=form)
    return page, status


@bp.route("/staff/consultations/<slug>/commitments/import", methods=["GET", "POST"])
@requires(*EDITORS)
def measures_import(slug: str) -> Any:
    """Take a file of measures."""
    consultation = get_consultation(db.session(), slug)
    form = MeasuresFileForm()
    if request.method == "GET":
        return _upload_page(consultation, form, 200)
    if not form.validate():
        return _upload_page(consultation, form, 422)
    files, now = _files(), clock.now()
    try:
        token = files.keep(form.file.data.stream, owner_id=current_user.id, now=now)
        open_table(files.get(token, owner_id=current_user.id, now=now), limit=LIMIT)
    except ImportRefusedError as error:
        form.file.errors = [error.text()]
        return _upload_page(consultation, form, 422)
    name = (form.file.data.filename or "")[:80]
    address = url_for("commitments.measures_plan", slug=slug, token=token, name=name)
    return redirect(address, 303)


@dataclass(frozen=True)
class _Line:
    """A refused row as the page shows it."""

    row: int
    name: str
    reason: str


@bp.route("/staff/consultations/<slug>/commitments/import/<token>", methods=["GET", "POST"])
@requires(*EDITORS)
def measures_plan(slug: str, token: str) -> Any:
    """Show what every row would do; import when that is wanted."""
    consultation = get_consultation(db.session(), slug)
    now = clock.now()
    try:
        path = _files().get(token, owner_id=current_user.id, now=now)
    except NotFoundError as error:
        raise FileGoneError from error
    is_import = request.method == "POST"
    table = open_table(path, limit=LIMIT)
    try:
        outcome = import_measures(
            db.session(), current_user, consultation, table, now=now, is_dry_run=not is_import
        )
    except DomainError as error:
        if error.status not in {413, 422}:
            raise
        db.session.rollback()
        form = MeasuresFileForm(formdata=None)
        form.file.errors = [error.text()]
        return _upload_page(consultation, form, 422)
    if is_import:
        return _imported(path, outcome, slug)
    db.session.rollback()
    return render_template(
        "commitments/measures/plan.html",
        consultation=get_consultation(db.session(), slug),
        token=token,
        name=request.args.get("name", "")[:80],
        outcome=outcome,
        fields=labels.FIELDS,
        lines=[_Line(one.row, one.name, one.error.text()) for one in outcome.refused],
    )


def _imported(path: Path, outcome: Outcome, slug: str) -> Response:
    """Commit, delete the file, and say what came of it."""
    db.session.commit()
    path.unlink(missing_ok=True)
    added = ngettext(
        "%(count)s measure was added.",
        "%(count)s measures were added.",
        outcome.n_added,
        count=plain_number(outcome.n_added),
    )
    left = _(
        "Changed: %(changed)s. The same as before: %(same)s. Refused: %(refused)s.",
        changed=plain_number(outcome.n_changed),
        same=plain_number(outcome.n_same),
        refused=plain_number(outcome.n_refused),
    )
    flash(f"{added} {left}")
    return redirect(url_for("commitments.tracker", slug=slug), 303)


@bp.get("/staff/consultations/<slug>/commitments/export.<any(csv,xlsx):kind>")
@requires(*READERS)
def measures_export(slug: str, kind: str) -> Response:
    """Give the measures that the reader may read, narrowed as the page is, as a file."""
    consultation = get_consultation(db.session(), slug)
    rows = db.session.scalars(queries.measures_of(consultation.id)).unique()
    found = kept((one for one in rows if queries.may_read(current_user, one)), read_filter())
    name = f"{consultation.slug}-measures.{kind}"
    return file_answer(written(found, kind), kind, name)
