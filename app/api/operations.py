"""Partners and their tokens, and what they send."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.api import errors
from app.api.models import Partner
from app.api.queries import find_partner
from app.consultations.models import Consultation, QuestionKind
from app.core import audit
from app.core.access import Actor, Role, ensure
from app.core.errors import NotFoundError
from app.core.text import clean_text
from app.submissions import answers
from app.submissions.errors import NoticeChangedError, UnknownTerritoryError
from app.submissions.models import Channel, Submission
from app.submissions.operations import ensure_open
from app.submissions.places import load_places
from app.submissions.recording import Said, find_recorded, record_submission

#: How tokens begin, so that one that lies about is recognised.
_MARK = "tcw_"
_SHOWN = 10
_SOURCE_LENGTH = 80

Place = dict[str, str]


# --- partners -----------------------------------------------------------------------------------


def _hash(token: str) -> str:
    """Return what is kept of a token: it is long and random, so a plain hash keeps it."""
    return sha256(token.encode()).hexdigest()


def create_partner(
    session: Session, actor: Actor, consultation: Consultation, name: str, *, now: datetime
) -> tuple[Partner, str]:
    """Add a partner, flushed, and return it with its token, which is kept nowhere.

    :raises PartnerNameTakenError: if another partner has that name.
    """
    ensure(actor, Role.ADMINISTRATOR)
    token = _MARK + secrets.token_urlsafe(32)
    partner = Partner(
        name=" ".join(name.split()),
        consultation_id=consultation.id,
        token_hash=_hash(token),
        token_start=token[:_SHOWN],
        created_at=now,
        created_by_id=actor.id,
    )
    try:
        with session.begin_nested():
            session.add(partner)
    except IntegrityError as error:
        raise errors.PartnerNameTakenError from error
    detail = {"name": partner.name, "consultation": consultation.slug}
    audit.record(session, actor, "api.partner_create", at=now, target=partner, detail=detail)
    return partner, token


def revoke_partner(session: Session, actor: Actor, partner_id: int, *, now: datetime) -> Partner:
    """End a partner's token; what it sent stays. A second time changes nothing.

    :raises NotFoundError: if there is no such partner.
    """
    ensure(actor, Role.ADMINISTRATOR)
    partner = session.get(Partner, partner_id)
    if partner is None:
        raise NotFoundError
    if partner.revoked_at is None:
        partner.revoked_at = now
        detail = {"name": partner.name}
        audit.record(session, actor, "api.partner_revoke", at=now, target=partner, detail=detail)
    return partner


def partner_of(session: Session, authorization: str) -> Partner:
    """Return the partner whose token a request bears.

    :raises TokenError: without a token that holds.
    """
    scheme, _space, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise errors.TokenError
    partner = find_partner(session, _hash(token.strip()))
    if partner is None:
        raise errors.TokenError
    return partner


# --- submissions --------------------------------------------------------------------------------


def submit(
    session: Session,
    partner: Partner,
    consultation: Consultation,
    body: Mapping[str, Any],
    *,
    key: str,
    now: datetime,
) -> tuple[Submission, bool]:
    """Write down what a partner sends, flushed; the same key again returns the same submission.

    :param body: as :class:`app.api.schemas.SubmissionBody` reads it.
    :returns: the submission, and whether it is new.
    :raises TokenScopeError: if the partner's token is for another consultation.
    :raises KeyReusedError: if the key came with another body before.
    :raises ConsultationNotOpenError: if the consultation takes no answers.
    :raises NoticeChangedError: if the consent is to another notice than the one that stands.
    :raises SubmissionRefusedError: if answers are missing or refused, each with its place.
    :raises SourceIdTakenError: if the partner's own number is already here.
    """
    if partner.consultation_id != consultation.id:
        raise errors.TokenScopeError
    fingerprint, own_key = _fingerprint(body), f"api:{partner.id}:{_hash(key)}"
    known = find_recorded(session, own_key)
    if known is not None:
        return _same(known, fingerprint), False
    ensure_open(consultation, now=now)
    if body["consent"]["notice_version"] != consultation.notice.version:
        raise NoticeChangedError
    said = Said(
        questionnaire=consultation.questionnaire,
        values=_checked(session, consultation, body),
        channel=Channel.API,
        lang=body["lang"],
        key=own_key,
        fingerprint=fingerprint,
        **_who(body),
    )
    row, is_new = record_submission(session, said, notice=consultation.notice, now=now)
    if is_new:
        _keep_source(session, row, partner, clean_text(body.get("source_id")) or None)
    partner.last_used_at = now
    session.flush()
    return _same(row, fingerprint), is_new


def _fingerprint(body: Mapping[str, Any]) -> str:
    """Return what tells two bodies apart.

    :raises ApiProblemError: if the body holds halves of signs, which no text can.
    """
    text = json.dumps(body, sort_keys=True, ensure_ascii=False)
    try:
        return _hash(text)
    except UnicodeEncodeError as error:
        place = {"pointer": "", "detail": str(errors.BrokenTextError.message)}
        raise errors.BrokenTextError([place]) from error


def _same(row: Submission, fingerprint: str) -> Submission:
    """Return what is under a key, if it is what was sent now.

    :raises KeyReusedError: if it is not.
    """
    if row.fingerprint != fingerprint:
        place = {"parameter": "Idempotency-Key", "detail": str(errors.KeyReusedError.message)}
        raise errors.KeyReusedError([place])
    return row


def _who(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return who answers; the check has accepted it."""
    actor, name = answers.validate_actor(body["actor"]["type"], body["actor"]["organisation"])
    return {"actor_type": actor, "organisation": name}


