"""What the pages of measures share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_login import current_user

from app.commitments.blueprint import bp
from app.commitments.measures import labels, queries
from app.commitments.measures.forms import kind_choices, state_choices
from app.commitments.measures.lateness import StepState, civil_day, is_late, step_state
from app.commitments.measures.queries import NATIONAL, NONE, Filter
from app.commitments.models import Measure
from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import ensure
from app.core.db import db
from app.territories.models import Region
from app.territories.queries import all_regions

Selects = list[tuple[str, Any, list[tuple[str, Any]], str, Any]]


def today() -> date:
    """Return the civil day."""
    return civil_day(clock.now())


@bp.app_context_processor
def _words() -> dict[str, Any]:
    """Lend the words of measures to templates."""
    return {
        "measure_words": labels,
        "is_late": lambda measure: is_late(measure, today()),
        "step_state": lambda step: step_state(step, today()),
        "step_states": StepState,
        "has_commitments": has_commitments,
    }


def has_commitments(consultation: Consultation) -> bool:
    """Tell whether the public finds measures of a consultation."""
    selection = queries.measures_of(consultation.id, public_only=True).limit(1)
    return db.session.scalars(selection).first() is not None


def read_filter() -> Filter:
    """Read the filters of the address."""
    names = ("region", "axis", "population", "state", "kind", "late", "public")
    asked = {name: request.args.get(name, "")[:40] for name in names}
    return Filter(**asked, words=request.args.get("words", "")[:200])


def regions() -> list[Region]:
    """Return the 12 regions."""
    return list(db.session.scalars(all_regions()))


def selects(consultation: Consultation, part: Filter) -> Selects:
    """Return the selects of the filter form."""
    text = labels.text_of
    here = [(one.code, text(one.names)) for one in regions()]
    axes = [(one.code, text(one.title)) for one in consultation.axes]
    populations = [(one.code, text(one.title)) for one in consultation.populations]
    return [
        ("region", _("Region"), [*here, (NATIONAL, _("The whole country"))], part.region,
         _("All regions")),
        ("axis", _("Axis"), [*axes, (NONE, _("No axis"))], part.axis, _("All axes")),
        ("population", _("Population"), [*populations, (NONE, _("No population in particular"))],
         part.population, _("All populations")),
        ("kind", _("Kind"), list(kind_choices().items()), part.kind, _("All kinds")),
        ("state", _("State"), list(state_choices().items()), part.state, _("All states")),
        ("late", _("In time"), [("yes", _("Late")), ("no", _("Not late"))], part.late,
         _("All measures")),
    ]  # fmt: skip


def readable(slug: str, number: int) -> tuple[Consultation, Measure]:
    """Return a consultation and one of its measures, if the reader may read it."""
    consultation = get_consultation(db.session(), slug)
    measure = queries.get_measure(db.session(), consultation.id, number)
    if not queries.may_read(current_user, measure):
        ensure(
            current_user,
            *queries.READERS,
            region=measure.region_code,
            consultation=consultation.id,
        )
    return consultation, measure


def kept(measures: Iterable[Measure], part: Filter) -> list[Measure]:
    """Return the measures that a filter keeps today."""
    day = today()
    return [one for one in measures if part.keeps(one, day)]
