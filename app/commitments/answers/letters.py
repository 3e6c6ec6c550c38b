"""The letters that say that something became of what one said, and their stopping.

A letter names neither the theme nor the measure: they would tell whoever reads over a shoulder what
somebody spoke of. It leads to the page that the contribution's code opens.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from app.commitments.answers.queries import Families
from app.commitments.answers.recipients import speaks_of, stands_behind, to_be_told
from app.commitments.models import Measure, ThemeAnswer, ThemeAnswerVersion
from app.core.i18n import in_language
from app.core.mail import Letter, LetterState, can_be_left, post_all, public_url, written
from app.reports.queries import newest_reported_run
from app.submissions.afterwards.contacts import find_contact
from app.submissions.models import Contact, Submission

#: Kinds of these letters; they begin so that they go with the contact.
ANSWER, MEASURE = "submissions.answer", "submissions.measure"

can_be_left(ANSWER, MEASURE)

#: Letters that one transaction writes.
BATCH = 200


def write_some(
    session: Session, what: str, identity: int, revision: int, *, after: int, now: datetime
) -> int | None:
    """Write the letters of the next contributions, flushed; those written stay as they are.

    :param what: ``answer`` or ``measure``.
    :param after: number of the last contribution done, 0 to begin.
    :returns: the number of the last contribution done, None if that was all.
    """
    write = _answer_letters if what == "answer" else _measure_letters
    return write(session, identity, revision, after, now)


def _answer_letters(
    session: Session, identity: int, revision: int, after: int, now: datetime
) -> int | None:
    """Write of an answer; one that was changed since is told by its own letters."""
    answer = session.get(ThemeAnswer, identity)
    if answer is None or answer.published_at is None or answer.revision != revision:
        return None
    condition = _spoke(session, answer.consultation_id, [answer.theme_id])
    if condition is None:
        return None
    n_public = session.scalar(
        select(func.count()).where(
            ThemeAnswerVersion.answer_id == identity, ThemeAnswerVersion.is_public
        )
    )
    rows = _next(session, answer.consultation_id, condition, after)
    letters = []
    for submission, contact in rows:
        with in_language(contact.lang):
            if n_public == 1:
                subject = _("The ministry has answered a theme of your contribution")
                news = _("The ministry has answered a theme in which part of it was placed.")
            else:
                subject = _("The ministry has changed its answer to a theme of your contribution")
                news = _(
                    "The ministry has changed its answer to a theme in which part of it was placed."
                )
            key = f"answer:{identity}:{revision}"
            letters.append(_letter(submission, contact, key, ANSWER, subject, news, now=now))
    post_all(session, letters)
    return rows[-1][0].id if len(rows) == BATCH else None


def _measure_letters(
    session: Session, identity: int, revision: int, after: int, now: datetime
) -> int | None:
    """Write of a measure."""
    measure = session.get(Measure, identity)
    if measure is None or not measure.is_public:
        return None
    spoke = _spoke(session, measure.consultation_id, [theme.id for theme in measure.themes])
    behind = stands_behind(identity)
    condition = behind if spoke is None else or_(spoke, behind)
    rows = _next(session, measure.consultation_id, condition, after)
    letters = []
    for submission, contact in rows:
        with in_language(contact.lang):
            subject = _("News of a measure that answers your contribution")
            news = _("A measure that answers part of it has moved on.")
            key = f"measure:{identity}:{revision}"
            letters.append(_letter(submission, contact, key, MEASURE, subject, news, now=now))
    post_all(session, letters)
    return rows[-1][0].id if len(rows) == BATCH else None


def _spoke(
    session: Session, consultation_id: int, theme_ids: Iterable[int]
) -> ColumnElement[bool] | None:
    """Say that the newest report placed a contribution in some themes; None before the first."""
    run_id = newest_reported_run(session, consultation_id)
    if run_id is None:
        return None
    families = Families(session, consultation_id)
    members = {one for theme_id in theme_ids for one in families.members(theme_id)}
    return speaks_of(run_id, members)


def _next(
    session: Session, consultation_id: int, condition: ColumnElement[bool], after: int
) -> list[tuple[Submission, Contact]]:
    """Return the next contributions to write to."""
    selection = to_be_told(consultation_id).where(condition, Submission.id > after).limit(BATCH)
    return [(submission, contact) for submission, contact in session.execute(selection)]


def _letter(
    submission: Submission,
    contact: Contact,
    key: str,
    kind: str,
    subject: str,
    news: str,
    *,
    now: datetime,
) -> dict[str, Any]:
    """Write one letter, in the language of the moment."""
    title, _lang = submission.consultation.title.best(contact.lang)
    code = submission.receipt_code
    lines = [
        _("Hello,"),
        _("You asked to be told what becomes of your contribution to “%(title)s”.", title=title),
        news,
        _("What is new, and where each of your passages stands, is on your page:"),
        public_url("commitments.contribution", code=code),
        _("To receive no more letters like this one:"),
        public_url("commitments.letters", code=code),
    ]
    return written(
        key=f"{key}:{submission.id}",
        kind=kind,
        to=contact.email,
        subject=subject,
        body="\n\n".join(lines),
        lang=contact.lang,
        now=now,
    )


def stop(session: Session, submission: Submission, *, now: datetime) -> bool:
    """Write to somebody no more, flushed, and drop what waits; false if they left no address."""
    contact = find_contact(session, submission)
    if contact is None or not contact.email:
        return False
    contact.stopped_at = contact.stopped_at or now
    session.execute(
        delete(Letter).where(
            Letter.kind.in_((ANSWER, MEASURE)),
            Letter.state == LetterState.WAITING,
            Letter.key.endswith(f":{submission.id}"),
        )
    )
    session.flush()
    return True


def write_again(session: Session, submission: Submission) -> bool:
    """Let letters come again, flushed; false if there is no address for them."""
    contact = find_contact(session, submission)
    if contact is None or not contact.email:
        return False
    contact.stopped_at = None
    session.flush()
    return True
