"""Staff pages: the ledger of decisions, and taking one back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import STAFF, Role, requires
from app.core.db import db
from app.core.errors import DomainError, NotFoundError
from app.core.i18n import language
from app.themes import deciding, labels
from app.themes.blueprint import bp, may_decide
from app.themes.decisions import queries
from app.themes.decisions.telling import Told, author_name, tell
from app.themes.ledger.kinds import Kind
from app.themes.models import ThemeEvent
from app.themes.queries import themes_of
from app.themes.review import readable_part

PAGE = 40


@dataclass
class Blocked:
    """Why a decision was not taken back, with the decision that has to go first."""

    text: str
    decisions: list[Told] = field(default_factory=list)


@bp.get("/staff/consultations/<slug>/decisions")
@requires(*STAFF)
def decisions(slug: str) -> Any:
    """Show the ledger, newest first, by person, kind and theme."""
    return _ledger_page(get_consultation(db.session(), slug))


def _sought() -> queries.Sought:
    """Return the filters of the address."""
    kind = request.args.get("kind", "")
    return queries.Sought(
        who=request.args.get("who") or None,
        kind=kind if kind in set(Kind) else None,
        theme_id=request.args.get("theme", type=int),
        before=request.args.get("before", type=int),
    )


def _ledger_page(consultation: Consultation, blocked: Blocked | None = None) -> str:
    """Show the ledger, and above it what was refused."""
    readable_part(db.session(), current_user, consultation.id)
    sought = _sought() if blocked is None else queries.Sought()
    found = list(db.session.scalars(queries.events(consultation.id, sought, PAGE + 1)))
    shown = found[:PAGE]
    chosen = {"who": sought.who, "kind": sought.kind, "theme": sought.theme_id}
    return render_template(
        "themes/decisions/index.html",
        consultation=consultation,
        decisions=tell(db.session(), consultation, shown),
        older=shown[-1].id if len(found) > PAGE else None,
        sought=sought,
        chosen={name: value for name, value in chosen.items() if value},
        blocked=blocked,
        may_decide=may_decide(consultation.id),
        people=_people(consultation.id),
        kinds=[(str(kind), str(label)) for kind, label in labels.EVENTS.items()],
        theme_choices=_themes(consultation.id),
    )


def _people(consultation_id: int) -> list[tuple[str, str]]:
    """Return who decided, for the filter."""
    found: dict[str, str] = {}
    for row in db.session.execute(queries.people(consultation_id)):
        value = row.actor_label if row.actor_id is None else str(row.actor_id)
        found[value] = author_name(row.actor_id, row.actor_label)
    return list(found.items())


def _themes(consultation_id: int) -> list[tuple[int, str]]:
    """Return the themes by name, for the filter."""
    code = language().code
    found = [(t.id, t.names.best(code)[0]) for t in db.session.scalars(themes_of(consultation_id))]
    return sorted(found, key=lambda pair: pair[1])


def get_event(event_id: int) -> ThemeEvent:
    """Return a decision.

    :raises NotFoundError: if there is none of that number.
    """
    event = db.session.get(ThemeEvent, event_id)
    if event is None:
        raise NotFoundError
    return event


@bp.post("/staff/decisions/<int:id>/undo")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def undo(id: int) -> Any:  # noqa: A002
    """Take a decision back; say which one has to go first if it cannot be."""
    event = get_event(id)
    consultation = db.session.get_one(Consultation, event.consultation_id)
    is_again = event.kind == Kind.UNDO
    try:
        done = deciding.undo(db.session(), current_user, event, now=clock.now())
    except DomainError as error:
        db.session.rollback()
        if error.status not in {409, 422}:
            raise
        db.session.refresh(consultation)
        return _ledger_page(consultation, _blocked(consultation, error)), error.status
    db.session.commit()
    flash(_("The decision holds again.") if is_again else _("The decision is taken back."))
    theme_id = request.form.get("theme", type=int)
    if theme_id is not None:
        return redirect(url_for("themes.show", id=theme_id, _anchor="log"))
    return redirect(url_for("themes.decisions", slug=consultation.slug, _anchor=f"e{done.id}"))


def _blocked(consultation: Consultation, error: DomainError) -> Blocked:
    """Return a refusal with the decision it speaks of."""
    event_id = error.values.get("event_id")
    event = db.session.get(ThemeEvent, event_id) if isinstance(event_id, int) else None
    events = [] if event is None else [event]
    return Blocked(error.text(), tell(db.session(), consultation, events))
