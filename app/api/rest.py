"""The interface for programs, under ``/api/v1``: reading what is public, sending as a partner."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, cast

from flask import Flask, Response, current_app, g, make_response, request
from flask_limiter.util import get_remote_address
from flask_smorest import Api, Blueprint
from sqlalchemy import Select

from app.accounts.security import limiter
from app.api import errors, operations, problems, queries, schemas
from app.api.presentation import (
    consultation_data,
    consultation_item,
    questionnaire_data,
    questionnaire_item,
)
from app.consultations.models import Consultation, Questionnaire
from app.core import clock
from app.core.access import public
from app.core.db import db
from app.core.errors import NotFoundError
from app.core.forms import csrf
from app.core.i18n import DEFAULT, LANGUAGES
from app.core.mail.links import public_url
from app.reports.export import figure_columns, figure_rows, themes_csv
from app.reports.models import Report
from app.reports.queries import newest_report

#: How often one address may read, and one token send.
READS, SENDS = "300 per minute", "120 per minute"
#: How long readers may keep an answer, in seconds.
KEPT = 60
_PACKED = re.compile(r'-(?:br|gzip)"')
#: No row has a larger number.
_LARGEST = 2**31 - 1
#: The reading endpoints' errors, and those of sending.
_READ_ERRORS = (404, 405, 429, 500)
_SEND_ERRORS = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500)

View = Callable[..., Any]

blp: Any = Blueprint("rest", __name__, url_prefix="/api/v1")


class ProblemApi(Api):  # type: ignore[misc]
    """The document of the interface; errors are answered by the application."""

    ERROR_SCHEMA = schemas.Problem
    DEFAULT_RESPONSE_CONTENT_TYPE = "application/json"
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave the application's own handlers: they know what was asked."""

    def _register_doc_blueprint(self) -> None:
        """Leave out the library's pages: the document has a view and a page of our own."""

    def _register_responses(self) -> None:
        """Document errors under their own media type."""
        kept: str = self.DEFAULT_RESPONSE_CONTENT_TYPE
        self.DEFAULT_RESPONSE_CONTENT_TYPE = problems.MEDIA_TYPE
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = kept


def _refusing(*statuses: int) -> Callable[[View], View]:
    """Document the errors of a view."""

    def document(view: View) -> View:
        """Add each of them."""
        for status in statuses:
            view = blp.alt_response(
                status,
                schema=schemas.Problem,
                content_type=problems.MEDIA_TYPE,
                description="Problem",
            )(view)
        return view

    return document


def _reading(view: View) -> View:
    """State what all reading views share: anybody may, and what can go wrong."""
    view = blp.alt_response(304, description="Not modified", success=True)(view)
    return public(_refusing(*_READ_ERRORS)(view))


@blp.url_value_preprocessor
def _language(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Choose the language of sentences: that of the address, or the first that is accepted."""
    asked = request.args.get("lang", "")
    best = request.accept_languages.best_match(list(LANGUAGES), default=DEFAULT)
    g.lang = asked if asked in LANGUAGES else best


@blp.after_request
def _keepable(response: Response) -> Response:
    """Let readers keep what they read, and ask whether it still holds; anybody may read it."""
    if request.method in {"GET", "HEAD"} and response.status_code == 200:
        response.headers["Cache-Control"] = f"public, max-age={KEPT}"
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.add_etag()
        # A packed answer bears the tag of the plain one with its packing's name behind.
        asked = _PACKED.sub('"', request.headers.get("If-None-Match", ""))
        response.make_conditional(request.environ | {"HTTP_IF_NONE_MATCH": asked})
    return response


# --- reading ------------------------------------------------------------------------------------


def _cursor(value: str | None) -> int | None:
    """Return the number that a cursor stands for.

    :raises CursorError: if it was not given here.
    """
    if value is None:
        return None
    if not (value.isascii() and value.isdecimal()) or int(value) > _LARGEST:
        place = {"parameter": "cursor", "detail": str(errors.CursorError.message)}
        raise errors.CursorError([place])
    return int(value)


def _page(selection: Select[Any], limit: int) -> tuple[list[Any], bool]:
    """Return the rows of a page, and whether others follow."""
    rows = list(db.session.scalars(selection.limit(limit + 1)))
    return rows[:limit], len(rows) > limit


@blp.route("/consultations")
@_reading
@blp.response(200, schemas.ConsultationPage)
@blp.arguments(schemas.PageQuery, location="query")
def consultations(page: dict[str, Any]) -> dict[str, Any]:
    """List the consultations, the newest first."""
    before = _cursor(page.get("cursor"))
    rows, has_more = _page(queries.public_consultations(before), page["limit"])
    now = clock.now()
    return {
        "items": [consultation_item(row, now=now) for row in rows],
        "next": str(rows[-1].id) if has_more else None,
    }


@blp.route("/consultations/<slug>")
@_reading
@blp.response(200, schemas.Consultation)
def consultation(slug: str) -> dict[str, Any]:
    """Say what a consultation is: purpose, dates, regions, privacy notice."""
    return consultation_data(queries.get_public(db.session(), slug), now=clock.now())


def _versions(found: Consultation) -> list[Questionnaire]:
    """Return the published versions of a questionnaire, the newest first."""
    return [one for one in reversed(found.questionnaires) if one.is_published]


@blp.route("/consultations/<slug>/questionnaires")
@_reading
@blp.response(200, schemas.QuestionnaireList)
def questionnaires(slug: str) -> dict[str, Any]:
    """List the published versions of a consultation's questionnaire."""
    found = queries.get_public(db.session(), slug)
    return {"items": [questionnaire_item(one) for one in _versions(found)]}


@blp.route("/consultations/<slug>/questionnaires/<int:version>")
@_reading
@blp.response(200, schemas.Questionnaire)
def questionnaire(slug: str, version: int) -> dict[str, Any]:
    """Return a version of the questionnaire: sections, questions, options, conditions."""
    found = queries.get_public(db.session(), slug)
    for one in _versions(found):
        if one.version == version:
            return questionnaire_data(one)
    raise NotFoundError


def _report(slug: str) -> Report:
    """Return a consultation's newest published report.

    :raises NothingPublishedError: if there is none.
    """
    found = queries.get_public(db.session(), slug)
    report = newest_report(db.session(), found.id)
    if report is None:
        raise errors.NothingPublishedError
    return report


def _licence() -> Any:
    """Return under which terms the data may be used."""
    return current_app.config["OPEN_DATA_LICENCE"]


@blp.route("/consultations/<slug>/results")
@_reading
@blp.response(200, schemas.Results)
def results(slug: str) -> dict[str, Any]:
    """Return who took part and what became of every passage, as published."""
    report = _report(slug)
    return {
        "version": report.version,
        "published_at": report.published_at,
        "sha256": report.sha256,
        "claims_url": public_url("reports.claims_file", slug=slug, version=report.version),
        "open_data_url": public_url("reports.open_data", slug=slug, version=report.version),
        "licence": _licence(),
        "participation": report.body["participation"],
        "coverage": report.body["coverage"],
        "n_themes": len(report.body["themes"]),
    }


@blp.route("/consultations/<slug>/results/themes")
@_reading
@blp.response(200, schemas.ThemePage)
@blp.arguments(schemas.PageQuery, location="query")
def themes(page: dict[str, Any], slug: str) -> dict[str, Any]:
    """List the published themes by rank, with figures and exact quotations."""
    begin = _cursor(page.get("cursor")) or 0
    report = _report(slug)
    rows = report.body["themes"]
    end = begin + page["limit"]
    return {
        "version": report.version,
        "licence": _licence(),
        "items": rows[begin:end],
        "next": str(end) if end < len(rows) else None,
    }


@blp.route("/consultations/<slug>/open-data")
@_reading
@blp.response(200, schemas.Figures)
def open_data(slug: str) -> dict[str, Any]:
    """Return the published figures: each theme for everyone, by region, actor type, language."""
    report = _report(slug)
    return {
        "version": report.version,
        "licence": _licence(),
        "columns": list(figure_columns()),
        "rows": [list(row) for row in figure_rows(report.body)],
    }


@blp.route("/consultations/<slug>/open-data.csv")
@_reading
@blp.response(200, {"type": "string"}, content_type="text/csv")
def open_data_csv(slug: str) -> Response:
    """Return the published figures as CSV."""
    report = _report(slug)
    answer = Response(themes_csv(report.body), content_type="text/csv; charset=utf-8")
    name = f"themes-{slug}-v{report.version}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Link"] = f'<{_licence()["url"]}>; rel="license"'
    return answer


