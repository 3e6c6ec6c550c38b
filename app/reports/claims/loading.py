"""The dataset of a report, from the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation, Question
from app.reports.claims.dataset import Dataset, Person, Said
from app.reports.claims.disclosure import shown
from app.reports.privacy import has_personal_data
from app.reports.queries import contributors_of
from app.submissions.masking import masks_of
from app.submissions.models import Answer, Submission
from app.themes.models import AnalysisRun, Passage, Theme
from app.themes.queries import placed


@lru_cache(maxsize=65536)
def number_of(submission_id: int) -> str:
    """Return the number by which a submission is cited."""
    return Submission(id=submission_id).public_number


def load_dataset(
    session: Session,
    consultation: Consultation,
    run: AnalysisRun,
    *,
    told: Mapping[str, Any] | None = None,
) -> Dataset:
    """Read all that the claims of a report are asked of.

    :param told: what rows do not tell, by name (:attr:`Dataset.told`).
    """
    facts = placed(run)
    rows = session.execute(
        select(facts, Passage.nature, Passage.stance, Question.key, Answer.text.label("whole"))
        .join(Passage, Passage.id == facts.c.passage_id)
        .join(Answer, Answer.id == facts.c.answer_id)
        .join(Question, Question.id == Answer.question_id)
        .order_by(facts.c.submission_id, facts.c.answer_id, facts.c.start)
    ).all()
    active = set(
        session.scalars(
            select(Theme.id).where(
                Theme.consultation_id == consultation.id, Theme.state == "active"
            )
        )
    )
    places = {
        number_of(row.id): (row.region_code or "", row.actor_type)
        for row in session.execute(contributors_of(consultation.id))
    }
    analysed = {number_of(row.submission_id) for row in rows}
    voices: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        if row.theme_id in active and row.state == "in_theme":
            voices[row.theme_id].add(number_of(row.submission_id))
    visible = shown(places, analysed, voices.values())
    origins = {
        row.passage_id: f"{number_of(row.submission_id)}.{row.key}.{row.start}" for row in rows
    }
    hashes = Hashes(session, rows)
    return Dataset(
        people={
            number: Person(number, region, actor, visible[number])
            for number, (region, actor) in places.items()
        },
        said=[
            Said(
                number=number_of(row.submission_id),
                question=row.key,
                start=row.start,
                end=row.end,
                sha256=hashes.of(row),
                language=row.language,
                state=row.state,
                theme=row.theme_id if row.theme_id in active else None,
                nature=row.nature,
                stance=row.stance,
                copy_of=origins.get(row.copy_of_id, "") if row.state == "copy" else "",
            )
            for row in rows
        ],
        themes=sorted({r.theme_id for r in rows if r.theme_id in active and r.state in _HELD}),
        told=told or {},
    )


_HELD = ("in_theme", "copy")

#: Where words are: number, question, start, end.
Spot = tuple[str, str, int, int]


def altered(session: Session, run: AnalysisRun) -> set[Spot]:
    """Return where the stored words are not those that were analysed any more."""
    facts = placed(run)
    rows = session.execute(
        select(
            facts.c.submission_id,
            Question.key,
            facts.c.start,
            facts.c.end,
            facts.c.sha256,
            Answer.text,
        )
        .join(Answer, Answer.id == facts.c.answer_id)
        .join(Question, Question.id == Answer.question_id)
    )
    return {
        (number_of(row.submission_id), row.key, row.start, row.end)
        for row in rows
        if sha256((row.text or "")[row.start : row.end].encode()).hexdigest() != row.sha256
    }


class Hashes:
    """Hashes of the words of passages as they may be shown, made from what is stored now."""

    def __init__(self, session: Session, rows: Any) -> None:
        self._masks = masks_of(session, {row.answer_id for row in rows})

    def words(self, row: Any) -> str:
        """Return a passage's words as they may be shown, empty where they may not."""
        stored = (row.whole or "")[row.start : row.end]
        if not row.may_be_shown:
            return ""
        words = self._masks.words(row.answer_id, stored, row.start)
        return "" if has_personal_data(words) else words

    def of(self, row: Any) -> str:
        """Return their hash, empty where they are withheld."""
        words = self.words(row)
        return sha256(words.encode()).hexdigest() if words else ""
