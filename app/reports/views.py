"""Pages: results, themes and reports for everyone; versions and preview for staff."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import Role, ensure, public, requires
from app.core.db import db
from app.core.errors import DomainError, NotFoundError
from app.reports import labels, queries
from app.reports.body import build
from app.reports.body.cells import Filter, filtered
from app.reports.body.changes import compare
from app.reports.export import themes_csv
from app.reports.models import Report
from app.reports.operations import Edition, next_edition, render_files
from app.reports.operations import publish as publish_report
from app.reports.presentation import RINGS, View, star_at
from app.reports.withheld import body_shown, pdf_shown

bp = Blueprint("reports", __name__, template_folder="templates")
bp.add_app_template_filter(labels.language_name, "passage_language")
bp.add_app_template_filter(labels.channel_name, "channel")
bp.add_app_template_filter(labels.withheld_reason, "withheld_reason")

#: Those who read reports before the public does.
READERS = (Role.ADMINISTRATOR, Role.ANALYST, Role.OBSERVER)


def _published(slug: str, version: int | None = None) -> tuple[Consultation, Report]:
    """Return a consultation and one of its reports, the newest unless told otherwise.

    :raises NotFoundError: if that is not published.
    """
    consultation = get_consultation(db.session(), slug)
    if version is None:
        report = queries.newest_report(db.session(), consultation.id)
    else:
        report = queries.find_report(db.session(), consultation.id, version)
    if report is None:
        raise NotFoundError
    return consultation, report


def _edition(report: Report) -> Edition:
    """Return what the cover of a published report says."""
    return Edition(version=report.version, published_at=report.published_at, sha256=report.sha256)


def _filter(body: dict[str, Any]) -> Filter:
    """Read the filters of the address; codes that the report does not know are no filter."""
    known = {
        "region": [row["code"] for row in body["participation"]["by_region"]],
        "actor_type": [row["code"] for row in body["groups"]["actor_type"]],
        "language": [row["code"] for row in body["participation"]["by_language"]],
    }
    asked = {name: request.args.get(name, "") for name in known}
    return Filter(**{name: code for name, code in asked.items() if code in known[name]})


def _selects(view: View, part: Filter) -> list[tuple[str, str, list[tuple[str, str]], str, str]]:
    """Return the selects of the filter form."""
    body = view.body
    regions = [(r["code"], view.region(r["code"])) for r in body["participation"]["by_region"]]
    actors = [(g["code"], labels.actor_name(g["code"])) for g in body["groups"]["actor_type"]]
    spoken = body["participation"]["by_language"]
    languages = [(row["code"], labels.language_name(row["code"])) for row in spoken]
    return [
        ("region", _("Region"), regions, part.region, _("All regions")),
        ("actor_type", _("Contributor"), actors, part.actor_type, _("All contributors")),
        ("language", _("Language"), languages, part.language, _("All languages")),
    ]


@bp.get("/consultations/<slug>/results")
@public
def results(slug: str) -> str:
    """Show the themes of the newest report, for everyone or for a part of the contributors."""
    consultation = get_consultation(db.session(), slug)
    report = queries.newest_report(db.session(), consultation.id)
    if report is None:
        return render_template("reports/results.html", consultation=consultation, report=None)
    body, part = body_shown(db.session(), report), _filter(report.body)
    of, rows = body["participation"]["analysed"], body["themes"]
    if part:
        file = queries.find_file(db.session(), report.id, "", "cells")
        of, rows = filtered(body, json.loads(file.content if file else b"{}"), part)
    view = View(body)
    selects = _selects(view, part)
    return render_template(
        "reports/results.html",
        consultation=consultation,
        report=report,
        view=view,
        body=body,
        edition=_edition(report),
        part=part,
        of=of,
        rows=rows,
        selects=selects,
        applied=[dict(options)[value] for _name, _label, options, value, _all in selects if value],
    )


@bp.get("/consultations/<slug>/results/themes/<int:id>")
@public
def theme(slug: str, id: int) -> str | BaseResponse:  # noqa: A002
    """Show one theme of the newest report; a theme merged into another leads there."""
    consultation, report = _published(slug)
    body = body_shown(db.session(), report)
    for row in body["themes"]:
        if row["id"] == id:
            return render_template(
                "reports/theme.html",
                consultation=consultation,
                report=report,
                view=View(body),
                body=body,
                edition=_edition(report),
                theme=row,
            )
        if id in row["merged"]:
            return redirect(url_for("reports.theme", slug=slug, id=row["id"]))
    raise NotFoundError


@bp.get("/consultations/<slug>/reports/<int:version>")
@public
def show(slug: str, version: int) -> str:
    """Show a published report."""
    consultation, report = _published(slug, version)
    newest = queries.newest_report(db.session(), consultation.id)
    body = body_shown(db.session(), report)
    return _report_page("base.html", consultation, body, _edition(report), newest)


def _report_page(
    layout: str,
    consultation: Consultation,
    body: dict[str, Any],
    edition: Edition,
    newest: Report | None = None,
) -> str:
    """Render a report as a page."""
    return render_template(
        "reports/show.html",
        layout=layout,
        consultation=consultation,
        body=body,
        view=View(body),
        edition=edition,
        newest=newest,
        rings=[star_at(radius) for radius in RINGS],
        core=star_at(10),
    )


@bp.get("/consultations/<slug>/reports/<int:version>/<any(fr, ar):language>.pdf")
@public
def download(slug: str, version: int, language: str) -> Response:
    """Send a report's PDF, as it was published unless words in it were withdrawn since."""
    _consultation, report = _published(slug, version)
    file = queries.find_file(db.session(), report.id, language, "pdf")
    if file is None:
        raise NotFoundError
    folder = current_app.config["INSTANCE"] / "reports"
    content = pdf_shown(db.session(), report, file, folder)
    response = Response(content, mimetype="application/pdf")
    name = f"synthese-{slug}-v{version}-{language}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.set_etag(sha256(content).hexdigest())
    response.make_conditional(request)
    return response


