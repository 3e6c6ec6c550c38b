"""Staff pages of the saved mappings: renaming and deleting them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.consultations.models import Consultation
from app.core import clock
from app.core.access import requires
from app.core.db import db
from app.submissions.blueprint import bp
from app.submissions.imports import errors, saved
from app.submissions.imports.fields import fields_of
from app.submissions.imports.forms import NameForm, field_label, kind_label
from app.submissions.imports.scope import IMPORTERS, ensure_may_import
from app.submissions.models import SavedMapping


def _saved(mapping_id: int) -> tuple[SavedMapping, Consultation]:
    """Return a saved mapping that the reader may change."""
    kept = saved.get_saved(db.session(), mapping_id)
    consultation = db.session.get_one(Consultation, kept.consultation_id)
    ensure_may_import(current_user, consultation)
    return kept, consultation


def _page(kept: SavedMapping, consultation: Consultation, form: NameForm) -> str:
    """Render a saved mapping."""
    fields = fields_of(consultation.questionnaire.questions)
    columns = [
        (column, field_label(fields[key]) if key in fields else key)
        for column, key in kept.mapping["columns"].items()
    ]
    return render_template(
        "submissions/import_mapping.html",
        saved=kept,
        consultation=consultation,
        form=form,
        columns=columns,
        kind=kind_label(kept.source),
    )


@bp.get("/staff/imports/mappings/<int:id>")
@requires(*IMPORTERS)
def import_mapping(id: int) -> str:  # noqa: A002
    """Show a saved mapping."""
    kept, consultation = _saved(id)
    return _page(kept, consultation, NameForm(formdata=None, data={"name": kept.name}))


@bp.post("/staff/imports/mappings/<int:id>")
@requires(*IMPORTERS)
def import_mapping_rename(id: int) -> Response | tuple[str, int]:  # noqa: A002
    """Give a saved mapping another name."""
    kept, consultation = _saved(id)
    form = NameForm()
    if not form.validate_on_submit():
        return _page(kept, consultation, form), 422
    try:
        saved.rename_mapping(db.session(), current_user, kept, form.name.data, now=clock.now())
    except (errors.MappingNameTakenError, errors.MappingNameMissingError) as error:
        db.session.rollback()
        form.name.errors = [error.text()]
        return _page(*_saved(id), form), error.status
    db.session.commit()
    flash(_("The mapping is named “%(name)s”.", name=kept.name))
    return redirect(url_for("submissions.imports", slug=consultation.slug), 303)


@bp.post("/staff/imports/mappings/<int:id>/delete")
@requires(*IMPORTERS)
def import_mapping_delete(id: int) -> Response:  # noqa: A002
    """Forget a saved mapping."""
    kept, consultation = _saved(id)
    name, slug = kept.name, consultation.slug
    saved.delete_mapping(db.session(), current_user, kept, now=clock.now())
    db.session.commit()
    flash(_("The mapping “%(name)s” was deleted.", name=name))
    return redirect(url_for("submissions.imports", slug=slug), 303)