def _keep_source(
    session: Session, row: Submission, partner: Partner, source_id: str | None
) -> None:
    """Note from where a submission comes."""
    try:
        with session.begin_nested():
            row.source, row.source_id = partner.name[:_SOURCE_LENGTH], source_id
            session.flush()
    except IntegrityError as error:
        raise errors.SourceIdTakenError from error


def _checked(
    session: Session, consultation: Consultation, body: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the validated answers.

    :raises SubmissionRefusedError: naming every place that is wrong.
    """
    values, actor = body["answers"], body["actor"]
    questions = consultation.questionnaire.questions
    who = {"actor_type": actor["type"], "organisation": actor["organisation"]}
    places = [_actor_place(found) for found in answers.check_actor(who)]
    checked = answers.check(questions, values, actor["type"])
    places += [_place(found.key, found.error) for found in checked.problems]
    places += _not_taken(consultation, values, checked)
    for question in questions:
        value = checked.values.get(question.key)
        if value is None or question.kind != QuestionKind.TERRITORY:
            continue
        if not load_places(session, consultation, value).knows(value):
            places.append(_place(question.key, UnknownTerritoryError()))
    if places:
        raise errors.SubmissionRefusedError(places)
    return checked.values


def _not_taken(
    consultation: Consultation, values: Mapping[str, Any], checked: answers.Checked
) -> list[Place]:
    """Return the answers that no question takes: unknown keys, files, questions not asked."""
    by_key = {question.key: question for question in consultation.questionnaire.questions}
    refused = {found.key for found in checked.problems}
    places = []
    for key, value in values.items():
        if key not in by_key:
            places.append(_place(key, errors.QuestionUnknownError()))
        elif by_key[key].kind == QuestionKind.FILE and not answers.is_empty(value):
            places.append(_place(key, errors.FileNotTakenError()))
        elif not answers.is_empty(value) and key not in checked.values and key not in refused:
            places.append(_place(key, errors.QuestionNotAskedError()))
    return places


def _place(key: str, error: Any) -> Place:
    """Name an answer that is wrong."""
    path = [key, *filter(None, [getattr(error, "item", None)])]
    escaped = "/".join(part.replace("~", "~0").replace("/", "~1") for part in path)
    return {"pointer": f"/answers/{escaped}", "detail": error.text()}


def _actor_place(found: answers.Problem) -> Place:
    """Name what is wrong in who answers."""
    part = "type" if found.key == "actor_type" else "organisation"
    return {"pointer": f"/actor/{part}", "detail": found.error.text()}
