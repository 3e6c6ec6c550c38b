"""Forms that prepare meetings: one of them, or those of all regions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TimeField,
    URLField,
    ValidationError,
)
from wtforms.validators import URL, InputRequired, Length, NumberRange, Optional

from app.core.clock import CIVIL_ZONE
from app.core.db import Texts
from app.core.forms import PageForm, clean_text
from app.meetings.forms.choices import LONG, SHORT, text_of
from app.meetings.models import Meeting
from app.meetings.operations.preparing import Plan, WorkshopPlan, civil
from app.territories.models import Region

#: Empty rows offered for more of the agenda, or more workshops.
_SPARE = 2


class AgendaRow(Form):  # type: ignore[misc]
    """A line of the agenda."""

    at = TimeField(_l("Hour"), [Optional()])
    title_fr = StringField(_l("Subject, in French"), [LONG])
    title_ar = StringField(_l("Subject, in Arabic"), [LONG])

    @property
    def row(self) -> dict[str, Any] | None:
        """The line, None where nothing is said."""
        title = Texts(fr=clean_text(self.title_fr.data), ar=clean_text(self.title_ar.data))
        if not any(title.values()):
            return None
        return {"at": f"{self.at.data:%H:%M}" if self.at.data else "", "title": dict(title)}


class WorkshopRow(Form):  # type: ignore[misc]
    """A workshop."""

    number = HiddenField()
    title_fr = StringField(_l("Title, in French"), [LONG])
    title_ar = StringField(_l("Title, in Arabic"), [LONG])
    facilitator = StringField(_l("Facilitator"), [SHORT])
    rapporteur = StringField(_l("Rapporteur"), [SHORT])

    @property
    def plan(self) -> WorkshopPlan | None:
        """The workshop, None where nothing is said."""
        title = Texts(fr=clean_text(self.title_fr.data), ar=clean_text(self.title_ar.data))
        if not any(title.values()):
            return None
        number = self.number.data or ""
        return WorkshopPlan(
            title=title,
            facilitator=clean_text(self.facilitator.data),
            rapporteur=clean_text(self.rapporteur.data),
            id=int(number) if number.isdigit() else None,
        )


class MeetingForm(PageForm):
    """A meeting: what it is called, when, where, for whom, about what."""

    title_fr = StringField(_l("Title, in French"), [InputRequired(_l("Give a title.")), LONG])
    title_ar = StringField(_l("Title, in Arabic"), [InputRequired(_l("Give a title.")), LONG])
    region = SelectField(_l("Region"))
    on = DateField(_l("Day"), [InputRequired(_l("Give the day."))])
    begins = TimeField(_l("Begins at"), [InputRequired(_l("Give the hour."))])
    ends = TimeField(_l("Ends at"), [InputRequired(_l("Give the hour."))])
    place_fr = StringField(_l("Place, in French"), [LONG])
    place_ar = StringField(_l("Place, in Arabic"), [LONG])
    room_fr = StringField(_l("Room, in French"), [LONG])
    room_ar = StringField(_l("Room, in Arabic"), [LONG])
    address_fr = StringField(_l("Address, in French"), [LONG])
    address_ar = StringField(_l("Address, in Arabic"), [LONG])
    remote_url = URLField(
        _l("Link to follow it from afar"),
        [Optional(), Length(max=500), URL(message=_l("This is not a web address."))],
        description=_l("Shown only to those who said that they come, or on their own page."),
    )
    capacity = IntegerField(
        _l("Seats"),
        [Optional(), NumberRange(min=1, max=100_000, message=_l("Give a number of seats."))],
        description=_l("Leave empty if as many as come find room."),
    )
    is_open = BooleanField(_l("Anybody may register; otherwise only those invited come"))
    agenda = FieldList(FormField(AgendaRow), max_entries=40)
    workshops = FieldList(FormField(WorkshopRow), max_entries=20)

    def offer(self, regions: Iterable[Region], *, may_be_national: bool) -> None:
        """Say which regions may be chosen."""
        self.region.choices = [("", _l("The whole country"))] if may_be_national else []
        self.region.choices += [(one.code, text_of(one.names)) for one in regions]

    def plan(self) -> Plan:
        """Return the meeting as it is planned."""
        pairs = {
            name: Texts(
                fr=clean_text(self[f"{name}_fr"].data), ar=clean_text(self[f"{name}_ar"].data)
            )
            for name in ("title", "place", "room", "address")
        }
        return Plan(
            **pairs,
            region_code=self.region.data or None,
            starts_at=civil(self.on.data, self.begins.data),
            ends_at=civil(self.on.data, self.ends.data),
            remote_url=(self.remote_url.data or "").strip(),
            capacity=self.capacity.data,
            is_open=bool(self.is_open.data),
            agenda=[row for entry in self.agenda if (row := entry.form.row)],
            workshops=[plan for entry in self.workshops if (plan := entry.form.plan)],
        )


def present_meeting(meeting: Meeting | None) -> dict[str, Any]:
    """Return what the form shows first."""
    if meeting is None:
        return {
            "begins": time(9, 30),
            "ends": time(16, 0),
            "is_open": True,
            "agenda": [{}] * 3,
            "workshops": [{}] * _SPARE,
        }
    starts, ends = (
        instant.astimezone(CIVIL_ZONE) for instant in (meeting.starts_at, meeting.ends_at)
    )
    values: dict[str, Any] = {
        f"{name}_{code}": getattr(meeting, name).get(code, "")
        for name in ("title", "place", "room", "address")
        for code in ("fr", "ar")
    }
    agenda = [
        {
            "at": time.fromisoformat(row["at"]) if row["at"] else None,
            "title_fr": row["title"].get("fr", ""),
            "title_ar": row["title"].get("ar", ""),
        }
        for row in meeting.agenda
    ]
    workshops = [
        {
            "number": str(one.id),
            "title_fr": one.title.get("fr", ""),
            "title_ar": one.title.get("ar", ""),
            "facilitator": one.facilitator,
            "rapporteur": one.rapporteur,
        }
        for one in meeting.workshops
    ]
    return values | {
        "region": meeting.region_code or "",
        "on": starts.date(),
        "begins": starts.time(),
        "ends": ends.time(),
        "remote_url": meeting.remote_url,
        "capacity": meeting.capacity,
        "is_open": meeting.is_open,
        "agenda": (agenda + [{}] * _SPARE)[:40],
        "workshops": (workshops + [{}] * _SPARE)[:20],
    }


class RegionalForm(PageForm):
    """The meetings of all regions at once."""

    first_on = DateField(_l("Day of the first one"), [InputRequired(_l("Give the day."))])
    every_days = IntegerField(
        _l("Days from one to the next"),
        [InputRequired(_l("Give a number of days.")), NumberRange(min=0, max=60)],
        default=2,
    )
    begins = TimeField(_l("Begins at"), [InputRequired(_l("Give the hour."))], default=time(9, 30))
    ends = TimeField(_l("Ends at"), [InputRequired(_l("Give the hour."))], default=time(16, 0))
    capacity = IntegerField(_l("Seats"), [Optional(), NumberRange(min=1, max=100_000)], default=150)
    is_open = BooleanField(
        _l("Anybody may register; otherwise only those invited come"), default=True
    )

    def validate_ends(self, field: Any) -> None:
        """Refuse an end before the beginning."""
        if self.begins.data and field.data and field.data <= self.begins.data:
            raise ValidationError(_l("The meeting must end after it begins."))
