"""Taking a form file in through the page, and giving versions out."""

from __future__ import annotations

from io import BytesIO

from flask import flash, send_file
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from app.consultations.blueprint import bp
from app.consultations.building.queries import find_version
from app.consultations.building.views import WRITERS, Page, back, consultation_of, outline_page
from app.consultations.xlsform.errors import FormFileError
from app.consultations.xlsform.forms import FormFileForm
from app.consultations.xlsform.operations import export_form, import_form
from app.consultations.xlsform.sheets import SIZE
from app.core import clock
from app.core.access import requires
from app.core.db import db
from app.core.errors import NotFoundError

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.post("/staff/consultations/<slug>/questionnaire/xlsform")
@requires(*WRITERS)
def xlsform_import(slug: str) -> Page:
    """Put a form in the place of the version being written."""
    consultation = consultation_of(slug)
    form = FormFileForm()
    if not form.validate_on_submit():
        return outline_page(consultation, file_form=form), 422
    content = form.file.data.stream.read(SIZE + 1)
    try:
        draft, read = import_form(
            db.session(),
            current_user,
            consultation,
            content,
            file_name=form.file.data.filename or "",
            now=clock.now(),
        )
    except FormFileError as error:
        db.session.rollback()
        form.file.errors = [error.text()]
        return outline_page(consultation, file_form=form), error.status
    db.session.commit()
    flash(
        ngettext(
            "One question was taken into version %(number)s.",
            "%(num)s questions were taken into version %(number)s.",
            len(read.questions),
            number=draft.version,
        )
    )
    return back(consultation, "remarks" if read.remarks else "outline")


@bp.get("/staff/consultations/<slug>/questionnaire/<int(max=2147483647):version>.xlsx")
@requires(*WRITERS)
def xlsform_export(slug: str, version: int) -> Response:
    """Give a version out as an XLSForm."""
    consultation = consultation_of(slug)
    found = find_version(db.session(), consultation, version)
    if found is None:
        raise NotFoundError
    return send_file(
        BytesIO(export_form(db.session(), consultation, found)),
        mimetype=_XLSX,
        as_attachment=True,
        download_name=f"{consultation.slug}-{version}.xlsx",
    )
