"""Words in context: the lines of a query, from passages that the reader may read.

The words are sought first in the folded words of passages, which the database holds without any
personal data, and then exactly in the passages that may hold them, masks applied.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app.core.text import fold
from app.submissions.masking import masks_of
from app.submissions.models import Answer
from app.themes.models import AnalysisRun, Passage
from app.themes.queries import Narrowing, placed

if TYPE_CHECKING:
    from nlp.words_in_context import Line

#: Passages looked into and lines given at most; longest query, in characters; words on a side.
MOST_PASSAGES, MOST_LINES, LONGEST, WIDTH = 5_000, 300, 100, 48
ORDERS = ("text", "right", "left")
#: What an Arabic word may wear in the query and not in the text.
_ARTICLE = re.compile(r"^(?:ال)(?=..)")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Found:
    """What a query found.

    :ivar lines: each with the row of the passage that it stands in.
    :ivar is_cut: there were more passages than are looked into.
    """

    lines: list[tuple[Line, Any]]
    n_found: int
    n_passages: int
    is_cut: bool


def _may_hold(query: str) -> ColumnElement[bool] | None:
    """Return the condition that a passage holds the query's words somewhere; None without any."""
    words = [_ARTICLE.sub("", word) for word in _WORD.findall(fold(query))]
    if not words:
        return None
    return and_(*(Passage.folded.contains(word, autoescape=True) for word in words))


def find_lines(
    session: Session,
    run: AnalysisRun,
    query: str,
    part: Narrowing,
    *,
    theme_id: int | None = None,
    order: str = "text",
) -> Found | None:
    """Return where the query is said; None if it holds no word, or too many."""
    holds = _may_hold(query[:LONGEST])
    if holds is None:
        return None
    facts = placed(run, part)
    words = func.substr(Answer.text, facts.c.start + 1, facts.c.end - facts.c.start)
    rows = (
        select(facts, words.label("words"))
        .join(Passage, Passage.id == facts.c.passage_id)
        .join(Answer, Answer.id == facts.c.answer_id)
        .where(holds)
        .order_by(facts.c.passage_id)
        .limit(MOST_PASSAGES + 1)
    )
    if theme_id is not None:
        rows = rows.where(facts.c.theme_id == theme_id)
    found = list(session.execute(rows))
    is_cut = len(found) > MOST_PASSAGES
    return _lines(session, found[:MOST_PASSAGES], query[:LONGEST], order, is_cut=is_cut)


def _lines(
    session: Session, rows: Sequence[Any], query: str, order: str, *, is_cut: bool
) -> Found | None:
    """Look for the query in the words of the rows, as they may be shown."""
    from nlp.errors import OptionsError
    from nlp.words_in_context import concordance

    masks = masks_of(session, [row.answer_id for row in rows])
    texts = [masks.words(row.answer_id, row.words, row.start) for row in rows]
    try:
        found = concordance(
            texts,
            query,
            width=WIDTH,
            most=MOST_LINES,
            order=order if order in ORDERS else "text",  # type: ignore[arg-type]
        )
    except OptionsError:
        return None
    lines = [(line, rows[line.text]) for line in found.lines]
    return Found(lines, found.n_found, found.n_texts, is_cut)
