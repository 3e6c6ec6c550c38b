"""The blueprint that the pages of meetings share, and what they lend to templates."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Blueprint, make_response
from flask_login import current_user
from werkzeug.wrappers import Response

from app.consultations.models import Consultation
from app.core import clock
from app.core.clock import CIVIL_ZONE
from app.core.db import db
from app.core.i18n import ltr
from app.core.tables import Table, open_table
from app.meetings import labels
from app.meetings.access import ensure_organises
from app.meetings.calendars import where
from app.meetings.models import Meeting
from app.meetings.queries import counts, get_meeting, meetings_of

bp = Blueprint("meetings", __name__, template_folder="../templates")

#: Largest list, in bytes.
LIST_LIMIT = 5 * 1024 * 1024


@bp.app_context_processor
def _helpers() -> dict[str, Any]:
    """Lend meetings to the pages of consultations, and their words to all."""
    return {
        "announced_meetings": announced_meetings,
        "meeting_words": labels,
        "hours": hours,
        "moment_now": clock.now,
        "place_of_meeting": where,
    }


def hours(meeting: Meeting) -> object:
    """Write from when until when, the way hours are read in both scripts."""
    starts, ends = (
        instant.astimezone(CIVIL_ZONE) for instant in (meeting.starts_at, meeting.ends_at)
    )
    return ltr(f"{starts:%H:%M}–{ends:%H:%M}")


def announced_meetings(consultation: Consultation) -> list[Meeting]:
    """Return a consultation's meetings for its public page."""
    return list(db.session.scalars(meetings_of(consultation.id)))


def organised(meeting_id: int) -> Meeting:
    """Return a meeting that the reader prepares."""
    meeting = get_meeting(db.session(), meeting_id)
    ensure_organises(current_user, meeting)
    return meeting


def counted(meeting: Meeting) -> dict[str, int]:
    """Count a meeting's people."""
    return counts(db.session(), [meeting.id])[meeting.id]


def is_over(meeting: Meeting, now: datetime | None = None) -> bool:
    """Tell whether a meeting has taken place."""
    return (now or clock.now()) >= meeting.ends_at


def new_form_token() -> str:
    """Make the mark by which a form sent twice is known as one."""
    return f"form-{secrets.token_urlsafe(24)}"


def download(content: bytes, name: str, kind: str) -> Response:
    """Answer with a file."""
    answer = make_response(content)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@contextmanager
def table_in(upload: Any) -> Iterator[Table]:
    """Open the table in an uploaded file while it is read.

    :raises ImportRefusedError: if there is none in it.
    """
    with TemporaryDirectory(prefix="tachawor-list-") as folder:
        path = Path(folder) / "list"
        upload.save(path)
        yield open_table(path, limit=LIST_LIMIT)


def in_memory(upload: Any) -> io.BytesIO:
    """Return an uploaded file's bytes as a file."""
    return io.BytesIO(upload.read())
