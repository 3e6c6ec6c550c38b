"""Condition trees written as expressions of form files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.consultations.models import QuestionKind
from app.consultations.xlsform.expressions import TICKED, ExpressionError
from app.consultations.xlsform.trees import Tree, simplify


def write(
    tree: Mapping[str, Any] | None,
    find: Callable[[str, str | None], tuple[str, str]],
    own: str = "",
) -> str:
    """Write a condition as an expression; an empty one is an empty text.

    :param find: returns the name in the form and the kind of a question's key (and line).
    :param own: key of the question that ``.`` stands for.
    :raises ExpressionError: if there is no way of writing it.
    """
    simple = simplify(tree)
    return _Writer(find, own).condition(simple, "or") if simple else ""


class _Writer:
    """Writes one expression."""

    def __init__(self, find: Callable[[str, str | None], tuple[str, str]], own: str) -> None:
        self.find, self.own = find, own

    def condition(self, tree: Tree, inside: str) -> str:
        """Write a condition that stands inside ``and`` or ``or``."""
        if "all" in tree:
            return " and ".join(self.condition(part, "and") for part in tree["all"])
        if "any" in tree:
            text = " or ".join(self.condition(part, "or") for part in tree["any"])
            return f"({text})" if inside == "and" else text
        if "not" in tree:
            return f"not({self.condition(tree['not'], 'or')})"
        if "actor_type" in tree:
            return self._choices("${actor_type}", tree["actor_type"], inside)
        return self._test(tree, inside)

    def _test(self, tree: Tree, inside: str) -> str:
        """Write a test of an answer."""
        answer, kind = self._answer(tree["question"], tree.get("item"))
        if "is" in tree:
            if kind == QuestionKind.CONSENT:
                return f"{answer} = '{TICKED}'"
            return self._choices(answer, tree["is"], inside)
        for name, function in (("count", "count-selected"), ("length", "string-length")):
            if name in tree:
                return f"{function}({answer}) {tree[name]} {self._value(tree['value'], kind)}"
        return self._relation(answer, kind, tree["op"], tree.get("value"))

    def _relation(self, answer: str, kind: str, op: str, value: Any) -> str:
        """Write how an answer stands to a value."""
        if op in {"answered", "empty"}:
            return f"{answer} {'!=' if op == 'answered' else '='} ''"
        if op == "matches":
            return f"regex({answer}, {_quoted(str(value))})"
        written = f"{answer} {op} {self._value(value, kind)}"
        return f"{answer} != '' and {written}" if op == "!=" else written

    def _answer(self, key: str, item: str | None) -> tuple[str, str]:
        """Return how an answer is called, and its kind."""
        name, kind = self.find(key, item)
        return ("." if key == self.own and item is None else f"${{{name}}}"), kind

    def _choices(self, answer: str, codes: list[Any], inside: str) -> str:
        """Write that one of some codes is chosen."""
        text = " or ".join(f"selected({answer}, {_quoted(str(code))})" for code in codes)
        return f"({text})" if inside == "and" and len(codes) > 1 else text

    def _value(self, value: Any, kind: str) -> str:
        """Write a value, or the name of another question."""
        if isinstance(value, Mapping):
            return self._answer(value["question"], None)[0]
        if isinstance(value, (int, float)):
            return _written(value)
        if kind == QuestionKind.DATE:
            return f"date({_quoted(str(value))})"
        return _quoted(str(value))


def _written(number: float) -> str:
    """Write a number without an exponent."""
    text = format(number, ".15f").rstrip("0").rstrip(".") if isinstance(number, float) else ""
    return text or str(number)


def _quoted(text: str) -> str:
    """Put a text in quotes that it does not contain."""
    for sign in ("'", '"'):
        if sign not in text:
            return f"{sign}{text}{sign}"
    raise ExpressionError(text)
