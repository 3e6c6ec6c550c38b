"""Settled minutes enter the consultation: one submission for each speaker of a meeting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.consultations.models import Question, QuestionKind, Questionnaire
from app.core import audit
from app.core.access import Actor
from app.core.i18n import moment
from app.core.text import fold
from app.meetings.access import ensure_organises
from app.meetings.errors import ContestOpenError, MinutesStateError, QuestionGoneError
from app.meetings.models import Meeting, MinutePoint, MinutesState, PointState
from app.meetings.operations.validating import is_contest_open
from app.organisations.models import ActorType
from app.submissions.models import (
    Answer,
    Channel,
    EntryRecord,
    Submission,
    SubmissionVersion,
)
from app.submissions.recording import Said, find_recorded, record_submission

_BETWEEN = "\n\n"


@dataclass
class Settled:
    """What settling added."""

    n_submissions: int = 0
    n_points: int = 0
    #: Points that wait because a contest is open.
    n_open: int = 0


def speaker_key(point: MinutePoint) -> str:
    """Return what makes two points those of one speaker of the meeting."""
    if point.speaker == "workshop":
        return f"workshop-{point.workshop_id}"
    if point.speaker == "plenary":
        return "plenary"
    if point.organisation_id is not None:
        return f"organisation-{point.organisation_id}"
    return f"named-{sha256(fold(point.organisation_name).encode()).hexdigest()[:32]}"


def submission_key(point: MinutePoint) -> str:
    """Return the key under which a point's speaker enters the consultation, once a meeting."""
    return f"meeting:{point.meeting_id}:{speaker_key(point)}"


def speaker_name(point: MinutePoint) -> str:
    """Return in whose name a point stands."""
    if point.speaker == "organisation":
        return point.organisation_name
    meeting = point.meeting.title.best("fr")[0]
    if point.workshop is not None and point.speaker == "workshop":
        return f"{point.workshop.title.best('fr')[0]} ({meeting})"
    return meeting


def settle(session: Session, actor: Actor, meeting: Meeting, *, now: datetime) -> Settled:
    """Let what stands in the minutes enter the consultation, flushed.

    Points with an open contest wait; once decided, settling again adds them to what their speaker
    said. Settling twice adds nothing.

    :raises MinutesStateError: if participants have not been sent the minutes.
    :raises ContestOpenError: if they may still contest.
    """
    ensure_organises(actor, meeting)
    session.refresh(meeting, with_for_update=True)
    if meeting.minutes_state == MinutesState.WRITING or meeting.contest_until is None:
        raise MinutesStateError
    if meeting.minutes_state == MinutesState.CIRCULATED and now < meeting.contest_until:
        raise ContestOpenError(date=moment(meeting.contest_until))
    standing = [point for point in meeting.points if point.state == PointState.STANDING]
    done = Settled(n_open=sum(map(is_contest_open, standing)))
    by_speaker: dict[str, list[MinutePoint]] = {}
    for point in standing:
        if not is_contest_open(point):
            by_speaker.setdefault(submission_key(point), []).append(point)
    for key, points in by_speaker.items():
        _enter(session, meeting, key, points, done, now=now)
    if meeting.settled_at is None:
        meeting.minutes_state, meeting.settled_at = MinutesState.SETTLED, now
    session.flush()
    detail = {"submissions": done.n_submissions, "points": done.n_points, "open": done.n_open}
    audit.record(session, actor, "meetings.settle", at=now, target=meeting, detail=detail)
    return done


def _enter(
    session: Session,
    meeting: Meeting,
    key: str,
    points: Sequence[MinutePoint],
    done: Settled,
    *,
    now: datetime,
) -> None:
    """Write a speaker's submission down, or add to it the points that were decided later."""
    known = find_recorded(session, key)
    if known is not None:
        done.n_points += _add_late(session, known, points, now=now)
        return
    questionnaire = _questionnaire(meeting, points)
    first = points[0]
    said = Said(
        questionnaire=questionnaire,
        values=_values(questionnaire, meeting, points),
        actor_type=ActorType(first.actor_type),
        organisation=speaker_name(first)[:300],
        organisation_id=first.organisation_id,
        channel=Channel.MEETING,
        lang="und",
        key=key,
    )
    submission, is_new = record_submission(session, said, now=now)
    if not is_new:
        return
    session.add(_entry(session, submission, first))
    for point in points:
        point.submission_id = submission.id
    done.n_submissions += 1
    done.n_points += len(points)


