"""Answering: a draft is begun, kept section by section, and sent once."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.consultations.models import Consultation, PrivacyNotice, QuestionKind, Stage
from app.organisations.operations import find_registered
from app.submissions import answers, errors, queries
from app.submissions.afterwards.applying import apply_correction
from app.submissions.attachments.operations import belongs, hand_over, said_by_files
from app.submissions.models import Attempt, Channel, Draft, Submission
from app.submissions.recording import Said, place_of, record_submission
from app.territories.models import Commune, Province, Region

#: How long a draft is kept after it was last touched.
DRAFT_LIFE = timedelta(days=30)


def ensure_open(consultation: Consultation, *, now: datetime) -> None:
    """Check that a consultation takes answers.

    :raises ConsultationNotOpenError: if it does not.
    """
    if consultation.stage_at(now) is not Stage.OPEN:
        raise errors.ConsultationNotOpenError


def begin_draft(session: Session, consultation: Consultation, *, lang: str, now: datetime) -> Draft:
    """Begin an empty draft, flushed; drafts that have expired are deleted on the way.

    :raises ConsultationNotOpenError: if the consultation takes no answers.
    """
    ensure_open(consultation, now=now)
    session.execute(delete(Draft).where(Draft.expires_at <= now))
    questionnaire = consultation.questionnaire
    attempt = Attempt(
        consultation_id=consultation.id,
        questionnaire_id=questionnaire.id,
        lang=lang,
        begun_at=now,
    )
    session.add(attempt)
    session.flush()
    draft = Draft(
        token=secrets.token_urlsafe(32),
        attempt_id=attempt.id,
        consultation_id=consultation.id,
        questionnaire_id=questionnaire.id,
        values={},
        done_sections=[],
        lang=lang,
        created_at=now,
        updated_at=now,
        expires_at=now + DRAFT_LIFE,
    )
    session.add(draft)
    session.flush()
    return draft


def discard_draft(session: Session, token: str) -> None:
    """Delete a device's draft, if there is one."""
    session.execute(delete(Draft).where(Draft.token == token))


def keep_section(
    session: Session,
    draft: Draft,
    position: int,
    values: Mapping[str, Any],
    *,
    is_done: bool,
    lang: str,
    now: datetime,
    seen: int | None = None,
) -> None:
    """Keep what was typed in a section, right or wrong, flushed.

    :param is_done: whether nothing in it has to be corrected.
    :param seen: revision of the draft that whoever types has seen; None to overwrite knowingly.
    :raises DraftConflictError: if the section was changed since, and to something else.
    """
    changed = differing(draft.values, values)
    last = draft.section_revisions.get(str(position), 0)
    if changed and seen is not None and seen < last:
        raise errors.DraftConflictError(position=position)
    if changed:
        draft.revision += 1
        draft.section_revisions = {**draft.section_revisions, str(position): draft.revision}
    draft.values = {**draft.values, **values}
    done = set(draft.done_sections) - {position}
    draft.done_sections = sorted(done | {position} if is_done else done)
    draft.lang, draft.updated_at, draft.expires_at = lang, now, now + DRAFT_LIFE
    session.flush()
    note_progress(session, draft, position)


def differing(kept: Mapping[str, Any], typed: Mapping[str, Any]) -> list[str]:
    """Return the keys of what was typed that say something else than what is kept.

    Nothing said is the same, whether it was never asked or left empty.
    """
    return [
        key
        for key, value in typed.items()
        if kept.get(key) != value
        and not (answers.is_empty(value) and answers.is_empty(kept.get(key)))
    ]


def note_progress(
    session: Session, draft: Draft, position: int, *, has_checked: bool = False
) -> None:
    """Note how far somebody got: the furthest section opened, and whether all was checked."""
    if draft.attempt_id is None:
        return
    mine = update(Attempt).where(Attempt.id == draft.attempt_id)
    session.execute(
        mine.where(Attempt.furthest_position < position).values(furthest_position=position)
    )
    if has_checked:
        session.execute(mine.where(Attempt.has_checked.is_(False)).values(has_checked=True))


