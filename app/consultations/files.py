"""A consultation as a file: everything it is made of, in one JSON document.

The document's keys are those of the tables; texts are objects by language. Regions may be left out
(all of them), as may documents, calendar, axes and populations. ``examples/`` holds two of them.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.consultations.conditions import check_condition
from app.consultations.errors import ConditionError, ConsultationFileError
from app.consultations.models import QuestionKind
from app.core.clock import CIVIL_ZONE

#: Names under which a draft keeps who answers.
RESERVED_KEYS = {"actor_type", "organisation"}

#: What every question may say; anything else in the file is refused rather than ignored.
QUESTION_KEYS = {
    "key",
    "kind",
    "label",
    "hint",
    "is_required",
    "options",
    "rules",
    "visible_if",
    "validity",
    "axis",
}
SECTION_KEYS = {"key", "title", "intro", "minutes", "visible_if", "questions"}
RULE_KEYS = {
    "min",
    "max",
    "whole",
    "min_choices",
    "max_choices",
    "min_length",
    "max_length",
    "total",
    "randomise",
    "types",
    "max_size",
}
OPTION_KEYS = {"code", "label", "is_open"}
#: Kinds whose options are a list of options.
LISTS = {
    QuestionKind.SINGLE_CHOICE,
    QuestionKind.MULTIPLE_CHOICE,
    QuestionKind.RANKING,
    QuestionKind.BUDGET,
}
#: What the options of the other kinds hold: lists of options, and texts.
TABLES: dict[str, tuple[set[str], set[str]]] = {
    QuestionKind.SCALE: ({"items"}, {"low", "high"}),
    QuestionKind.MATRIX: ({"items", "columns"}, set()),
}
CONSULTATION_KEYS = {
    "slug",
    "title",
    "summary",
    "purpose",
    "who_may_answer",
    "outcome",
    "opens_on",
    "closes_on",
    "is_fictional",
    "publishes_words",
    "regions",
    "axes",
    "populations",
    "documents",
    "calendar",
    "notice",
    "sections",
}


def read(path: Path) -> dict[str, Any]:
    """Read and check a consultation's file.

    :raises ConsultationFileError: if it is not such a document; the message names the place.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ConsultationFileError(place=path.name, reason=str(error)) from error
    check(document)
    return dict(document)


def check(document: Any) -> None:
    """Check the document's form.

    :raises ConsultationFileError: naming the place that is wrong.
    """
    if not isinstance(document, dict):
        raise ConsultationFileError(place="/", reason="an object is expected")
    _known_keys("/", document, CONSULTATION_KEYS)
    for key in ("slug", "title", "opens_on", "closes_on", "notice", "sections"):
        if not document.get(key):
            raise ConsultationFileError(place=f"/{key}", reason="it is required")
    instant(document["opens_on"])
    if instant(document["closes_on"]) <= instant(document["opens_on"]):
        raise ConsultationFileError(place="/closes_on", reason="it must come after opens_on")
    _check_sections(document["sections"])


def _check_sections(sections: list[dict[str, Any]]) -> None:
    """Check every question: its kind, its key, and that conditions point at earlier questions."""
    seen: set[str] = set()
    for number, section in enumerate(sections, 1):
        place = f"/sections/{number}"
        _known_keys(place, section, SECTION_KEYS)
        _check_condition(f"{place}/visible_if", section.get("visible_if"), seen)
        for position, question in enumerate(section.get("questions", []), 1):
            where = f"{place}/questions/{position}"
            _known_keys(where, question, QUESTION_KEYS)
            _check_question(where, question, seen)
            seen.add(question["key"])


def _check_question(place: str, question: dict[str, Any], seen: set[str]) -> None:
    """Check one question."""
    if question.get("kind") not in set(QuestionKind):
        raise ConsultationFileError(place=place, reason=f"unknown kind {question.get('kind')!r}")
    key = question.get("key")
    if not key or key in seen or key in RESERVED_KEYS:
        raise ConsultationFileError(place=place, reason="the key is missing, taken or stands twice")
    if not question.get("label"):
        raise ConsultationFileError(place=place, reason="the label is missing")
    _known_keys(f"{place}/rules", question.get("rules", {}), RULE_KEYS)
    _check_options(f"{place}/options", question)
    _check_condition(f"{place}/visible_if", question.get("visible_if"), seen)
    _check_validity(f"{place}/validity", question, seen)


def _check_options(place: str, question: dict[str, Any]) -> None:
    """Check the options, the items and the columns."""
    kind, options = question["kind"], question.get("options")
    if kind in LISTS:
        _check_list(place, options)
    elif kind in TABLES:
        lists, texts = TABLES[kind]
        if not isinstance(options, dict):
            raise ConsultationFileError(place=place, reason="the options are missing")
        _known_keys(place, options, lists | texts)
        for name in sorted(lists):
            _check_list(f"{place}/{name}", options.get(name))
    elif options:
        raise ConsultationFileError(place=place, reason=f"a question of kind {kind} has no options")


def _check_list(place: str, options: Any) -> None:
    """Check a list of options: each has a code of its own and a label."""
    if not isinstance(options, list) or not options:
        raise ConsultationFileError(place=place, reason="the options are missing")
    seen: set[str] = set()
    for number, option in enumerate(options, 1):
        where = f"{place}/{number}"
        if not isinstance(option, dict):
            raise ConsultationFileError(place=where, reason="an object is expected")
        _known_keys(where, option, OPTION_KEYS)
        code = option.get("code")
        if not isinstance(code, str) or not code or code in seen or not option.get("label"):
            raise ConsultationFileError(
                place=where, reason="the code is missing or stands twice, or the label is missing"
            )
        seen.add(code)


def _check_validity(place: str, question: dict[str, Any], seen: set[str]) -> None:
    """Check what an answer must satisfy; the question itself may be pointed at."""
    validity = question.get("validity")
    if validity is None:
        return
    if not isinstance(validity, dict) or not validity.get("when"):
        raise ConsultationFileError(place=place, reason="the condition (when) is missing")
    _known_keys(place, validity, {"when", "message"})
    _check_condition(f"{place}/when", validity["when"], seen | {question["key"]})


def _check_condition(place: str, condition: Any, seen: set[str]) -> None:
    """Check a condition, if there is one."""
    if condition is None:
        return
    try:
        check_condition(condition, seen)
    except ConditionError as error:
        raise ConsultationFileError(place=place, reason=error.text()) from error


def _known_keys(place: str, found: dict[str, Any], known: set[str]) -> None:
    """Refuse keys that mean nothing here."""
    strange = sorted(set(found) - known)
    if strange:
        raise ConsultationFileError(place=place, reason=f"unknown: {', '.join(strange)}")


def instant(day: str) -> datetime:
    """Return the first instant of a civil day of Rabat.

    :raises ConsultationFileError: if ``day`` is not ``YYYY-MM-DD``.
    """
    try:
        return datetime.combine(date.fromisoformat(day), datetime.min.time(), CIVIL_ZONE)
    except (TypeError, ValueError) as error:
        raise ConsultationFileError(
            place=str(day), reason="a date like 2022-02-18 is expected"
        ) from error
