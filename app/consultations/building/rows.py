"""Conditions as rows of a form: a question, an operator, a value; and conditions in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.consultations.building.labels import OPERATORS
from app.consultations.models import Question
from app.consultations.models import QuestionKind as Kind
from app.core.db import Texts

Tree = dict[str, Any]

#: Between a question's key and an item's, in the lists of a form.
JOINT = "::"
_ORDERED = {"=", "!=", "<", "<=", ">", ">="}


@dataclass(frozen=True)
class Row:
    """One test of a condition.

    :ivar subject: a question's key, with an item's after two colons; or ``actor_type``.
    """

    subject: str
    operator: str
    value: str = ""


def rows_of(condition: Tree | None) -> tuple[str, list[Row]] | None:
    """Return how rows are joined (``all`` or ``any``) and the rows; None if rows cannot say it."""
    if not condition:
        return "all", []
    for join in ("all", "any"):
        if set(condition) == {join}:
            rows = [_row(part) for part in condition[join]]
            return (join, [row for row in rows if row]) if all(rows) else None
    row = _row(condition)
    return ("all", [row]) if row else None


def _row(test: Tree) -> Row | None:
    """Return a test as a row."""
    if set(test) == {"not"}:
        inner = _row(test["not"])
        return Row(inner.subject, "not", inner.value) if inner and inner.operator == "is" else None
    if set(test) == {"actor_type"}:
        return Row("actor_type", "is", ", ".join(test["actor_type"]))
    tests = set(test) - {"question", "item", "value"}
    if "question" not in test or len(tests) != 1:
        return None
    subject = test["question"] + (f"{JOINT}{test['item']}" if "item" in test else "")
    return _answer_row(subject, test, tests.pop())


def _answer_row(subject: str, test: Tree, name: str) -> Row | None:
    """Return a test of an answer as a row."""
    if name == "is":
        return Row(subject, "is", ", ".join(str(code) for code in test["is"]))
    operator = test[name] if name == "op" else f"{name}{test[name]}"
    value = test.get("value", "")
    if isinstance(value, Mapping):
        value = f"${{{value['question']}}}"
    return Row(subject, operator, str(value)) if operator in OPERATORS else None


def condition_of(join: str, rows: Iterable[Row], kinds: Mapping[str, str]) -> Tree | None:
    """Return the condition that rows state.

    :param kinds: kinds of the questions, by key: a number's value is a number.
    :raises ValueError: with the row whose value is not one.
    """
    tests = [_test(row, kinds) for row in rows if row.subject]
    if not tests:
        return None
    return tests[0] if len(tests) == 1 else {join: tests}


def _test(row: Row, kinds: Mapping[str, str]) -> Tree:
    """Return the test that a row states."""
    key, _sign, item = row.subject.partition(JOINT)
    head: Tree = {"question": key, **({"item": item} if item else {})}
    value = row.value.strip()
    if row.operator in {"is", "not"}:
        codes = [code.strip() for code in value.replace("،", ",").split(",") if code.strip()]
        if not codes:
            raise ValueError(row)
        test = {"actor_type": codes} if key == "actor_type" else {**head, "is": codes}
        return {"not": test} if row.operator == "not" else test
    if row.operator in {"answered", "empty"}:
        return {**head, "op": row.operator}
    for name in ("count", "length"):
        if row.operator.startswith(name):
            return {**head, name: row.operator.removeprefix(name), "value": _number(row, value)}
    return {**head, "op": row.operator, "value": _value(row, value, kinds.get(key, ""))}


def _value(row: Row, value: str, kind: str) -> Any:
    """Return what an answer is compared with: another question, a number, a text."""
    if value.startswith("${") and value.endswith("}"):
        return {"question": value[2:-1].strip()}
    if not value:
        raise ValueError(row)
    if kind in {Kind.NUMBER, Kind.BUDGET, Kind.SCALE} and row.operator in _ORDERED:
        return _number(row, value)
    return value


def _number(row: Row, value: str) -> int | float:
    """Return the number that is written."""
    try:
        number = float(value.replace(",", "."))
    except ValueError as error:
        raise ValueError(row) from error
    if number != number or abs(number) > 1e15:  # noqa: PLR0124  (not a number)
        raise ValueError(row)
    return int(number) if number.is_integer() else number


# --- in words -----------------------------------------------------------------------------------


def in_words(condition: Tree | None, questions: Mapping[str, Question], lang: str) -> str:
    """Return a condition as a sentence's part, in the language of the page."""
    if not condition:
        return ""
    parts = [in_words(part, questions, lang) for part in condition.get("all", ())]
    said = [_(" and ").join(parts)] if parts else []
    if "any" in condition:
        options = [in_words(part, questions, lang) for part in condition["any"]]
        said.append(_("(%(options)s)", options=_(" or ").join(options)))
    if "not" in condition:
        said.append(_("not (%(what)s)", what=in_words(condition["not"], questions, lang)))
    if "actor_type" in condition:
        actors = ", ".join(str(code) for code in condition["actor_type"])
        said.append(_("one answers as %(actors)s", actors=actors))
    if "question" in condition:
        said.append(_test_in_words(condition, questions, lang))
    return str(_(" and ")).join(said)


def _test_in_words(test: Tree, questions: Mapping[str, Question], lang: str) -> str:
    """Return a test of an answer in words."""
    subject = _named(test["question"], questions, lang)
    if "item" in test:
        subject = f"{subject} – {test['item']}"
    if "is" in test:
        chosen = [_option(test, str(code), questions, lang) for code in test["is"]]
        value = _(" or ").join(chosen)
        return str(_("“%(question)s” is “%(value)s”", question=subject, value=value))
    for name in ("count", "length", "op"):
        if name in test:
            operator = test[name] if name == "op" else f"{name}{test[name]}"
            words = str(OPERATORS.get(operator, operator))
            value = test.get("value", "")
            if isinstance(value, Mapping):
                value = _named(value["question"], questions, lang)
            sentence = _(
                "“%(question)s” %(operator)s %(value)s",
                question=subject,
                operator=words,
                value=value,
            )
            return str(sentence).strip()
    return subject


def _named(key: str, questions: Mapping[str, Question], lang: str) -> str:
    """Return a question's wording, short, or its key if there is none of that key."""
    text = questions[key].label.best(lang)[0] if key in questions else key
    return text if len(text) <= 60 else f"{text[:59]}…"


def _option(test: Tree, code: str, questions: Mapping[str, Question], lang: str) -> str:
    """Return the wording of an option."""
    question = questions.get(test["question"])
    options = question.options if question else []
    if isinstance(options, Mapping):
        options = options.get("columns", [])
    for option in options or []:
        if str(option.get("code")) == code:
            return Texts(option.get("label") or {}).best(lang)[0] or code
    return code
