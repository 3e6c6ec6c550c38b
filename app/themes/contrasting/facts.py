"""Who says what, passage by passage: what contrasts and pairs of themes are worked out from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Question, QuestionKind
from app.organisations.models import ActorType
from app.submissions.models import Answer, Submission
from app.themes.exploring.ground import load_ground, load_places
from app.themes.exploring.kept import kept_decided
from app.themes.models import AnalysisRun

#: Languages that are no group of people; nor is an actor type that nobody stated.
_NO_LANGUAGE = frozenset({"und", "other"})
#: Closed questions whose answers make groups, and options that such a question has at most.
_MOST_QUESTIONS, _MOST_OPTIONS = 6, 12

#: What begins the name of the dimension that a closed question makes.
QUESTION = "question-"


@dataclass(frozen=True)
class Facts:
    """One row a passage of a run, all of one length.

    :ivar themes: the theme it counts for, after all merges; None where it counts for none.
    :ivar authors: the submissions, the unit of everything that is compared.
    :ivar of_theme: the rows that count for each theme, the clearest first.
    """

    themes: list[int | None]
    authors: list[int]
    regions: list[str | None]
    actors: list[str | None]
    languages: list[str | None]
    stances: list[str | None]
    passages: list[int]
    of_theme: Mapping[int, list[int]]

    def groups(self) -> dict[str, list[str | None]]:
        """Return the dimensions that every submission has."""
        return {
            "region": self.regions,
            "actor_type": self.actors,
            "language": self.languages,
        }


def load_facts(session: Session, run: AnalysisRun) -> Facts:
    """Return a run's facts; what was withdrawn or erased since is not among them."""
    return kept_decided(session, run, "facts", lambda: _facts(session, run))


def _facts(session: Session, run: AnalysisRun) -> Facts:
    """Join who said what with where it is."""
    ground, places = load_ground(session, run), load_places(session, run)
    of_theme: dict[int, list[int]] = defaultdict(list)
    for row, theme in enumerate(places.themes):
        if theme is not None:
            of_theme[theme].append(row)
    for rows in of_theme.values():
        rows.sort(key=lambda row: -ground.margins[row])
    return Facts(
        themes=places.themes,
        authors=ground.authors,
        regions=ground.regions,
        actors=[None if code == ActorType.UNKNOWN else code for code in ground.actors],
        languages=[None if code in _NO_LANGUAGE else code for code in ground.languages],
        stances=ground.stances,
        passages=ground.passages,
        of_theme=of_theme,
    )


def closed_questions(session: Session, consultation_id: int) -> list[Question]:
    """Return the closed questions whose answers make groups, those asked first at the front."""
    rows = session.scalars(
        select(Question)
        .where(
            Question.kind == QuestionKind.SINGLE_CHOICE,
            Question.id.in_(
                select(Answer.question_id)
                .join(Submission, Answer.submission_id == Submission.id)
                .where(Submission.consultation_id == consultation_id)
            ),
        )
        .order_by(Question.id)
    )
    return [question for question in rows if len(question.options) <= _MOST_OPTIONS][
        :_MOST_QUESTIONS
    ]


def answered_groups(
    session: Session, run: AnalysisRun, facts: Facts
) -> dict[str, list[str | None]]:
    """Return a dimension for each closed question: the option that each passage's author chose."""
    questions = closed_questions(session, run.consultation_id)
    if not questions:
        return {}
    chosen: dict[int, dict[int, str]] = {question.id: {} for question in questions}
    rows = session.execute(
        select(Answer.question_id, Answer.submission_id, Answer.value)
        .join(Submission, Answer.submission_id == Submission.id)
        .where(Answer.question_id.in_(chosen), Submission.consultation_id == run.consultation_id)
    )
    for question_id, submission_id, value in rows:
        code = value.get("code") if isinstance(value, dict) else value
        if isinstance(code, str):
            chosen[question_id][submission_id] = code
    return {
        f"{QUESTION}{question_id}": [codes.get(author) for author in facts.authors]
        for question_id, codes in chosen.items()
    }
