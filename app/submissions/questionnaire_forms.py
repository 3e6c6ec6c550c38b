"""Forms built from the questionnaire's data: one form a section, one field a question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, StringField
from wtforms.utils import unset_value
from wtforms.validators import InputRequired

from app.consultations.models import Question, QuestionKind, Section
from app.core.forms import PageForm
from app.core.text import clean_text
from app.submissions import answers
from app.submissions.errors import UnknownTerritoryError
from app.submissions.places import Places
from app.submissions.steps import Way, branches

#: Before the keys of questions, so that none can be mistaken for a field of ours.
PREFIX = "q-"
LEVELS = ("region", "province", "commune")


class TypedField(Field):  # type: ignore[misc]
    """A control that gives back exactly what was typed; :mod:`app.submissions.answers` judges it.

    :ivar item_errors: messages for the items of a scale, by code.
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
        """Return what was typed."""
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


class QuestionField(TypedField):
    """The control of one question.

    :ivar question: the question.
    :ivar number: its number on the page, None for one that not everybody is asked.
    :ivar is_asked: False if it waits, hidden, for another answer of the page.
    :ivar is_branch: True if an answer of the page opens or closes it.
    """

    def __init__(
        self, *args: Any, question: Question, number: int | None, is_branch: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.question, self.number, self.is_branch = question, number, is_branch
        self.is_asked = True

    def check(self) -> list[answers.Problem]:
        """Return what is wrong with the answer."""
        _value, problems = answers.check_value(self.question, self.data)
        return problems


class ChoicesField(QuestionField):
    """Several ticks."""

    def read(self, formdata: Any) -> list[str]:
        """Return the ticked codes."""
        return [clean_text(code) for code in formdata.getlist(self.name)]


class ScaleField(QuestionField):
    """A rating for each item."""

    def read(self, formdata: Any) -> dict[str, str]:
        """Return the ratings given."""
        codes = [item["code"] for item in self.question.options["items"]]
        given = {code: clean_text(formdata.get(f"{self.name}-{code}")) for code in codes}
        return {code: rating for code, rating in given.items() if rating}


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

    def check(self) -> list[answers.Problem]:
        """Return what is wrong, places that are not in the lists included."""
        value, problems = answers.check_value(self.question, self.data)
        if value and not self.places.knows(value):
            problems.append(answers.Problem(self.question.key, UnknownTerritoryError()))
        return problems

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield the errors at the first list."""
        for message in self.errors:
            yield f"{self.id}-region", str(message)


_FIELDS: dict[str, type[QuestionField]] = {
    QuestionKind.MULTIPLE_CHOICE: ChoicesField,
    QuestionKind.SCALE: ScaleField,
    QuestionKind.TERRITORY: TerritoryField,
}


class SectionForm(PageForm):
    """The form of a section; :func:`section_form` adds the fields of its questions."""

    def question_fields(self) -> list[QuestionField]:
        """Return the questions' fields, in order."""
        return [field for field in self if isinstance(field, QuestionField)]

    def typed(self) -> dict[str, Any]:
        """Return what was typed, as a draft keeps it."""
        values = {field.question.key: field.data for field in self.question_fields()}
        for name in ("actor_type", "organisation"):
            if name in self:
                values[name] = self[name].data
        return values

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield ``(id of the control, message)`` in the order of the page."""
        for field in self:
            if isinstance(field, TypedField):
                yield from field.problems()

    def judge(self, way: Way, already_shown: Iterable[str]) -> list[str]:
        """Attach what is wrong; return the keys of questions that these answers have just opened.

        What is wrong with those is not said yet: nobody has seen them.
        """
        values = self.typed()
        asked = {question.key for question in way.asked}
        shown = set(already_shown)
        opened = [
            field.question.key
            for field in self.question_fields()
            if field.is_branch and field.question.key in asked and field.question.key not in shown
        ]
        if "organisation" in self and "organisation" not in shown and _names_one(values):
            opened.insert(0, "organisation")
        for problem in self._problems(way, values):
            if problem.key not in opened:
                name = problem.key if problem.key in self else f"{PREFIX}{problem.key}"
                self[name].refuse(problem.error.text(), problem.error.item)
        return opened

    def is_faultless(self, way: Way) -> bool:
        """Tell whether nothing has to be corrected, seen or not."""
        return not self._problems(way, self.typed())

    def _problems(self, way: Way, values: Mapping[str, Any]) -> list[answers.Problem]:
        """Validate the questions that are asked, and who answers if the page asks that too."""
        problems = answers.check_actor(values) if "actor_type" in self else []
        asked = {question.key for question in way.asked}
        for field in self.question_fields():
            if field.question.key in asked:
                problems += field.check()
        return problems


def _names_one(values: Mapping[str, Any]) -> bool:
    """Tell whether an organisation that has to be named answers."""
    kinds = {kind.value: kind for kind in answers.ACTOR_TYPES}
    return values["actor_type"] in kinds and kinds[values["actor_type"]].is_organisation


def section_form(
    way: Way, section: Section, values: Mapping[str, Any], load: Callable[[Any], Places]
) -> SectionForm:
    """Build the form of a section, filled with what was sent or else with the draft's values.

    :param load: returns the lists for what was answered to a territory so far.
    """
    is_first = way.is_first(section)
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {}
    if is_first:
        fields |= {"actor_type": TypedField(), "organisation": TypedField()}
        data |= {name: values.get(name) for name in fields}
    numbers, conditional = numbered(way), {q.id for q in branches(section, is_first=is_first)}
    for question in section.questions:
        # A question that an earlier page closes is not on this one at all.
        is_branch = question.id in conditional
        if is_branch or question in way.asked:
            name = f"{PREFIX}{question.key}"
            fields[name] = _FIELDS.get(question.kind, QuestionField)(
                question=question, number=numbers.get(question.key), is_branch=is_branch
            )
            data[name] = values.get(question.key)
    form: SectionForm = type("QuestionsForm", (SectionForm,), fields)(data=data)
    for field in form.question_fields():
        if isinstance(field, TerritoryField):
            field.places = load(field.data)
    return form


def mark_asked(form: SectionForm, way: Way) -> None:
    """Note which of the page's questions the answers so far open."""
    asked = {question.key for question in way.asked}
    for field in form.question_fields():
        field.is_asked = field.question.key in asked


def numbered(way: Way) -> dict[str, int]:
    """Number the questions that everybody is asked; who answers is the first."""
    everybody = [question for question in way.questionnaire.questions if not question.visible_if]
    return {question.key: number for number, question in enumerate(everybody, 2)}


class SendForm(PageForm):
    """Agreement to the notice, at the end of the check."""

    notice = HiddenField()
    agree = BooleanField(_l("I agree"))

    @property
    def notice_id(self) -> int | None:
        """The notice that the page showed."""
        text = self.notice.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


class DraftCodeForm(PageForm):
    """A draft's code, however it is typed."""

    code = StringField(
        _l("Your draft’s code"),
        description=_l("Ten letters and digits, for example 7K4M9-2QXRT. Case does not matter."),
        filters=[clean_text],
        validators=[InputRequired(_l("Type the code that the other device shows."))],
    )
