"""Quotations: exact words, varied in language and place, personal data masked."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.reports.privacy import has_personal_data
from app.submissions.masking import masks_of
from app.submissions.models import Submission
from app.themes.models import AnalysisRun
from app.themes.queries import quotations as proposed

#: Quotations of a theme.
MOST = 6

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


def choose(session: Session, run: AnalysisRun) -> tuple[dict[int, list[dict[str, Any]]], int]:
    """Return each theme's quotations, and how many proposals were withheld.

    Withheld are words in which something still looks like a number or an address after masking;
    those of submissions that moderation hides are not proposed at all.
    """
    rows = session.execute(proposed(run)).all()
    masks = masks_of(session, [row.answer_id for row in rows])
    by_theme: dict[int, list[Candidate]] = defaultdict(list)
    withheld = 0
    for row in rows:
        candidate = Candidate(row, masks.words(row.answer_id, row.words, row.start))
        if has_personal_data(candidate.text):
            withheld += 1
        elif len(row.words) <= LONGEST:
            by_theme[row.theme_id].append(candidate)
    signed = _official(session, run)
    return {
        theme: [_quotation(one, signed) for one in varied(found)]
        for theme, found in by_theme.items()
    }, withheld


def _official(session: Session, run: AnalysisRun) -> set[int]:
    """Return the numbers of the submissions that are an organisation's official position."""
    selection = select(Submission.id).where(
        Submission.consultation_id == run.consultation_id, Submission.is_official
    )
    return set(session.scalars(selection))


def varied(candidates: Sequence[Candidate], most: int = MOST) -> list[Candidate]:
    """Choose among proposals, the best first, a language and a region not yet heard before others.

    No contributor is quoted twice and no words are; words with a mask come last.
    """
    left = list(candidates)
    chosen: list[Candidate] = []
    heard: Counter[tuple[str, Any]] = Counter()
    while left and len(chosen) < most:
        one = min(left, key=lambda candidate: _cost(candidate, heard))
        chosen.append(one)
        row = one.row
        heard.update(
            [("language", row.language), ("region", row.region_code), ("who", row.actor_type)]
        )
        left = [
            other
            for other in left
            if other.row.submission_id != row.submission_id and other.row.sha256 != row.sha256
        ]
    return chosen


def _cost(candidate: Candidate, heard: Counter[tuple[str, Any]]) -> tuple[bool, int, int, int]:
    """Prefer words without a mask, what has been heard less, then the better rank."""
    row = candidate.row
    place = heard["region", row.region_code] + heard["who", row.actor_type]
    told = 2 * heard["language", row.language] + place
    return candidate.is_masked, told, row.quotation_rank, row.passage_id


def _quotation(one: Candidate, signed: set[int]) -> dict[str, Any]:
    """Return a quotation with all that is needed to find its words again.

    The hash is that of the words as they are shown: with the hash of a sentence of which all but a
    telephone number can be read, the number could be found by trying.

    :param signed: numbers of the submissions that are official positions.
    """
    row = one.row
    quotation = {
        "text": one.text,
        "number": Submission(id=row.submission_id).public_number,
        "answer": row.answer_id,
        "start": row.start,
        "end": row.end,
        "sha256": shown_hash(one.text) if one.is_masked else row.sha256,
        "is_masked": one.is_masked,
        "language": row.language,
        "region": row.region_code,
        "actor_type": row.actor_type,
        "pen": None,
    }
    return quotation | ({"official": True} if row.submission_id in signed else {})


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
