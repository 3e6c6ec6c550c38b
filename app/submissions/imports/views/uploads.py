"""Staff pages of a file on its way in: its columns, what importing it would do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.consultations.models import Consultation, Question
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import requires
from app.core.db import db
from app.core.tables import Table
from app.submissions.blueprint import bp
from app.submissions.imports import errors, queries, saved
from app.submissions.imports.fields import fields_of
from app.submissions.imports.forms import (
    MappingForm,
    UploadForm,
    kind_label,
    mapping_form,
)
from app.submissions.imports.guessing import suggest
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.scope import IMPORTERS, covers, ensure_may_import
from app.submissions.imports.sources import SourceKind, guess_kind
from app.submissions.imports.uploads import LIMIT, Upload
from app.submissions.imports.views.checking import (
    checked,
    confirm,
    have_checked,
    lead_to_result,
    stop_check,
    why_not_checked,
)
from app.submissions.imports.views.common import NOTHING, Waiting, state_text, store, waiting

_SAMPLES = 3
_SAMPLED_ROWS = 50


@bp.url_value_preprocessor
def _larger_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Take larger files here than elsewhere, before anything reads the request."""
    if endpoint == "submissions.import_upload":
        request.max_content_length = LIMIT + 1024 * 1024


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
        "submissions/imports.html",
        consultation=consultation,
        batches=batches,
        form=form,
        mappings=db.session.scalars(saved.saved_mappings(consultation.id)).all(),
        kind_label=kind_label,
        state_text=state_text,
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
    try:
        upload = store().keep(
            form.file.data.stream,
            file_name=form.file.data.filename,
            owner_id=current_user.id,
            consultation_id=consultation.id,
            options=form.options(),
            now=clock.now(),
        )
    except errors.ImportRefusedError as error:
        form.file.errors = [error.text()]
        return _imports_page(consultation, form), error.status
    try:
        table = Waiting(upload, consultation).table()
    except errors.ImportRefusedError as error:
        store().discard(upload)
        form.file.errors = [error.text()]
        return _imports_page(consultation, form), error.status
    store().save(replace(upload, mapping=_first_mapping(table, _questions(consultation))))
    return redirect(url_for("submissions.import_map", token=upload.token), 303)


def _questions(consultation: Consultation) -> list[Question]:
    """Return what is asked."""
    return consultation.questionnaire.questions


def _first_mapping(
    table: Table, questions: list[Question], kind: SourceKind | None = None
) -> ColumnMapping:
    """Return where columns go by their names."""
    kind = kind or guess_kind(table.header)
    columns = suggest(table.header, questions, kind)
    source = {} if kind == SourceKind.SHEET else {"source": kind.value}
    return ColumnMapping(columns=columns, constants=source, kind=kind)


# --- the columns --------------------------------------------------------------------------------


@bp.get("/staff/imports/<token>")
@requires(*IMPORTERS)
def import_map(token: str) -> str | Response:
    """Show where the columns go, or (``?step=check``) what importing the rows would do."""
    here = waiting(token)
    if here.upload.is_done:
        return lead_to_result(here.upload)
    problem = ""
    if request.args.get("step") == "check":
        shown = checked(here)
        if shown is not None:
            return shown
        problem = why_not_checked(here)
    table = here.table()
    form = mapping_form(table, _questions(here.consultation), here.upload.mapping or NOTHING)
    return _columns_page(here, table, form, problem)


def _columns_page(here: Waiting, table: Table, form: MappingForm, problem: str = "") -> str:
    """Render the columns, each with what its first cells say."""
    rows = list(islice(table.rows(), _SAMPLED_ROWS))
    samples = []
    for position in range(len(table.header)):
        filled = dict.fromkeys(row.cells[position].strip() for row in rows)
        samples.append([cell for cell in filled if cell][:_SAMPLES])
    columns = dict(zip(table.header, zip(form.column_fields(), samples, strict=True), strict=True))
    in_groups = {column for group in form.groups for column in group.parts}
    groups = [
        (select, [(columns[column], part) for column, part in group.parts.items()])
        for group, select in zip(form.groups, form.group_fields(), strict=True)
    ]
    return render_template(
        "submissions/import_map.html",
        upload=here.upload,
        consultation=here.consultation,
        form=form,
        columns=[of for column, of in columns.items() if column not in in_groups],
        n_columns=len(columns),
        groups=groups,
        problem=problem,
        has_sheets=len(table.sheets) > 1,
        fitting=saved.fitting(db.session(), here.consultation, table.header),
        kind_label=kind_label,
    )


