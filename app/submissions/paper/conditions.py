"""Conditions said in words, for a form on which nothing opens or closes by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.consultations.models import Question, Questionnaire, Section
from app.core.db import Texts
from app.core.i18n import language, plain_number
from app.organisations.models import ActorType
from app.submissions.answers.kinds import columns_of, is_answerable, items_of


def paper_numbers(questionnaire: Questionnaire) -> dict[str, int]:
    """Number every question that is answered; who answers is the first."""
    asked = [question for question in questionnaire.questions if is_answerable(question)]
    return {question.key: number for number, question in enumerate(asked, 2)}


class InWords:
    """Writes the conditions of one questionnaire in the language of the form."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._questions = {question.key: question for question in questionnaire.questions}
        self._numbers = paper_numbers(questionnaire)

    def of_question(self, question: Question) -> str:
        """Return under which condition a question is to be answered, empty if always."""
        return self._whole(question.visible_if)

    def of_section(self, section: Section) -> str:
        """Return under which condition a section is to be filled in, empty if always."""
        return self._whole(section.visible_if)

    def _whole(self, condition: Mapping[str, Any] | None) -> str:
        """Return a sentence."""
        return (
            str(_("Only if %(condition)s:", condition=self._said(condition))) if condition else ""
        )

    def _said(self, condition: Mapping[str, Any]) -> str:
        """Return a condition of any form; several keys in one object all have to hold."""
        parts = []
        for key, join in (("all", _(" and ")), ("any", _(" or "))):
            if key in condition:
                parts.append(join.join(self._said(part) for part in condition[key]))
        if "not" in condition:
            parts.append(
                _("it is not so that %(condition)s", condition=self._said(condition["not"]))
            )
        if "actor_type" in condition:
            parts.append(_("you answer as: %(kinds)s", kinds=_actors(condition["actor_type"])))
        if "question" in condition:
            parts.append(self._about(condition))
        return str(_(" and ").join(parts))

    def _about(self, condition: Mapping[str, Any]) -> str:
        """Return a condition on the answer to one question."""
        key = condition["question"]
        number = plain_number(self._numbers.get(key, 0))
        if "is" in condition:
            names = _(" or ").join(self._name(key, code) for code in _listed(condition["is"]))
            return str(_("you ticked %(names)s at question %(number)s", names=names, number=number))
        if "count" in condition or "length" in condition:
            return self._size(condition, number)
        return self._compared(condition, number)

    def _size(self, condition: Mapping[str, Any], number: str) -> str:
        """Return a condition on how much was ticked or written."""
        sign = condition.get("count") or condition["length"]
        value = int(condition.get("value", 0))
        if "count" in condition:
            ticks = ngettext("%(num)s box", "%(num)s boxes", value)
            return str(
                _(
                    "the number of boxes ticked at question %(number)s is %(relation)s",
                    number=number,
                    relation=f"{_sign(sign)} {ticks}".strip(),
                )
            )
        return str(
            _(
                "the number of letters written at question %(number)s is %(relation)s",
                number=number,
                relation=f"{_sign(sign)} {plain_number(value)}".strip(),
            )
        )

    def _compared(self, condition: Mapping[str, Any], number: str) -> str:
        """Return a comparison."""
        sign = condition.get("op", "=")
        if sign == "answered":
            return str(_("you answered question %(number)s", number=number))
        if sign == "empty":
            return str(_("you left question %(number)s without an answer", number=number))
        value = condition.get("value")
        if isinstance(value, Mapping):
            other = plain_number(self._numbers.get(value.get("question", ""), 0))
            said = _("the answer to question %(number)s", number=other)
        else:
            said = self._name(condition["question"], value)
        return str(
            _(
                "your answer to question %(number)s is %(relation)s",
                number=number,
                relation=f"{_sign(sign)} {said}".strip(),
            )
        )

    def _name(self, key: str, code: Any) -> str:
        """Return the label of an option as the form prints it, or a value as it is."""
        question = self._questions.get(key)
        options = [*items_of(question), *columns_of(question)] if question else []
        for option in options:
            if str(option["code"]) == str(code):
                return str(_("“%(label)s”", label=Texts(option["label"]).best(language().code)[0]))
        return plain_number(code) if isinstance(code, (int, float)) else str(code)


def _listed(value: Any) -> list[Any]:
    """Return one value, or several, as a list."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _sign(sign: str) -> str:
    """Return a comparison in words."""
    words = {
        "=": "",
        "!=": _("other than"),
        "<": _("less than"),
        "<=": _("at most"),
        ">": _("more than"),
        ">=": _("at least"),
        "matches": _("of the form"),
    }
    return str(words.get(sign, ""))


def _actors(kinds: list[str]) -> str:
    """Return the names of capacities."""
    return str(
        _(", ").join(
            ActorType(kind).texts.best(language().code)[0]
            for kind in kinds
            if kind in set(ActorType)
        )
    )
