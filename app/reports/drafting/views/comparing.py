"""Two states of a report side by side: for staff any two, for the public two versions."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core.access import public, requires
from app.core.db import db
from app.core.errors import NotFoundError
from app.reports import queries
from app.reports.blueprint import READERS, bp
from app.reports.comparison import Comparison, Stated
from app.reports.drafting.queries import find_open
from app.reports.drafting.views.common import readable
from app.reports.models import Report

#: Sentences that differ and are shown at once; the others are asked for.
MOST = 60


def _stated(report: Report) -> Stated:
    """Return a version as what can be compared."""
    return Stated(report.label, report.body, queries.cells_of(db.session(), report))


def _page(
    layout: str, consultation: Consultation, comparison: Comparison | None, **more: Any
) -> str:
    """Return the page of a comparison."""
    return render_template(
        "reports/compare.html",
        layout=layout,
        consultation=consultation,
        comparison=comparison,
        most=10_000 if "all" in request.args else MOST,
        **more,
    )


@bp.get("/staff/consultations/<slug>/reports/compare")
@requires(*READERS)
def compare(slug: str) -> str:
    """Compare any two versions, or a version and the draft."""
    consultation = readable(slug)
    reports = list(db.session.scalars(queries.reports_of(consultation.id)))
    draft = find_open(db.session(), consultation.id)
    states = {str(one.version): one for one in reports}
    names = [(key, _("Version %(version)s", version=one.label)) for key, one in states.items()]
    if draft is not None:
        names.insert(0, ("draft", _("The draft")))
    codes = [code for code, _name in names]
    new = _chosen("to", codes, 0)
    old = _chosen("from", [code for code in codes if code != "draft"], 0 if draft else 1)
    comparison = None
    if old and new and old != new:
        after = (
            Stated("", draft.body, draft.cells)
            if draft is not None and new == "draft"
            else _stated(states[new])
        )
        comparison = Comparison(_stated(states[old]), after)
    return _page("staff.html", consultation, comparison, names_of=names, old=old, new=new)


def _chosen(name: str, codes: list[str], at: int) -> str:
    """Read which state was chosen, the one that stands at a place of the list otherwise."""
    asked = request.args.get(name, "")
    if asked in codes:
        return asked
    return codes[at] if at < len(codes) else ""


@bp.get("/consultations/<slug>/reports/<int:version>/changes")
@public
def changes(slug: str, version: int) -> str:
    """Say what a version changed in the one before, or in another."""
    consultation = get_consultation(db.session(), slug)
    report = queries.find_report(db.session(), consultation.id, version)
    if report is None:
        raise NotFoundError
    asked = request.args.get("since", version - 1, type=int)
    before = queries.find_report(db.session(), consultation.id, asked)
    comparison = (
        Comparison(_stated(before), _stated(report), shows_pointers=False) if before else None
    )
    return _page("base.html", consultation, comparison, report=report)
