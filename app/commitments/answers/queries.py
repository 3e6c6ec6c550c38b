"""Which themes are answered, what the answers are, and what measures followed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from app.commitments.models import (
    Measure,
    MeasurePassage,
    MeasureTheme,
    ThemeAnswer,
)
from app.reports.models import Report
from app.themes.models import Theme


class Families:
    """The themes of a consultation with those merged into them.

    An answer, and whatever else is said of a theme, is that of the theme which holds it now.
    """

    def __init__(self, session: Session, consultation_id: int) -> None:
        rows = session.execute(
            select(Theme.id, Theme.merged_into_id).where(Theme.consultation_id == consultation_id)
        )
        self._into: dict[int, int | None] = {identity: into for identity, into in rows}  # noqa: C416
        self._members: dict[int, list[int]] = defaultdict(list)
        for identity in self._into:
            self._members[self.holder(identity)].append(identity)

    def __contains__(self, theme_id: object) -> bool:
        return theme_id in self._into

    def holder(self, theme_id: int) -> int:
        """Return the theme that another counts under after all merges."""
        into = self._into.get(theme_id)
        while into is not None:
            theme_id, into = into, self._into.get(into)
        return theme_id

    def members(self, theme_id: int) -> list[int]:
        """Return a theme with all those that count under it."""
        return self._members.get(self.holder(theme_id), [theme_id])


def answers_to(theme_ids: Collection[int]) -> Select[ThemeAnswer]:
    """Select the answers to some themes, drafts among them."""
    return select(ThemeAnswer).where(ThemeAnswer.theme_id.in_(list(theme_ids)))


def find_answer(session: Session, theme_id: int) -> ThemeAnswer | None:
    """Return the answer to exactly this theme, a draft too."""
    return session.scalars(answers_to([theme_id])).one_or_none()


def public_answers(session: Session, consultation_id: int) -> dict[int, ThemeAnswer]:
    """Return the published answers of a consultation by their theme."""
    rows = session.scalars(
        select(ThemeAnswer).where(
            ThemeAnswer.consultation_id == consultation_id, ThemeAnswer.published_at.is_not(None)
        )
    )
    return {row.theme_id: row for row in rows}


def public_measures(consultation_id: int) -> Select[Measure]:
    """Select the measures that everybody may see, with what tells how they go."""
    return (
        select(Measure)
        .where(Measure.consultation_id == consultation_id, Measure.is_public)
        .options(selectinload(Measure.milestones))
        .order_by(Measure.id)
    )


@dataclass
class Followed:
    """The public measures of a consultation, by what they answer.

    :ivar by_theme: by the theme that holds the one they are tied to.
    :ivar by_passage: by the passages that they are tied to.
    """

    all: list[Measure] = field(default_factory=list)
    by_theme: dict[int, list[Measure]] = field(default_factory=lambda: defaultdict(list))
    by_passage: dict[int, list[Measure]] = field(default_factory=lambda: defaultdict(list))

    def of(self, theme_id: int | None, passage_ids: Iterable[int] = ()) -> list[Measure]:
        """Return the measures that answer a theme or some passages, each one once."""
        found = list(self.by_theme.get(theme_id or 0, []))
        for identity in passage_ids:
            found += self.by_passage.get(identity, [])
        return list(dict.fromkeys(found))


def load_followed(
    session: Session, consultation_id: int, families: Families, passage_ids: Collection[int] = ()
) -> Followed:
    """Return the public measures of a consultation and what they are tied to."""
    measures = {row.id: row for row in session.scalars(public_measures(consultation_id))}
    followed = Followed(list(measures.values()))
    ties = session.execute(
        select(MeasureTheme.measure_id, MeasureTheme.theme_id)
        .where(MeasureTheme.measure_id.in_(measures))
        .order_by(MeasureTheme.measure_id, MeasureTheme.theme_id)
    )
    for measure_id, theme_id in ties:
        row, held = measures[measure_id], followed.by_theme[families.holder(theme_id)]
        if row not in held:
            held.append(row)
    if passage_ids:
        tied = session.execute(
            select(MeasurePassage.measure_id, MeasurePassage.passage_id)
            .where(
                MeasurePassage.measure_id.in_(measures),
                MeasurePassage.passage_id.in_(list(passage_ids)),
            )
            .order_by(MeasurePassage.measure_id)
        )
        for measure_id, passage_id in tied:
            followed.by_passage[passage_id].append(measures[measure_id])
    return followed


@dataclass(frozen=True)
class Answered:
    """A theme of the newest report and what became of it.

    :ivar data: what the report's body says of the theme.
    :ivar theme_id: the theme that holds it now.
    :ivar answer: the answer, a draft too where drafts are asked for.
    """

    data: dict[str, Any]
    theme_id: int
    answer: ThemeAnswer | None
    measures: list[Measure]

    @property
    def state(self) -> str:
        """The state of its published answer, empty without one."""
        return self.answer.state if self.answer and self.answer.published_at else ""


def load_answered(
    session: Session, report: Report, body: dict[str, Any], *, with_drafts: bool = False
) -> list[Answered]:
    """Return the themes of a report, ranked, with their answers and the public measures.

    :param body: the report's body as it may be shown.
    """
    families = Families(session, report.consultation_id)
    holders = {theme["id"]: families.holder(theme["id"]) for theme in body["themes"]}
    answers = {
        row.theme_id: row
        for row in session.scalars(answers_to(list(holders.values())))
        if with_drafts or row.published_at is not None
    }
    followed = load_followed(session, report.consultation_id, families)
    return [
        Answered(
            data=theme,
            theme_id=holders[theme["id"]],
            answer=answers.get(holders[theme["id"]]),
            measures=followed.of(holders[theme["id"]]),
        )
        for theme in body["themes"]
    ]


def answers_left_behind(session: Session, families: Families, theme_id: int) -> list[ThemeAnswer]:
    """Return the answers to themes that were merged into this one: nobody is shown them now."""
    others = [one for one in families.members(theme_id) if one != theme_id]
    return list(session.scalars(answers_to(others).order_by(ThemeAnswer.id)))
