"""A meeting with its people, as tests need one."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from docx import Document
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core import clock
from app.core.access import System
from app.core.db import Texts, db
from app.core.mail.delivery import MailServer, send_due
from app.meetings.models import Meeting, Participant, Workshop
from app.meetings.operations.inviting import Person, add_person
from app.organisations.models import Organisation, OrganisationContact
from tests import factories
from tests.conftest import NOW

STAFF = System("test")
LINK = re.compile(r"https?://[^/\s]+(/(?:fr|ar)/meetings/[\w-]+(?:/minutes)?)\s")


def meeting(
    consultation: Consultation | None = None, *, starts_at: datetime | None = None, **columns: Any
) -> Meeting:
    """Add a meeting in Drâa-Tafilalet with two workshops."""
    consultation = consultation or factories.ConsultationFactory()
    starts_at = starts_at or NOW + timedelta(days=7)
    row = Meeting(
        **{
            "consultation_id": consultation.id,
            "region_code": "08",
            "title": Texts(fr="Rencontre d’Errachidia", ar="لقاء الرشيدية"),
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=6),
            "place": Texts(fr="Wilaya, Errachidia", ar="الولاية، الرشيدية"),
            "room": Texts(fr="Salle des conférences", ar="قاعة الندوات"),
            "address": Texts(),
            "agenda": [{"at": "09:30", "title": {"fr": "Ouverture", "ar": "الافتتاح"}}],
            "created_at": NOW,
        }
        | columns
    )
    row.workshops = [
        Workshop(position=1, title=Texts(fr="Handicap", ar="الإعاقة"), rapporteur="Salma"),
        Workshop(position=2, title=Texts(fr="Personnes âgées", ar="الأشخاص المسنون")),
    ]
    db.session.add(row)
    db.session.flush()
    return row


def organisation(name: str, *, email: str = "", lang: str = "fr", **columns: Any) -> Organisation:
    """Add a registered association of Drâa-Tafilalet."""
    row = Organisation(
        **{
            "name": Texts({lang: name}),
            "actor_type": "association",
            "region_code": "08",
            "created_at": NOW,
        }
        | columns
    )
    row.contact = OrganisationContact(email=email, lang=lang, updated_at=NOW)
    db.session.add(row)
    db.session.flush()
    return row


def present(meeting: Meeting, name: str, *, email: str = "", **person: Any) -> Participant:
    """Add somebody who was at the meeting."""
    row, _new = add_person(
        db.session(), meeting, Person(name=name, email=email, **person), origin="list", now=NOW
    )
    row.was_present = True
    db.session.flush()
    return row


def send_letters(app: Any) -> None:
    """Send what waits in the outbox."""
    server = MailServer.of(app.config)
    assert server is not None
    done = send_due(db.session(), server, now=clock.now)
    assert (done.n_put_off, done.n_given_up, done.outage) == (0, 0, "")


def link_in(message: EmailMessage) -> str:
    """Return the path of the personal link in a letter."""
    body = message.get_body(("plain",))
    assert body is not None
    found = LINK.search(str(body.get_content()) + "\n")
    assert found, body.get_content()
    return found[1]


def again(session: Session, row: Any) -> Any:
    """Read a row anew."""
    session.rollback()
    return session.get_one(type(row), row.id, populate_existing=True)


def document(*blocks: Any) -> bytes:
    """Return a DOCX: ``("h", text)`` headings, texts, and lists of rows as tables."""
    made = Document()
    for block in blocks:
        if isinstance(block, tuple):
            made.add_heading(block[1], level=1)
        elif isinstance(block, list):
            table = made.add_table(rows=0, cols=len(block[0]))
            for row in block:
                for cell, words in zip(table.add_row().cells, row, strict=True):
                    cell.text = words
        else:
            made.add_paragraph(block)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()