@bp.post("/staff/imports/<token>")
@requires(*IMPORTERS)
def import_decide(token: str) -> Response | str | tuple[str, int]:
    """Take one of the decisions about an uploaded file."""
    here = waiting(token)
    if here.upload.is_done:
        return lead_to_result(here.upload)
    decisions: dict[str, Callable[[Waiting], Response | tuple[str, int]]] = {
        "columns": _decide_columns,
        "saved": _take_saved,
        "values": _decide_values,
        "confirm": confirm,
        "discard": _discard,
    }
    decide = decisions.get(request.form.get("decision", ""))
    if decide is None:
        return _to_columns(here.upload)
    return decide(here)


def _to_columns(upload: Upload) -> Response:
    """Lead to where the columns go."""
    return redirect(url_for("submissions.import_map", token=upload.token), 303)


def _decide_columns(here: Waiting) -> Response | tuple[str, int]:
    """Keep where the columns go, and have the rows checked; another sheet or program is anew."""
    table, upload = here.table(), here.upload
    before = upload.mapping or NOTHING
    questions = _questions(here.consultation)
    form = mapping_form(table, questions, before)
    if not form.validate_on_submit():
        return _columns_page(here, table, form), 422
    if form.sheet.data != table.sheet or form.kind.data != before.kind:
        return _begin_anew(here, table, form)
    mapping = form.mapping(before)
    try:
        mapping.resolved(table.header, fields_of(questions))
    except errors.MappingError as error:
        return _columns_page(here, table, form, error.text()), error.status
    if form.save_as.data:
        saved.save_mapping(
            db.session(),
            current_user,
            here.consultation,
            form.save_as.data,
            mapping,
            table.header,
            now=clock.now(),
        )
    return have_checked(replace(upload, mapping=mapping))


def _begin_anew(here: Waiting, table: Table, form: MappingForm) -> Response | tuple[str, int]:
    """Guess all columns of another sheet, or as another program's."""
    options = replace(here.upload.options, sheet=form.sheet.data or None)
    other = Waiting(replace(here.upload, options=options), here.consultation)
    is_same = form.sheet.data == table.sheet
    try:
        fresh = table if is_same else other.table()
    except errors.ImportRefusedError as error:
        return _columns_page(here, table, form, error.text()), error.status
    kind = SourceKind(form.kind.data) if is_same else None
    mapping = _first_mapping(fresh, _questions(here.consultation), kind)
    store().save(replace(other.upload, mapping=mapping))
    return _to_columns(here.upload)


def _take_saved(here: Waiting) -> Response:
    """Take a saved mapping for this file."""
    kept = saved.get_saved(db.session(), request.form.get("mapping", 0, type=int))
    if kept.consultation_id != here.consultation.id:
        raise errors.MappingNotFoundError(name=kept.id, known="-")
    mapping = saved.mapping_for(kept, here.table().header)
    store().save(replace(here.upload, mapping=mapping))
    flash(
        _("The mapping “%(name)s” is filled in. Look it over, then check the rows.", name=kept.name)
    )
    return _to_columns(here.upload)


def _decide_values(here: Waiting) -> Response:
    """Keep what words of the file mean."""
    mapping = here.upload.mapping or NOTHING
    values = {key: dict(new) for key, new in mapping.values.items()}
    told = zip(*(request.form.getlist(name) for name in ("field", "old", "new")), strict=False)
    for key, old, new in told:
        if new and key in mapping.columns.values():
            values.setdefault(key, {})[old] = new
    return have_checked(replace(here.upload, mapping=replace(mapping, values=values)))


def _discard(here: Waiting) -> Response:
    """Delete the file; nothing of it was written anywhere else."""
    stop_check(here.upload)
    db.session.commit()
    store().discard(here.upload)
    flash(_("The file was deleted; nothing of it was imported."))
    return redirect(url_for("submissions.imports", slug=here.consultation.slug), 303)
