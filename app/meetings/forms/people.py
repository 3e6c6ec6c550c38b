"""Forms of those who are invited, register, or come."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Email, InputRequired, Length, Optional

from app.core.forms import PageForm, clean_text
from app.core.i18n import language
from app.meetings.forms.choices import (
    LONG,
    SHORT,
    actor_choices,
    among,
    number_of,
    workshop_choices,
)
from app.meetings.models import Meeting
from app.meetings.operations.inviting import COMPANIONS, Person, Reply
from app.organisations.models import ActorType


class AddressesForm(PageForm):
    """People to invite by their addresses: pasted, or in a file."""

    pasted = TextAreaField(
        _l("Addresses, one a line"),
        [Length(max=100_000)],
        description=_l("An address; or: address; name; organisation; language (fr or ar)."),
    )
    file = FileField(
        _l("Or a file (CSV or XLSX)"),
        description=_l("Columns: e-mail, name, organisation, language."),
    )
    lang = SelectField(
        _l("Language of the letter, where none is said"),
        choices=among(("fr", _l("French")), ("ar", _l("Arabic"))),
    )


class RegisterForm(PageForm):
    """Somebody who registers from the public page."""

    token = HiddenField()
    name = StringField(_l("Your name"), [InputRequired(_l("Give your name.")), SHORT])
    organisation = StringField(
        _l("Your organisation"), [LONG], description=_l("Leave empty if you come for yourself.")
    )
    actor_type = SelectField(_l("What kind of organisation"))
    email = StringField(
        _l("E-mail"),
        [Optional(), Length(max=255), Email(_l("This is not an e-mail address."))],
        description=_l("The confirmation and the way to give your seat back are sent there."),
    )
    phone = StringField(_l("Telephone"), [Length(max=40)])
    workshop = SelectField(_l("Workshop"))
    agree = BooleanField(
        _l("I have read how these data are used"),
        [InputRequired(_l("Tick the box to say that you have read it."))],
    )

    def offer(self, meeting: Meeting) -> None:
        """Say what may be chosen."""
        self.actor_type.choices = actor_choices()
        self.workshop.choices = workshop_choices(meeting)

    def validate_phone(self, field: Any) -> None:
        """Refuse someone who cannot be reached at all."""
        if not (field.data or "").strip() and not (self.email.data or "").strip():
            raise ValidationError(_l("Give an e-mail address or a telephone number."))

    def person(self) -> Person:
        """Return who registers."""
        return Person(
            name=self.name.data,
            organisation=self.organisation.data or "",
            actor_type=self.actor_type.data
            if (self.organisation.data or "").strip()
            else ActorType.CITIZEN,
            email=(self.email.data or "").strip(),
            phone=self.phone.data or "",
            lang="ar" if language().code == "ar" else "fr",
            workshop_id=number_of(self.workshop.data),
        )


class AnswerForm(PageForm):
    """What somebody answers to their invitation."""

    comes = RadioField(
        _l("Do you come?"), choices=among(("yes", _l("I come")), ("no", _l("I do not come")))
    )
    how = SelectField(_l("How"))
    name = StringField(_l("Your name"), [SHORT])
    companions = TextAreaField(
        _l("Names of those who come with you, one a line"),
        [Length(max=1500)],
        description=_l("Five at most; each is given a seat."),
    )
    workshop = SelectField(_l("Workshop"))

    def offer(self, meeting: Meeting) -> None:
        """Say what may be chosen."""
        self.how.choices = [("room", _l("In the room"))]
        if meeting.remote_url:
            self.how.choices.append(("remote", _l("From afar, by the link")))
        self.workshop.choices = workshop_choices(meeting)

    def validate_companions(self, _field: Any) -> None:
        """Refuse more people than one may bring."""
        if len(self.names()) > COMPANIONS:
            raise ValidationError(_l("You may bring five people at most."))

    def names(self) -> list[str]:
        """Return who comes along."""
        lines = (clean_text(line) for line in (self.companions.data or "").splitlines())
        return [line for line in lines if line]

    def reply(self) -> Reply:
        """Return the answer."""
        return Reply(
            comes=self.comes.data == "yes",
            is_remote=self.how.data == "remote",
            workshop_id=number_of(self.workshop.data),
            companions=tuple(self.names()),
            name=self.name.data or "",
        )


class PresentForm(PageForm):
    """Someone who came without being on the list."""

    token = HiddenField()
    name = StringField(_l("Name"), [SHORT])
    organisation = StringField(_l("Organisation"), [LONG])
    actor_type = SelectField(_l("What kind of organisation"))
    email = StringField(
        _l("E-mail"), [Optional(), Length(max=255), Email(_l("This is not an e-mail address."))]
    )
    workshop = SelectField(_l("Workshop"))
    lang = SelectField(
        _l("Language of letters"), choices=among(("fr", _l("French")), ("ar", _l("Arabic")))
    )

    def offer(self, meeting: Meeting) -> None:
        """Say what may be chosen."""
        self.actor_type.choices = actor_choices()
        self.workshop.choices = workshop_choices(meeting)

    def validate_name(self, field: Any) -> None:
        """Refuse somebody who is nobody."""
        if not (field.data or "").strip() and not (self.organisation.data or "").strip():
            raise ValidationError(_l("Give a name or an organisation."))

    def person(self) -> Person:
        """Return who came."""
        return Person(
            name=self.name.data or "",
            organisation=self.organisation.data or "",
            actor_type=self.actor_type.data,
            email=(self.email.data or "").strip(),
            lang=self.lang.data,
            workshop_id=number_of(self.workshop.data),
        )


class FileForm(PageForm):
    """A file to read."""

    file = FileField(_l("File"), [FileRequired(_l("Choose a file."))])
