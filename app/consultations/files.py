"""A consultation as a file: everything it is made of, in one JSON document.

The document's keys are those of the tables; texts are objects by language. Regions may be left out
(all of them), as may documents, calendar, axes and populations. ``examples/`` holds two of them.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.consultations.errors import ConsultationFileError
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
    "axis",
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
        for position, question in enumerate(section.get("questions", []), 1):
            place = f"/sections/{number}/questions/{position}"
            _known_keys(place, question, QUESTION_KEYS)
            _check_question(place, question, seen)
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
    choices = {QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE, QuestionKind.SCALE}
    if question["kind"] in choices and not question.get("options"):
        raise ConsultationFileError(place=place, reason="the options are missing")
    condition = question.get("visible_if") or {}
    if "question" in condition and condition["question"] not in seen:
        raise ConsultationFileError(place=place, reason="visible_if points at no earlier question")


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
