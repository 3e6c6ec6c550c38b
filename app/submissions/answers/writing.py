"""Answers in plain words and codes, for whatever counts them or writes them in a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.consultations.models import QuestionKind
from app.core.db import Texts
from app.submissions.answers.kinds import Asked, columns_of, is_choice, items_of


def codes_of(value: Any) -> list[str]:
    """Return the plain codes of a choice or a ranking, without words said beside them."""
    if isinstance(value, Mapping):
        return [str(value["code"])] if value.get("code") else []
    if isinstance(value, (list, tuple)):
        return [code for part in value for code in codes_of(part)]
    return [value] if isinstance(value, str) and value else []


def other_words(value: Any) -> dict[str, str]:
    """Return the words said beside an open option, by its code."""
    parts = value if isinstance(value, (list, tuple)) else [value]
    return {
        str(part["code"]): str(part["other"])
        for part in parts
        if isinstance(part, Mapping) and part.get("code") and part.get("other")
    }


def written_value(question: Asked, value: Any, lang: str = "fr") -> str:
    """Write a validated answer on one line, in a language, as a cell of a table has it.

    Texts are as they were written; a territory is written with its smallest code.
    """
    if value is None:
        return ""
    if is_choice(question) or question.kind == QuestionKind.RANKING:
        words = other_words(value)
        names = _names(items_of(question), lang)
        return "; ".join(
            f"{names.get(code, code)} ({words[code]})" if code in words else names.get(code, code)
            for code in codes_of(value)
        )
    if isinstance(value, Mapping):
        return _written_object(question, value, lang)
    return ("1" if value else "") if isinstance(value, bool) else str(value)


def _written_object(question: Asked, value: Mapping[str, Any], lang: str) -> str:
    """Write an answer that has parts."""
    if question.kind == QuestionKind.TERRITORY:
        levels = ("commune", "province", "region")
        return next((str(value[level]) for level in levels if value.get(level)), "")
    if question.kind in {QuestionKind.ORGANISATION, QuestionKind.FILE}:
        return str(value.get("name") or "")
    names, columns = _names(items_of(question), lang), _names(columns_of(question), lang)
    return "; ".join(
        f"{names.get(code, code)}: {columns.get(str(part), part)}" for code, part in value.items()
    )


def _names(options: list[dict[str, Any]], lang: str) -> dict[str, str]:
    """Return the label of each code."""
    return {
        str(option["code"]): Texts(option["label"]).best(lang)[0] or str(option["code"])
        for option in options
    }
