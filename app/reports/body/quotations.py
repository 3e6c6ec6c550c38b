"""Quotations: exact words, varied in language and place, personal data masked.

Under a quotation stand the region and the actor type that rows of the open data show of its author
(:func:`app.reports.claims.disclosure.shown`), and nothing where somebody could be recognised by it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Question
from app.reports.claims.loading import number_of
from app.reports.privacy import has_personal_data
from app.submissions.masking import Masks, masks_of
from app.submissions.models import Answer, Submission
from app.themes.models import AnalysisRun, Passage, PassageState
from app.themes.queries import passages_with_words

#: Quotations of a theme, of a region, of a minority position.
MOST, MOST_OF_REGION, MOST_OF_MINORITY = 6, 4, 2

#: A quotation of a region or of a few says something by itself.
SHORTEST = 40

#: Candidates looked at for each quotation of a region or of a few, the most typical first.
_TRIES = 12

#: A quotation is read in one breath; what is longer stays among the theme's passages.
LONGEST = 600

#: Words that end a clause, in the two scripts.
_CLAUSE = re.compile(r"[^.!?؟…\n;؛:]+[.!?؟…]*")


@dataclass(frozen=True)
class Candidate:
    """A passage that may be quoted.

    :ivar row: the passage, as :func:`app.themes.queries.quotations` gives it.
    :ivar text: its words as they may be shown.
    """

    row: Any
    text: str

    @property
    def is_masked(self) -> bool:
        """Tell whether personal data is masked in it."""
        return bool(self.text != self.row.words)


class Quoting:
    """The passages of a run that may be quoted, and the words that are chosen among them.

    :ivar withheld: proposals for themes that were left out: something in them still looks like a
        number or an address after masking.
    """

    def __init__(self, session: Session, run: AnalysisRun, people: Mapping[str, Any]) -> None:
        self._session, self._run, self._people = session, run, people
        self.withheld = 0
        facts, rows = passages_with_words(run)
        selection = (
            rows.join(Passage, Passage.id == facts.c.passage_id)
            .join(Question, Question.id == Answer.question_id)
            .add_columns(Passage.nature, Passage.stance, Question.key)
            .where(facts.c.state == PassageState.IN_THEME, facts.c.may_be_shown)
            .order_by(facts.c.theme_id, facts.c.passage_id)
        )
        # What people chose comes first, then what is typical, then the rest.
        self._rows = sorted(session.execute(selection).all(), key=_typical)

    @cached_property
    def _masks(self) -> Masks:
        """The masks of all their answers."""
        return masks_of(self._session, {row.answer_id for row in self._rows})

    @cached_property
    def _signed(self) -> set[int]:
        """The numbers of the submissions that are an organisation's official position."""
        selection = select(Submission.id).where(
            Submission.consultation_id == self._run.consultation_id, Submission.is_official
        )
        return set(self._session.scalars(selection))

    def themes(self) -> dict[int, list[dict[str, Any]]]:
        """Return each theme's quotations, among those that the run and people proposed."""
        by_theme: dict[int, list[Candidate]] = defaultdict(list)
        for row in self._rows:
            if row.quotation_rank is None and not row.is_pinned:
                continue
            candidate = self._candidate(row)
            if has_personal_data(candidate.text):
                self.withheld += 1
            elif len(row.words) <= LONGEST:
                by_theme[row.theme_id].append(candidate)
        return {
            theme: [self._quotation(one) for one in varied(found)]
            for theme, found in by_theme.items()
        }

    def some(self, wanted: Callable[[Any], bool], most: int) -> list[dict[str, Any]]:
        """Return varied quotations among the passages wanted, the most typical of each theme."""
        found: list[Candidate] = []
        taken: Counter[int] = Counter()
        for row in self._rows:
            if not wanted(row) or not SHORTEST <= len(row.words) <= LONGEST:
                continue
            if len(found) == most * _TRIES:
                break
            if taken[row.theme_id] < _TRIES // 2:
                candidate = self._candidate(row)
                if not has_personal_data(candidate.text):
                    taken[row.theme_id] += 1
                    found.append(candidate)
        return [self._quotation(one) for one in varied(found, most)]

    def in_region(self, code: str) -> list[dict[str, Any]]:
        """Return quotations of a region."""
        return self.some(lambda row: row.region_code == code, MOST_OF_REGION)

    def of_few(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        """Return quotations of a minority position."""
        column = {"region": "region_code", "actor_type": "actor_type"}.get(row["dimension"])

        def says(passage: Any) -> bool:
            """Tell whether a passage says it, and its author may be named as one of the group."""
            if passage.theme_id != row["theme"]:
                return False
            if column is None:
                return bool(passage.stance == row["stance"])
            place = ("region", "actor_type").index(row["dimension"])
            return bool(self._shown(passage)[place] == row["code"])

        return self.some(says, MOST_OF_MINORITY)

    def _shown(self, row: Any) -> tuple[str | None, str | None]:
        """Return the region and the actor type that may be shown of a passage's author."""
        found: tuple[str | None, str | None] = self._people[number_of(row.submission_id)].shown
        return found

    def _candidate(self, row: Any) -> Candidate:
        """Return a passage with its words as they may be shown."""
        return Candidate(row, self._masks.words(row.answer_id, row.words, row.start))

    def _quotation(self, one: Candidate) -> dict[str, Any]:
        """Return a quotation with all that is needed to find its words again.

        The hash is that of the words as they are shown: with the hash of a sentence of which all
        but a telephone number can be read, the number could be found by trying.
        """
        row = one.row
        region, actor_type = self._shown(row)
        quotation = {
            "text": one.text,
            "number": number_of(row.submission_id),
            "answer": row.answer_id,
            "question": row.key,
            "start": row.start,
            "end": row.end,
            "sha256": shown_hash(one.text) if one.is_masked else row.sha256,
            "is_masked": one.is_masked,
            "language": row.language,
            "region": region or "",
            "actor_type": actor_type or "",
            "theme": row.theme_id,
            "nature": row.nature,
            "stance": row.stance,
            "pen": None,
        }
        return quotation | ({"official": True} if row.submission_id in self._signed else {})


def _typical(row: Any) -> tuple[bool, bool, int, int]:
    """Order passages: people's examples, the run's proposals by their rank, the rest."""
    rank = row.quotation_rank
    return not row.is_pinned, rank is None, rank or 0, row.passage_id


def varied(candidates: Sequence[Candidate], most: int = MOST) -> list[Candidate]:
    """Choose among proposals, the best first, a language and a region not yet heard before others.

    No contributor is quoted twice and no words are; examples that people chose come first, words
    with a mask last.
    """
    left = list(candidates)
    chosen: list[Candidate] = []
    heard: Counter[tuple[str, Any]] = Counter()
    while left and len(chosen) < most:
        one = min(left, key=lambda candidate: _cost(candidate, heard))
        chosen.append(one)
        row = one.row
        heard.update(
            [
                ("language", row.language),
                ("region", row.region_code),
                ("who", row.actor_type),
                ("theme", row.theme_id),
            ]
        )
        left = [
            other
            for other in left
            if other.row.submission_id != row.submission_id and other.row.sha256 != row.sha256
        ]
    return chosen


def _cost(
    candidate: Candidate, heard: Counter[tuple[str, Any]]
) -> tuple[bool, bool, int, int, int]:
    """Prefer people's examples, words without a mask, what has been heard less, then the rank."""
    row = candidate.row
    place = heard["region", row.region_code] + heard["who", row.actor_type]
    place += 3 * heard["theme", row.theme_id]
    told = 2 * heard["language", row.language] + place
    return not row.is_pinned, candidate.is_masked, told, row.quotation_rank or 0, row.passage_id


def shown_hash(text: str) -> str:
    """Return the hash that a quotation carries: SHA-256 of its words, hexadecimal."""
    return sha256(text.encode()).hexdigest()


def mark(quotations: Iterable[dict[str, Any]], keywords: Iterable[str]) -> None:
    """Put the pen under the clause of each quotation that holds most of the theme's words."""
    words = [_folded(keyword) for keyword in keywords]
    for quotation in quotations:
        quotation["pen"] = pen(quotation["text"], words)


def pen(text: str, words: Sequence[str]) -> list[int] | None:
    """Return the stretch of ``text`` to mark, or None when none of its clauses stands out.

    :param words: the theme's words, folded.
    """
    best, most = None, 0
    for match in _CLAUSE.finditer(text):
        clause = match.group().strip()
        folded = _folded(clause)
        hits = sum(word in folded for word in words)
        if hits > most:
            start = match.start() + match.group().index(clause)
            best, most = [start, start + len(clause)], hits
    return best


def _folded(text: str) -> str:
    """Fold case, accents and Arabic vowel signs, for comparison only."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in letters if not unicodedata.combining(c)).translate(_ALIKE)


_ALIKE = str.maketrans("أإآٱىة", "اااايه", "ـ")