@blp.route("/openapi.json")
@_reading
@blp.response(200, {"type": "object"})
def openapi() -> Response:
    """Return this interface's own description (OpenAPI 3.1)."""
    return make_response(document(current_app))


# --- sending ------------------------------------------------------------------------------------


def _token_or_address() -> str:
    """Return whom the limit counts: a token, without keeping it, or an address."""
    token = request.headers.get("Authorization", "")
    return sha256(token.encode()).hexdigest() if token else str(get_remote_address())


def _by_partner(view: View) -> View:
    """Let partners alone call a view, which is given the partner; then look at the body's type."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        """Find the partner before anything of the body is read."""
        header = request.headers.get("Authorization", "")
        g.partner = operations.partner_of(db.session(), header)
        if not request.is_json:
            raise errors.NotJsonError
        return view(*args, **kwargs)

    return checked


@blp.route("/consultations/<slug>/submissions", methods=["POST"])
@public
@_refusing(*(status for status in _SEND_ERRORS if status != 422))
@blp.alt_response(200, schema=schemas.Receipt, description="The same was sent before", success=True)
@limiter.limit(SENDS, key_func=_token_or_address)
@_by_partner
@blp.response(201, schemas.Receipt, description="Written down")
@blp.arguments(schemas.SubmissionHeaders, location="headers")
@blp.arguments(schemas.SubmissionBody)
def send(headers: dict[str, Any], body: dict[str, Any], slug: str) -> Any:
    """Send what one contributor says, as a partner; the same key again writes nothing twice."""
    row, is_new = operations.submit(
        db.session(),
        g.partner,
        queries.get_public(db.session(), slug),
        body,
        key=headers["key"],
        now=clock.now(),
    )
    receipt = {
        "code": row.receipt,
        "number": row.public_number,
        "received_at": row.submitted_at,
        "is_new": is_new,
    }
    db.session.commit()
    answer = make_response(schemas.Receipt().dump(receipt), 201 if is_new else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


# --- the document -------------------------------------------------------------------------------


def document(app: Flask) -> dict[str, Any]:
    """Return the OpenAPI document."""
    api: ProblemApi = app.extensions["rest_api"]
    return cast("dict[str, Any]", api.spec.to_dict())


def init_app(app: Flask) -> None:
    """Register the interface beside the pages, without a language in its addresses."""
    app.config.setdefault("API_TITLE", "Tachawor")
    app.config.setdefault("API_VERSION", "v1")
    app.config.setdefault("OPENAPI_VERSION", "3.1.0")
    api = ProblemApi(app)
    api.spec.components.security_scheme("partner", {"type": "http", "scheme": "bearer"})
    app.extensions["rest_api"] = api
    problems.init_app(app)
    csrf.exempt(blp)  # no cookie signs anybody in here: a token does
    limiter.limit(READS)(blp)
    api.register_blueprint(blp)
