"""What the pages of answering share: the consultation's door, the device's draft, the way."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.consultations.models import Consultation, Stage
from app.core import clock
from app.core.access import STAFF, Actor, Role
from app.core.db import db
from app.core.errors import ForbiddenError
from app.submissions import queries
from app.submissions.errors import ConsultationNotOpenError, DraftConflictError
from app.submissions.models import Draft, Submission
from app.submissions.queries import Scope
from app.submissions.steps import Way
from app.submissions.views.device import token_of
from app.territories.queries import all_regions

Page = Response | str | tuple[str, int]


def scope_for(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    *,
    roles: Collection[Role] = STAFF,
) -> Scope:
    """Return what ``actor`` may read of a consultation in some roles.

    :raises ForbiddenError: if that is nothing.
    """
    codes = [region.code for region in session.scalars(all_regions())]
    scope = queries.scope_of(actor, consultation.id, codes, roles=roles)
    if scope is None:
        raise ForbiddenError
    return scope


def not_open(consultation: Consultation) -> tuple[str, int]:
    """Say since when or until when nothing can be answered."""
    stage = consultation.stage_at(clock.now())
    page = render_template(
        "submissions/not_open.html", consultation=consultation, is_coming=stage is Stage.COMING
    )
    return page, ConsultationNotOpenError.status


def is_open(consultation: Consultation) -> bool:
    """Tell whether answers are taken now."""
    return consultation.stage_at(clock.now()) is Stage.OPEN


def carried_draft(consultation: Consultation) -> Draft | None:
    """Return the draft that the device carries; what is about to change waits for its turn."""
    query = queries.live_draft(token_of(consultation), consultation.id, now=clock.now())
    if request.method == "POST":
        query = query.with_for_update()
    return db.session.scalars(query).one_or_none()


def already_sent(consultation: Consultation) -> Submission | None:
    """Return what the device has sent already."""
    token = token_of(consultation)
    if not token:
        return None
    sent = db.session.scalars(queries.sent_with(token)).one_or_none()
    return sent if sent and sent.consultation_id == consultation.id else None


def asks_for_data() -> bool:
    """Tell whether a script asks, which goes on by itself."""
    return request.accept_mimetypes.best == "application/json"


def answered(page: Response, draft: Draft | None = None, *, was_kept: bool = True) -> Response:
    """Answer a script in its own way: what was kept, and where to go on.

    ``kept`` is the script's own mark for what it sent: a page made up by something in between, the
    entrance of a network that has to be paid for, say, does not know it.
    """
    if not asks_for_data():
        return page
    was_kept = was_kept and page.status_code != DraftConflictError.status
    answer: Response = jsonify(
        kept=request.form.get("mark", "") if was_kept else "",
        next=page.headers.get("Location"),
        revision=draft.revision if draft else 0,
    )
    # A redirection would be followed before the script could read it.
    answer.status_code = 200 if page.status_code in {204, 303} else page.status_code
    return answer


def lead_to(endpoint: str, consultation: Consultation, **values: Any) -> Response:
    """Redirect to a page of the consultation."""
    return redirect(url_for(endpoint, slug=consultation.slug, **values), 303)


def way_of(draft: Draft, values: dict[str, Any] | None = None) -> Way:
    """Return the steps of a draft."""
    return Way(draft.questionnaire, draft.values if values is None else values, draft.done_sections)


def whole_way(draft: Draft) -> Way:
    """Return every step that a draft may come to have, whatever was answered."""
    return Way(draft.questionnaire, draft.values, draft.done_sections, is_whole=True)
