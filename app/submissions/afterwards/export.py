"""What one said, to take away: as data with documented keys, and as a page to print."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from app.consultations.models import Questionnaire
from app.core.i18n import LANGUAGES, in_language
from app.core.printing import print_pdf
from app.core.text import text_direction
from app.organisations.models import ActorType
from app.submissions.afterwards.applying import said_values, stood_from
from app.submissions.afterwards.contacts import find_contact
from app.submissions.afterwards.queries import load_versions, versions_of
from app.submissions.display import write_submission
from app.submissions.models import Submission
from app.submissions.rights.queries import requests_of

#: Number of the form below; it grows when a key changes its meaning.
FORMAT = 1


def as_data(session: Session, submission: Submission, *, now: datetime) -> dict[str, Any]:
    """Return all that is kept of a submission, for another program.

    ``format``: 1. ``exported_at``, and all instants below: ISO 8601, UTC. ``consultation``:
    ``slug`` and ``title`` by language. ``code``: the receipt's. ``state``: ``received`` or
    ``withdrawn``. ``sent_at``; ``changed_at`` (or null). ``channel``: ``web``, ``paper``...
    ``consent``: ``version``, ``language``, ``given_at``, ``notice`` (its text) and ``statement``
    (what was ticked), or null. ``contact``: ``email``, ``phone``, ``language``, ``given_at``, or
    null. ``versions``: the first one first, each with its ``number``, since when and until when it
    stood (``from``, ``until``; null for the one that stands), ``language`` of the pages,
    ``actor_type``, ``organisation`` and ``answers``: ``key``, ``kind``, ``question`` by language
    and ``value``, in the form that :class:`app.consultations.models.QuestionKind` says.
    ``requests``: ``right``, ``message``, ``made_at``, ``due_at``, ``state``, ``answered_at``,
    ``answer``.
    """
    contact = find_contact(session, submission)
    return {
        "format": FORMAT,
        "exported_at": _instant(now),
        "consultation": {
            "slug": submission.consultation.slug,
            "title": dict(submission.consultation.title),
        },
        "code": submission.receipt,
        "state": submission.state,
        "sent_at": _instant(submission.submitted_at),
        "changed_at": _instant(submission.changed_at),
        "channel": submission.channel,
        "consent": _consent(submission),
        "contact": {
            "email": contact.email,
            "phone": contact.phone,
            "language": contact.lang,
            "given_at": _instant(contact.given_at),
        }
        if contact
        else None,
        "versions": _versions(session, submission),
        "requests": [
            {
                "right": request.kind,
                "message": request.message,
                "made_at": _instant(request.made_at),
                "due_at": _instant(request.due_at),
                "state": request.state,
                "answered_at": _instant(request.decided_at),
                "answer": request.answer,
            }
            for request in session.scalars(requests_of(submission.id))
        ],
    }


def _instant(instant: datetime | None) -> str | None:
    """Write an instant down."""
    return instant.isoformat() if instant else None


def _consent(submission: Submission) -> dict[str, Any] | None:
    """Return what was agreed to, in the language in which it was read."""
    consent = submission.consent
    if consent is None:
        return None
    return {
        "version": consent.notice.version,
        "language": consent.lang,
        "given_at": _instant(consent.given_at),
        "notice": consent.notice.body.best(consent.lang)[0],
        "statement": consent.notice.statement.best(consent.lang)[0],
    }


def _versions(session: Session, submission: Submission) -> list[dict[str, Any]]:
    """Return every version with its answers."""
    rows = [
        _version(
            session.get_one(Questionnaire, one.questionnaire_id),
            one.values,
            number=one.number,
            since=one.stood_from,
            until=one.replaced_at,
            lang=one.lang,
        )
        for one in session.scalars(versions_of(submission.id))
    ]
    last = _version(
        submission.questionnaire,
        said_values(submission),
        number=submission.version,
        since=stood_from(session, submission),
        until=None,
        lang=submission.lang,
    )
    return [*rows, last]


def _version(
    questionnaire: Questionnaire,
    values: dict[str, Any],
    *,
    number: int,
    since: datetime,
    until: datetime | None,
    lang: str,
) -> dict[str, Any]:
    """Return one version."""
    return {
        "number": number,
        "from": _instant(since),
        "until": _instant(until),
        "language": lang,
        "actor_type": values["actor_type"],
        "organisation": values["organisation"],
        "answers": [
            {
                "key": question.key,
                "kind": question.kind,
                "question": dict(question.label),
                "value": values[question.key],
            }
            for question in questionnaire.questions
            if question.key in values
        ],
    }


def as_pdf(session: Session, submission: Submission, lang: str, *, now: datetime) -> bytes:
    """Return what a submission says as a PDF in one language."""
    with in_language(lang):
        html = render_template(
            "submissions/said_pdf.html",
            submission=submission,
            consultation=submission.consultation,
            answers=write_submission(session, submission),
            versions=load_versions(session, submission),
            actor=ActorType(submission.actor_type).texts,
            now=now,
            direction_of=text_direction,
            lang=lang,
            direction=LANGUAGES[lang].direction,
        )
        return print_pdf(html)
