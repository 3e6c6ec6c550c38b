"""Pages of subscriptions; what a letter's address opens is done by a button, never by looking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.security import limiter
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import public
from app.core.db import db
from app.core.forms import checked_by_view
from app.core.mail.one_click import is_one_click, no_more_letters
from app.reports.blueprint import bp
from app.reports.publishing.subscribing import letters, operations
from app.reports.publishing.subscribing.forms import SubscribeForm
from app.reports.publishing.views import versions_page

Page = Response | str | tuple[str, int]

#: Somebody asks for one address or two; a program would for many.
seldom: Callable[[Callable[..., Page]], Callable[..., Page]] = limiter.limit("10 per hour")


@bp.post("/consultations/<slug>/reports/subscribe")
@public
@seldom
def subscribe(slug: str) -> Page:
    """Keep an address until it confirms."""
    session = db.session()
    consultation = get_consultation(session, slug)
    form = SubscribeForm()
    if not form.validate():
        return versions_page(slug, form), 422
    now = clock.now()
    row = operations.ask(session, consultation, form.email.data, form.lang.data, now=now)
    if row is not None:
        letters.ask_to_confirm(session, row, now=now)
    session.commit()
    return redirect(url_for("reports.asked", slug=slug))


@bp.get("/consultations/<slug>/reports/subscribe")
@public
def asked(slug: str) -> str:
    """Say that a letter is under way: the same to everybody."""
    consultation = get_consultation(db.session(), slug)
    return render_template("reports/subscription.html", consultation=consultation, step="asked")


def _page(token: str, step: str, **more: Any) -> Response:
    """Show what the address of a letter opens; no cache keeps it, no search engine lists it."""
    row = operations.of_token(db.session(), token)
    page = render_template(
        "reports/subscription.html",
        consultation=row.consultation,
        subscription=row,
        step=step,
        **more,
    )
    return _private(page)


def _private(page: str) -> Response:
    """Answer with a page that is for one person."""
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.get("/reports/subscriptions/<token>")
@public
def confirm(token: str) -> Page:
    """Ask whether to confirm."""
    return _page(token, "confirm")


@bp.post("/reports/subscriptions/<token>")
@public
def confirm_send(token: str) -> Page:
    """Confirm an address."""
    row = operations.of_token(db.session(), token)
    operations.confirm(db.session(), row, now=clock.now())
    db.session.commit()
    return _page(token, "confirmed")


@bp.get("/reports/subscriptions/<token>/end")
@public
def unsubscribe(token: str) -> Page:
    """Ask whether to end it."""
    return _page(token, "end")


@bp.post("/reports/subscriptions/<token>/end")
@public
@checked_by_view
def unsubscribe_send(token: str) -> Page:
    """End it and forget the address; the letter's secret in the address proves who asks."""
    if is_one_click():
        return _one_click(token)
    row = operations.of_token(db.session(), token)
    consultation = row.consultation
    operations.end(db.session(), row)
    db.session.commit()
    page = render_template("reports/subscription.html", consultation=consultation, step="ended")
    return _private(page)


def _one_click(token: str) -> Response:
    """End what a mail program wants ended; it learns nothing of a wrong address."""
    row = operations.find_by_token(db.session(), token)
    if row is not None:
        operations.end(db.session(), row)
        db.session.commit()
    return no_more_letters()