@bp.get("/consultations/<slug>/reports/<int:version>/themes.csv")
@public
def data(slug: str, version: int) -> Response:
    """Send the figures of a report's themes."""
    _consultation, report = _published(slug, version)
    response = Response(themes_csv(report.body), mimetype="text/csv")
    name = f"themes-{slug}-v{version}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/staff/consultations/<slug>/reports")
@requires(*READERS)
def index(slug: str) -> str:
    """List the versions and say what would be published now."""
    consultation = get_consultation(db.session(), slug)
    ensure(current_user, *READERS, consultation=consultation.id)
    reports = list(db.session.scalars(queries.reports_of(consultation.id)))
    changes, refusal = None, ""
    try:
        draft = build(db.session(), consultation)
        if reports and reports[0].sha256 != draft.sha256:
            changes = compare(reports[0].body, draft.body)
    except DomainError as error:
        refusal = error.text()
    may_publish = current_user.may({Role.ADMINISTRATOR, Role.ANALYST}, consultation=consultation.id)
    return render_template(
        "reports/index.html",
        consultation=consultation,
        reports=reports,
        changes=changes,
        refusal=refusal,
        may_publish=may_publish,
        next_version=reports[0].version + 1 if reports else 1,
    )


@bp.get("/staff/consultations/<slug>/reports/preview")
@requires(*READERS)
def preview(slug: str) -> str:
    """Show the report as it would be published now."""
    consultation = get_consultation(db.session(), slug)
    ensure(current_user, *READERS, consultation=consultation.id)
    draft = build(db.session(), consultation)
    edition = Edition(version=0, published_at=clock.now(), sha256=draft.sha256, is_preview=True)
    return _report_page("staff.html", consultation, draft.body, edition)


@bp.post("/staff/consultations/<slug>/reports")
@requires(Role.ADMINISTRATOR, Role.ANALYST)
def publish(slug: str) -> BaseResponse:
    """Publish the report as the data stand."""
    now = clock.now()
    consultation = get_consultation(db.session(), slug)
    ensure(current_user, Role.ADMINISTRATOR, Role.ANALYST, consultation=consultation.id)
    before = queries.newest_report(db.session(), consultation.id)
    known = before.version if before else 0
    pending = next_edition(db.session(), consultation, now=now)
    db.session.rollback()  # rendering takes seconds: nobody should wait for the database meanwhile
    prepared = render_files(pending) if pending else None
    report = publish_report(db.session(), current_user, consultation, now=now, prepared=prepared)
    db.session.commit()
    if report.version > known:
        flash(_("Version %(version)s is published.", version=report.version))
    else:
        flash(_("Nothing has changed: version %(version)s stays the last.", version=known))
    return redirect(url_for("reports.index", slug=slug))
