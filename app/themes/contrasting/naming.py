"""Names, in the page's language, of dimensions, groups and stances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.consultations.models import Question
from app.core.i18n import localized, ltr, plain_number
from app.territories.models import Region
from app.themes import labels
from app.themes.contrasting.facts import QUESTION

STANCES: dict[str, Any] = {
    "for": _l("For"),
    "against": _l("Against"),
    "mixed": _l("For and against"),
    "none": _l("Not said"),
}
_DIMENSIONS: dict[str, Any] = {
    "region": _l("Region"),
    "actor_type": _l("Actor type"),
    "language": _l("Language"),
}


@dataclass(frozen=True)
class Naming:
    """The names of the groups that one page speaks of."""

    regions: Mapping[str, Region]
    questions: Mapping[str, Question]

    @classmethod
    def of(cls, regions: Iterable[Region], questions: Iterable[Question] = ()) -> Naming:
        """Take the regions and the closed questions."""
        return cls(
            {region.code: region for region in regions},
            {f"{QUESTION}{question.id}": question for question in questions},
        )

    def dimension(self, name: str) -> Any:
        """Return a dimension's name: for a closed question, what it asks."""
        if name in self.questions:
            return localized(self.questions[name].label)
        return _DIMENSIONS[name]

    def group(self, dimension: str, code: str) -> Any:
        """Return a group's name."""
        if dimension == "region" and code in self.regions:
            return localized(self.regions[code].names)
        if dimension == "actor_type":
            return labels.actor_name(code)
        if dimension == "language":
            return labels.language_name(code)
        options = self.questions[dimension].options if dimension in self.questions else []
        return next((localized(o["label"]) for o in options if o["code"] == code), code)


def points(difference: float) -> Markup:
    """Write a difference of shares in points, with its sign: ``+12,4``."""
    sign = "+" if difference > 0 else "−" if difference < 0 else ""
    return ltr(sign + plain_number(abs(difference) * 100, decimals=1))
