"""Looking a version over before it is published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.consultations import conditions
from app.consultations.building.errors import BadKeyError
from app.consultations.building.findings import Finding
from app.consultations.building.operations import check_key
from app.consultations.models import Question, QuestionKind, Questionnaire, Section
from app.core.errors import DomainError

#: Kinds whose options are one list.
LISTED = frozenset(
    {
        QuestionKind.SINGLE_CHOICE,
        QuestionKind.MULTIPLE_CHOICE,
        QuestionKind.RANKING,
        QuestionKind.BUDGET,
    }
)
#: Kinds answered line by line.
LINED = frozenset({QuestionKind.SCALE, QuestionKind.MATRIX})
_LANGUAGES = ("fr", "ar")


def check(questionnaire: Questionnaire) -> list[Finding]:
    """Return what is to be mended and what is to be known, in the order of the questionnaire."""
    found: list[Finding] = []
    if not questionnaire.questions:
        found.append(Finding("nothing_asked", is_error=True))
    later = {question.key: question for question in questionnaire.questions}
    earlier: dict[str, Question] = {}
    for section in questionnaire.sections:
        found += _section(section, earlier, later)
        for question in section.questions:
            found += [
                replace(finding, section=section, question=question)
                for finding in _question(question, earlier, later)
            ]
            earlier[question.key] = question
    return found


def _section(
    section: Section, earlier: Mapping[str, Question], later: Mapping[str, Question]
) -> Iterator[Finding]:
    """Look at a section by itself."""
    findings = []
    if not any(section.title.values()):
        findings.append(Finding("no_title", is_error=True))
    else:
        findings += _languages(section.title, "title")
    findings += _languages(section.intro, "intro")
    if not section.questions and section.position > 1:
        findings.append(Finding("empty_section", is_error=False))
    findings += _condition(section.visible_if, earlier, later)
    for finding in findings:
        yield replace(finding, section=section)


def _question(
    question: Question, earlier: Mapping[str, Question], later: Mapping[str, Question]
) -> Iterator[Finding]:
    """Look at a question."""
    try:
        check_key(question.key)
    except BadKeyError:
        yield Finding("bad_key", is_error=True, values={"key": question.key})
    if not any(question.label.values()):
        yield Finding("no_label", is_error=True)
    else:
        yield from _languages(question.label, "label")
    yield from _languages(question.hint, "hint")
    yield from _options(question)
    yield from _limits(question)
    yield from _condition(question.visible_if, earlier, later)
    yield from _validity(question, earlier, later)


def _languages(texts: Mapping[str, str], what: str) -> Iterator[Finding]:
    """Remark that a text is said in one of the two languages only."""
    if any(texts.values()):
        for lang in _LANGUAGES:
            if not texts.get(lang):
                yield Finding(f"missing_{lang}", is_error=False, values={"what": what})


def _options(question: Question) -> Iterator[Finding]:
    """Look at what is offered."""
    if question.kind in LISTED:
        yield from _list(question.options, "no_options")
    elif question.kind in LINED:
        options = question.options if isinstance(question.options, Mapping) else {}
        yield from _list(options.get("items", []), "no_items")
        if question.kind == QuestionKind.MATRIX:
            yield from _list(options.get("columns", []), "no_columns")
        else:
            for end in ("low", "high"):
                yield from _languages(options.get(end) or {}, end)


def _list(options: Any, when_empty: str) -> Iterator[Finding]:
    """Look at a list of options."""
    if not options:
        yield Finding(when_empty, is_error=True)
    seen: set[str] = set()
    for option in options or []:
        code = str(option.get("code") or "")
        if not code:
            yield Finding("no_code", is_error=True)
        elif code in seen:
            yield Finding("same_code", is_error=True, values={"code": code})
        seen.add(code)
        label = option.get("label") or {}
        if not any(label.values()):
            yield Finding("no_option_label", is_error=True, values={"code": code})
        else:
            for finding in _languages(label, "option"):
                yield replace(finding, values={"what": f"{code}"})


def _limits(question: Question) -> Iterator[Finding]:
    """Look at lower and upper limits."""
    rules = question.rules or {}
    for low, high in (
        ("min", "max"),
        ("min_choices", "max_choices"),
        ("min_length", "max_length"),
    ):
        if rules.get(low) is not None and rules.get(high) is not None and rules[low] > rules[high]:
            yield Finding("limits_crossed", is_error=True)
    if question.kind in LISTED and (rules.get("min_choices") or 0) > len(question.options or []):
        yield Finding("too_few_options", is_error=True)


def _validity(
    question: Question, earlier: Mapping[str, Question], later: Mapping[str, Question]
) -> Iterator[Finding]:
    """Look at what an answer must satisfy; the question's own answer may be spoken of."""
    validity = question.validity
    if not validity:
        return
    yield from _condition(validity.get("when"), {**earlier, question.key: question}, later)
    message = validity.get("message") or {}
    if not any(message.values()):
        yield Finding("no_message", is_error=False)
    else:
        yield from _languages(message, "message")


def _condition(
    condition: Any, earlier: Mapping[str, Question], later: Mapping[str, Question]
) -> Iterator[Finding]:
    """Look at a condition: its form, the questions it points at, and the codes it waits for."""
    if not condition:
        return
    try:
        conditions.check_condition(condition, set(later) | set(earlier))
    except DomainError as error:
        missing = _missing(condition, set(later) | set(earlier))
        for key in missing:
            yield Finding("unknown_question", is_error=True, values={"key": key})
        if not missing:
            yield Finding("bad_condition", is_error=True, values={"reason": error.text()})
        return
    for key in sorted(conditions.questions_in(condition) - set(earlier)):
        yield Finding("later_question", is_error=True, values={"key": key})
    for part in conditions.parts_of(condition):
        if "is" in part and part["question"] in earlier:
            yield from _codes(part, earlier[part["question"]])


def _missing(condition: Any, known: set[str]) -> list[str]:
    """Return the keys that no question has."""
    try:
        return sorted(conditions.questions_in(condition) - known)
    except (AttributeError, KeyError, TypeError):
        return []


def _codes(part: Mapping[str, Any], question: Question) -> Iterator[Finding]:
    """Look at whether the codes waited for can be answered at all."""
    if question.kind in {QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE}:
        offered = {str(option["code"]) for option in question.options}
    elif question.kind == QuestionKind.MATRIX:
        offered = {str(option["code"]) for option in question.options["columns"]}
    else:
        return
    for code in part["is"]:
        if str(code) not in offered:
            values = {"code": str(code), "key": question.key}
            yield Finding("unknown_code", is_error=False, values=values)
