"""Forms of measures: all that is said of one, how far it is, its ties, a file of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
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
    URLField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.commitments.measures import labels
from app.commitments.measures.checking import ADDRESS, LONG, MOST_ROWS, SHORT
from app.commitments.measures.columns import named, read_amount
from app.commitments.measures.details import Details, Step
from app.commitments.measures.errors import AmountError
from app.commitments.measures.labels import text_of
from app.commitments.measures.tying import Paper
from app.commitments.models import Measure, MeasureKind, MeasureState, Milestone
from app.consultations.models import Consultation
from app.core.forms import PageForm, clean_text
from app.core.i18n import plain_number
from app.territories.models import Commune, Province, Region

_LINE = Length(max=SHORT)
_GO = re.compile(r"(add|remove)-(party|milestone)(?:-(\d{1,4}))?")


def _line(value: str | None) -> str:
    """Return what was typed, on one line."""
    return " ".join(clean_text(value).split())


def number_of(value: str | None) -> int:
    """Return a number that a hidden field carries, -1 for none."""
    text = (value or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def kind_choices() -> dict[str, str]:
    """Return the kinds by their codes."""
    return {kind.value: str(words) for kind, words in labels.KINDS.items()}


def state_choices() -> dict[str, str]:
    """Return the states by their codes."""
    return {state.value: str(words) for state, words in labels.STATES.items()}


class PartyRow(Form):  # type: ignore[misc]
    """Who commits."""

    name_fr = StringField(_l("Name in French"), [_LINE])
    name_ar = StringField(_l("Name in Arabic"), [_LINE])


class MilestoneRow(Form):  # type: ignore[misc]
    """A step of a measure."""

    title_fr = StringField(_l("Title, in French"), [_LINE])
    title_ar = StringField(_l("Title, in Arabic"), [_LINE])
    due_on = DateField(_l("Due on"), [Optional()])
    done_on = DateField(_l("Done on"), [Optional()])

    @property
    def step(self) -> Step | None:
        """The milestone, None where nothing is said."""
        title = named(_line(self.title_fr.data), _line(self.title_ar.data))
        if not title:
            return None
        return Step(title, self.due_on.data, self.done_on.data)

    def validate_due_on(self, _field: Any) -> None:
        """Refuse a day without a title."""
        has_day = self.due_on.data or self.done_on.data
        if has_day and not (_line(self.title_fr.data) or _line(self.title_ar.data)):
            raise ValidationError(_l("Give this milestone a title."))


class MeasureForm(PageForm):
    """All that is said of a measure."""

    revision = HiddenField()
    title_fr = StringField(_l("Title, in French"), [InputRequired(_l("Give a title.")), _LINE])
    title_ar = StringField(_l("Title, in Arabic"), [InputRequired(_l("Give a title.")), _LINE])
    description_fr = TextAreaField(_l("Description, in French"), [Length(max=LONG)])
    description_ar = TextAreaField(_l("Description, in Arabic"), [Length(max=LONG)])
    kind = SelectField(_l("Kind"), choices=kind_choices)
    state = SelectField(_l("State"), choices=state_choices)
    amount = StringField(
        _l("Amount, in dirhams"),
        description=_l("Whole dirhams. Leave empty if no amount was made public."),
    )
    region = SelectField(_l("Region"))
    province = SelectField(_l("Province or prefecture"))
    commune = SelectField(_l("Commune"), validate_choice=False)
    axis = SelectField(_l("Axis"))
    population = SelectField(_l("Population"))
    signed_on = DateField(_l("Signed on"), [Optional()])
    starts_on = DateField(_l("Starts on"), [Optional()])
    ends_on = DateField(_l("To be done by"), [Optional()])
    parties = FieldList(FormField(PartyRow), max_entries=MOST_ROWS)
    milestones = FieldList(FormField(MilestoneRow), max_entries=MOST_ROWS)
    source = TextAreaField(
        _l("Where it was made public, in words"),
        [Length(max=LONG)],
        description=_l("A line in French, then a line in Arabic."),
    )
    source_url = URLField(_l("Address of the source"), [Length(max=ADDRESS)])
    is_public = BooleanField(_l("Shown to the public"))
    note = StringField(
        _l("Why, or what is new"),
        [Length(max=LONG)],
        description=_l("Kept in the history, for staff."),
    )

    def offer(
        self,
        consultation: Consultation,
        regions: Iterable[Region],
        provinces: Iterable[Province],
        communes: Iterable[Commune],
        *,
        may_be_national: bool,
    ) -> None:
        """Fill the lists; provinces stand under their regions."""
        names = {region.code: text_of(region.names) for region in regions}
        self.region.choices = ({"": _("The whole country")} if may_be_national else {}) | names
        groups: dict[str, dict[str, str]] = {_("All provinces"): {"": _("The whole region")}}
        for province in provinces:
            if province.region_code in names:
                group = groups.setdefault(names[province.region_code], {})
                group[province.code] = text_of(province.names)
        self.province.choices = groups
        self.commune.choices = {"": _("The whole province")} | {
            commune.code: text_of(commune.names) for commune in communes
        }
        self.axis.choices = {"": _("No axis")} | {
            row.code: text_of(row.title) for row in consultation.axes
        }
        self.population.choices = {"": _("No population in particular")} | {
            row.code: text_of(row.title) for row in consultation.populations
        }

    def validate_amount(self, field: Any) -> None:
        """Refuse what is no amount."""
        try:
            read_amount(field.data or "")
        except AmountError as error:
            raise ValidationError(error.text()) from error

    def edit_rows(self, go: str) -> str | None:
        """Add or remove a row as a button asks.

        :returns: the identifier of the field to go on with, None for another button.
        """
        found = _GO.fullmatch(go)
        if found is None:
            return None
        verb, kind, place = found.groups()
        rows = self.parties if kind == "party" else self.milestones
        if verb == "add" and len(rows) < MOST_ROWS:
            entry = rows.append_entry()
            first = entry.form.name_fr if kind == "party" else entry.form.title_fr
            return str(first.id)
        if verb == "remove":
            rows.entries = [one for one in rows.entries if one.id != f"{rows.id}-{place}"]
        return f"{rows.id}-rows"

    def details(self) -> Details:
        """Return what was typed."""
        parties = [
            named(_line(row.form.name_fr.data), _line(row.form.name_ar.data))
            for row in self.parties
        ]
        return Details(
            title=named(_line(self.title_fr.data), _line(self.title_ar.data)),
            kind=MeasureKind(self.kind.data),
            state=MeasureState(self.state.data),
            description=named(self.description_fr.data, self.description_ar.data),
            parties=tuple(party for party in parties if party),
            amount_mad=read_amount(self.amount.data or ""),
            region=self.region.data or None,
            province=self.province.data or None,
            commune=self.commune.data or None,
            axis=self.axis.data or None,
            population=self.population.data or None,
            signed_on=self.signed_on.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            milestones=tuple(step for row in self.milestones if (step := row.form.step)),
            source=clean_text(self.source.data),
            source_url=clean_text(self.source_url.data),
            is_public=bool(self.is_public.data),
        )


def present(measure: Measure | None) -> dict[str, Any]:
    """Return what the form of a measure shows first."""
    if measure is None:
        blank = dict.fromkeys(("region", "province", "commune", "axis", "population"), "")
        rows: dict[str, Any] = {"parties": [{}], "milestones": [{}]}
        return {"is_public": True, "revision": "0"} | rows | blank
    shown: dict[str, Any] = {
        f"{name}_{code}": (getattr(measure, name) or {}).get(code, "")
        for name in ("title", "description")
        for code in ("fr", "ar")
    }
    for name in ("kind", "state", "signed_on", "starts_on", "ends_on", "source", "source_url"):
        shown[name] = getattr(measure, name)
    return shown | {
        "revision": str(measure.revision),
        "is_public": measure.is_public,
        "amount": "" if measure.amount_mad is None else plain_number(measure.amount_mad),
        "region": measure.region_code or "",
        "province": measure.province_code or "",
        "commune": measure.commune_code or "",
        "axis": measure.axis.code if measure.axis else "",
        "population": measure.population.code if measure.population else "",
        "parties": [
            {f"name_{code}": one.get(code, "") for code in ("fr", "ar")} for one in measure.parties
        ],
        "milestones": [
            {
                "title_fr": one.title.get("fr", ""),
                "title_ar": one.title.get("ar", ""),
                "due_on": one.due_on,
                "done_on": one.done_on,
            }
            for one in measure.milestones
        ],
    }


class FollowForm(PageForm):
    """How far a measure is; :func:`follow_form` adds a day for each milestone."""

    revision = HiddenField()
    state = SelectField(_l("State"), choices=state_choices)
    note = StringField(
        _l("Why, or what is new"),
        [Length(max=LONG)],
        description=_l("Kept in the history, for staff."),
    )

    def step_fields(self, steps: Iterable[Milestone]) -> list[tuple[Milestone, Any]]:
        """Return the milestones with the fields of the days on which they were done."""
        return [(one, self[f"done_{one.id}"]) for one in steps]


def follow_form(measure: Measure) -> FollowForm:
    """Return the form that says how far a measure is, as it stands."""
    days = {f"done_{one.id}": DateField(_l("Done on"), [Optional()]) for one in measure.milestones}
    made: FollowForm = type("MeasureFollowForm", (FollowForm,), days)(
        data={"revision": str(measure.revision), "state": measure.state}
        | {f"done_{one.id}": one.done_on for one in measure.milestones}
    )
    return made


class DocumentForm(PageForm):
    """A document of a measure: a file or an address."""

    title_fr = StringField(_l("Title, in French"), [InputRequired(_l("Give a title.")), _LINE])
    title_ar = StringField(_l("Title, in Arabic"), [InputRequired(_l("Give a title.")), _LINE])
    url = URLField(_l("Web address"), [Length(max=ADDRESS)])
    file = FileField(_l("File"), description=_l("PDF, DOCX or another document, 20 MB at most."))

    def paper(self) -> Paper:
        """Return what was given."""
        sent = self.file.data
        return Paper(
            title=named(_line(self.title_fr.data), _line(self.title_ar.data)),
            url=clean_text(self.url.data),
            stream=sent.stream if sent else None,
            name=(sent.filename or "") if sent else "",
        )


class PassageForm(PageForm):
    """A passage by its number."""

    passage = StringField(
        _l("Number of a passage"),
        [InputRequired(_l("Give the number of a passage."))],
        description=_l("The number that the workbench shows."),
    )


class MeasuresFileForm(PageForm):
    """A file of measures."""

    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l("CSV or XLSX, 20 MB at most. The first row names the columns."),
    )
