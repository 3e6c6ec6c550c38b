"""A theme's page put together, with what was refused and what somebody else did meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from app.consultations.models import Consultation
from app.core.db import db
from app.core.errors import NotFoundError
from app.core.i18n import language
from app.themes.blueprint import may_decide, newest_of
from app.themes.card import forms as card_forms
from app.themes.card.queries import examples, listed_passages, pinned_ids
from app.themes.decisions.queries import Sought, events
from app.themes.decisions.telling import Told, tell
from app.themes.filtering import asked_part, asked_state, filters
from app.themes.ledger.recording import newest_event_id
from app.themes.models import Theme
from app.themes.proposals.queries import open_about
from app.themes.review import Rows, load_card, readable_part

PAGE = 30
#: Decisions that the page itself shows; the ledger has them all.
_DECISIONS = 12


@dataclass
class Refused:
    """A decision that was not taken.

    :ivar form: as it was sent.
    :ivar text: why, where somebody else decided meanwhile (409); empty where a field is wrong.
    :ivar decisions: what the others decided, newest first.
    :ivar both: what fields say now that others changed as well as the reader.
    :ivar picked: passages that were chosen.
    """

    form: card_forms.DecisionForm
    status: int = 422
    text: str = ""
    decisions: list[Told] = field(default_factory=list)
    both: dict[str, Any] = field(default_factory=dict)
    picked: list[int] = field(default_factory=list)


def card_page(theme: Theme, refused: Refused | None = None) -> Any:
    """Show a theme's card, with the decision that was refused if one was."""
    part = readable_part(db.session(), current_user, theme.consultation_id)
    consultation = db.session.get_one(Consultation, theme.consultation_id)
    newest = newest_of(consultation)
    if newest is None:
        raise NotFoundError
    card = load_card(db.session(), theme, newest, part)
    words = request.values.get("q", "")
    rows = listed_passages(
        newest, theme.id, state=asked_state(), part=asked_part(part), words=words
    )
    recent = db.session.scalars(
        events(consultation.id, Sought(theme_id=theme.id), _DECISIONS + 1)
    ).all()
    decides = may_decide(consultation.id)
    page = render_template(
        "themes/card/show.html",
        consultation=consultation,
        theme=theme,
        card=card,
        may_decide=decides,
        listing=Rows(select=rows, per_page=PAGE),
        examples=list(db.session.execute(examples(newest, theme.id, part))),
        pinned=set(db.session.scalars(pinned_ids(newest))),
        proposals=db.session.scalars(open_about(theme.id)).all() if decides else [],
        is_all_readable=part.regions is None,
        refused=refused,
        typed=_typed(refused),
        forms=_forms(consultation, card.others, theme, refused),
        now_is=current_values(theme),
        seen=theme.last_event_id,
        seen_all=newest_event_id(db.session(), consultation.id),
        decisions=tell(db.session(), consultation, recent[:_DECISIONS]),
        has_more_decisions=len(recent) > _DECISIONS,
        attachments=_attachments(consultation, theme),
        **filters(),
    )
    return page, 200 if refused is None else refused.status


def current_values(theme: Theme) -> dict[str, Any]:
    """Return what the fields of the page's forms would say now, by name."""
    values: dict[str, Any] = {
        "name_fr": theme.name.get("fr", ""),
        "name_ar": theme.name.get("ar", ""),
        "axis_id": theme.axis_id or 0,
        "population_id": theme.population_id or 0,
        "parent_id": theme.parent_id or 0,
    }
    for column in ("definition", "inclusion", "exclusion"):
        for code in ("fr", "ar"):
            values[f"{column}_{code}"] = (getattr(theme, column) or {}).get(code, "")
    return values


def _typed(refused: Refused | None) -> list[tuple[Any, str]]:
    """Return what was typed, for a theme of which the forms are no longer shown."""
    if refused is None:
        return []
    return [
        (entry.label.text, str(entry.data))
        for entry in refused.form.typed()
        if entry.data and entry.type != "SelectField"
    ]


def _forms(
    consultation: Consultation, others: list[Theme], theme: Theme, refused: Refused | None
) -> dict[str, Any]:
    """Return the forms of a card: the refused one as it was sent, the others fresh."""
    values = current_values(theme)
    fresh: dict[str, card_forms.DecisionForm] = {
        "rename": card_forms.RenameForm(formdata=None, data=values),
        "describe": card_forms.DescribeForm(formdata=None, data=values),
        "attach": card_forms.AttachForm(formdata=None, data=values),
        "merge": card_forms.MergeForm(formdata=None),
        "exclude": card_forms.ExcludeForm(formdata=None),
        "part": card_forms.PartForm(formdata=None, prefix="part-"),
    }
    if refused is not None:
        for name, form in fresh.items():
            if type(form) is type(refused.form):
                fresh[name] = refused.form
    code = language().code
    named = [(one.id, one.names.best(code)[0]) for one in others]
    # Nothing chosen beforehand: a click too many must not merge.
    fresh["merge"]["into"].choices = [(0, _("Choose a theme")), *named]
    none = (0, _("None"))
    fresh["attach"]["axis_id"].choices = [none, *_titles(consultation.axes, code)]
    fresh["attach"]["population_id"].choices = [none, *_titles(consultation.populations, code)]
    fresh["attach"]["parent_id"].choices = [none, *named]
    return fresh


def _titles(things: Iterable[Any], code: str) -> list[tuple[int, str]]:
    """Return axes or populations for a list to choose from."""
    return [(one.id, one.title.best(code)[0]) for one in things]


def _attachments(consultation: Consultation, theme: Theme) -> dict[str, Any]:
    """Return the axis, population and parent of a theme, None where it has none."""
    parent = None if theme.parent_id is None else db.session.get(Theme, theme.parent_id)
    return {
        "axis": next((one for one in consultation.axes if one.id == theme.axis_id), None),
        "population": next(
            (one for one in consultation.populations if one.id == theme.population_id), None
        ),
        "parent": parent,
    }
