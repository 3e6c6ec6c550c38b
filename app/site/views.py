"""Public pages that belong to no single feature, the staff's first page, the health check."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from app.consultations.calendar import days_left, last_day
from app.consultations.models import Consultation
from app.core import clock
from app.core.access import STAFF, public, requires
from app.core.db import db
from app.core.i18n import language, ltr, number
from app.core.moment import for_a_moment
from app.site import navigation
from app.site.home import Collected, collected, featured, published_voices
from app.site.queries import has_report, last_published, submissions_by_consultation

bp = Blueprint("site", __name__, template_folder="templates")


@bp.get("/")
@public
def home() -> str:
    """Show the words of people, the open consultation, and who was heard where."""
    now = clock.now()
    consultation = featured(db.session(), now)
    if consultation is None:
        return render_template("site/home.html", consultation=None, voices=[])
    heard = collected(db.session(), consultation, now)
    return render_template(
        "site/home.html",
        consultation=consultation,
        stage=consultation.stage_at(now),
        days_left=days_left(consultation, now),
        last_day=last_day(consultation),
        voices=published_voices(
            db.session(), consultation, arabic_first=language().direction == "rtl"
        ),
        collected=heard,
        keys=_keys(heard),
        today=now,
    )


def _keys(heard: Collected) -> list[tuple[int, str | Markup]]:
    """Return the map's key: what each green stands for."""
    greens: list[tuple[int, str | Markup]] = [(0, _("nobody"))]
    for level, low, high in heard.classes:
        bounds = number(low, heard.decimals) + "–" + number(high, heard.decimals)
        greens.append((level, ltr(bounds)))
    return greens


@bp.get("/method")
@public
def method() -> str:
    """Say how answers are read: ten promises, and how far each is kept."""
    return render_template("site/method.html")


@bp.get("/privacy")
@public
def privacy() -> str:
    """Say what is done with personal data, as law 09-08 asks."""
    return render_template("site/privacy.html")


@bp.get("/accessibility")
@public
def accessibility() -> str:
    """State how accessible the site is and what is not yet."""
    return render_template("site/accessibility.html")


@bp.get("/signed-in")
@requires()
def signed_in() -> Response:
    """Lead whoever signs in to their first page: the staff's, or their organisations' space."""
    is_staff = bool(current_user.role_names)
    return redirect(url_for("site.staff" if is_staff else "submissions.space"), 303)


@bp.get("/staff")
@requires(*STAFF)
def staff() -> str:
    """Show a member of staff what they may do."""
    consultations = navigation.own_consultations(db.session(), current_user)
    counts = dict(db.session.execute(submissions_by_consultation()).all())
    now = clock.now()
    return render_template(
        "site/staff.html",
        consultations=consultations,
        counts=counts,
        stages={one.id: one.stage_at(now) for one in consultations},
        links=navigation.links,
        general=navigation.general_links(current_user),
    )


@public
def health() -> tuple[Response, int]:
    """Answer whether the application and its database work, for whoever watches over them."""
    try:
        db.session.execute(select(1))
    except SQLAlchemyError:
        return jsonify(status="failing", database="unreachable"), 503
    return jsonify(status="ok", database="ok"), 200


@bp.record_once
def _at_the_root(state: BlueprintSetupState) -> None:
    """Put the health check outside the languages."""
    state.app.add_url_rule("/health", endpoint="site.health", view_func=health)


@lru_cache(maxsize=1)
def _shapes() -> dict[str, Any]:
    """Read the map once."""
    text = (files("app.territories") / "data" / "map.json").read_text(encoding="utf-8")
    shapes: dict[str, Any] = json.loads(text)
    return shapes


@bp.app_template_global("region_map")
def region_map() -> dict[str, Any]:
    """Lend the map of the regions to templates."""
    return _shapes()


@bp.app_template_global("results_of")
def results_of(consultation: Consultation) -> str | None:
    """Return the address of a consultation's results, None before anything is published."""
    if db.session.scalar(has_report(consultation.id)) is None:
        return None
    return url_for("reports.results", slug=consultation.slug)


@bp.app_template_global("results_url")
def results_url() -> str:
    """Return where "Results" leads: the last published ones, else the list of consultations."""
    try:
        slug = _last_slug()
    except SQLAlchemyError:  # the page may be the one that says that the database is away
        db.session.rollback()
        slug = None
    return url_for("reports.results", slug=slug) if slug else url_for("consultations.index")


@for_a_moment(15)
def _last_slug() -> str | None:
    """Return the slug of the consultation whose results were published last."""
    consultation = db.session.scalars(last_published().limit(1)).first()
    return consultation.slug if consultation else None


@bp.app_template_global("staff_menu")
def staff_menu(consultation: Consultation | None = None) -> list[navigation.Group]:
    """Return the staff menu, in the page's consultation or in the newest one of the person."""
    if not current_user.is_authenticated:
        return []
    if consultation is None:
        own = navigation.own_consultations(db.session(), current_user)
        consultation = own[0] if own else None
    return navigation.menu(current_user, consultation)


@bp.app_template_global("role_labels")
def role_labels(user: Any) -> list[str]:
    """Return the names of a person's roles."""
    return navigation.role_labels(user)
