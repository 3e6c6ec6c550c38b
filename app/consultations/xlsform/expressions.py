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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.consultations.models import QuestionKind

Tree = dict[str, Any]

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
_TICKED = "OK"
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


#: What ``true()`` says.
_TRUE: Tree = {}


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
            if inner == _TRUE:
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
            return _TRUE
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
    if left.kind == QuestionKind.CONSENT and value == _TICKED:
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


# --- the normal form ----------------------------------------------------------------------------


def simplify(tree: Mapping[str, Any] | None) -> Tree:
    """Return the shortest tree that says the same: what reading the written expression gives."""
    if not tree:
        return {}
    parts: list[Tree] = []
    if "all" in tree:
        parts += [simplify(part) for part in tree["all"]]
    if "any" in tree:
        parts.append(any_of([simplify(part) for part in tree["any"]]))
    if "not" in tree:
        parts.append({"not": simplify(tree["not"])})
    if "actor_type" in tree:
        parts.append({"actor_type": list(tree["actor_type"])})
    parts += _tests(tree)
    return all_of(parts)


def _tests(tree: Mapping[str, Any]) -> Iterator[Tree]:
    """Yield each test of an answer by itself."""
    head = {name: tree[name] for name in ("question", "item") if name in tree}
    if "is" in tree:
        yield {**head, "is": [str(code) for code in tree["is"]]}
    for name in ("op", "count", "length"):
        if name in tree:
            has_value = name != "op" or tree["op"] not in {"answered", "empty"}
            yield {**head, name: tree[name], **({"value": tree["value"]} if has_value else {})}


def all_of(parts: list[Tree]) -> Tree:
    """Join conditions that must hold together, without needless levels."""
    flat: list[Tree] = []
    for part in parts:
        for one in part["all"] if set(part) == {"all"} else [part] if part else []:
            if flat and (joined := _differs(flat[-1], one)):
                flat[-1] = joined
            else:
                flat.append(one)
    return flat[0] if len(flat) == 1 else {"all": flat} if flat else _TRUE


def _differs(first: Tree, second: Tree) -> Tree | None:
    """Return "answered, and not this" as the one test that it is."""
    equal = second.get("not")
    if not isinstance(equal, dict) or equal.get("op") != "=":
        return None
    head = {name: equal[name] for name in ("question", "item") if name in equal}
    if first != {**head, "op": "answered"}:
        return None
    return {**head, "op": "!=", "value": equal["value"]}


def any_of(parts: list[Tree]) -> Tree:
    """Join alternatives, without needless levels; codes of one answer side by side become one."""
    if _TRUE in parts:
        return _TRUE
    flat: list[Tree] = []
    for part in parts:
        for one in part["any"] if set(part) == {"any"} else [part]:
            if flat and (joined := _either(flat[-1], one)):
                flat[-1] = joined
            else:
                flat.append(one)
    return flat[0] if len(flat) == 1 else {"any": flat}


def _either(first: Tree, second: Tree) -> Tree | None:
    """Return two lists of codes of the same answer as one."""
    for name in ("is", "actor_type"):
        if name in first and name in second:
            rest = {key: value for key, value in first.items() if key != name}
            if rest == {key: value for key, value in second.items() if key != name}:
                return {**rest, name: [*first[name], *second[name]]}
    return None


# --- writing ------------------------------------------------------------------------------------


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
                return f"{answer} = '{_TICKED}'"
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
