"""Staff pages: what is decided at the workbench, what two people decided at once, and undoing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core import clock
from app.core.access import STAFF, Role, requires
from app.core.db import db
from app.core.errors import DomainError, NotFoundError
from app.core.text import clean_text
from app.themes import deciding, errors
from app.themes.blueprint import bp
from app.themes.ledger.recording import MOST_PASSAGES, newest_event_id
from app.themes.models import Theme, ThemeEvent
from app.themes.workbench import acting, choices, queries, showing, telling
from app.themes.workbench.acting import Wish
from app.themes.workbench.tree import load_tree
from app.themes.workbench.views import Desk, common, desk_of, is_part, page

#: What two people's decisions at once raise.
_CLASHES = (errors.PassagesChangedError, errors.ThemeChangedError)
#: Decisions of others that are told one by one; of more, the number alone.
_MOST_TOLD = 4


def _seen(default: int) -> int:
    """Return the newest decision that the sent page had shown."""
    sent = request.values.get("seen", "")
    return min(int(sent), default) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def answer(desk: Desk, seen: int, **said: Any) -> str:
    """Render, for the page's script, what is to be said and what has changed on the page.

    :param seen: the newest decision that the page had shown; all that came after is brought.
    :param said: ``done``, ``undo_id``, ``problem``, ``wish`` (to send again).
    """
    session = db.session()
    run = desk.bench.run
    changes = acting.changes_since(session, run.id, run.consultation_id, seen)
    theirs = changes.others(current_user.id)
    rows: list[Any] = []
    gone: list[int] = []
    if not changes.is_wide:
        rows, gone = showing.refreshed(session, desk.bench, desk.wanted, changes.passage_ids)
    tree = load_tree(session, desk.bench) if changes.events else None
    card = None
    if tree is not None and desk.wanted.theme in desk.bench.themes:
        card = showing.load_card(session, desk.bench, tree, desk.wanted.theme or 0)
    last = theirs[-_MOST_TOLD:]
    return render_template(
        "themes/workbench/answer.html",
        **common(desk) | {"seen": changes.newest},
        changes=changes,
        told=telling.told(last, showing.sizes_of(session, last), desk.bench.themes),
        n_untold=len(theirs) - len(last),
        clashing={event.id for event in theirs},
        rows=rows,
        gone=gone,
        tree=tree,
        card=card,
        total=None
        if tree is None
        else session.scalar(queries.count_of(desk.bench, desk.wanted)) or 0,
        **said,
    )


def _back(desk: Desk) -> Response:
    """Go back to the list that was left."""
    after = {"after": request.args["after"]} if request.args.get("after") else {}
    here: dict[str, Any] = {"slug": desk.consultation.slug} | desk.wanted.arguments() | after
    return redirect(url_for("themes.workbench", **here))


def _done(desk: Desk, event: ThemeEvent | None, seen: int) -> Any:
    """Commit a decision, say it, and show what follows from it."""
    session = db.session()
    session.commit()
    desk = desk.again()
    text = _("Nothing changed: it was so already.")
    if event is not None:
        size = showing.sizes_of(session, [event]).get(event.id, 0)
        text = telling.sentence(event, size, desk.bench.themes)
        text = _("Done: %(what)s.", what=text)
    if is_part():
        undo = {} if event is None else {"undo_id": event.id, "is_undo": event.kind == "undo"}
        return answer(desk, seen, done=text, **undo)
    flash(text)
    return _back(desk)


def _refused(desk: Desk, error: DomainError, seen: int, wish: Any = None) -> Any:
    """Say why a decision was not taken; of two at once, what the other person did."""
    db.session.rollback()
    desk = desk.again()
    is_clash = isinstance(error, _CLASHES)
    if is_part():
        text = answer(desk, seen, problem=error.text(), wish=wish if is_clash else None)
        return text, error.status
    if is_clash:
        return _clash_page(desk, error, seen, wish), error.status
    flash(error.text(), "error")
    return page(desk), error.status


def _clash_page(desk: Desk, error: DomainError, seen: int, wish: Any) -> str:
    """Render what somebody else decided meanwhile, for browsers without scripts."""
    session = db.session()
    run = desk.bench.run
    changes = acting.changes_since(session, run.id, run.consultation_id, seen)
    theirs = changes.others(current_user.id)
    chosen = [int(one) for one in request.form.getlist("passage") if one.isdigit()]
    here = changes.passage_ids & set(chosen)
    return render_template(
        "themes/workbench/clash.html",
        **common(desk),
        problem=error.text(),
        told=telling.told(theirs, showing.sizes_of(session, theirs), desk.bench.themes),
        rows=list(showing.rows_by_id(session, desk.bench, sorted(here)[:50]).values()),
        wish=wish,
        clashing={event.id for event in theirs},
    )


def _sent_fields() -> list[tuple[str, str]]:
    """Return what a form was sent with, to send it again knowingly."""
    ours = {"csrf_token", "seen"}
    return [(k, v) for k, v in request.form.items(multi=True) if k not in ours]


def _number(name: str) -> int | None:
    """Return a number of the sent form."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


