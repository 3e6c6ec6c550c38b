"""Forms built from the questionnaire's data: one form a section, one field a question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import InputRequired

from app.consultations import conditions
from app.consultations.models import Section
from app.core.forms import PageForm
from app.core.text import clean_text
from app.submissions import answers
from app.submissions.places import Places
from app.submissions.question_fields import (
    ActorField,
    QuestionField,
    TerritoryField,
    TypedField,
    question_field,
)
from app.submissions.steps import Way, branches

#: Before the keys of questions, so that none can be mistaken for a field of ours.
PREFIX = "q-"


class SectionForm(PageForm):
    """The form of a section; :func:`section_form` adds the fields of its questions."""

    def question_fields(self) -> list[QuestionField]:
        """Return the questions' fields, in order."""
        return [field for field in self if isinstance(field, QuestionField)]

    #: Answers given on earlier pages that the conditions of this one look at.
    known: Mapping[str, Any] = MappingProxyType({})

    def typed(self) -> dict[str, Any]:
        """Return what was typed, as a draft keeps it."""
        fields = [one for one in self.question_fields() if answers.is_answerable(one.question)]
        values = {field.question.key: field.data for field in fields}
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
        if "actor_type" in self and "organisation" not in shown and self["actor_type"].names_one:
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
                problems += field.check(way.said, way.actor_type)
        return problems


def section_form(
    way: Way,
    section: Section,
    values: Mapping[str, Any],
    load: Callable[[Any], Places],
    *,
    seed: str = "",
) -> SectionForm:
    """Build the form of a section, filled with what was sent or else with the draft's values.

    :param load: returns the lists for what was answered to a territory so far.
    :param seed: decides the order of options that stand in no fixed one (the draft's token).
    """
    is_first = way.is_first(section)
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {}
    if is_first:
        fields |= {"actor_type": ActorField(), "organisation": TypedField()}
        data |= {name: values.get(name) for name in fields}
    numbers, conditional = numbered(way), {q.id for q in branches(section, is_first=is_first)}
    for question in section.questions:
        # A question that an earlier page closes is not on this one at all.
        is_branch = question.id in conditional
        if is_branch or question in way.asked:
            name = f"{PREFIX}{question.key}"
            number = numbers.get(question.key)
            fields[name] = question_field(question, number=number, is_branch=is_branch, seed=seed)
            data[name] = values.get(question.key)
    form: SectionForm = type("QuestionsForm", (SectionForm,), fields)(data=data)
    form.known = known_to(way, section)
    for field in form.question_fields():
        if isinstance(field, TerritoryField):
            field.places = load(field.data)
    return form


def mark_asked(form: SectionForm, way: Way) -> None:
    """Note which of the page's questions the answers so far open."""
    asked = {question.key for question in way.asked}
    for field in form.question_fields():
        field.is_asked = field.question.key in asked


def known_to(way: Way, section: Section) -> dict[str, Any]:
    """Return what the script has to know of other pages to open and close this one's questions."""
    keys: set[str] = set()
    for question in branches(section, is_first=way.is_first(section)):
        keys |= conditions.questions_in(answers.asked_if(question))
    keys -= {question.key for question in section.questions}
    known = {key: way.said[key] for key in sorted(keys) if way.said.get(key) is not None}
    return known if way.is_first(section) else {**known, "actor_type": way.actor_type}


def numbered(way: Way) -> dict[str, int]:
    """Number the questions that everybody is asked; who answers is the first."""
    everybody = [
        question
        for question in way.questionnaire.questions
        if answers.is_answerable(question) and not answers.asked_if(question)
    ]
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
