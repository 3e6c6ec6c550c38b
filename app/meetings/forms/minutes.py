"""Forms of the minutes: a point, an imported document, its validation."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length

from app.core.forms import PageForm, clean_text
from app.meetings.forms.choices import LONG, actor_choices, among, number_of, text_of
from app.meetings.models import Meeting, MinutePoint
from app.meetings.operations.writing import LONGEST, Words, questions_of
from app.organisations.models import ActorType


class PointForm(PageForm):
    """A contribution of the minutes."""

    position = HiddenField()
    seen = HiddenField()
    who = SelectField(_l("Who says it"))
    organisation = StringField(
        _l("Name of the organisation"),
        [LONG],
        description=_l("As in the registry if it is there: it is then recognised."),
    )
    actor_type = SelectField(_l("What kind of organisation"))
    question = SelectField(_l("Question that it answers"))
    text = TextAreaField(
        _l("What is said"),
        [
            InputRequired(_l("Write what is said.")),
            Length(max=LONGEST, message=_l("A point has at most %(max)d characters: make two.")),
        ],
    )

    def offer(self, meeting: Meeting) -> None:
        """Say what may be chosen."""
        offer_point(self, meeting)

    def validate_organisation(self, field: Any) -> None:
        """Refuse an organisation without a name."""
        if self.who.data == "organisation" and not clean_text(field.data):
            raise ValidationError(_l("Say which organisation."))

    def words(self) -> Words:
        """Return the contribution."""
        return words_of(self)


def offer_point(form: Any, meeting: Meeting) -> None:
    """Say what the fields of a contribution offer."""
    form.who.choices = [("organisation", _l("An organisation"))]
    form.who.choices += [
        (f"workshop-{one.id}", _("Workshop: %(title)s", title=text_of(one.title)))
        for one in meeting.workshops
    ]
    form.who.choices.append(("plenary", _l("The plenary")))
    form.actor_type.choices = actor_choices()
    form.question.choices = [(one.key, text_of(one.label)) for one in questions_of(meeting)]


def words_of(form: Any) -> Words:
    """Return the contribution that the fields of a form say."""
    speaker, _dash, number = str(form.who.data).partition("-")
    return Words(
        text=form.text.data or "",
        speaker=speaker,
        workshop_id=number_of(number),
        organisation=form.organisation.data or "",
        actor_type=form.actor_type.data or ActorType.UNKNOWN,
        question_key=form.question.data,
    )


def present_point(point: MinutePoint, seen: str) -> dict[str, Any]:
    """Return what the form shows of a point."""
    is_workshop = point.speaker == "workshop"
    return {
        "seen": seen,
        "who": f"workshop-{point.workshop_id}" if is_workshop else point.speaker,
        "organisation": point.organisation_name,
        "actor_type": point.actor_type,
        "question": point.question_key,
        "text": point.text,
    }


class FoundRow(Form):  # type: ignore[misc]
    """A contribution found in a document, to be corrected before it is kept."""

    keep = BooleanField(_l("Keep"))
    who = SelectField(_l("Who says it"))
    organisation = StringField(_l("Name of the organisation"), [LONG])
    actor_type = SelectField(_l("What kind of organisation"))
    question = SelectField(_l("Question that it answers"))
    text = TextAreaField(_l("What is said"), [Length(max=LONGEST)])

    def validate_organisation(self, field: Any) -> None:
        """Refuse an organisation without a name, where the line is kept."""
        if self.keep.data and self.who.data == "organisation" and not clean_text(field.data):
            raise ValidationError(_l("Say which organisation."))


class FoundForm(PageForm):
    """What was found in a document."""

    position = HiddenField()
    rows = FieldList(FormField(FoundRow), max_entries=500)

    def offer(self, meeting: Meeting) -> None:
        """Say what may be chosen in each line."""
        for entry in self.rows:
            offer_point(entry.form, meeting)

    def kept(self) -> list[Words]:
        """Return the contributions that are kept."""
        return [
            words_of(entry.form)
            for entry in self.rows
            if entry.form.keep.data and clean_text(entry.form.text.data)
        ]


class CirculateForm(PageForm):
    """Until when the minutes can be contested."""

    until = DateField(_l("Until which day"), [InputRequired(_l("Give the day."))])


class DecideForm(PageForm):
    """What becomes of a contested point."""

    decision = SelectField(
        _l("Decision"),
        choices=among(
            ("change", _l("Change the words, and ask again")),
            ("keep", _l("Keep the words, with an answer")),
            ("out", _l("Take the point out, with an answer")),
        ),
    )
    text = TextAreaField(_l("Words"), [Length(max=LONGEST)])
    answer = TextAreaField(_l("Answer to those who contest"), [Length(max=LONGEST)])

    def validate_text(self, field: Any) -> None:
        """Refuse a point without words."""
        if self.decision.data == "change" and not clean_text(field.data):
            raise ValidationError(_l("Write what is said."))

    def validate_answer(self, field: Any) -> None:
        """Refuse a decision without an answer to those it concerns."""
        if self.decision.data in {"keep", "out"} and not clean_text(field.data):
            raise ValidationError(_l("Write an answer: those who contest will read it."))
