"""What no column of a form can say of a question, as JSON in a column of our own."""

from __future__ import annotations

import json
from typing import Any

from app.consultations.xlsform.form import QuestionSpec

#: What a definition may say.
PARTS = ("key", "is_required", "options", "rules", "visible_if", "validity")
_TYPES: dict[str, tuple[type, ...]] = {
    "key": (str,),
    "is_required": (bool,),
    "options": (list, dict),
    "rules": (dict,),
    "visible_if": (dict, type(None)),
    "validity": (dict, type(None)),
    "minutes": (int,),
}


def read_definition(text: str) -> dict[str, Any]:
    """Read a definition; what is none says nothing."""
    if not text:
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        name: value
        for name, value in found.items()
        if name in _TYPES and isinstance(value, _TYPES[name])
    }


def apply_definition(question: QuestionSpec, found: dict[str, Any]) -> None:
    """Put what a definition says in the place of what the columns say."""
    for name in PARTS:
        if name in found:
            setattr(question, name, found[name])


def write_definition(said: dict[str, Any]) -> str:
    """Write a definition."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True)
