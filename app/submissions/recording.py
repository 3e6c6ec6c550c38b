"""Writing a submission down, by whatever way it came: once, with a receipt, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.consultations.models import PrivacyNotice, QuestionKind, Questionnaire
from app.organisations.models import ActorType
from app.submissions import answers, receipts
from app.submissions.models import Answer, Channel, Consent, Submission
from app.submissions.moderation.screening import screen

#: Two equal codes among a million are already unlikely; this many in a row do not happen.
_CODE_ATTEMPTS = 5


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is to be written down.

    :ivar values: validated answers by question key (``answers.check(...).values``).
    :ivar key: what makes it the same submission when it comes twice.
    :ivar code: the receipt code, where it was given beforehand (paper forms).
    """

    questionnaire: Questionnaire
    values: Mapping[str, Any]
    actor_type: ActorType
    organisation: str
    channel: Channel
    lang: str
    key: str
    code: str | None = None
    organisation_id: int | None = None
    is_official: bool = False
    fingerprint: str | None = None


def find_recorded(session: Session, key: str) -> Submission | None:
    """Return what was written down under a key."""
    return session.scalars(
        select(Submission).where(Submission.idempotency_key == key)
    ).one_or_none()


def record_submission(
    session: Session, said: Said, *, notice: PrivacyNotice | None = None, now: datetime
) -> tuple[Submission, bool]:
    """Add a submission with its answers, flushed; one of the same key is returned as it is.

    :param notice: the notice that was agreed to, None where nobody was shown one.
    :returns: the submission, and whether it is new.
    """
    for attempt in range(_CODE_ATTEMPTS):
        # Two requests can both pass any check made beforehand, so the unique key decides.
        try:
            with session.begin_nested():
                row = _row(said, now=now)
                if notice is not None:
                    row.consent = _consent(notice, lang=said.lang, now=now)
                session.add(row)
        except IntegrityError:
            known = find_recorded(session, said.key)
            if known is not None:
                return known, False
            if said.code is not None or attempt == _CODE_ATTEMPTS - 1:
                raise  # not two equal codes, then
        else:
            screen(session, [row], now=now)
            return row, True
    raise AssertionError("unreachable")


def place_of(questionnaire: Questionnaire, values: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the first territory that answers name, empty if none."""
    for question in questionnaire.questions:
        if question.kind == QuestionKind.TERRITORY and question.key in values:
            return dict(values[question.key])
    return {}


def _row(said: Said, *, now: datetime) -> Submission:
    """Make the row and those of its answers."""
    place = place_of(said.questionnaire, said.values)
    row = Submission(
        consultation_id=said.questionnaire.consultation_id,
        questionnaire_id=said.questionnaire.id,
        channel=said.channel,
        lang=said.lang,
        actor_type=said.actor_type,
        organisation=said.organisation,
        region_code=place.get("region"),
        province_code=place.get("province"),
        commune_code=place.get("commune"),
        receipt_code=said.code or receipts.new_code(),
        idempotency_key=said.key,
        fingerprint=said.fingerprint,
        organisation_id=said.organisation_id,
        is_official=said.is_official,
        submitted_at=now,
    )
    row.answers = answer_rows(said.questionnaire, said.values)
    return row


def answer_rows(questionnaire: Questionnaire, values: Mapping[str, Any]) -> list[Answer]:
    """Make the rows of validated answers, in the order of the questions."""
    rows = []
    for question in questionnaire.questions:
        if question.key in values:
            value = values[question.key]
            # What is said in an attached file is a text too; a scan is kept by its name.
            is_words = answers.is_text(question) or (
                question.kind == QuestionKind.FILE and isinstance(value, str)
            )
            kept = {"text": value} if is_words else {"value": value}
            rows.append(Answer(question_id=question.id, **kept))
    return rows


def _consent(notice: PrivacyNotice, *, lang: str, now: datetime) -> Consent:
    """Make the consent, in the language in which the notice could be read."""
    _body, read_in = notice.body.best(lang)
    return Consent(notice_id=notice.id, lang=read_in, given_at=now)
