"""Selections of drafts and submissions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased, selectinload
from sqlalchemy.sql.elements import ColumnElement

from app.consultations.models import Questionnaire, Section
from app.core.access import STAFF, Actor, Role
from app.core.text import fold
from app.submissions.models import Answer, Channel, Draft, Submission, SubmissionState

#: No key is greater in either database.
LARGEST_KEY = 2**31 - 1


def live_draft(token: str, consultation_id: int, *, now: datetime) -> Select[Draft]:
    """Select the draft a device carries, unless it has expired, with all that it may be asked."""
    whole = selectinload(Draft.questionnaire).selectinload(Questionnaire.sections)
    return (
        select(Draft)
        .where(Draft.token == token, Draft.consultation_id == consultation_id)
        .where(Draft.expires_at > now)
        .options(whole.selectinload(Section.questions))
    )


def coded_drafts(codes: list[str], *, now: datetime) -> Select[Draft]:
    """Select the drafts in progress that have one of these codes."""
    return select(Draft).where(Draft.code.in_(codes), Draft.expires_at > now)


def sent_with(token: str) -> Select[Submission]:
    """Select the submission that a draft has become, by the secret of its device.

    Keys of imported rows are made from what they say, so they open nothing here.
    """
    return select(Submission).where(
        Submission.idempotency_key == token,
        Submission.channel == Channel.WEB,
        Submission.state != SubmissionState.ERASED,
    )


def with_answers(submission_id: int) -> Select[Submission]:
    """Select one submission with all that its page shows."""
    return (
        select(Submission)
        .where(Submission.id == submission_id)
        .options(selectinload(Submission.answers).joinedload(Answer.question))
    )


@dataclass(frozen=True)
class Scope:
    """What of a consultation somebody may read.

    :ivar regions: codes of the regions, or None for the whole country.
    """

    consultation_id: int
    regions: frozenset[str] | None = None

    @property
    def condition(self) -> ColumnElement[bool]:
        """The rows within the scope that are counted: those that were withdrawn are not."""
        return and_(self.whole, Submission.is_standing)

    @property
    def whole(self) -> ColumnElement[bool]:
        """All rows within the scope; those without a region are for the whole country only."""
        here = Submission.consultation_id == self.consultation_id
        if self.regions is None:
            return here
        return and_(here, Submission.region_code.in_(self.regions))


def scope_of(
    actor: Actor,
    consultation_id: int,
    regions: Iterable[str],
    *,
    roles: Collection[Role] = STAFF,
) -> Scope | None:
    """Return what ``actor`` may read of a consultation in some roles, None if nothing at all.

    :param regions: codes of every region there is.
    """
    if actor.may(roles, consultation=consultation_id):
        return Scope(consultation_id)
    own = frozenset(
        code for code in regions if actor.may(roles, region=code, consultation=consultation_id)
    )
    return Scope(consultation_id, own) if own else None


@dataclass(frozen=True)
class Filter:
    """What a list of submissions is narrowed to; empty strings narrow nothing."""

    region: str = ""
    actor_type: str = ""
    channel: str = ""
    words: str = ""
    #: ``withdrawn`` or ``erased``; empty for those that stand.
    state: str = ""
    #: ``official`` for the positions that signatories signed, ``personal`` for the others.
    standing: str = ""

    def __bool__(self) -> bool:
        narrowing = (self.region, self.actor_type, self.channel, self.state, self.standing)
        return any((*narrowing, self.words.strip()))


def matching(scope: Scope, narrowed: Filter) -> ColumnElement[bool]:
    """Return the condition of the submissions in ``scope`` that pass the filter.

    Every word must occur in one of the texts or in the organisation's name, whatever its case,
    accents, vowel signs or letter variants; ``S-00042`` finds that submission.
    """
    gone = (SubmissionState.WITHDRAWN, SubmissionState.ERASED)
    conditions = [scope.condition]
    if narrowed.state in gone:
        conditions = [scope.whole, Submission.state == narrowed.state]
    columns = {
        Submission.region_code: narrowed.region,
        Submission.actor_type: narrowed.actor_type,
        Submission.channel: narrowed.channel,
    }
    conditions += [column == value for column, value in columns.items() if value]
    if narrowed.standing in {"official", "personal"}:
        conditions.append(Submission.is_official.is_(narrowed.standing == "official"))
    conditions += [_contains(word) for word in fold(narrowed.words).split()[:8]]
    return and_(*conditions)


def _contains(word: str) -> ColumnElement[bool]:
    """Return the condition that a submission contains a folded word."""
    number = word.removeprefix("s-")
    is_number = number.isascii() and number.isdecimal()
    if word.startswith("s-") and is_number and int(number) <= LARGEST_KEY:
        return Submission.id == int(number)
    said = select(Answer.id).where(
        Answer.submission_id == Submission.id, Answer.folded.contains(word, autoescape=True)
    )
    return or_(said.exists(), Submission.folded_organisation.contains(word, autoescape=True))


def counted(scope: Scope, narrowed: Filter) -> Select[int]:
    """Select how many submissions pass."""
    return select(func.count(Submission.id)).where(matching(scope, narrowed))


def listed(
    scope: Scope,
    narrowed: Filter,
    *,
    limit: int,
    older_than: int | None = None,
    newer_than: int | None = None,
) -> Select[Submission]:
    """Select one page of a list, the newest first, from the key of a row of the page beside it.

    With ``newer_than`` the rows come oldest first: those next to that row.
    """
    order = (Submission.submitted_at.desc(), Submission.id.desc())
    selection = select(Submission).where(matching(scope, narrowed))
    edge = aliased(Submission)
    if older_than is not None:
        selection = selection.join(edge, edge.id == older_than).where(_before(Submission, edge))
    elif newer_than is not None:
        order = (Submission.submitted_at.asc(), Submission.id.asc())
        selection = selection.join(edge, edge.id == newer_than).where(_before(edge, Submission))
    options = selectinload(Submission.answers).joinedload(Answer.question)
    return selection.order_by(*order).limit(limit).options(options)


def _before(row: type[Submission], edge: type[Submission]) -> ColumnElement[bool]:
    """Return the condition that ``row`` came before ``edge``."""
    return or_(
        row.submitted_at < edge.submitted_at,
        and_(row.submitted_at == edge.submitted_at, row.id < edge.id),
    )
