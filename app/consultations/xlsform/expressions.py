"""Expressions of form files (a part of XPath) to condition trees, and back.

What is read: ``${question}``, ``.``, the six comparisons, ``and``, ``or``, ``not()``, ``true()``,
``selected()``, ``count-selected()``, ``string-length()``, ``regex()``, ``date('...')``, numbers,
texts and parentheses. Anything else is refused by :class:`ExpressionError`, which names it; whoever
reads a form then says so and keeps the expression's own words.

An answer that is missing compares as it does in XPath: ``!=`` holds, ``<`` does not. That is why
``${q} != 'a'`` becomes the denial of an equality and not the tree's own ``!=``, which an empty
answer does not fulfil.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from app.consultations.models import QuestionKind
from app.consultations.xlsform.trees import TRUE, Tree, all_of, any_of

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<name>\$\{\s*[^\s{}]+\s*\})
      | (?P<text>"[^"]*"|'[^']*')
      | (?P<number>\d+(?:\.\d+)?|\.\d+)
      | (?P<function>[A-Za-z][\w:.-]*(?=\s*\())
      | (?P<word>[A-Za-z][\w:-]*)
      | (?P<sign><=|>=|!=|[=<>().,+*/|-])
    )""",
    re.VERBOSE,
)
_COMPARISONS = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_CHOICES = {QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE}
#: What a form takes a tick for.
TICKED = "OK"
#: Deepest nesting of parentheses.
_DEPTH = 40
#: Longest expression.
_LENGTH = 4000


class ExpressionError(ValueError):
    """An expression that cannot be understood; its text is the part that is not."""


@dataclass(frozen=True)
class Answer:
    """The answer to a question, or to one line of it.

    :ivar key: the question's; ``actor_type`` for the capacity in which one answers.
    """

    key: str
    kind: str = ""
    item: str | None = None

    @property
    def is_one_code(self) -> bool:
        """Tell whether it is one code of a list."""
        return self.kind == QuestionKind.SINGLE_CHOICE or self.item is not None

    def test(self, **test: Any) -> Tree:
        """Return a condition on it."""
        item = {} if self.item is None else {"item": self.item}
        return {"question": self.key, **item, **test}


@dataclass(frozen=True)
class _Size:
    """How many options an answer has, or characters."""

    answer: Answer
    of: str


@dataclass(frozen=True)
class _Literal:
    """A text or a number."""

    value: str | int | float


# --- reading ------------------------------------------------------------------------------------


