"""The controls of questions: each gives back exactly what was typed, and says what is wrong.

``submissions/_questions.html`` draws them; a page that asks questions imports its macros and needs
to know nothing of the kinds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from wtforms import Field
from wtforms.utils import unset_value

from app.consultations.models import Question, QuestionKind
from app.core.text import clean_text
from app.submissions import answers
from app.submissions.errors import UnknownTerritoryError
from app.submissions.places import Places

LEVELS = ("region", "province", "commune")


class TypedField(Field):  # type: ignore[misc]
    """A control that gives back exactly what was typed; :mod:`app.submissions.answers` judges it.

    :ivar item_errors: messages for the items of a question that has some, by code.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item_errors: dict[str, list[str]] = {}

    errors: list[str]

    def process(
        self,
        formdata: Any,
        data: Any = unset_value,
        extra_filters: Any = None,  # noqa: ARG002
    ) -> None:
        """Take what was sent, or else what the draft holds."""
        self.process_errors: list[str] = []
        self.errors = []
        self.data = None if data is unset_value else data
        if formdata is not None:
            self.data = self.read(formdata)

    def read(self, formdata: Any) -> Any:
        """Return what was typed; ``self.data`` is what the draft held before."""
        return clean_text(formdata.get(self.name))

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield ``(id of the control, message)`` for each error."""
        for message in self.errors:
            yield self.id, str(message)
        for item, messages in self.item_errors.items():
            for message in messages:
                yield f"{self.id}-{item}", message

    def refuse(self, message: str, item: str = "") -> None:
        """Add an error to the question or to an item of it."""
        if item:
            self.item_errors.setdefault(item, []).append(message)
        else:
            self.errors = [*self.errors, message]


class ActorField(TypedField):
    """In what capacity one answers."""

    kinds = answers.ACTOR_TYPES
    #: Capacities in which one names an organisation, as a condition on the page.
    condition = json.dumps({"actor_type": [one for one in kinds if one.is_organisation]})

    @property
    def names_one(self) -> bool:
        """Tell whether an organisation that has to be named answers."""
        return any(kind == self.data and kind.is_organisation for kind in self.kinds)


class QuestionField(TypedField):
    """The control of one question, answered on one line where its kind has no control of its own.

    :ivar question: the question.
    :ivar number: its number on the page, None for one that not everybody is asked.
    :ivar is_asked: False if it waits, hidden, for another answer of the page.
    :ivar is_branch: True if an answer of the page opens or closes it.
    :ivar seed: decides the order of options that stand in no fixed one.
    """

    def __init__(
        self,
        *args: Any,
        question: Question,
        number: int | None,
        is_branch: bool,
        seed: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.question, self.number, self.is_branch, self.seed = question, number, is_branch, seed
        self.is_asked = True

    def check(
        self, values: Mapping[str, Any] | None = None, actor_type: str | None = None
    ) -> list[answers.Problem]:
        """Return what is wrong with the answer, given those to other questions."""
        _value, problems = answers.check_value(self.question, self.data, values, actor_type)
        return problems

    @property
    def condition(self) -> str:
        """The condition under which it is asked, for the script that opens and closes it."""
        return json.dumps(answers.asked_if(self.question) or {}, ensure_ascii=False)

    @property
    def items(self) -> list[dict[str, Any]]:
        """Its options or items, in the order in which they stand on the page."""
        return answers.ordered_items(self.question, self.seed)

    @property
    def by_item(self) -> Mapping[str, Any]:
        """What was typed for each item; nothing if that makes no sense."""
        return self.data if isinstance(self.data, Mapping) else {}

    @property
    def most(self) -> int:
        """The length its text may have."""
        return answers.longest(self.question)

    def item_name(self, code: str) -> str:
        """Return the name of an item's control."""
        return f"{self.name}-{code}"


class ChoiceField(QuestionField):
    """One tick, or words of one's own."""

    def read(self, formdata: Any) -> Any:
        """Return the ticked code, with the words beside it; words alone tick their option."""
        words = self._words(formdata)
        code = clean_text(formdata.get(self.name)) or next(iter(words), "")
        return {"code": code, "other": words[code]} if code in words else code

    def _words(self, formdata: Any) -> dict[str, str]:
        """Return the words written beside open options."""
        given = {
            item["code"]: clean_text(formdata.get(self.other_name(item["code"])))
            for item in answers.items_of(self.question)
            if answers.is_open(item)
        }
        return {code: words for code, words in given.items() if words}

    def other_name(self, code: str) -> str:
        """Return the name of the line beside an open option."""
        return f"{self.name}-{code}-other"

    @property
    def chosen(self) -> list[str]:
        """The ticked codes."""
        return answers.codes_of(self.data)

    @property
    def others(self) -> dict[str, str]:
        """The words beside each open option, empty where there are none."""
        words = answers.other_words(self.data)
        items = answers.items_of(self.question)
        return {one["code"]: words.get(one["code"], "") for one in items if answers.is_open(one)}


