"""Staff pages: a theme, and every decision on it; nobody's words are lost when two decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.consultations.models import Consultation
from app.core import clock
from app.core.access import STAFF, Role, requires
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import language, number
from app.core.text import clean_text
from app.themes import deciding, errors
from app.themes.blueprint import bp, newest_of
from app.themes.card.forms import (
    AttachForm,
    DecisionForm,
    DescribeForm,
    ExcludeForm,
    MergeForm,
    PartForm,
    PlainForm,
    RenameForm,
)
from app.themes.card.page import Refused, card_page, current_values
from app.themes.card.queries import listed_passages
from app.themes.deciding.on_themes import Part
from app.themes.decisions.queries import on_passages_since, since
from app.themes.decisions.telling import tell
from app.themes.filtering import asked_part, asked_state
from app.themes.models import PassageState, Theme
from app.themes.naming import blamed_name
from app.themes.review import get_theme, readable_part

Decide = Callable[[Session, Theme], str]
_ABOUT_NAMES = (errors.NameMissingError, errors.NameTooLongError, errors.NameTakenError)


@bp.get("/staff/themes/<int:id>")
@requires(*STAFF)
def show(id: int) -> Any:  # noqa: A002
    """Show a theme: names, counts, quotations, passages, and the decisions on it."""
    return card_page(get_theme(db.session(), id))


def _decided(
    theme_id: int, form: DecisionForm, decide: Decide, picked: list[int] | None = None
) -> Response | Any:
    """Take a decision, commit it and go back to the card; show there what was refused."""
    theme = get_theme(db.session(), theme_id)
    try:
        done = decide(db.session(), theme)
    except DomainError as error:
        db.session.rollback()
        theme = get_theme(db.session(), theme_id)
        if error.status == 409:
            return card_page(theme, _conflict(theme, form, error, picked or []))
        if error.status != 422:
            raise
        field = _blamed(form, error)
        if field is None:
            return card_page(theme, Refused(form, text=error.text(), picked=picked or []))
        field.errors = [error.text()]
        return card_page(theme, Refused(form, picked=picked or []))
    db.session.commit()
    flash(done)
    return redirect(url_for("themes.show", id=theme_id))


def _conflict(theme: Theme, form: DecisionForm, error: DomainError, picked: list[int]) -> Refused:
    """Return what somebody else decided since the form was shown, the form kept as it was sent."""
    db.session.refresh(theme)
    consultation = db.session.get_one(Consultation, theme.consultation_id)
    seen = form.seen.data or 0
    if isinstance(error, errors.PassagesChangedError):
        rows = on_passages_since(consultation.id, picked, seen)
    else:
        rows = since(consultation.id, theme.id, seen)
    others = [] if form.seen.data is None else db.session.scalars(rows).all()
    return Refused(
        form,
        status=error.status,
        text=error.text(),
        decisions=tell(db.session(), consultation, others),
        both=form.join(current_values(theme)),
        picked=picked,
    )


def _blamed(form: DecisionForm, error: DomainError) -> Any:
    """Return the field that a refusal is about, None if it is about none."""
    if isinstance(form, RenameForm | PartForm):
        return blamed_name(form, error) if isinstance(error, _ABOUT_NAMES) else None
    if isinstance(error, errors.TextTooLongError):
        return max(form.typed(), key=lambda field: len(field.data or ""))
    return next(form.typed(), None)


@bp.post("/staff/themes/<int:id>/rename")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def rename(id: int) -> Any:  # noqa: A002
    """Give a theme its names."""
    form = RenameForm()

    def decide(session: Session, theme: Theme) -> str:
        """Rename it."""
        deciding.rename(
            session,
            current_user,
            theme,
            name_fr=clean_text(form.name_fr.data),
            name_ar=clean_text(form.name_ar.data),
            seen=form.seen.data,
            now=clock.now(),
        )
        return str(_("The theme has its new names. No analysis will change them."))

    return _decided(id, form, decide)


@bp.post("/staff/themes/<int:id>/describe")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def describe(id: int) -> Any:  # noqa: A002
    """Write what a theme is, and the rules for cases in doubt."""
    form = DescribeForm()

    def decide(session: Session, theme: Theme) -> str:
        """Describe it."""
        texts = {
            column: {code: clean_text(form[f"{column}_{code}"].data) for code in ("fr", "ar")}
            for column in ("definition", "inclusion", "exclusion")
        }
        done = deciding.describe(
            session, current_user, theme, texts=texts, seen=form.seen.data, now=clock.now()
        )
        return str(_("Nothing was changed.") if done is None else _("The theme is described."))

    return _decided(id, form, decide)


@bp.post("/staff/themes/<int:id>/attach")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def attach(id: int) -> Any:  # noqa: A002
    """Attach a theme to an axis, a population, a parent theme."""
    form = AttachForm()

    def decide(session: Session, theme: Theme) -> str:
        """Attach it."""
        to = {field.short_name: field.data or None for field in form.typed()}
        done = deciding.attach(
            session, current_user, theme, to=to, seen=form.seen.data, now=clock.now()
        )
        return str(_("Nothing was changed.") if done is None else _("The theme is attached."))

    return _decided(id, form, decide)


@bp.post("/staff/themes/<int:id>/validate")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def validate(id: int) -> Any:  # noqa: A002
    """Mark a theme as good, or no longer."""
    form = PlainForm()
    is_validated = request.form.get("is_validated") == "1"

    def decide(session: Session, theme: Theme) -> str:
        """Mark it."""
        deciding.validate(
            session,
            current_user,
            theme,
            is_validated=is_validated,
            seen=form.seen.data,
            now=clock.now(),
        )
        if is_validated:
            return str(_("The theme is validated."))
        return str(_("The theme is no longer validated."))

    return _decided(id, form, decide)


@bp.post("/staff/themes/<int:id>/merge")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def merge(id: int) -> Any:  # noqa: A002
    """Count a theme under another one."""
    form = MergeForm()

    def decide(session: Session, theme: Theme) -> str:
        """Merge it."""
        into = session.get(Theme, form.into.data or 0)
        if into is None:
            raise errors.MergeTargetError
        deciding.merge(
            session,
            current_user,
            theme,
            into,
            reason=clean_text(form.why.data),
            seen=form.seen.data,
            now=clock.now(),
        )
        name = into.names.best(language().code)[0]
        return str(_("The theme now counts under “%(name)s”.", name=name))

    return _decided(id, form, decide)


@bp.post("/staff/themes/<int:id>/exclude")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def exclude(id: int) -> Any:  # noqa: A002
    """Leave a theme out of the results."""
    form = ExcludeForm()

    def decide(session: Session, theme: Theme) -> str:
        """Exclude it."""
        reason = clean_text(form.reason.data)
        deciding.exclude(
            session, current_user, theme, reason=reason, seen=form.seen.data, now=clock.now()
        )
        return str(_("The theme is excluded. The report will print the reason."))

    return _decided(id, form, decide)


@bp.post("/staff/themes/<int:id>/restore")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def restore(id: int) -> Any:  # noqa: A002
    """Undo a theme's merge or exclusion."""
    form = PlainForm()

    def decide(session: Session, theme: Theme) -> str:
        """Restore it."""
        deciding.restore(session, current_user, theme, seen=form.seen.data, now=clock.now())
        return str(_("The theme is active again."))

    return _decided(id, form, decide)