def _entry(session: Session, submission: Submission, point: MinutePoint) -> EntryRecord:
    """Return the record of where a submission comes from; its typist is kept apart."""
    typist = session.get(User, point.typed_by_id) if point.typed_by_id else None
    return EntryRecord(
        submission_id=submission.id,
        source="meeting",
        said_by=speaker_name(point),
        said_at=point.meeting.starts_at,
        typed_by_id=point.typed_by_id,
        typed_by=typist.name if typist else "",
        typed_at=point.typed_at,
    )


def _questionnaire(meeting: Meeting, points: Iterable[MinutePoint]) -> Questionnaire:
    """Return the newest published version that asks all the questions of some points."""
    wanted = {point.question_key for point in points}
    published = [one for one in meeting.consultation.questionnaires if one.is_published]
    for version in reversed(published):
        if wanted <= {question.key for question in _texts_of(version)}:
            return version
    raise QuestionGoneError(key=", ".join(sorted(wanted)))


def _texts_of(questionnaire: Questionnaire) -> list[Question]:
    """Return the long texts that a version asks for."""
    return [one for one in questionnaire.questions if one.kind == QuestionKind.LONG_TEXT]


def _values(
    questionnaire: Questionnaire, meeting: Meeting, points: Iterable[MinutePoint]
) -> dict[str, Any]:
    """Return the answers: what was said to each question, and the meeting's region."""
    values: dict[str, Any] = {}
    for point in points:
        before = values.get(point.question_key)
        values[point.question_key] = f"{before}{_BETWEEN}{point.text}" if before else point.text
    place = next(
        (one.key for one in questionnaire.questions if one.kind == QuestionKind.TERRITORY), None
    )
    if place and meeting.region_code:
        values[place] = {"region": meeting.region_code, "province": None, "commune": None}
    return values


def _add_late(
    session: Session, submission: Submission, points: Iterable[MinutePoint], *, now: datetime
) -> int:
    """Add to a submission what is not in it yet, at the end of its texts; return how many points.

    What it said before keeps its place, so that passages found in it stay exact; the earlier
    version is kept.
    """
    if not submission.is_standing:
        return 0
    answers = {answer.question.key: answer for answer in submission.answers}
    late = [
        point
        for point in points
        if point.question_key not in answers
        or not _is_in(point.text, answers[point.question_key].text or "")
    ]
    if not late:
        return 0
    session.add(_version_of(submission, answers, now=now))
    for point in late:
        answer = answers.get(point.question_key)
        if answer is None:
            answer = Answer(question_id=_question_id(submission, point.question_key), text="")
            submission.answers.append(answer)
            answers[point.question_key] = answer
        answer.text = f"{answer.text}{_BETWEEN}{point.text}" if answer.text else point.text
        answer.folded = fold(answer.text)
        point.submission_id = submission.id
    submission.version += 1
    submission.changed_at = now
    session.flush()
    return len(late)


def _is_in(text: str, whole: str) -> bool:
    """Tell whether a point is among those that a text was joined of."""
    return f"{_BETWEEN}{text}{_BETWEEN}" in f"{_BETWEEN}{whole}{_BETWEEN}"


def _question_id(submission: Submission, key: str) -> int:
    """Return the number of a question in a submission's version of the questionnaire."""
    for question in _texts_of(submission.questionnaire):
        if question.key == key:
            return question.id
    raise QuestionGoneError(key=key)


def _version_of(
    submission: Submission, answers: dict[str, Answer], *, now: datetime
) -> SubmissionVersion:
    """Return what a submission says, as the version that is about to be replaced."""
    values: dict[str, Any] = {
        key: answer.text if answer.text is not None else answer.value
        for key, answer in answers.items()
    }
    values |= {"actor_type": submission.actor_type, "organisation": submission.organisation}
    return SubmissionVersion(
        submission_id=submission.id,
        number=submission.version,
        questionnaire_id=submission.questionnaire_id,
        values=values,
        lang=submission.lang,
        stood_from=submission.changed_at or submission.submitted_at,
        replaced_at=now,
    )


def submissions_of(session: Session, meeting: Meeting) -> dict[str, Submission]:
    """Return what a meeting brought into the consultation, by its speakers' keys."""
    keys = {submission_key(point) for point in meeting.points}
    rows = session.scalars(select(Submission).where(Submission.idempotency_key.in_(keys)))
    return {row.idempotency_key: row for row in rows}
