"""Selections of measures, and the filters over their lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.commitments.measures.errors import MeasureNotFoundError
from app.commitments.measures.lateness import is_late
from app.commitments.models import Measure, MeasurePassage
from app.core.access import Actor, Role
from app.core.text import fold
from app.themes.models import Passage, Theme

#: They write measures, everywhere that their role reaches.
EDITORS = (Role.ADMINISTRATOR, Role.ANALYST)
#: They say how far a measure is: a coordinator those of their own region.
FOLLOWERS = (*EDITORS, Role.COORDINATOR)
#: They read the staff pages of measures.
READERS = (*FOLLOWERS, Role.OBSERVER)

#: In filters: measures for the whole country, and those without an axis or a population.
NATIONAL, NONE = "national", "none"


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; an empty text narrows nothing.

    :ivar late: ``yes`` or ``no``.
    :ivar public: ``yes`` or ``no``.
    :ivar words: looked for in titles, descriptions and parties, in both scripts.
    """

    region: str = ""
    axis: str = ""
    population: str = ""
    state: str = ""
    kind: str = ""
    late: str = ""
    public: str = ""
    words: str = ""

    @property
    def is_set(self) -> bool:
        """Tell whether anything is narrowed."""
        return any(vars(self).values())

    def keeps(self, measure: Measure, today: date) -> bool:
        """Tell whether a measure is in the list on a day."""
        return all(
            (
                self.region in {"", measure.region_code or NATIONAL},
                self.axis in {"", measure.axis.code if measure.axis else NONE},
                self.population in {"", measure.population.code if measure.population else NONE},
                self.state in {"", measure.state},
                self.kind in {"", measure.kind},
                self.late in {"", "yes" if is_late(measure, today) else "no"},
                self.public in {"", "yes" if measure.is_public else "no"},
                self._says(measure),
            )
        )

    def _says(self, measure: Measure) -> bool:
        """Tell whether every word looked for stands in a measure's texts."""
        if not self.words.strip():
            return True
        texts = [measure.title, measure.description or {}, *measure.parties]
        said = fold(" ".join([measure.key, *(t for text in texts for t in text.values())]))
        return all(word in said for word in fold(self.words).split())


def measures_of(consultation_id: int, *, public_only: bool = False) -> Select[Measure]:
    """Select a consultation's measures with what lists show, in the order of their places."""
    selection = (
        select(Measure)
        .where(Measure.consultation_id == consultation_id)
        .options(
            joinedload(Measure.axis),
            joinedload(Measure.population),
            joinedload(Measure.region),
            selectinload(Measure.milestones),
        )
        .order_by(Measure.region_code.is_not(None), Measure.region_code, Measure.id)
    )
    return selection.where(Measure.is_public) if public_only else selection


def get_measure(
    session: Session, consultation_id: int, number: int, *, public_only: bool = False
) -> Measure:
    """Return one of a consultation's measures.

    :raises MeasureNotFoundError: if there is none of that number, or not for the public.
    """
    found = session.get(Measure, number) if number < 2**31 else None
    is_here = found is not None and found.consultation_id == consultation_id
    if found is None or not is_here or (public_only and not found.is_public):
        raise MeasureNotFoundError
    return found


def with_key(consultation_id: int, key: str) -> Select[Measure]:
    """Select the measure that imports know by a key."""
    return select(Measure).where(Measure.consultation_id == consultation_id, Measure.key == key)


def may_read(actor: Actor, measure: Measure) -> bool:
    """Tell whether somebody of the staff reads a measure: a public one, or one in their reach."""
    reach = {"region": measure.region_code, "consultation": measure.consultation_id}
    return measure.is_public or actor.may(READERS, **reach)  # type: ignore[arg-type]


def may_follow(actor: Actor, measure: Measure) -> bool:
    """Tell whether somebody says how far a measure is."""
    return actor.may(FOLLOWERS, region=measure.region_code, consultation=measure.consultation_id)


def may_edit(actor: Actor, measure: Measure) -> bool:
    """Tell whether somebody writes a measure."""
    return actor.may(EDITORS, region=measure.region_code, consultation=measure.consultation_id)


def passages_answered(measure_id: int) -> Select[Passage]:
    """Select the passages that a measure answers."""
    return (
        select(Passage)
        .join(MeasurePassage, MeasurePassage.passage_id == Passage.id)
        .where(MeasurePassage.measure_id == measure_id)
        .order_by(Passage.id)
    )


def themes_named(themes: Iterable[Theme], words: str) -> list[Theme]:
    """Return the themes whose names or keywords hold every word, in both scripts."""
    wanted = fold(words).split()
    return [theme for theme in themes if wanted and all(word in _said_of(theme) for word in wanted)]


def _said_of(theme: Theme) -> str:
    """Return a theme's number, names and keywords as they are searched."""
    keywords = [word for words in theme.keywords.values() for word in words]
    return fold(" ".join([str(theme.id), *theme.names.values(), *keywords]))
