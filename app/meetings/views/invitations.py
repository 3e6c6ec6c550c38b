"""Staff pages of invitations: organisations of the registry, other addresses, reminders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.core import audit, clock
from app.core.access import requires
from app.core.db import db
from app.core.errors import DomainError, NotFoundError
from app.core.i18n import language
from app.core.mail import Letter
from app.core.text import clean_text
from app.meetings import letters
from app.meetings.access import ORGANISERS
from app.meetings.errors import AddressError, ListColumnsError
from app.meetings.forms.choices import actor_choices
from app.meetings.forms.people import AddressesForm
from app.meetings.models import Meeting, Participant
from app.meetings.operations.attending import columns_of, person_of
from app.meetings.operations.inviting import Person, email_key, invite
from app.meetings.queries import organisations, people
from app.meetings.views.blueprint import bp, counted, is_over, organised, table_in
from app.organisations.models import Organisation
from app.territories.models import Region

_ADDRESS = re.compile(r"[^\s<>;,\"]+@[^\s<>;,\"]+\.[^\s<>;,\"]{2,}")


def _page(meeting: Meeting, form: AddressesForm, status: int = 200) -> Any:
    """Show who is invited, and whom else one may invite."""
    region = request.args.get("region", meeting.region_code or "")
    kind = request.args.get("actor_type", "")
    code = language().code
    regions = db.session.scalars(select(Region).order_by(Region.code))
    registry = list(db.session.scalars(organisations(region=region or None, actor_type=kind)))
    rows = list(db.session.scalars(people(meeting.id)))
    invited = {row.email_key for row in rows if row.invited_at}
    page = render_template(
        "meetings/invitations.html",
        meeting=meeting,
        consultation=meeting.consultation,
        form=form,
        registry=registry,
        key_of=lambda one: email_key(one.contact.email) if one.contact else None,
        invited=invited,
        people=rows,
        counts=counted(meeting),
        is_over=is_over(meeting),
        next_number=_next_number,
        region=region,
        kind=kind,
        region_choices=[(one.code, one.names.best(code)[0]) for one in regions],
        actor_choices=actor_choices()[1:],
    )
    return page, status


def _next_number(participant: Participant) -> int:
    """Return the number of the next invitation letter to somebody."""
    prefix = f"meetings.invitation:{participant.id}:"
    written = db.session.scalar(
        select(func.count()).where(Letter.key.startswith(prefix, autoescape=True))
    )
    return (written or 0) + 1


@bp.get("/staff/meetings/<int:id>/invitations")
@requires(*ORGANISERS)
def invitations(id: int) -> Any:  # noqa: A002
    """Show who is invited to a meeting, and whom else one may invite."""
    return _page(organised(id), AddressesForm(formdata=None))


def _invited(meeting: Meeting, persons: list[Person]) -> Response:
    """Invite people, write to them, and go back to the list."""
    now = clock.now()
    new = invite(db.session(), current_user, meeting, persons, now=now)
    posted = letters.send_invitations(db.session(), new, now=now)
    db.session.commit()
    flash(
        ngettext("One invitation is written.", "%(num)s invitations are written.", posted)
        if posted
        else _("Everybody there was invited already.")
    )
    return redirect(url_for("meetings.invitations", id=meeting.id), 303)


@bp.post("/staff/meetings/<int:id>/invitations")
@requires(*ORGANISERS)
def invite_organisations(id: int) -> Any:  # noqa: A002
    """Invite the organisations of the registry that were ticked."""
    meeting = organised(id)
    chosen = request.form.getlist("organisation", type=int)
    found = db.session.scalars(select(Organisation).where(Organisation.id.in_(chosen)))
    persons = [_of_registry(one) for one in found if one.contact and one.contact.email]
    if not persons:
        flash(_("Tick at least one organisation that has an address."), "error")
        return _page(meeting, AddressesForm(formdata=None), 422)
    return _invited(meeting, persons)


def _of_registry(organisation: Organisation) -> Person:
    """Return whom an invitation to a registered organisation goes to."""
    contact = organisation.contact
    lang = contact.lang if contact else "fr"
    return Person(
        email=contact.email if contact else "",
        name=contact.person if contact else "",
        phone=contact.phone if contact else "",
        organisation=organisation.name.best(lang)[0],
        organisation_id=organisation.id,
        actor_type=organisation.actor_type,
        lang=lang,
    )


@bp.post("/staff/meetings/<int:id>/invitations/addresses")
@requires(*ORGANISERS)
def invite_addresses(id: int) -> Any:  # noqa: A002
    """Invite people by their addresses, pasted or in a file."""
    meeting = organised(id)
    form = AddressesForm()
    if not form.validate_on_submit():
        return _page(meeting, form, 422)
    try:
        persons = list(_pasted(form.pasted.data or "", form.lang.data))
        if form.file.data:
            persons += _filed(form.file.data, meeting, form.lang.data)
    except DomainError as error:
        field = form.pasted if isinstance(error, AddressError) else form.file
        field.errors = [error.text()]
        return _page(meeting, form, 422)
    if not persons:
        form.pasted.errors = [_("Give at least one address.")]
        return _page(meeting, form, 422)
    return _invited(meeting, persons)


def _pasted(text: str, lang: str) -> Iterator[Person]:
    """Read pasted lines: ``address``, ``Name <address>``, or cells apart by semicolons."""
    for number, line in enumerate(text.splitlines(), 1):
        if not clean_text(line):
            continue
        found = _ADDRESS.search(line)
        if not found:
            raise AddressError(number=number, text=clean_text(line)[:60])
        rest = line.replace(found[0], ";").replace("<", ";").replace(">", ";").replace("\t", ";")
        cells = [clean_text(cell.strip(' ,"')) for cell in rest.split(";")]
        cells = [cell for cell in cells if cell]
        said = next((cell.lower() for cell in cells if cell.lower() in {"fr", "ar"}), lang)
        cells = [cell for cell in cells if cell.lower() not in {"fr", "ar"}]
        yield Person(
            email=found[0],
            name=cells[0] if cells else "",
            organisation=cells[1] if len(cells) > 1 else "",
            lang=said,
        )


def _filed(upload: Any, meeting: Meeting, lang: str) -> list[Person]:
    """Read people from a table."""
    persons = []
    with table_in(upload) as table:
        where = columns_of(table)
        if "email" not in where:
            raise ListColumnsError
        where_lang = "lang" in where
        for row in table.rows():
            cells = {key: clean_text(row.cells[position]) for key, position in where.items()}
            if row.problems:
                raise row.problems[0].error
            if not _ADDRESS.fullmatch(cells["email"]):
                raise AddressError(number=row.number, text=cells["email"][:60])
            cells["lang"] = cells.get("lang", "") if where_lang else lang
            persons.append(person_of(cells, meeting))
    return persons


@bp.post("/staff/meetings/<int:id>/invitations/remind")
@requires(*ORGANISERS)
def remind(id: int) -> Response:  # noqa: A002
    """Write to those who were invited and have not answered."""
    meeting = organised(id)
    now = clock.now()
    silent = [
        one
        for one in db.session.scalars(people(meeting.id))
        if one.invited_at and not one.answer and not one.answered_at
    ]
    posted = 0
    if not meeting.cancelled_at and not is_over(meeting):
        posted = letters.send_reminders(db.session(), silent, now=now)
    detail = {"reminded": posted}
    audit.record(
        db.session(), current_user, "meetings.remind", at=now, target=meeting, detail=detail
    )
    db.session.commit()
    flash(ngettext("%(num)s reminder is written.", "%(num)s reminders are written.", posted))
    return redirect(url_for("meetings.invitations", id=id), 303)


@bp.post("/staff/meetings/<int:id>/invitations/resend")
@requires(*ORGANISERS)
def resend(id: int) -> Response:  # noqa: A002
    """Write an invitation once more; the form says which one it is, so two clicks write one."""
    meeting = organised(id)
    participant = db.session.get(Participant, request.form.get("participant", 0, type=int))
    if participant is None or participant.meeting_id != meeting.id:
        raise NotFoundError
    now = clock.now()
    number = max(2, request.form.get("number", 2, type=int))
    letters.send_invitations(db.session(), [participant], number=number, now=now)
    audit.record(db.session(), current_user, "meetings.resend", at=now, target=participant)
    db.session.commit()
    flash(_("The invitation is written once more."))
    return redirect(url_for("meetings.invitations", id=id), 303)
