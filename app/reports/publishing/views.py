"""Pages of publication: versions, open data, the evidence of a claim, feeds."""

from __future__ import annotations

from pathlib import Path

from flask import Response, current_app, redirect, render_template, request, url_for
from flask_sqlalchemy.pagination import Pagination
from werkzeug.wrappers import Response as BaseResponse

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core.access import public
from app.core.db import db
from app.core.errors import NotFoundError
from app.core.i18n import language
from app.reports import queries
from app.reports.blueprint import bp
from app.reports.models import Report
from app.reports.presentation import View
from app.reports.publishing import asking, feeds, files
from app.reports.publishing.evidence import Proof, evidence_of
from app.reports.publishing.listing import changed, downloads_of
from app.reports.publishing.served import archive_shown
from app.reports.publishing.subscribing.forms import SubscribeForm
from app.reports.withheld import body_shown

#: Passages of a page.
PAGE = 20
_SHOW = "/consultations/<slug>/reports/<int:version>"


class _Pages(Pagination):
    """Pages of a list that is in memory."""

    def _query_items(self) -> list[Proof]:
        """Return the passages of the page asked for."""
        found: list[Proof] = self._query_args["rows"][self._query_offset :][: self.per_page]
        return found

    def _query_count(self) -> int:
        """Return how many there are."""
        return len(self._query_args["rows"])


def published(slug: str, version: int) -> tuple[Consultation, Report]:
    """Return a consultation and one version of its report.

    :raises NotFoundError: if that is not published.
    """
    consultation = get_consultation(db.session(), slug)
    report = queries.find_report(db.session(), consultation.id, version)
    if report is None:
        raise NotFoundError
    return consultation, report


def folder() -> Path:
    """Return where files that were made again are kept."""
    found: Path = current_app.config["INSTANCE"] / "reports"
    return found


@bp.get("/consultations/<slug>/reports")
@public
def versions(slug: str) -> str:
    """List every version of a consultation's report with its files."""
    return versions_page(slug, SubscribeForm())


def versions_page(slug: str, form: SubscribeForm) -> str:
    """Render the list, with the form of those who want to be told."""
    session = db.session()
    consultation = get_consultation(session, slug)
    reports = list(session.scalars(queries.reports_of(consultation.id)))
    return render_template(
        "reports/versions.html",
        consultation=consultation,
        reports=[(one, changed(one), downloads_of(session, one, folder())) for one in reports],
        licence=current_app.config["OPEN_DATA_LICENCE"],
        form=form,
    )


@bp.get("/consultations/<slug>/reports/latest")
@public
def latest(slug: str) -> BaseResponse:
    """Lead to the newest version."""
    consultation = get_consultation(db.session(), slug)
    report = queries.newest_report(db.session(), consultation.id)
    if report is None:
        raise NotFoundError
    answer = redirect(url_for("reports.show", slug=slug, version=report.version))
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _send(found: files.Copyable | None, *, name: str = "") -> Response:
    """Send a file; no browser opens it as a page of ours."""
    if found is None:
        raise NotFoundError
    answer = Response(found.content, content_type=found.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name or found.name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Link"] = f'<{current_app.config["OPEN_DATA_LICENCE"]["url"]}>; rel="license"'
    answer.set_etag(found.sha256)
    answer.make_conditional(request)
    return answer


@bp.get(f"{_SHOW}/open-data.zip")
@public
def open_data(slug: str, version: int) -> Response:
    """Send the open data of a version."""
    _consultation, report = published(slug, version)
    served = archive_shown(db.session(), report, folder())
    if served is None:
        raise NotFoundError
    name = files.archive_name(report)
    return _send(files.Copyable(name, served.content, files.MEDIA_TYPES["zip"]))


@bp.get(f"{_SHOW}/claims.json")
@public
def claims_file(slug: str, version: int) -> Response:
    """Send all claims of a version."""
    _consultation, report = published(slug, version)
    name = f"claims-{slug}-v{version}.json"
    return _send(files.claims_of(db.session(), report), name=name)


@bp.get(f"{_SHOW}/dcat.jsonld")
@public
def catalogue(slug: str, version: int) -> Response:
    """Send the entry of a version in a data catalogue."""
    _consultation, report = published(slug, version)
    return _send(files.catalogue_of(db.session(), report, folder()))


@bp.get(f"{_SHOW}/data/<name>")
@public
def open_file(slug: str, version: int, name: str) -> Response:
    """Send one file of the open data."""
    _consultation, report = published(slug, version)
    return _send(files.one_of(db.session(), report, name, folder()))


@bp.get(f"{_SHOW}/claims/<claim_id>")
@public
def claim(slug: str, version: int, claim_id: str) -> str:
    """Show a sentence of a report with all that proves it."""
    session = db.session()
    consultation, report = published(slug, version)
    view = View(body_shown(session, report))
    found = view.claims.get(claim_id)
    if found is None:
        raise NotFoundError
    rows = evidence_of(session, report, found)
    number = max(request.args.get("page", 1, type=int), 1)
    return render_template(
        "reports/claim.html",
        consultation=consultation,
        report=report,
        view=view,
        claim=found,
        asked=asking.asked,
        answered=asking.answered,
        rows=rows,
        pages=_Pages(page=number, per_page=PAGE, max_per_page=PAGE, rows=rows or []),
        n_words=sum(bool(one.text) for one in rows or ()),
    )


@bp.get("/consultations/<slug>/reports.atom")
@public
def feed(slug: str) -> Response:
    """Send the versions of a consultation's report as a feed."""
    consultation = get_consultation(db.session(), slug)
    reports = db.session.scalars(queries.reports_of(consultation.id).limit(feeds.MOST))
    return _feed(list(reports), consultation)


@bp.get("/reports.atom")
@public
def feed_all() -> Response:
    """Send the newest versions of every consultation's report as a feed."""
    return _feed(list(db.session.scalars(queries.newest_reports().limit(feeds.MOST))), None)


def _feed(reports: list[Report], consultation: Consultation | None) -> Response:
    """Answer with a feed."""
    content = feeds.atom(reports, consultation, language().code)
    answer = Response(content, content_type="application/atom+xml; charset=utf-8")
    answer.add_etag()
    answer.make_conditional(request)
    return answer