@bp.post("/staff/themes/<int:id>/split")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def split(id: int) -> Any:  # noqa: A002
    """Make a theme of its own of chosen passages."""
    form = PartForm(prefix="part-")
    picked = _picked(id)

    def decide(session: Session, theme: Theme) -> str:
        """Split it."""
        part = Part(clean_text(form.name_fr.data), clean_text(form.name_ar.data), picked)
        [new] = deciding.split(
            session, current_user, theme, [part], seen=form.seen.data, now=clock.now()
        )
        sentence = ngettext(
            "%(number)s passage is now the theme “%(name)s”.",
            "%(number)s passages are now the theme “%(name)s”.",
            len(picked),
            number=number(len(picked)),
            name=new.names.best(language().code)[0],
        )
        return str(sentence)

    return _decided(id, form, decide, picked)


@bp.post("/staff/themes/<int:id>/examples")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def card_pin(id: int) -> Any:  # noqa: A002
    """Make chosen passages examples of the theme they are in."""
    told = _("They are examples of the theme: quoted first, and kept there.")
    return _in_place(id, PartForm(prefix="part-"), deciding.pin, told)


@bp.post("/staff/themes/<int:id>/examples/remove")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def card_unpin(id: int) -> Any:  # noqa: A002
    """Make examples ordinary passages again."""
    told = _("It is no longer an example; it stays in the theme.")
    return _in_place(id, PlainForm(), deciding.unpin, told)


def _in_place(
    theme_id: int, form: DecisionForm, act: Callable[..., Any], told: str
) -> Response | Any:
    """Pin the chosen passages, or unpin them, and say so."""
    picked = _picked(theme_id)

    def decide(session: Session, theme: Theme) -> str:
        """Do it."""
        now, seen = clock.now(), form.seen.data
        act(session, current_user, theme.consultation_id, picked, seen=seen, now=now)
        return told

    return _decided(theme_id, form, decide, picked)


def _picked(theme_id: int) -> list[int]:
    """Return the chosen passages: those ticked, or all of a list that was narrowed by filters."""
    ticked = [int(value) for value in request.form.getlist("passage") if value.isdecimal()]
    sent = request.form
    narrowed = any(sent.get(name) for name in ("state", "region", "language", "actor_type", "q"))
    if not sent.get("all") or not narrowed:
        return ticked
    theme = get_theme(db.session(), theme_id)
    consultation = db.session.get_one(Consultation, theme.consultation_id)
    newest = newest_of(consultation)
    if newest is None:
        return ticked
    rows = listed_passages(
        newest,
        theme.id,
        state=asked_state(PassageState.IN_THEME, sent),
        part=asked_part(readable_part(db.session(), current_user, consultation.id), sent),
        words=sent.get("q", ""),
    ).order_by(None)
    listed = rows.subquery()
    return sorted({*ticked, *db.session.scalars(select(listed.c.passage_id))})
