"""Public pages: the commitments as table, map and calendar; a measure; files and a feed."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.commitments.blueprint import bp
from app.commitments.measures import exporting, labels, queries
from app.commitments.measures.answering import answered, published_themes
from app.commitments.measures.errors import MeasureNotFoundError
from app.commitments.measures.feed import feed_of
from app.commitments.measures.figures import Tally, tally
from app.commitments.measures.lateness import is_late, late_steps
from app.commitments.measures.queries import NATIONAL, NONE
from app.commitments.measures.telling import states_of
from app.commitments.measures.timeline import is_dated, moments_of, years
from app.commitments.measures.views.common import kept, read_filter, regions, selects, today
from app.commitments.models import Measure
from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import public
from app.core.db import db
from app.core.files.serving import download
from app.core.i18n import language
from app.core.mail import public_url
from app.reports.figures import levels
from app.reports.presentation import View

WAYS = ("table", "map", "calendar")
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "atom": "application/atom+xml",
}


def by_region(measures: list[Measure]) -> Tally:
    """Add measures up by region, those for the whole country first."""
    codes = [NATIONAL, *(region.code for region in regions())]
    return tally(measures, lambda one: one.region_code or NATIONAL, codes, today())


def by_axis(measures: list[Measure], consultation: Consultation) -> Tally:
    """Add measures up by axis, those without any last."""
    codes = [*(axis.code for axis in consultation.axes), NONE]
    return tally(measures, lambda one: one.axis.code if one.axis else NONE, codes, today())


def _public(consultation: Consultation) -> list[Measure]:
    """Return a consultation's public measures."""
    return list(db.session.scalars(queries.measures_of(consultation.id, public_only=True)).unique())


@bp.get("/consultations/<slug>/commitments")
@public
def measures(slug: str) -> str:
    """Show what was committed to."""
    consultation = get_consultation(db.session(), slug)
    everything, part = _public(consultation), read_filter()
    found = kept(everything, part)
    way = request.args.get("view", "table")
    region_tally = by_region(found)
    shades = {code: row.n for code, row in region_tally.rows if code != NATIONAL}
    axis_names = {axis.code: labels.text_of(axis.title) for axis in consultation.axes}
    return render_template(
        "commitments/measures/list.html",
        consultation=consultation,
        measures=found,
        n_all=len(everything),
        part=part,
        selects=selects(consultation, part),
        arguments=request.args.to_dict() | {"slug": slug},
        way=way if way in WAYS else "table",
        regions={region.code: region for region in regions()},
        by_region=region_tally,
        by_axis=by_axis(found, consultation),
        axis_names=axis_names | {NONE: _("No axis")},
        levels=levels(shades),
        most=max(shades.values(), default=0),
        years=years(found, today()),
        undated=[one for one in found if not is_dated(one)],
        today=today(),
        has_later=_has_later(everything),
    )


def _has_later(measures: list[Measure]) -> bool:
    """Tell whether a measure speaks of a day that has not come."""
    day = today()
    return any(moment.day > day for one in measures for moment in moments_of(one, day))


@bp.get("/consultations/<slug>/commitments/<int:id>")
@public
def measure(slug: str, id: int) -> str:  # noqa: A002
    """Show a measure: who, how much, where, until when, how far, and what it answers."""
    session = db.session()
    consultation = get_consultation(session, slug)
    found = queries.get_measure(session, consultation.id, id, public_only=True)
    answers = answered(session, found)
    return render_template(
        "commitments/measures/show.html",
        consultation=consultation,
        measure=found,
        answers=answers,
        body=answers.body,
        view=View(answers.body) if answers.body else None,
        late_steps=late_steps(found, today()),
        states=states_of(found.events),
        today=today(),
        has_later=_has_later([found]),
    )


@bp.get("/consultations/<slug>/commitments/<int:id>/documents/<int:number>")
@public
def measure_document(slug: str, id: int, number: int) -> Response:  # noqa: A002
    """Give a document of a public measure."""
    session = db.session()
    consultation = get_consultation(session, slug)
    found = queries.get_measure(session, consultation.id, id, public_only=True)
    file = next((one.file for one in found.documents if one.id == number and one.file), None)
    if file is None:
        raise MeasureNotFoundError
    return download(file)


@bp.get("/consultations/<slug>/commitments.<any(csv,xlsx,json):kind>")
@public
def measures_file(slug: str, kind: str) -> Response:
    """Give the public measures, narrowed as the page is, as a file."""
    session = db.session()
    consultation = get_consultation(session, slug)
    found = kept(_public(consultation), read_filter())
    themes = published_themes(session, consultation.id)
    if kind == "json":
        content = exporting.json_of(found, today=today(), themes=themes)
    else:
        content = written(found, kind, themes=themes)
    return file_answer(content, kind, f"{consultation.slug}-commitments.{kind}")


def written(measures: list[Measure], kind: str, *, themes: Any = None) -> bytes:
    """Write measures as CSV or XLSX."""
    rows = [exporting.row_of(one, today=today(), themes=themes) for one in measures]
    if kind == "csv":
        return exporting.csv_of(rows)
    return exporting.xlsx_of(rows, language=language().code)


def file_answer(content: bytes, kind: str, name: str) -> Response:
    """Answer with a file to keep."""
    answer = Response(content, content_type=MEDIA[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/consultations/<slug>/commitments.atom")
@public
def measures_feed(slug: str) -> Response:
    """Give the public measures as a feed."""
    consultation = get_consultation(db.session(), slug)
    day = today()
    content = feed_of(
        _public(consultation),
        title=_("Commitments: %(consultation)s", consultation=labels.text_of(consultation.title)),
        author=_("Ministry of Solidarity, Social Inclusion and Family"),
        lang=language().code,
        own=public_url("commitments.measures_feed", slug=slug),
        page=public_url("commitments.measures", slug=slug),
        address_of=lambda one: public_url("commitments.measure", slug=slug, id=one.id),
        is_late=lambda one: is_late(one, day),
        since=consultation.created_at or clock.now(),
    )
    return Response(content, content_type=MEDIA["atom"])


@bp.app_template_global("measures_here")
def measures_here(arguments: dict[str, Any], **more: Any) -> str:
    """Return the address of the list with other arguments."""
    wanted = {key: value for key, value in (arguments | more).items() if value}
    return url_for("commitments.measures", **wanted)