@bp.post("/staff/consultations/<slug>/workbench/decide")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def workbench_decide(slug: str) -> Any:
    """Decide on passages: those ticked, or all of the list's filter once that was confirmed."""
    desk = desk_of(slug)
    form = request.form
    seen = _seen(desk.seen)
    verb = form.get("verb", "")
    try:
        if verb not in acting.VERBS:
            raise errors.WishUnclearError
        if form.get("all") and not form.get("sure"):
            return _ask(desk, verb)
        wish = Wish(
            verb=verb,
            passage_ids=_passages(desk),
            seen=seen,
            to=_number("to"),
            state=form.get("state", ""),
            reason=clean_text(form.get("reason")),
            name_fr=clean_text(form.get("name_fr")),
            name_ar=clean_text(form.get("name_ar")),
        )
        event = acting.fulfil(
            db.session(), current_user, desk.consultation, desk.bench, wish, now=clock.now()
        )
    except DomainError as error:
        if error.status not in (409, 422):
            raise
        return _refused(desk, error, seen, _sent_fields())
    return _done(desk, event, seen)


def _passages(desk: Desk) -> set[int]:
    """Return the passages that a form speaks of; nobody decides on what they may not read."""
    session = db.session()
    if request.form.get("all"):
        return set(acting.ids_by_filter(session, desk.bench, desk.wanted))
    sent = request.form.getlist("passage")
    chosen = {int(one) for one in sent if one.isascii() and one.isdigit() and len(one) < 10}
    if len(chosen) > MOST_PASSAGES:
        raise errors.TooManyPassagesError(limit=MOST_PASSAGES)
    return chosen


def _ask(desk: Desk, verb: str) -> Any:
    """Ask whether all passages of a filter are meant, with their number."""
    n = len(acting.ids_by_filter(db.session(), desk.bench, desk.wanted))
    to = desk.bench.themes.get(_number("to") or 0)
    template = "_sure" if is_part() else "sure"
    return render_template(
        f"themes/workbench/{template}.html",
        **common(desk),
        n_chosen=n,
        verb=verb,
        to=to,
        aside=dict(choices.aside_choices()).get(request.form.get("state", ""), ""),
        wish=_sent_fields(),
        sent_seen=_seen(desk.seen),
    )


@bp.post("/staff/consultations/<slug>/workbench/undo")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def workbench_undo(slug: str) -> Any:
    """Take back a decision, or the last one of the person who asks."""
    desk = desk_of(slug)
    seen = _seen(desk.seen)
    number = _number("event")
    session, now = db.session(), clock.now()
    try:
        if number is None:
            event = acting.undo_last(session, current_user, desk.consultation.id, now=now)
        else:
            event = acting.undo_of(session, current_user, desk.consultation.id, number, now=now)
    except DomainError as error:
        if error.status not in (409, 422):
            raise
        return _refused(desk, error, seen)
    return _done(desk, event, seen)


@bp.get("/staff/consultations/<slug>/workbench/news")
@requires(*STAFF)
def workbench_news(slug: str) -> Any:
    """Tell the page's script what was decided since; nothing (204) as a rule."""
    desk = desk_of(slug)
    seen = _seen(desk.seen)
    if desk.seen <= seen or not is_part():
        return "", 204
    return answer(desk, seen)


@bp.post("/staff/consultations/<slug>/workbench/themes/<int:id>")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def workbench_theme(slug: str, id: int) -> Any:  # noqa: A002
    """Decide on a theme from its card: rename, validate, merge, exclude, restore."""
    desk = desk_of(slug)
    # The list's page says what was seen of all, the card what was seen of the theme.
    seen = _seen(desk.seen)
    theme = desk.bench.themes.get(id)
    decide = _ON_THEMES.get(request.form.get("verb", ""))
    if theme is None or decide is None:
        raise NotFoundError
    try:
        before = newest_event_id(db.session(), desk.consultation.id)
        decide(db.session(), desk, theme, _number("theme_seen"))
    except DomainError as error:
        if error.status not in (409, 422):
            raise
        return _refused(desk, error, seen, _sent_fields())
    newest = newest_event_id(db.session(), desk.consultation.id)
    event = db.session.get(ThemeEvent, newest) if newest > before else None
    return _done(desk, event, seen)


def _rename(session: Session, _desk: Desk, theme: Theme, seen: int | None) -> None:
    """Rename it."""
    deciding.rename(
        session,
        current_user,
        theme,
        name_fr=clean_text(request.form.get("name_fr")),
        name_ar=clean_text(request.form.get("name_ar")),
        seen=seen,
        now=clock.now(),
    )


def _validate(session: Session, _desk: Desk, theme: Theme, seen: int | None) -> None:
    """Mark it as good, or no longer."""
    is_validated = request.form.get("is_validated") == "1"
    deciding.validate(
        session, current_user, theme, is_validated=is_validated, seen=seen, now=clock.now()
    )


def _merge(session: Session, desk: Desk, theme: Theme, seen: int | None) -> None:
    """Count it under another one."""
    into = desk.bench.themes.get(_number("into") or 0)
    if into is None:
        raise errors.MergeTargetError
    deciding.merge(session, current_user, theme, into, seen=seen, now=clock.now())


def _exclude(session: Session, _desk: Desk, theme: Theme, seen: int | None) -> None:
    """Leave it out of the results."""
    reason = clean_text(request.form.get("reason"))
    deciding.exclude(session, current_user, theme, reason=reason, seen=seen, now=clock.now())


def _restore(session: Session, _desk: Desk, theme: Theme, seen: int | None) -> None:
    """Make it active again."""
    deciding.restore(session, current_user, theme, seen=seen, now=clock.now())


_ON_THEMES: dict[str, Callable[[Session, Desk, Theme, int | None], None]] = {
    "rename": _rename,
    "validate": _validate,
    "merge": _merge,
    "exclude": _exclude,
    "restore": _restore,
}