class ChoicesField(ChoiceField):
    """Several ticks."""

    def read(self, formdata: Any) -> list[Any]:
        """Return the ticked codes, with the words beside them."""
        words = self._words(formdata)
        ticked = [clean_text(code) for code in formdata.getlist(self.name)]
        ticked += [code for code in words if code not in ticked]
        return [{"code": code, "other": words[code]} if code in words else code for code in ticked]


class ItemsField(QuestionField):
    """Something for each item: a rating, a column, points."""

    def read(self, formdata: Any) -> dict[str, str]:
        """Return what was given."""
        codes = [item["code"] for item in answers.items_of(self.question)]
        given = {code: clean_text(formdata.get(self.item_name(code))) for code in codes}
        return {code: said for code, said in given.items() if said}


class RankingField(ItemsField):
    """A rank for each item, chosen from a list."""

    @property
    def by_item(self) -> Mapping[str, Any]:
        """The rank typed for each item; a draft may also hold the codes in their order."""
        if isinstance(self.data, list):
            return {str(code): rank for rank, code in enumerate(self.data, 1)}
        return super().by_item

    @property
    def ranks(self) -> range:
        """The ranks that can be given."""
        most = self.question.rules.get("max_choices") or len(answers.items_of(self.question))
        return range(1, int(most) + 1)


class BudgetField(ItemsField):
    """Points for each item."""

    @property
    def total(self) -> int:
        """The points to share out."""
        return answers.total_of(self.question)


class TerritoryField(QuestionField):
    """Region, province and commune.

    :ivar places: what the lists offer.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = Places()

    def read(self, formdata: Any) -> dict[str, str]:
        """Return the codes chosen; a commune of another province than the one now chosen goes."""
        chosen = {level: clean_text(formdata.get(f"{self.name}-{level}")) for level in LEVELS}
        if chosen["province"] and not chosen["commune"].startswith(f"{chosen['province']}."):
            chosen["commune"] = ""
        return {level: code for level, code in chosen.items() if code}

    def check(
        self, values: Mapping[str, Any] | None = None, actor_type: str | None = None
    ) -> list[answers.Problem]:
        """Return what is wrong, places that are not in the lists included."""
        value, problems = answers.check_value(self.question, self.data, values, actor_type)
        if value and not self.places.knows(value):
            problems.append(answers.Problem(self.question.key, UnknownTerritoryError()))
        return problems

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield the errors at the first list."""
        for message in self.errors:
            yield f"{self.id}-region", str(message)


class OrganisationField(QuestionField):
    """An organisation, by its name."""

    def read(self, formdata: Any) -> dict[str, Any]:
        """Return the name typed, with the number it had in the register unless it changed."""
        name, before = clean_text(formdata.get(self.name)), self.by_item
        return {"id": before.get("id") if name == before.get("name") else None, "name": name}

    @property
    def written(self) -> str:
        """The name as it was typed."""
        return str(self.by_item.get("name") or "") if self.by_item else str(self.data or "")


class ConsentField(QuestionField):
    """A tick."""

    @property
    def is_ticked(self) -> bool:
        """Tell whether it is given."""
        return self.data not in (None, "", False)


class NoteField(QuestionField):
    """Words to read."""

    def read(self, formdata: Any) -> None:
        """Return nothing."""


#: The field of files is put here by :mod:`app.submissions.attachments.field`.
FIELDS: dict[str, type[QuestionField]] = {
    QuestionKind.SINGLE_CHOICE: ChoiceField,
    QuestionKind.MULTIPLE_CHOICE: ChoicesField,
    QuestionKind.SCALE: ItemsField,
    QuestionKind.MATRIX: ItemsField,
    QuestionKind.RANKING: RankingField,
    QuestionKind.BUDGET: BudgetField,
    QuestionKind.TERRITORY: TerritoryField,
    QuestionKind.ORGANISATION: OrganisationField,
    QuestionKind.CONSENT: ConsentField,
    QuestionKind.NOTE: NoteField,
}


def question_field(question: Question, **options: Any) -> QuestionField:
    """Return the field of a question, to be put in a form class under ``q-`` and its key.

    :param options: ``number``, ``is_branch`` and ``seed``.
    """
    return FIELDS.get(question.kind, QuestionField)(question=question, **options)
