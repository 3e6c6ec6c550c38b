"""Printing copies, typing what came back, a second reading of a sample, and settling them."""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.consultations.models import Consultation, Questionnaire, Stage
from app.core import audit
from app.core.access import Actor, Role
from app.core.errors import ForbiddenError
from app.core.files.models import StoredFile
from app.organisations.models import ActorType
from app.submissions import receipts
from app.submissions.models import (
    Attachment,
    AttachmentRole,
    Channel,
    EntryRecord,
    PaperEntry,
    PaperForm,
    PaperRun,
    Submission,
)
from app.submissions.paper import errors, queries
from app.submissions.paper.agreement import differing
from app.submissions.recording import Said, place_of, record_submission

#: Roles that print forms and type them in.
ENTRY = (Role.ADMINISTRATOR, Role.ANALYST, Role.DATA_ENTRY)
#: Most copies of one run.
MOST_COPIES = 2_000


def covers(actor: Actor, consultation: Consultation, region: str | None) -> bool:
    """Tell whether ``actor`` may type what comes from a region (None: from no known one)."""
    return actor.may(ENTRY, region=region, consultation=consultation.id)


def ensure_may_enter(actor: Actor, consultation: Consultation) -> None:
    """Check that there is something of the consultation that ``actor`` may type.

    :raises ForbiddenError: if there is not.
    """
    regions = [None, *(region.code for region in consultation.regions)]
    if not any(covers(actor, consultation, region) for region in regions):
        raise ForbiddenError


# --- printing -----------------------------------------------------------------------------------


def make_run(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    *,
    lang: str,
    n_copies: int,
    region: str | None,
    destination: str,
    double_share: float,
    now: datetime,
) -> PaperRun:
    """Add a print run with its copies' codes and the sample that is typed twice, flushed.

    :raises ForbiddenError: if the copies go where ``actor`` has nothing to type.
    """
    if not covers(actor, consultation, region):
        raise ForbiddenError
    run = PaperRun(
        consultation_id=consultation.id,
        questionnaire_id=consultation.questionnaire.id,
        lang=lang,
        region_code=region,
        destination=destination,
        n_copies=n_copies,
        double_share=double_share,
        created_at=now,
        created_by_id=actor.id,
    )
    session.add(run)
    session.flush()
    drawn = set(_drawn(n_copies, double_share))
    codes = _free_codes(session, n_copies)
    run.copies = [
        PaperForm(number=number, code=code, is_double=number in drawn)
        for number, code in enumerate(codes, 1)
    ]
    session.flush()
    audit.record(
        session,
        actor,
        "paper.print",
        at=now,
        target=run,
        detail={"copies": n_copies, "doubles": len(drawn)},
    )
    return run


def _drawn(n_copies: int, share: float) -> list[int]:
    """Draw the copies that two people type; a share above nought draws one at least."""
    count = min(n_copies, math.ceil(n_copies * share))
    return secrets.SystemRandom().sample(range(1, n_copies + 1), count)


def _free_codes(session: Session, count: int) -> list[str]:
    """Make codes that neither a copy nor a submission has; the unique keys decide in the end."""
    codes: set[str] = set()
    while len(codes) < count:
        codes |= {receipts.new_code() for _ in range(count - len(codes))}
        taken = select(Submission.receipt_code).where(Submission.receipt_code.in_(codes))
        codes -= set(session.scalars(taken))
        codes -= {copy.code for copy in session.scalars(queries.copies_with(list(codes)))}
    return list(codes)


def get_copy(session: Session, consultation: Consultation, typed: str) -> PaperForm:
    """Return the copy whose code somebody typed, however they typed it.

    :raises CopyNotFoundError: if no copy of the consultation has it.
    """
    found = session.scalars(queries.copies_with(receipts.readings(typed))).all()
    own = [copy for copy in found if copy.run.consultation_id == consultation.id]
    if len(own) != 1:
        raise errors.CopyNotFoundError
    return own[0]


