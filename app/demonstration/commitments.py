"""The measures and conventions that followed the regional meetings, with their real dates.

They are real while the consultation is fictional, and later than the day on which the
demonstration begins. So each stands there as it was on the day that the demonstration's clock
shows: planned until its date has come, and brought up to date whenever the demonstration is loaded
after it. What a person has changed is never touched again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from sqlalchemy.orm import Session

from app.commitments.measures import operations
from app.commitments.measures.details import Details, Step
from app.commitments.measures.lateness import civil_day
from app.commitments.measures.queries import with_key
from app.commitments.measures.tying import set_themes
from app.commitments.models import Measure, MeasureState
from app.consultations.models import Consultation
from app.core.access import Actor
from app.core.db import Texts
from app.core.text import fold
from app.themes.models import Theme
from app.themes.queries import current_themes

#: What a word of a measure weighs in a theme's name, and among its keywords.
_IN_NAME, _IN_KEYWORDS = 2, 1
#: From what weight on a measure is said to answer a theme, and how many themes at most.
_ENOUGH, _MOST = 2, 2


def load_commitments(
    session: Session, actor: Actor, consultation: Consultation, *, now: datetime
) -> int:
    """Write down the measures as they were on the day of ``now``, flushed.

    Once there are themes, measures are tied to those that have their words.

    :returns: how many were added.
    """
    path = files("app.demonstration").joinpath("data", "commitments.json")
    document = json.loads(path.read_text(encoding="utf-8"))
    themes = list(session.scalars(current_themes(consultation.id)))
    added = 0
    for item in document["measures"]:
        details = _details(item, document["source"], civil_day(now))
        measure = session.scalars(with_key(consultation.id, item["key"])).first()
        if measure is None:
            saved = operations.create(
                session, actor, consultation, details, key=item["key"], now=now, kind="import"
            )
            measure, added = saved.measure, added + 1
        elif _is_untouched(measure, actor):
            operations.change(session, actor, measure, details, seen=None, now=now, kind="import")
        found = themes_with(item["words"], themes)
        if found and not measure.themes and _is_untouched(measure, actor):
            set_themes(session, actor, measure, found, seen=None, now=now, kind="import")
    return added


def _is_untouched(measure: Measure, actor: Actor) -> bool:
    """Tell whether nobody but the demonstration has written a measure."""
    return all(
        event.actor_id is None and event.actor_label == actor.label for event in measure.events
    )


def _details(item: dict[str, Any], source: str, today: date) -> Details:
    """Return a measure as it stood on a day."""
    signed = date.fromisoformat(item["signed_on"]) if "signed_on" in item else None
    steps = [
        (Texts(step["title"]), date.fromisoformat(step["on"]))
        for step in item.get("milestones", [])
    ]
    has_come = all(day <= today for day in (signed, *(day for _title, day in steps)) if day)
    return Details(
        title=Texts(item["title"]),
        description=Texts(item["description"]),
        kind=item["kind"],
        state=item["state"] if has_come else MeasureState.PLANNED,
        parties=tuple(Texts(party) for party in item.get("parties", [])),
        amount_mad=item.get("amount_mad"),
        region=item.get("region"),
        axis=item.get("axis"),
        population=item.get("population"),
        signed_on=signed,
        milestones=tuple(
            Step(title, due_on=day, done_on=day if day <= today else None) for title, day in steps
        ),
        source=source,
    )


def themes_with(words: dict[str, list[str]], themes: Iterable[Theme]) -> list[int]:
    """Return the themes that have most of a measure's words in their names and keywords."""
    wanted = {fold(word) for several in words.values() for word in several}
    weights = {theme.id: _weight(theme, wanted) for theme in themes}
    ranked = sorted(weights, key=lambda number: (-weights[number], number))
    return [number for number in ranked if weights[number] >= _ENOUGH][:_MOST]


def _weight(theme: Theme, wanted: set[str]) -> int:
    """Weigh how many of the words a theme has."""
    named = {word for name in theme.names.values() for word in fold(name).split()}
    keywords = {fold(word) for several in theme.keywords.values() for word in several}
    return _IN_NAME * len(wanted & named) + _IN_KEYWORDS * len(wanted & (keywords - named))
