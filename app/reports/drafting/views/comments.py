"""Comments on the draft: said, and settled."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from app.core import clock
from app.core.access import Role, requires
from app.core.db import db
from app.reports.blueprint import bp
from app.reports.drafting import comments as commenting
from app.reports.drafting.views.common import writable
from app.reports.drafting.views.editor import back_to, editor_page
from app.reports.drafting.views.section import section_page
from app.reports.errors import NoWordsError, WordsTooLongError


@bp.post("/staff/consultations/<slug>/reports/draft/comments")
@requires(Role.ADMINISTRATOR, Role.ANALYST)
def comment(slug: str) -> Any:
    """Say something of the draft, of a section, or of a sentence."""
    consultation, draft = writable(slug)
    section, claim = request.form.get("section", ""), request.form.get("claim", "")
    text = request.form.get("text", "")
    try:
        row = commenting.comment(
            db.session(),
            current_user,
            draft,
            section=section,
            claim=claim,
            text=text,
            now=clock.now(),
        )
    except (NoWordsError, WordsTooLongError) as error:
        said = error.text()
        db.session.rollback()
        consultation, draft = writable(slug)
        problems = [(f"text-{claim or section or 'whole'}", said)]
        remark = {"claim": claim, "text": text}
        if section:
            page = section_page(consultation, draft, section, problems=problems, remark=remark)
        else:
            page = editor_page(consultation, draft, problems=problems, typed={"text": text})
        return page, error.status
    db.session.commit()
    return back_to(slug, section, f"k-{row.id}")


@bp.post("/staff/consultations/<slug>/reports/draft/comments/<int:comment>")
@requires(Role.ADMINISTRATOR, Role.ANALYST)
def settle_comment(slug: str, comment: int) -> BaseResponse:
    """Note that a comment is settled."""
    _consultation, draft = writable(slug)
    row = commenting.settle(db.session(), current_user, draft, comment, now=clock.now())
    section = row.section
    db.session.commit()
    return back_to(slug, section, f"k-{comment}")
