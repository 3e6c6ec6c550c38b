"""What a section or a question says, apart from where it stands: to copy, compare and stamp it."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from app.consultations.models import Question, Section

#: Columns that make a question what it is.
QUESTION_PARTS = (
    "key",
    "kind",
    "label",
    "hint",
    "is_required",
    "options",
    "rules",
    "visible_if",
    "validity",
    "axis_id",
)
#: Columns that make a section what it is.
SECTION_PARTS = ("title", "intro", "minutes", "key", "visible_if")


def content_of(thing: Question | Section) -> dict[str, Any]:
    """Return what a section or a question says."""
    parts = QUESTION_PARTS if isinstance(thing, Question) else SECTION_PARTS
    return {name: getattr(thing, name) for name in parts}


def digest(value: Any) -> str:
    """Return a short print of a value: equal values have equal ones."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(text.encode()).hexdigest()[:16]


def stamp(thing: Question | Section) -> str:
    """Return the print of what is kept now; a form that was shown another one is out of date."""
    return digest(content_of(thing))
