"""Reading what came in: the list, one submission, the state of the collection."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request
from flask_login import current_user
from sqlalchemy.orm import Session

from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import STAFF, requires
from app.core.db import db
from app.core.errors import NotFoundError
from app.organisations.models import ActorType
from app.submissions import labels, queries
from app.submissions.attachments.queries import of_submission
from app.submissions.blueprint import bp
from app.submissions.collection import load_collection
from app.submissions.dashboard.calls import CALLERS, n_organisations_by_province
from app.submissions.dashboard.completion import load_completion
from app.submissions.dashboard.targets import SETTERS, targets_of
from app.submissions.display import write_submission
from app.submissions.masking import masks_of
from app.submissions.models import Channel, ImportBatch, Submission
from app.submissions.moderation import labels as moderation_labels
from app.submissions.moderation.operations import MODERATORS, SEE_ORIGINALS
from app.submissions.moderation.queries import cases_of
from app.submissions.paper.operations import ENTRY
from app.submissions.paper.queries import record_of
from app.submissions.queries import Filter, Scope
from app.submissions.reach import ensure_reach, reaches
from app.submissions.views.common import scope_for
from app.territories.models import Region
from app.territories.queries import all_regions

#: Rows on a page of the list.
PAGE = 25


def _regions(session: Session) -> list[Region]:
    """Return every region."""
    return list(session.scalars(all_regions()))


@bp.get("/staff/consultations/<slug>/submissions")
@requires(*STAFF)
def index(slug: str) -> str:
    """List the submissions within the reader's regions, filtered and searched."""
    session = db.session()
    consultation = get_consultation(session, slug)
    scope = scope_for(session, current_user, consultation)
    narrowed = Filter(
        region=request.args.get("region", ""),
        actor_type=request.args.get("actor_type", ""),
        channel=request.args.get("channel", ""),
        standing=request.args.get("standing", ""),
        words=request.args.get("words", "")[:200],
        state=request.args.get("state", ""),
    )
    rows, newer, older = _page(
        session,
        scope,
        narrowed,
        older_than=_key("older_than"),
        newer_than=_key("newer_than"),
    )
    regions = [
        region
        for region in _regions(session)
        if scope.regions is None or region.code in scope.regions
    ]
    return render_template(
        "submissions/index.html",
        consultation=consultation,
        scope=scope,
        narrowed=narrowed,
        total=session.scalar(queries.counted(scope, narrowed)) or 0,
        rows=rows,
        masks=masks_of(session, [answer.id for row in rows for answer in row.answers]),
        newer=newer,
        older=older,
        regions=regions,
        actor_types=list(ActorType),
        channels=[(code, str(name)) for code, name in labels.CHANNELS.items()],
        actor_type=ActorType,
    )


def _key(name: str) -> int | None:
    """Return the key of a row given in the address, None if it cannot be one."""
    key = request.args.get(name, type=int)
    return key if key is not None and 0 < key <= queries.LARGEST_KEY else None


def _page(
    session: Session,
    scope: Scope,
    narrowed: Filter,
    *,
    older_than: int | None,
    newer_than: int | None,
) -> tuple[Sequence[Submission], int | None, int | None]:
    """Return the rows of a page, with the keys that lead to newer and to older ones."""
    selection = queries.listed(
        scope, narrowed, limit=PAGE + 1, older_than=older_than, newer_than=newer_than
    )
    found = session.scalars(selection).all()
    has_more, rows = len(found) > PAGE, found[:PAGE]
    if newer_than is not None and older_than is None:
        rows = rows[::-1]
        has_newer, has_older = has_more, bool(rows)
    else:
        has_newer, has_older = older_than is not None and bool(rows), has_more
    newer = rows[0].id if rows and has_newer else None
    return rows, newer, rows[-1].id if rows and has_older else None


@bp.get("/staff/submissions/<int(max=2147483647):id>")
@requires(*STAFF)
def show(id: int) -> str:  # noqa: A002  (the name in the address)
    """Show all of one submission, personal data masked."""
    return submission_page(id)


def submission_page(identity: int, *, is_original: bool = False) -> str:
    """Render a submission; ``is_original`` shows the words under the masks.

    :raises NotFoundError: if there is none of that number.
    :raises ForbiddenError: if the signed-in person may not read it.
    """
    session = db.session()
    submission = session.scalars(queries.with_answers(identity)).one_or_none()
    if submission is None:
        raise NotFoundError
    ensure_reach(current_user, STAFF, submission)
    batch = session.get(ImportBatch, submission.batch_id) if submission.batch_id else None
    masks = masks_of(session, [answer.id for answer in submission.answers])
    has_masks = any(masks.hides(a.id, a.text) for a in submission.answers if a.text)
    return render_template(
        "submissions/show.html",
        consultation=submission.consultation,
        submission=submission,
        answers=write_submission(session, submission, None if is_original else masks),
        record=record_of(session, submission.id),
        files=session.scalars(of_submission(submission.id)).all(),
        may_download=reaches(current_user, SEE_ORIGINALS, submission),
        may_see_scans=reaches(current_user, {*SEE_ORIGINALS, *ENTRY}, submission),
        questions={one.key: one.label for one in submission.questionnaire.questions},
        sources=labels.SOURCES,
        has_masks=has_masks and not is_original,
        may_see_original=has_masks and reaches(current_user, SEE_ORIGINALS, submission),
        is_original=is_original,
        cases=session.scalars(cases_of(submission.id)).all(),
        may_moderate=reaches(current_user, MODERATORS, submission),
        moderation=moderation_labels,
        batch=batch,
        is_web=_is_web(submission),
        actor=ActorType(submission.actor_type).texts,
        channel=labels.CHANNELS[submission.channel],
        interface=labels.interface(submission.lang),
        consent_language=labels.interface(submission.consent.lang) if submission.consent else "",
    )


def _is_web(submission: Submission) -> bool:
    """Tell whether the contributor sent it here."""
    return submission.channel == Channel.WEB


@bp.get("/staff/consultations/<slug>/collection")
@requires(*STAFF)
def collection(slug: str) -> str:
    """Show the state of the collection within the reader's regions."""
    session = db.session()
    consultation = get_consultation(session, slug)
    scope = scope_for(session, current_user, consultation)
    now = clock.now()
    regions = consultation.regions or _regions(session)
    return render_template(
        "submissions/collection.html",
        consultation=consultation,
        scope=scope,
        now=now,
        state=load_collection(
            session, scope, list(regions), now=now, targets=targets_of(session, consultation.id)
        ),
        completion=load_completion(session, consultation.questionnaire),
        registered=n_organisations_by_province(session),
        may_call=any(
            current_user.may(CALLERS, region=region.code, consultation=consultation.id)
            for region in regions
        ),
        may_target=current_user.may(SETTERS, consultation=consultation.id),
        stage=consultation.stage_at(now).value,
        labels=labels,
    )
