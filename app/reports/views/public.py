"""Pages for everyone: results, themes, reports and their files."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Collection
from hashlib import sha256
from typing import Any

from flask import (
    Response,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core.access import public
from app.core.db import db
from app.core.errors import NotFoundError
from app.core.i18n import language
from app.reports import labels, queries
from app.reports.blueprint import bp
from app.reports.body.cells import Filter, filtered
from app.reports.charts import Chart, charts_of
from app.reports.export import themes_csv
from app.reports.models import Report
from app.reports.operations import Edition
from app.reports.presentation import RINGS, View, star_at
from app.reports.reading import Reading
from app.reports.withheld import body_shown, file_shown

#: Kinds of files and what they are called on the network.
FILE_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


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
    return Edition(
        version=report.version,
        label=report.label,
        published_at=report.published_at,
        sha256=report.sha256,
    )


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
        kinds=queries.kinds_of(db.session(), report.id),
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
    kinds = queries.kinds_of(db.session(), report.id)
    return report_page("base.html", consultation, body, _edition(report), newest, kinds)


#: Charts of the published bodies that were read last; a published body never changes.
_kept: OrderedDict[tuple[str, str], tuple[dict[str, Chart], dict[str, Chart]]] = OrderedDict()


def _charts(body: dict[str, Any], edition: Edition) -> tuple[dict[str, Chart], dict[str, Chart]]:
    """Return the charts of a body as wide as a page, and as wide as a phone."""
    lang = language().code
    key = (edition.sha256, lang)
    if not edition.is_preview and key in _kept:
        return _kept[key]
    found = charts_of(body, lang), charts_of(body, lang, narrow=True)
    if not edition.is_preview:
        _kept[key] = found
        while len(_kept) > 6:
            _kept.popitem(last=False)
    return found


def report_page(
    layout: str,
    consultation: Consultation,
    body: dict[str, Any],
    edition: Edition,
    newest: Report | None = None,
    kinds: Collection[str] = (),
) -> str:
    """Render a report as a page.

    :param kinds: the kinds of files that it has.
    """
    return render_template(
        "reports/show.html",
        layout=layout,
        consultation=consultation,
        body=body,
        view=Reading(body, *_charts(body, edition)),
        edition=edition,
        newest=newest,
        kinds=kinds,
        evidence_pages="reports.claim" in current_app.view_functions,
        data_pages="reports.versions" in current_app.view_functions,
        rings=[star_at(radius) for radius in RINGS],
        core=star_at(10),
    )


@bp.url_defaults
def _as_pdf(endpoint: str, values: dict[str, Any]) -> None:
    """Lead to the PDF where no other kind of file is asked for."""
    if endpoint == "reports.download":
        values.setdefault("kind", "pdf")


@bp.get("/consultations/<slug>/reports/<int:version>/<any(fr, ar):language>.<any(pdf, docx):kind>")
@public
def download(slug: str, version: int, language: str, kind: str) -> Response:
    """Send a report's file, as it was published unless words in it were withdrawn since."""
    _consultation, report = _published(slug, version)
    file = queries.find_file(db.session(), report.id, language, kind)
    if file is None:
        raise NotFoundError
    folder = current_app.config["INSTANCE"] / "reports"
    content = file_shown(db.session(), report, file, folder)
    response = Response(content, mimetype=FILE_TYPES[kind])
    name = f"synthese-{slug}-v{version}-{language}.{kind}"
    # A word processor opens what was saved, a browser shows a PDF by itself.
    place = "inline" if kind == "pdf" else "attachment"
    response.headers["Content-Disposition"] = f'{place}; filename="{name}"'
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
