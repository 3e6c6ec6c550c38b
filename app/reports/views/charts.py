"""The charts of a report, each at an address of its own: pages show them as pictures."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_login import current_user

from app.consultations.queries import get_consultation
from app.core.access import ensure, public, requires
from app.core.db import db
from app.core.errors import NotFoundError
from app.core.i18n import language
from app.reports import queries
from app.reports.blueprint import READERS, bp
from app.reports.body import build
from app.reports.charts import find_chart, png, svg
from app.reports.charts.rendering import POLICY, print_of
from app.reports.drafting.queries import find_open

#: Seconds for which a published chart need not be asked for again.
LONG = 604_800


def picture(body: dict[str, Any], name: str, kind: str) -> Response:
    """Answer with a chart of a body in the page's language, ``?narrow=1`` for a phone's width.

    :raises NotFoundError: if the body has no such chart.
    """
    narrow = request.args.get("narrow") == "1"
    chart = find_chart(body, language().code, name, narrow=narrow)
    if chart is None:
        raise NotFoundError
    response = Response(mimetype="image/svg+xml" if kind == "svg" else "image/png")
    response.set_etag(f"{print_of(chart)[:32]}-{kind}")
    response.headers["Cache-Control"] = f"public, max-age={LONG}"
    response.headers["Content-Security-Policy"] = POLICY
    # What the reader has already is not drawn again.
    if request.if_none_match.contains(response.get_etag()[0] or ""):
        response.status_code = 304
        return response
    response.set_data(svg(chart) if kind == "svg" else png(chart))
    return response


@bp.get("/consultations/<slug>/reports/<int:version>/charts/<name>.<any(svg, png):kind>")
@public
def chart(slug: str, version: int, name: str, kind: str) -> Response:
    """Send a chart of a published report."""
    consultation = get_consultation(db.session(), slug)
    report = queries.find_report(db.session(), consultation.id, version)
    if report is None:
        raise NotFoundError
    return picture(report.body, name, kind)


@bp.get("/staff/consultations/<slug>/reports/preview/charts/<name>.<any(svg, png):kind>")
@requires(*READERS)
def preview_chart(slug: str, name: str, kind: str) -> Response:
    """Send a chart of the draft, or of what a first draft would say now."""
    consultation = get_consultation(db.session(), slug)
    ensure(current_user, *READERS, consultation=consultation.id)
    draft = find_open(db.session(), consultation.id)
    body = draft.body if draft else build(db.session(), consultation).body
    return picture(body, name, kind)
