"""Staff pages: the codebook, and the files of it that are made at once."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from flask import Response, render_template, send_file
from flask_login import current_user
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import STAFF, Role, requires
from app.core.db import db, reading_only
from app.core.errors import ForbiddenError
from app.core.i18n import language
from app.themes.blueprint import bp, may_decide, newest_of
from app.themes.codebook.book import load_book
from app.themes.codebook.exporting import (
    FORMATS,
    Export,
    Language,
    export_name,
    exportable_part,
    file_language,
    file_name,
    get_run,
    note_export,
)
from app.themes.codebook.forms import UploadForm
from app.themes.exchange import passages_csv
from app.themes.queries import Narrowing
from app.themes.review import readable_part


@bp.get("/staff/consultations/<slug>/codebook")
@requires(*STAFF)
def codebook(slug: str) -> str:
    """Show the codebook: every theme with its definition, rules and examples."""
    consultation = get_consultation(db.session(), slug)
    part = readable_part(db.session(), current_user, consultation.id)
    run = newest_of(consultation)
    book = (
        None
        if run is None
        else load_book(db.session(), consultation, run, part, file_language(language().code))
    )
    return render_template(
        "themes/codebook/show.html",
        consultation=consultation,
        book=book,
        run=run,
        may_decide=may_decide(consultation.id),
        may_export=_may_export(consultation),
        is_all_readable=part.regions is None,
        export_name=export_name,
        form=UploadForm(),
    )


def _may_export(consultation: Consultation) -> bool:
    """Tell whether some of the passages may leave with the reader."""
    try:
        exportable_part(db.session(), current_user, consultation.id)
    except ForbiddenError:
        return False
    return True


@bp.get("/staff/consultations/<slug>/codebook/<any('themes.xlsx','themes.qdc'):kind>")
@requires(*STAFF)
def codebook_file(slug: str, kind: str) -> Any:
    """Send the codebook as a file in the page's language."""
    consultation = get_consultation(db.session(), slug)
    part = readable_part(db.session(), current_user, consultation.id)
    lang = file_language(language().code)
    out = BytesIO()
    Export(db.session(), consultation, part, lang).write(kind, out)
    out.seek(0)
    return send_file(
        out,
        mimetype=FORMATS[kind].media_type,
        as_attachment=True,
        download_name=file_name(consultation, kind, lang),
        max_age=0,
    )


@bp.post("/staff/consultations/<slug>/codebook/passages.csv")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def coded_csv(slug: str) -> Response:
    """Send the passages with their codes, row by row, as far as the reader's regions reach."""
    consultation = get_consultation(db.session(), slug)
    part = exportable_part(db.session(), current_user, consultation.id)
    get_run(db.session(), consultation)
    lang, kind = file_language(language().code), "passages.csv"
    note_export(db.session(), current_user, consultation, kind, now=clock.now())
    name = file_name(consultation, kind, lang)
    pieces = _streamed(db.engine, consultation.id, part, lang)
    db.session.commit()
    return Response(
        pieces,
        content_type=FORMATS[kind].media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _streamed(
    engine: Engine, consultation_id: int, part: Narrowing, lang: Language
) -> Iterator[bytes]:
    """Yield the table in a transaction of its own, which only reads: nobody waits for it."""
    with reading_only():
        session = Session(engine)
        session.connection()
    with session:
        export = Export(session, session.get_one(Consultation, consultation_id), part, lang)
        yield from passages_csv(export.corpus.passages(), export.book.codes, language=lang)