def check_draft(session: Session, draft: Draft) -> answers.Checked:
    """Validate all that a draft answers: who answers, the questions asked, the places named."""
    values = draft.values
    checked = answers.check(draft.questionnaire.questions, values, values.get("actor_type"))
    checked.problems[:0] = answers.check_actor(values)
    regions = {region.code for region in draft.consultation.regions}
    for key, place in _places(draft, checked.values):
        if not _exists(session, place, regions):
            checked.problems.append(answers.Problem(key, errors.UnknownTerritoryError()))
    for question in draft.questionnaire.questions:
        value = checked.values.get(question.key) if question.kind == QuestionKind.FILE else None
        if value is not None and not belongs(session, draft, value):
            checked.problems.append(answers.Problem(question.key, errors.FileMissingError()))
    return checked


def _places(draft: Draft, values: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str | None]]]:
    """Yield the territories that answers name, with their questions' keys."""
    for question in draft.questionnaire.questions:
        if question.kind == QuestionKind.TERRITORY and question.key in values:
            yield question.key, values[question.key]


def _exists(session: Session, place: Mapping[str, str | None], regions: set[str]) -> bool:
    """Tell whether a place is known and its region takes part (all do if none is named)."""
    if regions and place["region"] not in regions:
        return False
    levels = ((Region, "region"), (Province, "province"), (Commune, "commune"))
    codes = [(model, place[level]) for model, level in levels]
    return all(code is None or session.get(model, code) is not None for model, code in codes)


def submit(
    session: Session,
    draft: Draft,
    *,
    notice_id: int | None,
    has_agreed: bool,
    lang: str,
    now: datetime,
) -> Submission:
    """Turn a draft into a submission with its consent, flushed, and return it.

    The draft's token is the submission's key, so sending twice returns the same submission.
    A draft that corrects a submission changes that one.

    :param notice_id: the notice that was shown; agreement is to that version alone.
    :raises ConsultationNotOpenError: if the consultation takes no answers.
    :raises NoticeChangedError: if another notice has been published meanwhile.
    :raises ConsentMissingError: without agreement.
    :raises AnswersIncompleteError: if an answer is missing or refused.
    """
    sent = _find_sent(session, draft)
    if sent is not None:
        return sent
    ensure_open(draft.consultation, now=now)
    # Whoever corrects has agreed already, to the version that stood then.
    needs_consent = draft.corrects is None or draft.corrects.consent is None
    if needs_consent:
        ensure_agreed(draft.consultation.notice, notice_id, has_agreed=has_agreed)
    checked = check_draft(session, draft)
    if checked.problems:
        raise errors.AnswersIncompleteError
    actor, organisation = answers.validate_actor(
        draft.values.get("actor_type"), draft.values.get("organisation")
    )
    place = place_of(draft.questionnaire, checked.values)
    registered = (
        find_registered(session, organisation, actor, place.get("region")) if organisation else None
    )
    said = Said(
        questionnaire=draft.questionnaire,
        values=said_by_files(session, draft.questionnaire.questions, checked.values),
        actor_type=actor,
        organisation=organisation,
        organisation_id=registered.id if registered is not None else None,
        channel=Channel.WEB,
        lang=lang,
        key=draft.token,
    )
    if draft.corrects_id is not None:
        notice = draft.consultation.notice if needs_consent else None
        if draft.corrects is not None:
            # Before the draft goes, and with it whatever would still be attached to it.
            hand_over(session, draft, draft.corrects, checked.values)
        return apply_correction(session, draft, said, notice=notice, now=now)
    row, _is_new = record_submission(session, said, notice=draft.consultation.notice, now=now)
    if draft.attempt_id is not None:
        session.execute(
            update(Attempt)
            .where(Attempt.id == draft.attempt_id)
            .values(has_checked=True, is_sent=True)
        )
    hand_over(session, draft, row, checked.values)
    discard_draft(session, draft.token)
    return row


def _find_sent(session: Session, draft: Draft) -> Submission | None:
    """Return what the draft has already become."""
    return session.scalars(queries.sent_with(draft.token)).one_or_none()


def ensure_agreed(notice: PrivacyNotice, shown_id: int | None, *, has_agreed: bool) -> None:
    """Check that the box was ticked under the notice that stands."""
    if not has_agreed:
        raise errors.ConsentMissingError
    if shown_id != notice.id:
        raise errors.NoticeChangedError
