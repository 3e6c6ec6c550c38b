"""Answers to closed questions, counted: nothing small is shown, nor given back by a subtraction.

For each question, or line of a scale or matrix, options that fewer than five people gave are put
together. A region is told only if each of its counts is zero or at least five; the others are left
out together, with more of them until what is left of the whole country is as large.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation, Question, QuestionKind
from app.reports.figures import SMALLEST_GROUP, suppressed
from app.reports.publishing.delimited import Row
from app.reports.publishing.tables import WITHHELD, code
from app.submissions.models import Answer, Submission

#: Kinds whose answers are codes that can be counted.
COUNTED = (
    QuestionKind.SINGLE_CHOICE,
    QuestionKind.MULTIPLE_CHOICE,
    QuestionKind.SCALE,
    QuestionKind.MATRIX,
    QuestionKind.RANKING,
)
ALL = "all"

#: How many gave each option, by region.
Counts = dict[str, Counter[str]]


def questions_of(consultation: Consultation) -> list[Question]:
    """Return the questions that were asked, those of the newest version first."""
    found: dict[str, Question] = {}
    for version in sorted(consultation.questionnaires, key=lambda one: -one.version):
        if version.is_published:
            for question in version.questions:
                found.setdefault(question.key, question)
    return list(found.values())


def question_rows(consultation: Consultation) -> list[Row]:
    """Return the rows of the table of questions."""
    return [
        {
            "question": question.key,
            "kind": question.kind,
            "label_fr": question.label.get("fr", ""),
            "label_ar": question.label.get("ar", ""),
        }
        for question in questions_of(consultation)
        if question.kind != QuestionKind.NOTE
    ]


def answer_rows(session: Session, consultation: Consultation) -> list[Row]:
    """Return the rows of the table of answers."""
    asked = {q.key: q for q in questions_of(consultation) if q.kind in COUNTED}
    given = _given(session, consultation, set(asked))
    return [
        row
        for key, question in asked.items()
        for item, is_several, counts, of in _tallies(question, given[key])
        for row in _rows(question, item, counts, of, is_several=is_several)
    ]


def _given(
    session: Session, consultation: Consultation, keys: set[str]
) -> dict[str, list[tuple[str, Any]]]:
    """Return the region and the value of each answer, by the question's key."""
    found: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    rows = session.execute(
        select(Question.key, Submission.region_code, Answer.value)
        .join(Question, Question.id == Answer.question_id)
        .join(Submission, Submission.id == Answer.submission_id)
        .where(
            Submission.consultation_id == consultation.id,
            Submission.is_standing,
            Question.kind.in_(COUNTED),
            Answer.value.is_not(None),
        )
    )
    for key, region, value in rows:
        if key in keys:
            found[key].append((region or "", value))
    return found


def _tallies(
    question: Question, given: list[tuple[str, Any]]
) -> Iterator[tuple[str, bool, Counts, Counter[str]]]:
    """Yield each line's counts by region, with how many answered it there."""
    lines: dict[str, Counts] = defaultdict(lambda: defaultdict(Counter))
    of: dict[str, Counter[str]] = defaultdict(Counter)
    for region, value in given:
        for item, options in _chosen(question.kind, value):
            lines[item][region].update(set(options))
            of[item][region] += 1
    for item in sorted(lines):
        yield item, question.kind == QuestionKind.MULTIPLE_CHOICE, lines[item], of[item]


def _chosen(kind: str, value: Any) -> Iterator[tuple[str, list[str]]]:
    """Yield the options chosen, by line."""
    if kind in {QuestionKind.SCALE, QuestionKind.MATRIX}:
        if isinstance(value, dict):
            yield from ((str(item), [str(option)]) for item, option in value.items())
        return
    several = value if isinstance(value, list) else [value]
    codes = [_code(one) for one in several]
    yield "", codes[:1] if kind == QuestionKind.RANKING else codes


def _code(value: Any) -> str:
    """Return an option's code; of one said in own words, the code alone."""
    return str(value.get("code", "")) if isinstance(value, dict) else str(value)


def _rows(
    question: Question, item: str, counts: Counts, of: Counter[str], *, is_several: bool
) -> Iterator[Row]:
    """Yield the rows of a line: of several options each is told alone, of one all together."""
    labels = _labels(question)
    options = sorted({option for region in counts.values() for option in region})
    for group in [[option] for option in options] if is_several else [options]:
        part = {region: Counter({o: found[o] for o in group}) for region, found in counts.items()}
        for option, region, count in safe(part, of):
            if option is not None:
                fr, ar = labels.get(option, ("", ""))
                yield {
                    "question": question.key,
                    "item": item,
                    "option": option,
                    "label_fr": fr,
                    "label_ar": ar,
                    "region": region,
                    "count": str(count),
                }


def safe(counts: Counts, of: Counter[str]) -> Iterator[tuple[str | None, str, int]]:
    """Yield ``(option, region, count)`` as far as they may be told; None is none of the options.

    :param of: how many answered in each region.
    """
    cells: dict[str, Counter[str | None]] = {}
    for region, found in counts.items():
        rest = of[region] - sum(found.values())
        cells[region] = Counter(found) + Counter({None: rest})
    whole: Counter[str | None] = sum(cells.values(), Counter())
    hidden = suppressed({f"{option}" if option else "": n for option, n in whole.items()})
    merged = {region: _merged(found, hidden) for region, found in cells.items()}
    total: Counter[str | None] = sum(merged.values(), Counter())
    if _is_small(total):
        return
    for option, count in _ordered(total):
        yield option, ALL, count
    for region in _told(merged, total):
        for option in (option for option, _n in _ordered(total)):
            yield option, code(region), merged[region][option]


def _merged(found: Counter[str | None], hidden: frozenset[str]) -> Counter[str | None]:
    """Put the options that are hidden together."""
    merged: Counter[str | None] = Counter()
    for option, count in found.items():
        merged[WITHHELD if (option or "") in hidden else option] += count
    return merged


def _ordered(counts: Counter[str | None]) -> list[tuple[str | None, int]]:
    """Return counts in the order of their codes."""
    return sorted(counts.items(), key=lambda item: item[0] or "")


def _is_small(counts: Counter[str | None]) -> bool:
    """Tell whether somebody could be recognised by one of the counts."""
    return any(0 < n < SMALLEST_GROUP for n in counts.values())


def _told(cells: dict[str, Counter[str | None]], total: Counter[str | None]) -> list[str]:
    """Return the regions that may be told."""
    told = sorted(region for region, found in cells.items() if not _is_small(found))
    while told:
        left = total - sum((cells[region] for region in told), Counter())
        if not _is_small(left):
            break
        told.remove(min(told, key=lambda region: (cells[region].total(), region)))
    return told


def _labels(question: Question) -> dict[str, tuple[str, str]]:
    """Return the labels of a question's options, French and Arabic."""
    options = question.options
    listed: Iterable[Any] = (
        options.get("columns", []) if isinstance(options, dict) else options or []
    )
    return {
        str(one["code"]): (one["label"].get("fr", ""), one["label"].get("ar", ""))
        for one in listed
        if isinstance(one, dict) and "label" in one
    }