# --- typing -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What an agent typed.

    :ivar values: validated answers by question key.
    :ivar source: ``paper``, ``telephone``, ``counter``, ``visit`` or ``letter``.
    :ivar said_by: who said it, as far as it was told.
    """

    values: Mapping[str, Any]
    actor_type: ActorType
    organisation: str
    source: str
    lang: str
    said_by: str = ""
    said_at: datetime | None = None
    has_agreed: bool = False
    scan: StoredFile | None = None

    def whole(self) -> dict[str, Any]:
        """Return all that two readings are compared by."""
        return {
            "actor_type": str(self.actor_type),
            "organisation": self.organisation,
            **self.values,
        }


def turn_of(copy: PaperForm, actor: Actor) -> int:
    """Return which reading of a copy is next, 1 or 2.

    :raises SameAgentError: if the second is due and ``actor`` made the first.
    :raises AlreadyTypedError: if it has been read as often as it has to be.
    """
    if not copy.entries:
        return 1
    if not copy.is_double or len(copy.entries) > 1:
        raise errors.AlreadyTypedError
    if copy.entries[0].typed_by_id == actor.id:
        raise errors.SameAgentError
    return 2


def enter_copy(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    questionnaire: Questionnaire,
    copy: PaperForm,
    typed: Typed,
    *,
    now: datetime,
) -> PaperEntry:
    """Write down what an agent read on a copy, flushed: the first reading makes the submission.

    :raises AlreadyTypedError: if somebody was faster; the database decides.
    :raises SameAgentError: if the second reading would be by the agent of the first.
    :raises AgreementMissingError: if the box of the notice is empty.
    """
    turn = turn_of(copy, actor)
    if turn == 1:
        _ensure_recordable(actor, consultation, typed, region=copy.run.region_code, now=now)
    entry = PaperEntry(
        form_id=copy.id,
        turn=turn,
        values=typed.whole(),
        typed_by_id=_account(actor),
        typed_at=now,
        differences=differing(copy.entries[0].values, typed.whole()) if turn == 2 else {},
    )
    # Two agents can hold the same copy at once, so the unique keys decide.
    try:
        with session.begin_nested():
            session.add(entry)
    except IntegrityError as error:
        raise errors.AlreadyTypedError from error
    if turn == 1:
        row = _record(
            session,
            actor,
            consultation,
            questionnaire,
            typed,
            channel=Channel.PAPER,
            key=f"paper:{copy.code}",
            code=copy.code,
            now=now,
        )
        copy.submission_id = row.id
    elif typed.scan is not None and copy.submission_id is not None:
        attach_scan(session, session.get_one(Submission, copy.submission_id), typed.scan, now=now)
    session.flush()
    session.refresh(copy, ["entries"])
    audit.record(session, actor, "paper.enter", at=now, target=copy, detail={"turn": turn})
    return entry


def enter_assisted(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    typed: Typed,
    *,
    key: str,
    now: datetime,
) -> Submission:
    """Record what somebody said to an agent, flushed; the same page sent twice is one submission.

    :param key: random name of the page that was filled in.
    :raises AgreementMissingError: if the person did not agree.
    """
    _ensure_recordable(actor, consultation, typed, region=None, now=now)
    row = _record(
        session,
        actor,
        consultation,
        consultation.questionnaire,
        typed,
        channel=Channel.ASSISTED,
        key=f"assisted:{_account(actor)}:{key}",
        code=None,
        now=now,
    )
    audit.record(
        session, actor, "assisted.enter", at=now, target=row, detail={"source": typed.source}
    )
    return row


def _account(actor: Actor) -> int:
    """Return the account of whoever types: it is always somebody."""
    if actor.id is None:
        raise ForbiddenError
    return actor.id


def _ensure_recordable(
    actor: Actor, consultation: Consultation, typed: Typed, *, region: str | None, now: datetime
) -> None:
    """Check the agreement, the calendar and the agent's regions."""
    if consultation.stage_at(now) is Stage.COMING:
        raise errors.NotOpenYetError
    if not typed.has_agreed:
        raise errors.AgreementMissingError
    place = place_of(consultation.questionnaire, typed.values)
    if not covers(actor, consultation, place.get("region") or region):
        raise ForbiddenError


def _record(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    questionnaire: Questionnaire,
    typed: Typed,
    *,
    channel: Channel,
    key: str,
    code: str | None,
    now: datetime,
) -> Submission:
    """Write the submission and where it comes from, once."""
    said = Said(
        questionnaire=questionnaire,
        values=typed.values,
        actor_type=typed.actor_type,
        organisation=typed.organisation,
        channel=channel,
        lang=typed.lang,
        key=key,
        code=code,
    )
    row, is_new = record_submission(session, said, notice=consultation.notice, now=now)
    if is_new:
        record = EntryRecord(
            submission_id=row.id,
            source=typed.source,
            said_by=typed.said_by,
            said_at=typed.said_at,
            typed_by_id=actor.id,
            typed_by=actor.label,
            typed_at=now,
        )
        session.add(record)
        session.flush()
        if typed.scan is not None:
            attach_scan(session, row, typed.scan, now=now)
    return row


def attach_scan(
    session: Session, submission: Submission, file: StoredFile, *, now: datetime
) -> None:
    """Attach the picture of a form to what it became, flushed."""
    session.add(
        Attachment(
            file_id=file.id,
            submission_id=submission.id,
            role=AttachmentRole.SCAN,
            created_at=now,
        )
    )
    session.execute(
        update(EntryRecord)
        .where(EntryRecord.submission_id == submission.id, EntryRecord.scan_id.is_(None))
        .values(scan_id=file.id)
    )
    session.flush()


# --- settling -----------------------------------------------------------------------------------
