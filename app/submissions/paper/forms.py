"""Forms of printing, of finding a copy, and of typing one in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.consultations.models import QuestionKind, Questionnaire
from app.core.forms import PageForm, clean_text
from app.submissions import answers
from app.submissions.errors import AnswerMissingError, UnknownActorTypeError
from app.submissions.paper.conditions import paper_numbers
from app.submissions.paper.operations import MOST_COPIES
from app.submissions.places import Places
from app.submissions.question_fields import (
    ActorField,
    TerritoryField,
    TypedField,
    question_field,
)
from app.submissions.questionnaire_forms import PREFIX, SectionForm
from app.submissions.steps import Way

SOURCES = (
    ("telephone", _l("on the telephone")),
    ("counter", _l("at the counter")),
    ("visit", _l("during a visit")),
    ("letter", _l("by letter")),
)


class PrintForm(PageForm):
    """What to print."""

    lang = SelectField(
        _l("Language"),
        choices=[
            SelectChoice("fr", _l("French")),
            SelectChoice("ar", _l("Arabic")),
            SelectChoice("both", _l("French and Arabic")),
        ],
    )
    n_copies = IntegerField(
        _l("Copies in each language"),
        default=50,
        validators=[
            InputRequired(_l("Say how many copies.")),
            NumberRange(1, MOST_COPIES, _l("Between 1 and %(max)s copies.")),
        ],
    )
    region = SelectField(_l("Region"))
    destination = StringField(
        _l("Where they go, and where people give them back"),
        filters=[clean_text],
        validators=[Length(max=200)],
    )
    double = IntegerField(
        _l("Share typed by two people, in percent"),
        default=10,
        validators=[InputRequired(_l("Say a share.")), NumberRange(0, 100, _l("From 0 to 100."))],
    )

    @property
    def languages(self) -> list[str]:
        """The languages to print in, each a run of its own."""
        return ["fr", "ar"] if self.lang.data == "both" else [self.lang.data]


class CodeForm(PageForm):
    """The code of a copy."""

    code = StringField(_l("Code of the form"), filters=[clean_text])


class EntryForm(SectionForm):
    """A whole questionnaire on one page; :func:`entry_form` adds its questions."""

    page_key = HiddenField()
    source = SelectField(
        _l("How it was said"),
        choices=[SelectChoice(*one) for one in SOURCES],
        validate_choice=False,
    )
    said_by = StringField(
        _l("Who is speaking, as the form says"),
        filters=[clean_text],
        validators=[Length(max=500)],
    )
    said_on = DateField(_l("On which day, if it is known"), validators=[Optional()])
    scan = FileField(_l("Picture of the form (PDF, JPEG or PNG)"))
    keep_missing = BooleanField(_l("The form really leaves these questions empty: record it so"))
    agree = BooleanField(_l("The box of agreement is ticked on the form"))

    def answers_missing(self) -> bool:
        """Tell whether only missing answers stand in the way."""
        return self._n_missing > 0 and self._n_wrong == 0

    _n_missing = 0
    _n_wrong = 0

    def examine(self, way: Way) -> bool:
        """Attach what is wrong; tell whether what was typed can be recorded.

        Paper cannot be sent back for an answer that is missing, so whoever types may say that it
        is: what was said then counts without it.
        """
        self._n_missing = self._n_wrong = 0
        for problem in self._problems(way, self.typed()):
            is_missing = isinstance(problem.error, (AnswerMissingError, UnknownActorTypeError))
            if is_missing and self.keep_missing.data:
                continue
            self._n_missing += is_missing
            self._n_wrong += not is_missing
            name = problem.key if problem.key in self else f"{PREFIX}{problem.key}"
            self[name].refuse(problem.error.text(), problem.error.item)
        for field in (self.said_by, self.said_on):
            self._n_wrong += not field.validate(self)
        return not (self._n_missing or self._n_wrong)

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield ``(id of the control, message)`` in the order of the page."""
        for field in self:
            if isinstance(field, TypedField):
                yield from field.problems()
        for field in (self.said_by, self.said_on, self.scan, self.agree):
            for message in field.errors:
                yield field.id, str(message)


def entry_form(
    questionnaire: Questionnaire,
    values: Mapping[str, Any],
    load: Callable[[Any], Places],
    *,
    first_day: date | None = None,
) -> EntryForm:
    """Build the form of a whole questionnaire, numbered as it is on paper.

    Attached documents are not typed: they come with the picture of the form.
    """
    fields: dict[str, Any] = {"actor_type": ActorField(), "organisation": TypedField()}
    data: dict[str, Any] = {name: values.get(name) for name in fields}
    if first_day is not None:
        data["said_on"] = first_day
    numbers = paper_numbers(questionnaire)
    for question in questionnaire.questions:
        if answers.is_answerable(question) and question.kind != QuestionKind.FILE:
            name = f"{PREFIX}{question.key}"
            fields[name] = question_field(
                question, number=numbers[question.key], is_branch=False, seed=""
            )
            data[name] = values.get(question.key)
    form: EntryForm = type("WholeForm", (EntryForm,), fields)(data=data)
    for field in form.question_fields():
        if isinstance(field, TerritoryField):
            field.places = load(field.data)
    return form