def parse(
    text: str, find: Callable[[str], Answer | None], own: Answer | None = None
) -> Tree | None:
    """Return the condition that an expression states, None for one that always holds.

    :param find: returns the answer that a name stands for, None for an unknown name.
    :param own: what ``.`` stands for.
    :raises ExpressionError: naming what is not understood.
    """
    if len(text) > _LENGTH:
        raise ExpressionError(text[:40])
    reader = _Reader(list(_tokens(text)), find, own)
    found = reader.condition()
    reader.end()
    return found or None


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Take an expression apart."""
    at, text = 0, text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ExpressionError(text[at : at + 20].strip())
        yield str(found.lastgroup), found[0].strip()
        at = found.end()


class _Reader:
    """Reads one expression from left to right."""

    def __init__(
        self,
        tokens: list[tuple[str, str]],
        find: Callable[[str], Answer | None],
        own: Answer | None,
    ) -> None:
        self.tokens, self.at, self.find, self.own, self.depth = tokens, 0, find, own, 0

    def peek(self) -> str:
        """Return the next sign without passing it."""
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        """Pass a sign, one of those wanted if any are."""
        sign = self.peek()
        if not sign or (wanted and sign not in wanted):
            raise ExpressionError(sign or "…")
        self.at += 1
        return sign

    def end(self) -> None:
        """Check that nothing follows."""
        if self.peek():
            raise ExpressionError(self.peek())

    def condition(self) -> Tree:
        """Read alternatives."""
        self.depth += 1
        if self.depth > _DEPTH:
            raise ExpressionError("(")
        parts = [self._together()]
        while self.peek() == "or":
            self.take()
            parts.append(self._together())
        self.depth -= 1
        return any_of(parts)

    def _together(self) -> Tree:
        """Read conditions that must hold together."""
        parts = [self._comparison()]
        while self.peek() == "and":
            self.take()
            parts.append(self._comparison())
        return all_of(parts)

    def _comparison(self) -> Tree:
        """Read a comparison, or something that holds or not by itself."""
        left = self._operand()
        if self.peek() not in _COMPARISONS:
            if isinstance(left, dict):
                return left
            raise ExpressionError(self.peek() or self.tokens[self.at - 1][1])
        sign = self.take()
        right = self._operand()
        if isinstance(left, dict) or isinstance(right, dict):
            raise ExpressionError(sign)
        if isinstance(left, _Literal):
            left, right, sign = right, left, _COMPARISONS[sign]
        return _compare(left, sign, right)

    def _operand(self) -> Any:
        """Read an answer, a value, or a condition."""
        if self.at >= len(self.tokens):
            raise ExpressionError("…")
        kind, sign = self.tokens[self.at]
        self.at += 1
        readers: dict[str, Callable[[str], Any]] = {
            "name": lambda name: self._known(name[2:-1].strip()),
            "text": lambda text: _Literal(text[1:-1]),
            "number": lambda number: _Literal(_number(number)),
            "function": self._call,
        }
        return readers.get(kind, self._sign)(sign)

    def _sign(self, sign: str) -> Any:
        """Read what a sign begins: a number below zero, parentheses, the question itself."""
        if sign == "-" and self.at < len(self.tokens) and self.tokens[self.at][0] == "number":
            return _Literal(-_number(self.take()))
        if sign == "(":
            inner = self.condition()
            self.take(")")
            return inner
        if sign == "." and self.own is not None:
            return self.own
        raise ExpressionError(sign)

    def _known(self, name: str) -> Answer:
        """Return the answer of a name."""
        found = self.find(name)
        if found is None:
            raise ExpressionError(f"${{{name}}}")
        return found

    def _call(self, name: str) -> Any:
        """Read a function with what is handed to it."""
        self.take("(")
        if name == "not":
            inner = self.condition()
            self.take(")")
            if inner == TRUE:
                raise ExpressionError("not(true())")
            return {"not": inner}
        given = []
        while self.peek() != ")":
            given.append(self._operand())
            if self.peek() != ")":
                self.take(",")
        self.take(")")
        return _called(name, given)


def _called(name: str, given: list[Any]) -> Any:
    """Return what a function says."""
    match name, given:
        case "true", []:
            return TRUE
        case "date", [_Literal(value=str(day))] if re.fullmatch(r"\d{4}-\d\d-\d\d", day):
            return _Literal(day)
        case "selected", [Answer() as answer, _Literal(value=code)]:
            return _selected(answer, str(code))
        case "count-selected", [Answer(kind=QuestionKind.MULTIPLE_CHOICE) as answer]:
            return _Size(answer, "count")
        case "string-length", [
            Answer(kind=QuestionKind.SHORT_TEXT | QuestionKind.LONG_TEXT) as answer
        ]:
            return _Size(answer, "length")
        case "regex", [Answer() as answer, _Literal(value=str(pattern))] if pattern:
            return answer.test(op="matches", value=pattern)
    raise ExpressionError(f"{name}()")


def _selected(answer: Answer, code: str) -> Tree:
    """Return the condition that a code is chosen."""
    if answer.key == "actor_type":
        return {"actor_type": [code]}
    if (answer.kind not in _CHOICES and answer.item is None) or not code:
        raise ExpressionError("selected()")
    return answer.test(**{"is": [code]})


def _compare(left: Any, sign: str, right: Any) -> Tree:
    """Return a comparison of an answer, or of its size."""
    if isinstance(left, _Size):
        if not isinstance(right, _Literal) or isinstance(right.value, str):
            raise ExpressionError(sign)
        return left.answer.test(**{left.of: sign, "value": right.value})
    if not isinstance(left, Answer) or isinstance(right, _Size):
        raise ExpressionError(sign)
    if sign in {"=", "!="}:
        return _equality(left, right, is_denied=sign == "!=")
    if left.kind in _CHOICES or left.kind == QuestionKind.MATRIX:
        raise ExpressionError(sign)
    return left.test(op=sign, value=_value(right, sign))


def _value(right: Any, sign: str) -> Any:
    """Return what an answer is compared with."""
    if isinstance(right, _Literal) and right.value != "":
        return right.value
    if isinstance(right, Answer) and right.item is None and right.key != "actor_type":
        return {"question": right.key}
    raise ExpressionError(sign)


def _equality(left: Answer, right: Any, *, is_denied: bool) -> Tree:
    """Return the condition that an answer is a value, or is not."""
    value = right.value if isinstance(right, _Literal) else None
    if value == "" and left.key != "actor_type":
        return left.test(op="answered" if is_denied else "empty")
    if left.kind == QuestionKind.CONSENT and value == TICKED:
        return left.test(op="empty" if is_denied else "answered")
    if left.kind == QuestionKind.MULTIPLE_CHOICE:
        # The whole list of what is chosen would have to be this one text.
        raise ExpressionError("=")
    if left.key == "actor_type" or (left.is_one_code and left.kind != QuestionKind.BUDGET):
        if value is None:
            raise ExpressionError("=")
        equal = _selected(left, str(value))
    else:
        equal = left.test(op="=", value=_value(right, "="))
    return {"not": equal} if is_denied else equal


def _number(sign: str) -> int | float:
    """Return the number that is written."""
    return float(sign) if "." in sign else int(sign)
