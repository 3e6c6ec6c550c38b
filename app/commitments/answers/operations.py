"""Writing the ministry's answer to a theme; each save is a version, a published one is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CursorResult, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.commitments.answers.content import Content
from app.commitments.answers.errors import (
    AnswerChangedError,
    AnswerIncompleteError,
    ThemeNotReportedError,
)
from app.commitments.answers.queries import Families, find_answer
from app.commitments.answers.telling import tell_of_answer
from app.commitments.models import ThemeAnswer, ThemeAnswerVersion
from app.consultations.models import Consultation
from app.core import audit
from app.core.access import Actor, Role, ensure
from app.reports.queries import newest_report
from app.themes.models import Theme

#: Who writes answers, and who reads them before everybody does.
WRITERS = (Role.ADMINISTRATOR, Role.ANALYST)
READERS = (*WRITERS, Role.COORDINATOR, Role.OBSERVER)


def answerable(session: Session, consultation: Consultation, theme_id: int) -> Theme:
    """Return the theme that holds another, if the newest report speaks of it.

    :raises ThemeNotReportedError: if it does not.
    """
    report = newest_report(session, consultation.id)
    families = Families(session, consultation.id)
    reported = {families.holder(one["id"]) for one in report.body["themes"]} if report else set()
    if theme_id not in families or families.holder(theme_id) not in reported:
        raise ThemeNotReportedError
    return session.get_one(Theme, families.holder(theme_id))


def save(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    theme: Theme,
    content: Content,
    *,
    seen: int,
    publish: bool,
    now: datetime,
) -> ThemeAnswer:
    """Save an answer, flushed; what says the same as before makes no version and no letter.

    :param seen: the revision that the actor was shown, 0 if there was none.
    :param publish: let everybody see it; an answer that was published stays so.
    :raises ForbiddenError: unless ``actor`` is an analyst or administrator for the consultation.
    :raises ThemeNotReportedError: if no published report has the theme, or another holds it.
    :raises AnswerIncompleteError: if it would be public and lacks something.
    :raises AnswerChangedError: if somebody saved it meanwhile.
    """
    ensure(actor, *WRITERS, consultation=consultation.id)
    if answerable(session, consultation, theme.id).id != theme.id:
        raise ThemeNotReportedError
    answer = find_answer(session, theme.id)
    is_public = publish or (answer is not None and answer.published_at is not None)
    if is_public and content.missing:
        raise AnswerIncompleteError
    if answer is None:
        answer = _begin(session, consultation, theme, content, seen=seen, now=now)
    elif not _take_turn(session, answer, content, seen=seen, publish=publish, now=now):
        return answer
    if is_public and answer.published_at is None:
        answer.published_at = now
    session.add(_version(actor, answer, is_public=is_public, now=now))
    session.flush()
    verb = "commitments.publish_answer" if is_public else "commitments.save_answer"
    audit.record(session, actor, verb, at=now, target=answer, detail={"revision": answer.revision})
    if is_public:
        tell_of_answer(session, actor, answer, now=now)
    return answer


def _begin(
    session: Session,
    consultation: Consultation,
    theme: Theme,
    content: Content,
    *,
    seen: int,
    now: datetime,
) -> ThemeAnswer:
    """Add the first version of an answer; of two at once, the unique theme lets one in."""
    answer = ThemeAnswer(
        consultation_id=consultation.id,
        theme_id=theme.id,
        revision=1,
        updated_at=now,
        **vars(content),
    )
    if seen:
        raise AnswerChangedError
    try:
        with session.begin_nested():
            session.add(answer)
    except IntegrityError:
        raise AnswerChangedError from None
    return answer


def _take_turn(
    session: Session,
    answer: ThemeAnswer,
    content: Content,
    *,
    seen: int,
    publish: bool,
    now: datetime,
) -> bool:
    """Change an answer if it is still the one that was seen; false if nothing is to be changed.

    :raises AnswerChangedError: if it says something else by now.
    """
    session.refresh(answer)
    is_new = publish and answer.published_at is None
    if Content.of(answer) == content and not is_new:
        # Sent twice, or by two people who agree: it says so already.
        return False
    taken = session.execute(
        update(ThemeAnswer)
        .where(ThemeAnswer.id == answer.id, ThemeAnswer.revision == seen)
        .values(revision=seen + 1, updated_at=now, **vars(content))
        .execution_options(synchronize_session=False)
    )
    if not isinstance(taken, CursorResult) or taken.rowcount != 1:
        raise AnswerChangedError
    session.refresh(answer)
    return True


def _version(
    actor: Actor, answer: ThemeAnswer, *, is_public: bool, now: datetime
) -> ThemeAnswerVersion:
    """Return the version that an answer has become."""
    return ThemeAnswerVersion(
        answer_id=answer.id,
        revision=answer.revision,
        is_public=is_public,
        at=now,
        actor_id=actor.id,
        actor_label=actor.label,
        **vars(Content.of(answer)),
    )
