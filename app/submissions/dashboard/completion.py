"""How far people get with the questionnaire, section by section, and where they stop."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.consultations.models import Questionnaire, Section
from app.submissions.models import Attempt


@dataclass(frozen=True)
class Passed:
    """What became of those who opened a section.

    :ivar n_reached: opened it or a later one.
    :ivar n_stopped: opened none after it, and did not send.
    """

    section: Section
    n_reached: int
    n_stopped: int


@dataclass(frozen=True)
class Completion:
    """The way of all who began to answer the version that is answered now.

    :ivar n_checked: reached the check of the whole.
    :ivar languages: by language of the pages, how many began and how many sent.
    """

    n_begun: int
    n_checked: int
    n_sent: int
    sections: list[Passed]
    languages: list[tuple[str, int, int]]

    @property
    def share(self) -> float:
        """Share of those who began that sent their answers, in [0, 1]."""
        return self.n_sent / self.n_begun if self.n_begun else 0.0


def load_completion(session: Session, questionnaire: Questionnaire) -> Completion:
    """Count the attempts at a version of the questionnaire."""
    columns = (Attempt.lang, Attempt.furthest_position, Attempt.has_checked, Attempt.is_sent)
    rows = session.execute(
        select(*columns, func.count(Attempt.id))
        .where(Attempt.questionnaire_id == questionnaire.id)
        .group_by(*columns)
    )
    begun, sent = Counter[str](), Counter[str]()
    reached, stopped = Counter[int](), Counter[int]()
    n_checked = 0
    for lang, furthest, has_checked, is_sent, count in rows:
        begun[lang] += count
        n_checked += count if has_checked or is_sent else 0
        if is_sent:
            sent[lang] += count
        elif not has_checked:
            stopped[furthest] += count
        for section in questionnaire.sections:
            if has_checked or is_sent or section.position <= furthest:
                reached[section.position] += count
    return Completion(
        n_begun=sum(begun.values()),
        n_checked=n_checked,
        n_sent=sum(sent.values()),
        sections=[
            Passed(section, reached[section.position], stopped[section.position])
            for section in questionnaire.sections
        ],
        languages=[(lang, count, sent[lang]) for lang, count in begun.most_common()],
    )
