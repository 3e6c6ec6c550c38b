"""Forms of the registry, of mandates, and of the pages that links sent by e-mail open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    DateField,
    EmailField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Email, InputRequired, Length, Optional

from app.accounts.operations import SHORTEST_PASSWORD
from app.core.db import Texts
from app.core.forms import PageForm, clean_text
from app.core.i18n import language
from app.organisations.importing import FIELDS, Choices
from app.organisations.labels import ACTOR_TYPES, FIELD_LABELS, ROLES
from app.organisations.mandates import Term
from app.organisations.models import MandateRole, Organisation
from app.organisations.operations import Details, Reach
from app.territories.models import Commune, Province, Region


def _languages() -> dict[str, str]:
    """Return the languages of letters."""
    return {"fr": _("French"), "ar": _("Arabic")}


def text_of(texts: Texts) -> str:
    """Return a text in the page's language, or in the one it has."""
    return Texts(texts).best(language().code)[0]


def _line(value: str | None) -> str:
    """Return what was typed, on one line."""
    return " ".join(clean_text(value).split())


def _type_choices() -> dict[str, Any]:
    """Return the types of organisations by their codes."""
    return {kind.value: text_of(kind.texts) for kind in ACTOR_TYPES}


class OrganisationForm(PageForm):
    """What the registry says of an organisation, and how to reach it."""

    name_fr = StringField(_l("Name in French"), [Length(max=300)])
    name_ar = StringField(_l("Name in Arabic"), [Length(max=300)])
    acronym = StringField(_l("Acronym"), [Length(max=40)])
    actor_type = SelectField(
        _l("Type of organisation"), [InputRequired(_l("Choose a type of organisation."))]
    )
    region = SelectField(_l("Region"), [InputRequired(_l("Choose a region."))])
    province = SelectField(_l("Province or prefecture"))
    commune = SelectField(_l("Commune"), validate_choice=False)
    registration = StringField(
        _l("Registration number"),
        [Length(max=60)],
        description=_l("That of the receipt, the register or the decree, if there is one."),
    )
    person = StringField(_l("Contact person"), [Length(max=200)])
    email = EmailField(
        _l("E-mail"), [Optional(), Length(max=255), Email(_l("This is not an e-mail address."))]
    )
    phone = StringField(_l("Telephone"), [Length(max=40)])
    address = TextAreaField(_l("Address"), [Length(max=1000)])
    lang = RadioField(_l("Language of letters"), choices=_languages, default="fr")

    def offer(
        self, regions: Iterable[Region], provinces: Iterable[Province], communes: Iterable[Commune]
    ) -> None:
        """Fill the lists; the provinces stand under their regions."""
        here = list(regions)
        self.actor_type.choices = {"": _("Choose a type")} | _type_choices()
        self.region.choices = {"": _("Choose a region")} | {
            region.code: text_of(region.names) for region in here
        }
        names = {region.code: text_of(region.names) for region in here}
        groups: dict[str, dict[str, Any]] = {_("All provinces"): {"": _("The whole region")}}
        for province in provinces:
            if province.region_code in names:
                group = groups.setdefault(names[province.region_code], {})
                group[province.code] = text_of(province.names)
        self.province.choices = groups
        self.commune.choices = {"": _("The whole province")} | {
            commune.code: text_of(commune.names) for commune in communes
        }

    def details(self) -> Details:
        """Return what was typed."""
        names = {"fr": _line(self.name_fr.data), "ar": _line(self.name_ar.data)}
        return Details(
            name=Texts({code: name for code, name in names.items() if name}),
            actor_type=self.actor_type.data,
            region=self.region.data,
            province=self.province.data or None,
            commune=self.commune.data or None,
            acronym=_line(self.acronym.data),
            registration=_line(self.registration.data),
            reach=Reach(
                person=_line(self.person.data),
                email=_line(self.email.data),
                phone=_line(self.phone.data),
                address=clean_text(self.address.data),
                lang=self.lang.data or "fr",
            ),
        )


def present(organisation: Organisation) -> dict[str, Any]:
    """Return what the form of an organisation shows first."""
    contact = organisation.contact
    shown = {
        "name_fr": organisation.name.get("fr", ""),
        "name_ar": organisation.name.get("ar", ""),
        "acronym": organisation.acronym,
        "actor_type": organisation.actor_type,
        "region": organisation.region_code,
        "province": organisation.province_code or "",
        "commune": organisation.commune_code or "",
        "registration": organisation.registration,
    }
    if contact is not None:
        for name in ("person", "email", "phone", "address", "lang"):
            shown[name] = getattr(contact, name)
    return shown


