"""What a correction changes: the version before is kept, unchanged answers stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.consultations.models import PrivacyNotice, QuestionKind
from app.core.access import Actor, System
from app.core.text import fold
from app.submissions.afterwards.errors import (
    CodeNotFoundError,
    ErasedError,
    NotYoursAloneError,
    WithdrawnError,
)
from app.submissions.models import (
    Answer,
    Channel,
    Consent,
    Draft,
    Submission,
    SubmissionState,
    SubmissionVersion,
)
from app.submissions.recording import Said, answer_rows, place_of

#: Who acts when someone uses a code: nobody's name is known.
AUTHOR = System("author")

#: What must be settled elsewhere before answers go for good: called with their numbers.
BeforeForgetting = Callable[[Session, Collection[int]], None]
_before: list[BeforeForgetting] = []


def before_forgetting(function: BeforeForgetting) -> BeforeForgetting:
    """Register what a feature above does before answers are deleted."""
    _before.append(function)
    return function


def forget_answers(session: Session, answers: Collection[Answer]) -> None:
    """Delete answers with all that hangs on them (passages, masks), flushed."""
    ids = [answer.id for answer in answers]
    if not ids:
        return
    for function in _before:
        function(session, ids)
    for answer in answers:
        answer.submission.answers.remove(answer)
    # The old rows must be gone before new ones answer the same questions.
    session.flush()


def is_shared(submission: Submission) -> bool:
    """Tell whether several people settled its words together."""
    return submission.is_official or submission.channel == Channel.MEETING


def ensure_own(actor: Actor, submission: Submission) -> None:
    """Check that whoever has the code alone does not undo what several people settled.

    A signatory reopens an official position in the organisation's space; a point of minutes is
    contested before they are settled; both may be asked for as a request that staff answer.

    :raises NotYoursAloneError: if they would.
    """
    if actor is AUTHOR and is_shared(submission):
        raise NotYoursAloneError


def locked(session: Session, submission_id: int) -> Submission:
    """Return a submission as it is now, held until the transaction ends.

    :raises ErasedError: if nothing is left of it.
    """
    row = session.scalars(
        select(Submission)
        .where(Submission.id == submission_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise CodeNotFoundError
    if row.state == SubmissionState.ERASED:
        raise ErasedError
    return row


def said_values(submission: Submission) -> dict[str, Any]:
    """Return what a submission says as a draft keeps it: by question, and who answers."""
    given = {answer.question.key: _given(answer) for answer in submission.answers}
    return given | {
        "actor_type": submission.actor_type,
        "organisation": submission.organisation,
    }


def stood_from(session: Session, submission: Submission) -> datetime:
    """Return since when the version that stands has stood."""
    last = session.scalar(
        select(func.max(SubmissionVersion.replaced_at)).where(
            SubmissionVersion.submission_id == submission.id
        )
    )
    return last or submission.submitted_at


def apply_correction(
    session: Session,
    draft: Draft,
    said: Said,
    *,
    notice: PrivacyNotice | None = None,
    now: datetime,
) -> Submission:
    """Replace what a submission says by what the draft says, flushed; its code stays.

    Nothing changes, and no version is made, if the draft says the same.

    :param notice: the notice that was agreed to, for one that came without a consent.
    :raises ErasedError, WithdrawnError: if it does not stand any more.
    """
    row = locked(session, draft.corrects_id or 0)
    if not row.is_standing:
        raise WithdrawnError
    if notice is not None and row.consent is None:
        _body, read_in = notice.body.best(said.lang)
        row.consent = Consent(notice_id=notice.id, lang=read_in, given_at=now)
    session.execute(delete(Draft).where(Draft.corrects_id == row.id))
    rewrite(session, row, said, now=now)
    return row


def rewrite(
    session: Session, row: Submission, said: Said, *, by: Actor | None = None, now: datetime
) -> bool:
    """Let a submission say something else, flushed; what it said is kept as a version.

    Answers that stay the same keep their rows, and with these their passages and masks.

    :param by: the member of staff who does it; None if its author does.
    :returns: whether anything changed.
    """
    before = said_values(row)
    old = {answer.question_id: answer for answer in row.answers}
    new = {answer.question_id: answer for answer in answer_rows(said.questionnaire, said.values)}
    kinds = {question.id: question.kind for question in said.questionnaire.questions}
    same = {
        key
        for key in old.keys() & new.keys()
        if same_answer(kinds.get(key, ""), _given(old[key]), _given(new[key]))
    }
    replaced = [answer for key, answer in old.items() if key not in same]
    added = [answer for key, answer in new.items() if key not in same]
    if not replaced and not added and _same_author(row, said):
        return False
    session.add(
        SubmissionVersion(
            submission_id=row.id,
            number=row.version,
            questionnaire_id=row.questionnaire_id,
            values=before,
            lang=row.lang,
            stood_from=stood_from(session, row),
            replaced_at=now,
            replaced_by_id=by.id if by else None,
        )
    )
    forget_answers(session, replaced)
    row.answers.extend(added)
    _set_author(row, said)
    row.version += 1
    row.changed_at = now
    session.flush()
    return True


def _given(answer: Answer) -> Any:
    """Return the text or the value of an answer."""
    return answer.value if answer.text is None else answer.text


def same_answer(kind: str, before: Any, after: Any) -> bool:
    """Tell whether two answers say the same: several choices do so in any order."""
    if kind == QuestionKind.MULTIPLE_CHOICE and isinstance(before, list) == isinstance(after, list):
        return sorted(map(repr, before or [])) == sorted(map(repr, after or []))
    return bool(before == after)


def _same_author(row: Submission, said: Said) -> bool:
    """Tell whether the same people answer."""
    return (row.actor_type, row.organisation) == (said.actor_type, said.organisation)


def _set_author(row: Submission, said: Said) -> None:
    """Set who answers, from where, in which language."""
    if row.organisation != said.organisation:
        row.organisation_id = said.organisation_id
    place = place_of(said.questionnaire, said.values)
    row.lang, row.actor_type, row.organisation = said.lang, said.actor_type, said.organisation
    row.folded_organisation = fold(said.organisation)
    row.region_code = place.get("region")
    row.province_code = place.get("province")
    row.commune_code = place.get("commune")
