"""Conditions and checks of a form that was read: its expressions as condition trees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.consultations.conditions import both, check_condition
from app.consultations.models import QuestionKind as Kind
from app.consultations.xlsform.expressions import Answer, ExpressionError, parse
from app.consultations.xlsform.form import QuestionSpec, SectionSpec
from app.consultations.xlsform.trees import Tree
from app.core.errors import DomainError

Remarker = Callable[..., None]

#: Limits that a kind states as rules: the test, and the names of its lower and upper limit.
_LIMITS = {
    Kind.NUMBER: ("op", "min", "max"),
    Kind.DATE: ("op", "min", "max"),
    Kind.MULTIPLE_CHOICE: ("count", "min_choices", "max_choices"),
    Kind.SHORT_TEXT: ("length", "min_length", "max_length"),
    Kind.LONG_TEXT: ("length", "min_length", "max_length"),
}


def understand(
    sections: list[SectionSpec],
    questions: list[QuestionSpec],
    inner: dict[int, str],
    remark: Remarker,
    has_actor: bool,  # noqa: FBT001
) -> None:
    """Turn every expression of a form into a condition, and note those that cannot be.

    :param inner: conditions of inner groups, by their lines.
    :param has_actor: whether ``${actor_type}`` stands for the capacity in which one answers.
    """
    reader = _Understanding(questions, remark, has_actor)
    for section in sections:
        if section.id is not None:
            section.visible_if = reader.condition(section.id, section.relevant)
    around = {at: reader.condition(at, text) for at, text in inner.items()}
    for question in questions:
        own = reader.condition(question.id, question.relevant)
        groups = [around[at] for at in (*question.path, question.opens) if at is not None]
        question.visible_if = both(*groups, own)
        reader.check(question)


class _Understanding:
    """Reads expressions, knowing what every name stands for."""

    def __init__(
        self,
        questions: list[QuestionSpec],
        remark: Remarker,
        has_actor: bool,  # noqa: FBT001
    ) -> None:
        self.remark = remark
        self.keys = {question.key for question in questions}
        self.known: dict[str, Answer] = {}
        if has_actor:
            self.known["actor_type"] = Answer("actor_type")
        for question in questions:
            if question.kind not in {Kind.NOTE, Kind.TERRITORY} and not question.lines:
                self.known.setdefault(question.name, Answer(question.key, question.kind))
            for code, name in question.lines.items():
                self.known.setdefault(name, Answer(question.key, question.kind, code))

    def condition(self, at: int, text: str, own: Answer | None = None) -> Tree | None:
        """Understand an expression, or note that it is not understood."""
        if not text:
            return None
        column = "constraint" if own else "relevant"
        try:
            tree = parse(text, self.known.get, own)
            if tree:
                check_condition(tree, self.keys)
        except ExpressionError as error:
            self.remark(at, column, column, str(error))
        except DomainError:
            self.remark(at, column, column, text[:80])
        else:
            return tree
        return None

    def check(self, question: QuestionSpec) -> None:
        """Understand what an answer must satisfy; limits without words of their own are rules."""
        if question.lines:
            return
        own = Answer(question.key, question.kind)
        tree = self.condition(question.id, question.constraint, own)
        if not tree:
            return
        limits = _limits(question, tree) if not question.constraint_message else None
        if limits is not None:
            question.rules |= limits
        else:
            question.validity = {"when": tree, "message": question.constraint_message}


def _limits(question: QuestionSpec, tree: Tree) -> dict[str, Any] | None:
    """Return the limits that a condition states, None if it states something else."""
    if question.kind not in _LIMITS:
        return None
    test, low, high = _LIMITS[Kind(question.kind)]
    found: dict[str, Any] = {}
    for part in tree.get("all", [tree]):
        name = {">=": low, "<=": high}.get(part.get(test))
        is_own = set(part) == {"question", test, "value"} and part["question"] == question.key
        if name is None or not is_own or name in found or isinstance(part["value"], dict):
            return None
        found[name] = part["value"]
    return found
