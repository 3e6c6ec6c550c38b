"""Staff pages of the imports: the list, the file, its columns, what importing it would do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from flask import Response as FlaskResponse
from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import requires
from app.core.db import db
from app.core.errors import ForbiddenError
from app.core.i18n import plain_number
from app.core.tables import Table, open_table
from app.submissions.blueprint import bp
from app.submissions.imports import errors, queries, report
from app.submissions.imports.fields import fields_of, suggest
from app.submissions.imports.forms import (
    ConfirmForm,
    MappingForm,
    UploadForm,
    field_label,
    mapping_form,
    value_choices,
)
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.operations import Outcome, check_table, import_table
from app.submissions.imports.scope import IMPORTERS, covers, ensure_may_import
from app.submissions.imports.uploads import LIMIT, Upload, UploadStore
from app.submissions.models import ImportBatch

#: Most rows that a page checks while somebody waits; the command has no such limit.
MAX_ROWS = 20_000
#: Refused rows that a page shows; the CSV report has all of them.
SHOWN = 100
#: Unknown values that are offered for translation at once.
UNKNOWN_SHOWN = 30
_SAMPLES = 3
_SAMPLED_ROWS = 50


def _store() -> UploadStore:
    """Return the folder of uploaded files."""
    return UploadStore(current_app.config["INSTANCE"] / "uploads")


@dataclass(frozen=True)
class _Waiting:
    """An uploaded file with its consultation."""

    upload: Upload
    consultation: Consultation

    def table(self) -> Table:
        """Open the file."""
        return open_table(self.upload.path, self.upload.options, limit=LIMIT)

    def check(self, table: Table) -> Outcome:
        """Say what importing it would do."""
        return check_table(
            db.session(),
            current_user,
            self.consultation,
            table,
            self.upload.mapping or ColumnMapping(),
            now=clock.now(),
            limit=MAX_ROWS,
        )


def _waiting(token: str) -> _Waiting:
    """Return an uploaded file that the reader sent and may still import."""
    upload = _store().get(token, owner_id=current_user.id, now=clock.now())
    consultation = db.session.get(Consultation, upload.consultation_id)
    if consultation is None:
        raise errors.UploadGoneError
    ensure_may_import(current_user, consultation)
    return _Waiting(upload, consultation)


# --- the list and the file ----------------------------------------------------------------------


@bp.get("/staff/consultations/<slug>/imports")
@requires(*IMPORTERS)
def imports(slug: str) -> str:
    """List the imports of a consultation, and offer to begin one."""
    consultation = get_consultation(db.session(), slug)
    ensure_may_import(current_user, consultation)
    return _imports_page(consultation, UploadForm())


def _imports_page(consultation: Consultation, form: UploadForm) -> str:
    """Render the list: those who act for some regions only see what they brought in themselves."""
    batches = db.session.execute(queries.batches_of(consultation.id)).all()
    if not covers(current_user, consultation, None):
        batches = [row for row in batches if row[0].created_by_id == current_user.id]
    return render_template(
        "submissions/imports.html", consultation=consultation, batches=batches, form=form
    )


@bp.post("/staff/consultations/<slug>/imports")
@requires(*IMPORTERS)
def import_upload(slug: str) -> Response | tuple[str, int]:
    """Keep a file and lead to the mapping of its columns; one that cannot be read is refused."""
    consultation = get_consultation(db.session(), slug)
    ensure_may_import(current_user, consultation)
    form = UploadForm()
    if not form.validate_on_submit():
        return _imports_page(consultation, form), 422
    store = _store()
    try:
        upload = store.keep(
            form.file.data.stream,
            file_name=form.file.data.filename,
            owner_id=current_user.id,
            consultation_id=consultation.id,
            options=form.options(),
            now=clock.now(),
        )
    except errors.FileTooLargeError as error:
        form.file.errors = [error.text()]
        return _imports_page(consultation, form), error.status
    try:
        table = _Waiting(upload, consultation).table()
    except errors.ImportRefusedError as error:
        store.discard(upload)
        form.file.errors = [error.text()]
        return _imports_page(consultation, form), error.status
    columns = suggest(table.header, consultation.questionnaire.questions)
    store.save(replace(upload, mapping=ColumnMapping(columns=columns)))
    return redirect(url_for("submissions.import_map", token=upload.token), 303)


# --- the columns --------------------------------------------------------------------------------


@bp.get("/staff/imports/<token>")
@requires(*IMPORTERS)
def import_map(token: str) -> str | Response:
    """Show where the columns go, or (``?step=check``) what importing the rows would do."""
    waiting = _waiting(token)
    if waiting.upload.is_done:
        return _lead_to_result(waiting)
    table = waiting.table()
    mapping = waiting.upload.mapping or ColumnMapping()
    if request.args.get("step") != "check":
        form = mapping_form(table, waiting.consultation.questionnaire.questions, mapping)
        return _columns_page(waiting, table, form)
    try:
        return _check_page(waiting, waiting.check(table))
    except errors.ImportRefusedError as error:
        form = mapping_form(table, waiting.consultation.questionnaire.questions, mapping)
        return _columns_page(waiting, table, form, error.text())


def _columns_page(waiting: _Waiting, table: Table, form: MappingForm, problem: str = "") -> str:
    """Render the columns, each with what its first cells say."""
    rows = list(islice(table.rows(), _SAMPLED_ROWS))
    samples = []
    for position in range(len(table.header)):
        filled = dict.fromkeys(row.cells[position].strip() for row in rows)
        samples.append([cell for cell in filled if cell][:_SAMPLES])
    return render_template(
        "submissions/import_map.html",
        upload=waiting.upload,
        consultation=waiting.consultation,
        form=form,
        columns=list(zip(form.column_fields(), samples, strict=True)),
        problem=problem,
        has_sheets=len(table.sheets) > 1,
    )


@bp.post("/staff/imports/<token>")
@requires(*IMPORTERS)
def import_decide(token: str) -> Response | str | tuple[str, int]:
    """Take one of the decisions about an uploaded file."""
    waiting = _waiting(token)
    if waiting.upload.is_done:
        return _lead_to_result(waiting)
    decisions: dict[str, Callable[[_Waiting], Response | tuple[str, int]]] = {
        "columns": _decide_columns,
        "values": _decide_values,
        "confirm": _confirm,
        "discard": _discard,
    }
    decide = decisions.get(request.form.get("decision", ""))
    if decide is None:
        return redirect(url_for("submissions.import_map", token=token), 303)
    return decide(waiting)


def _decide_columns(waiting: _Waiting) -> Response | tuple[str, int]:
    """Keep where the columns go, and check the rows; another sheet begins anew."""
    table, upload = waiting.table(), waiting.upload
    before = upload.mapping or ColumnMapping()
    questions = waiting.consultation.questionnaire.questions
    form = mapping_form(table, questions, before)
    if not form.validate_on_submit():
        return _columns_page(waiting, table, form), 422
    if form.sheet.data != table.sheet:
        other = replace(upload, options=replace(upload.options, sheet=form.sheet.data))
        try:
            header = _Waiting(other, waiting.consultation).table().header
        except errors.ImportRefusedError as error:
            return _columns_page(waiting, table, form, error.text()), error.status
        mapping = ColumnMapping(columns=suggest(header, questions))
        _store().save(replace(other, mapping=mapping))
        return redirect(url_for("submissions.import_map", token=upload.token), 303)
    mapping = form.mapping(before)
    try:
        mapping.resolved(table.header, fields_of(questions))
    except errors.MappingError as error:
        return _columns_page(waiting, table, form, error.text()), error.status
    _store().save(replace(upload, mapping=mapping))
    return _to_check(upload)


def _decide_values(waiting: _Waiting) -> Response:
    """Keep what words of the file mean."""
    mapping = waiting.upload.mapping or ColumnMapping()
    values = {key: dict(new) for key, new in mapping.values.items()}
    told = zip(*(request.form.getlist(name) for name in ("field", "old", "new")), strict=False)
    for key, old, new in told:
        if new and key in mapping.columns.values():
            values.setdefault(key, {})[old] = new
    _store().save(replace(waiting.upload, mapping=replace(mapping, values=values)))
    return _to_check(waiting.upload)


def _discard(waiting: _Waiting) -> Response:
    """Delete the file; nothing of it was written anywhere else."""
    _store().discard(waiting.upload)
    flash(_("The file was deleted; nothing of it was imported."))
    return redirect(url_for("submissions.imports", slug=waiting.consultation.slug), 303)


def _to_check(upload: Upload) -> Response:
    """Lead to what importing the rows would do."""
    return redirect(url_for("submissions.import_map", token=upload.token, step="check"), 303)


# --- what importing would do, and doing it ------------------------------------------------------


def _check_page(waiting: _Waiting, outcome: Outcome, problem: str = "") -> str:
    """Render the dry run: counts, words to translate, refused rows, and the button."""
    fields = fields_of(waiting.consultation.questionnaire.questions)
    unknown = [
        (fields[key], field_label(fields[key]), value, count, value_choices(fields[key]))
        for (key, value), count in outcome.unknown.most_common(UNKNOWN_SHOWN)
    ]
    return render_template(
        "submissions/import_check.html",
        upload=waiting.upload,
        consultation=waiting.consultation,
        outcome=outcome,
        unknown=unknown,
        n_unknown=len(outcome.unknown),
        problem=problem,
        refusals=_said(outcome.refusals[:SHOWN]),
        n_listed=len(outcome.refusals),
        form=ConfirmForm(),
    )


def _said(refusals: Any) -> list[tuple[Any, str]]:
    """Put beside each refusal the sentence that says why."""
    return [(refusal, report.sentence(refusal, is_isolated=True)) for refusal in refusals]


def _confirm(waiting: _Waiting) -> Response | tuple[str, int]:
    """Import, once however often the button is pressed."""
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _to_check(waiting.upload)
    store = _store()
    with store.taking_turns(waiting.upload) as upload:
        if upload.is_done:
            return _lead_to_result(_Waiting(upload, waiting.consultation))
        table = waiting.table()
        try:
            outcome = import_table(
                db.session(),
                current_user,
                waiting.consultation,
                table,
                upload.mapping or ColumnMapping(),
                now=clock.now(),
                limit=MAX_ROWS,
                file_name=upload.file_name,
                accept_valid=form.accept_valid.data,
            )
        except errors.ImportRefusedError as error:
            db.session.rollback()
            said = error.text()
            return _check_page(waiting, waiting.check(table), said), error.status
        db.session.commit()
        batch_id = outcome.batch.id if outcome.batch else None
        store.finish(upload, batch_id)
    _flash_result(outcome)
    return _lead_to_result(_Waiting(replace(upload, batch_id=batch_id), waiting.consultation))


def _flash_result(outcome: Outcome) -> None:
    """Say what came of it."""
    if not outcome.n_added:
        flash(_("Nothing was added: every row that could enter was already there."))
        return
    added = plain_number(outcome.n_added)
    flash(
        ngettext(
            "One submission was added.",
            "%(added)s submissions were added.",
            outcome.n_added,
            added=added,
        )
    )


def _lead_to_result(waiting: _Waiting) -> Response:
    """Lead to the import that a file has become, or to the list if it brought nothing new."""
    if waiting.upload.batch_id is None:
        return redirect(url_for("submissions.imports", slug=waiting.consultation.slug), 303)
    return redirect(url_for("submissions.import_report", id=waiting.upload.batch_id), 303)


@bp.get("/staff/imports/<token>/refused.csv")
@requires(*IMPORTERS)
def import_refused(token: str) -> Response:
    """Send the report of a dry run."""
    waiting = _waiting(token)
    if waiting.upload.is_done:
        return _lead_to_result(waiting)
    return _csv(report.as_csv(waiting.check(waiting.table()).refusals))


# --- what was imported --------------------------------------------------------------------------


def _batch(batch_id: int) -> tuple[ImportBatch, Consultation]:
    """Return an import that the reader may see."""
    batch = queries.get_batch(db.session(), batch_id)
    consultation = db.session.get_one(Consultation, batch.consultation_id)
    ensure_may_import(current_user, consultation)
    if not covers(current_user, consultation, None) and batch.created_by_id != current_user.id:
        raise ForbiddenError
    return batch, consultation


@bp.get("/staff/imports/batches/<int:id>")
@requires(*IMPORTERS)
def import_report(id: int) -> str:  # noqa: A002
    """Show an import: its counts, how its columns were understood, what it left out."""
    batch, consultation = _batch(id)
    fields = fields_of(consultation.questionnaire.questions)
    columns = [
        (column, field_label(fields[key]) if key in fields else key)
        for column, key in batch.mapping.get("columns", {}).items()
    ]
    refusals = db.session.scalars(queries.refusals_of(batch.id).limit(SHOWN)).all()
    return render_template(
        "submissions/import_report.html",
        batch=batch,
        consultation=consultation,
        columns=columns,
        refusals=_said(refusals),
        author=queries.author_of(db.session(), batch),
    )


@bp.get("/staff/imports/batches/<int:id>/refused.csv")
@requires(*IMPORTERS)
def import_report_refused(id: int) -> Response:  # noqa: A002
    """Send the report of what an import left out."""
    batch, _consultation = _batch(id)
    return _csv(report.as_csv(db.session.scalars(queries.refusals_of(batch.id))))


def _csv(text: str) -> Response:
    """Send a table."""
    headers = {"Content-Disposition": 'attachment; filename="refused-rows.csv"'}
    return FlaskResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
