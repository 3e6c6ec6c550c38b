"""Quotations: exact words, varied in language and place, without anyone's number or address."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.reports.privacy import has_personal_data
from app.submissions.models import Submission
from app.themes.models import AnalysisRun
from app.themes.queries import quotations as proposed

#: Quotations of a theme.
MOST = 6

#: A quotation is read in one breath; what is longer stays among the theme's passages.
LONGEST = 600

#: Words that end a clause, in the two scripts.
_CLAUSE = re.compile(r"[^.!?؟…\n;؛:]+[.!?؟…]*")


def choose(session: Session, run: AnalysisRun) -> tuple[dict[int, list[dict[str, Any]]], int]:
    """Return each theme's quotations, and how many proposals were withheld for personal data."""
    by_theme: dict[int, list[Any]] = defaultdict(list)
    withheld = 0
    for row in session.execute(proposed(run)):
        if has_personal_data(row.words):
            withheld += 1
        elif len(row.words) <= LONGEST:
            by_theme[row.theme_id].append(row)
    signed = _official(session, run)
    return {
        theme: [_quotation(row, signed) for row in varied(rows)] for theme, rows in by_theme.items()
    }, withheld


def _official(session: Session, run: AnalysisRun) -> set[int]:
    """Return the numbers of the submissions that are an organisation's official position."""
    selection = select(Submission.id).where(
        Submission.consultation_id == run.consultation_id, Submission.is_official
    )
    return set(session.scalars(selection))


def varied(rows: Sequence[Any], most: int = MOST) -> list[Any]:
    """Choose among proposals, the best first, a language and a region not yet heard before others.

    No contributor is quoted twice and no words are.
    """
    left = list(rows)
    chosen: list[Any] = []
    heard: Counter[tuple[str, Any]] = Counter()
    while left and len(chosen) < most:
        row = min(left, key=lambda r: _cost(r, heard))
        chosen.append(row)
        heard.update(
            [("language", row.language), ("region", row.region_code), ("who", row.actor_type)]
        )
        left = [r for r in left if r.submission_id != row.submission_id and r.sha256 != row.sha256]
    return chosen


def _cost(row: Any, heard: Counter[tuple[str, Any]]) -> tuple[int, int, int]:
    """Prefer what has been heard less, then the better rank."""
    place = heard["region", row.region_code] + heard["who", row.actor_type]
    return 2 * heard["language", row.language] + place, row.quotation_rank, row.passage_id


def _quotation(row: Any, signed: set[int]) -> dict[str, Any]:
    """Return a quotation with all that is needed to find its words again.

    :param signed: numbers of the submissions that are official positions.
    """
    quotation = {
        "text": row.words,
        "number": Submission(id=row.submission_id).public_number,
        "answer": row.answer_id,
        "start": row.start,
        "end": row.end,
        "sha256": row.sha256,
        "language": row.language,
        "region": row.region_code,
        "actor_type": row.actor_type,
        "pen": None,
    }
    return quotation | ({"official": True} if row.submission_id in signed else {})


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
