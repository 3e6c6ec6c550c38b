"""Names of what the workbench's filters offer, and the lists that its selects are made of."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.i18n import language
from app.organisations.models import ActorType
from app.territories.models import Region
from app.themes import labels
from app.themes.models import PassageState
from app.themes.workbench.filters import ANY, UNSAID, Order

NATURE_NAMES: dict[str, Any] = {
    "situation": _l("Situation"),
    "problem": _l("Problem"),
    "proposal": _l("Proposal"),
    "commitment": _l("Commitment"),
    "question": _l("Question"),
    UNSAID: _l("Not told"),
}
STANCE_NAMES: dict[str, Any] = {
    "for": _l("For"),
    "against": _l("Against"),
    "mixed": _l("For and against"),
    UNSAID: _l("Not told"),
}
BAND_NAMES: dict[str, Any] = {
    "weak": _l("Weak: under 0.2"),
    "middling": _l("Middling: 0.2 to 0.5"),
    "clear": _l("Clear: 0.5 and over"),
}
REVIEWED_NAMES: dict[str, Any] = {"no": _l("Still to review"), "yes": _l("Reviewed")}
ORDER_NAMES: dict[str, Any] = {
    Order.WEAKEST: _l("Weakest margin first"),
    Order.CLEAREST: _l("Clearest first"),
    Order.NEWEST: _l("Newest first"),
    Order.WORTH: _l("Most worth a look first"),
}
#: Where a person may put a passage that belongs to no theme, in the order of use.
ASIDE = (
    PassageState.TO_ARBITRATE,
    PassageState.OFF_TOPIC,
    PassageState.UNREADABLE,
    PassageState.EXCLUDED,
)

Choices = list[tuple[str, str]]


def _named(names: dict[str, Any]) -> Choices:
    """Return codes with their names in the page's language."""
    return [(str(code), str(name)) for code, name in names.items()]


def filter_choices(session: Session, consultation: Consultation) -> dict[str, Choices]:
    """Return what each select of the filters offers, by the filter's name."""
    code = language().code
    regions = session.scalars(select(Region).order_by(Region.code))
    axes = [(str(axis.id), axis.title.best(code)[0]) for axis in consultation.axes]
    states = [*_named(labels.STATES), (ANY, str(_l("All states")))]
    return {
        "state": states,
        "region": [(region.code, region.names.best(code)[0]) for region in regions],
        "actor_type": [(str(kind), kind.texts.best(code)[0]) for kind in ActorType],
        "language": _named(labels.LANGUAGES),
        "nature": _named(NATURE_NAMES),
        "stance": _named(STANCE_NAMES),
        "axis": axes,
        "question_axis": axes,
        "margin": _named(BAND_NAMES),
        "reviewed": _named(REVIEWED_NAMES),
        "order": _named(ORDER_NAMES),
    }


def aside_choices() -> Choices:
    """Return where a passage may be set aside."""
    return [(state.value, str(labels.STATES[state])) for state in ASIDE]


def region_names(session: Session) -> Choices:
    """Return the regions by code, in the page's language."""
    code = language().code
    return [(r.code, r.names.best(code)[0]) for r in session.scalars(select(Region))]