class DeclarationForm(OrganisationForm):
    """The same, filled in by the organisation itself; somebody must be reachable."""

    person = StringField(_l("Your name"), [InputRequired(_l("Give your name.")), Length(max=200)])
    email = EmailField(
        _l("Your e-mail"),
        [
            InputRequired(_l("Give an e-mail address.")),
            Length(max=255),
            Email(_l("This is not an e-mail address.")),
        ],
        description=_l("We send a link there: open it to confirm the registration."),
    )


class DecisionForm(PageForm):
    """What the coordination decides on an organisation."""

    reason = TextAreaField(
        _l("On what papers, or why not"),
        [Length(max=2000)],
        description=_l("Required to refuse: the organisation’s people read it."),
    )


class TermForm(PageForm):
    """What a mandate is for, and for how long."""

    role = RadioField(
        _l("What the mandate allows"),
        choices=lambda: {role.value: str(label) for role, label in ROLES.items()},
        default=MandateRole.DELEGATE.value,
    )
    title = StringField(
        _l("Function in the organisation"),
        [Length(max=200)],
        description=_l("As it is signed: president, general secretary, director…"),
    )
    begins_on = DateField(_l("From"), [InputRequired(_l("Give the first day of the mandate."))])
    ends_on = DateField(
        _l("Until, that day included"), [Optional()], description=_l("Empty: without an end.")
    )

    def term(self) -> Term:
        """Return what was chosen."""
        return Term(
            role=MandateRole(self.role.data),
            begins_on=self.begins_on.data,
            ends_on=self.ends_on.data,
            title=_line(self.title.data),
        )


class InvitationForm(TermForm):
    """Whom to invite, and to what."""

    name = StringField(_l("Name"), [InputRequired(_l("Give the person’s name.")), Length(max=200)])
    email = EmailField(
        _l("E-mail"),
        [
            InputRequired(_l("Give an e-mail address.")),
            Length(max=255),
            Email(_l("This is not an e-mail address.")),
        ],
    )
    lang = RadioField(_l("Language of the letter"), choices=_languages, default="fr")


class WelcomeForm(PageForm):
    """What someone who follows an invitation gives: their name and a password of their own."""

    name = StringField(_l("Your name"), [InputRequired(_l("Give your name.")), Length(max=200)])
    password = PasswordField(
        _l("Your password"),
        [
            InputRequired(_l("Choose a password.")),
            Length(
                min=SHORTEST_PASSWORD, message=_l("A password has at least %(min)d characters.")
            ),
        ],
        description=_l(
            "Twelve characters or more; a few words that only you would put together are best."
        ),
    )


class FunctionForm(PageForm):
    """In what function someone stands for the organisation they declared."""

    title = StringField(
        _l("Your function in the organisation"),
        [InputRequired(_l("Give your function.")), Length(max=200)],
        description=_l("As it is signed: president, general secretary, director…"),
    )


class FounderForm(FunctionForm, WelcomeForm):
    """The same for someone without an account yet."""


class FileForm(PageForm):
    """A spreadsheet of organisations."""

    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l("CSV or XLSX, 20 MB at most. The first row names the columns."),
    )


class ColumnsForm(PageForm):
    """Which column each field comes from; :func:`columns_form` adds the selects."""

    source = StringField(
        _l("Name of the source"),
        [InputRequired(_l("Name the source.")), Length(max=80)],
        description=_l(
            "The rows’ own numbers are known under it: the same file again adds nothing."
        ),
    )
    default_type = SelectField(_l("Type where the file says none"))

    def column_fields(self) -> list[Any]:
        """Return the selects of the columns."""
        return [self[f"column_{key}"] for key in FIELDS]

    def choices(self) -> Choices:
        """Return what was decided."""
        return Choices(
            columns={
                key: self[f"column_{key}"].data for key in FIELDS if self[f"column_{key}"].data
            },
            source=_line(self.source.data),
            default_type=self.default_type.data or "",
        )


def columns_form(header: tuple[str, ...], guessed: dict[str, str], source: str) -> ColumnsForm:
    """Return the form for a file's columns, filled with what they seem to be."""
    selects = {f"column_{key}": SelectField(FIELD_LABELS[key]) for key in FIELDS}
    form: ColumnsForm = type("RegistryColumnsForm", (ColumnsForm,), selects)(
        data={f"column_{key}": guessed.get(key, "") for key in FIELDS} | {"source": source}
    )
    for select in form.column_fields():
        select.choices = {"": _("No column")} | {name: name for name in header}
    form.default_type.choices = {"": _("Refuse the row")} | _type_choices()
    return form
