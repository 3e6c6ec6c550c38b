"""Forms for people, their roles and the audit log."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    PasswordField,
    SelectField,
    StringField,
)
from wtforms.validators import Email, InputRequired, Length, Optional

from app.accounts.operations import SHORTEST_PASSWORD, Scope
from app.core.access import Role
from app.core.forms import PageForm

ROLE_LABELS = {
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.ANALYST: _l("Ministry analyst"),
    Role.COORDINATOR: _l("Regional coordinator"),
    Role.MODERATOR: _l("Moderator"),
    Role.DATA_ENTRY: _l("Data-entry agent"),
    Role.OBSERVER: _l("Observer"),
}


class ScopeForm(Form):  # type: ignore[misc]
    """One role with where it holds."""

    role = SelectField(_l("Role"), choices=[])
    region = SelectField(_l("Region"), choices=[])
    consultation = SelectField(_l("Consultation"), choices=[])

    @property
    def scope(self) -> Scope | None:
        """The scope chosen, or None where no role is."""
        if not self.role.data:
            return None
        consultation = self.consultation.data
        return Scope(
            Role(self.role.data),
            self.region.data or None,
            int(consultation) if consultation else None,
        )


class PersonForm(PageForm):
    """Name, state and roles of a person."""

    name = StringField(_l("Name"), [InputRequired(_l("Give the person's name.")), Length(max=200)])
    is_active = BooleanField(_l("May sign in"), default=True)
    scopes = FieldList(FormField(ScopeForm), min_entries=1, max_entries=8)

    def offer(self, regions: list[tuple[str, str]], consultations: list[tuple[str, str]]) -> None:
        """Fill the choices of each scope."""
        for entry in self.scopes:
            entry.form.role.choices = [("", _l("No role"))] + [
                (role.value, label) for role, label in ROLE_LABELS.items()
            ]
            entry.form.region.choices = [("", _l("All regions")), *regions]
            entry.form.consultation.choices = [("", _l("All consultations")), *consultations]

    @property
    def chosen(self) -> list[Scope]:
        """The scopes chosen, in order, each once."""
        return list(dict.fromkeys(e.form.scope for e in self.scopes if e.form.scope))


class NewPersonForm(PersonForm):
    """The same, with an address and a first password."""

    email = StringField(
        _l("E-mail"),
        [InputRequired(_l("Give an e-mail address.")), Email(_l("This is not an e-mail address."))],
    )
    password = PasswordField(
        _l("First password"),
        [Length(min=SHORTEST_PASSWORD, message=_l("A password has at least %(min)d characters."))],
        description=_l("At least 12 characters. Tell it to the person, who will change it."),
    )


class EditPersonForm(PersonForm):
    """The same, with a new password if one is typed."""

    password = PasswordField(
        _l("New password"),
        [
            Optional(),
            Length(
                min=SHORTEST_PASSWORD, message=_l("A password has at least %(min)d characters.")
            ),
        ],
        description=_l(
            "Leave empty to keep the present one. A new one ends the person's sessions."
        ),
    )
