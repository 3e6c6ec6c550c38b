"""Publishing: an approved draft is proved again and frozen with its number, date and files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor, ensure
from app.reports.body import Draft, canonical, digest
from app.reports.body.changes import difference
from app.reports.body.checks import Proof, verify
from app.reports.drafting.operations import N_APPROVALS, WRITERS, approvals
from app.reports.errors import (
    DraftChangedError,
    NoDraftError,
    NotApprovedError,
    NothingNewError,
    PublishedMeanwhileError,
)
from app.reports.models import DraftState, Report, ReportDraft, ReportFile
from app.reports.publishing.freezing import open_data
from app.reports.publishing.subscribing.letters import tell_version
from app.reports.queries import cells_of, newest_report

#: Languages of the files.
LANGUAGES = ("fr", "ar")


@dataclass(frozen=True)
class Edition:
    """What a report's cover says besides its body."""

    version: int
    label: str
    published_at: datetime
    sha256: str
    is_preview: bool = False


#: Makes a file of a body in a language.
Renderer = Callable[[dict[str, Any], Edition, str], bytes]
#: Files by kind (``pdf``, ``docx``) and language.
Files = dict[tuple[str, str], bytes]


@dataclass(frozen=True)
class Prepared:
    """The files of an approved draft, made beforehand, for exactly one edition."""

    edition: Edition
    files: Files


def next_edition(session: Session, draft: ReportDraft, *, now: datetime) -> Edition:
    """Prove an approved draft and return what its cover will say; it raises as :func:`proved`."""
    edition, _proof = proved(session, draft, now=now)
    return edition


def proved(session: Session, draft: ReportDraft, *, now: datetime) -> tuple[Edition, Proof]:
    """Prove an approved draft; return what its cover will say, and the proof.

    :raises NoDraftError: if it is no longer open.
    :raises NotApprovedError: unless two people approved it exactly as it is.
    :raises NothingNewError: if the newest version says the same.
    :raises CoverageMismatchError, QuotationMismatchError, FigureMismatchError, ClaimMismatchError,
        NarrativeUnprovenError: if it does not come out again.
    """
    if draft.state != DraftState.OPEN:
        raise NoDraftError
    # The row itself may have been touched: what was approved is what its hash says.
    if digest(draft.body) != draft.sha256:
        raise DraftChangedError
    given = approvals(draft)
    if len({row.user_id for row in given}) < N_APPROVALS:
        raise NotApprovedError(count=len(given))
    newest = newest_report(session, draft.consultation_id)
    if newest is not None and newest.sha256 == draft.sha256:
        raise NothingNewError(label=newest.label)
    proof = verify(session, as_built(draft))
    edition = Edition(
        version=1 if newest is None else newest.version + 1,
        label=next_label(newest, draft.body),
        published_at=now,
        sha256=draft.sha256,
    )
    return edition, proof


def as_built(draft: ReportDraft) -> Draft:
    """Return a draft's row as what :func:`app.reports.body.build` gave."""
    return Draft(run_id=draft.run_id, body=draft.body, cells=draft.cells)


def next_label(newest: Report | None, body: dict[str, Any]) -> str:
    """Return the version as it is printed: another number before the point for other data."""
    if newest is None:
        return "1.0"
    major, minor = (int(part) for part in newest.label.split("."))
    if difference(newest.body, body).is_of_data:
        return f"{major + 1}.0"
    return f"{major}.{minor + 1}"


def renderers() -> Mapping[str, Renderer]:
    """Return what makes each kind of file; imported late, for it is heavy and not always needed."""
    from app.reports.rendering import render_pdf
    from app.reports.word import render_docx

    return {"pdf": render_pdf, "docx": render_docx}


def render_files(
    body: dict[str, Any], edition: Edition, make: Mapping[str, Renderer] | None = None
) -> Prepared:
    """Make an edition's files; it takes seconds, so no transaction should be open meanwhile."""
    return Prepared(
        edition,
        {
            (kind, lang): render(body, edition, lang)
            for kind, render in (renderers() if make is None else make).items()
            for lang in LANGUAGES
        },
    )


def publish(
    session: Session,
    actor: Actor,
    draft: ReportDraft,
    *,
    now: datetime,
    prepared: Prepared | None = None,
    make: Mapping[str, Renderer] | None = None,
) -> Report:
    """Publish an approved draft and return the report, flushed.

    :param prepared: files made beforehand; they are made again if the edition is another by now.
    :raises ForbiddenError: unless ``actor`` is an analyst or administrator for the consultation.
    :raises PublishedMeanwhileError: if someone published something else at the same moment.
    And all that :func:`proved` raises.
    """
    ensure(actor, *WRITERS, consultation=draft.consultation_id)
    edition, proof = proved(session, draft, now=now)
    if prepared is None or prepared.edition != edition:
        prepared = render_files(draft.body, edition, make)
    return _write(session, actor, draft, prepared, proof)


def _write(
    session: Session, actor: Actor, draft: ReportDraft, prepared: Prepared, proof: Proof
) -> Report:
    """Add the report's rows; of two at once, the unique version lets one in."""
    edition = prepared.edition
    newest = newest_report(session, draft.consultation_id)
    frozen = open_data(
        session,
        draft.consultation,
        draft.run_id,
        draft.body,
        version=edition.version,
        label=edition.label,
        published_at=edition.published_at,
        sha256=edition.sha256,
        proof=proof,
    )
    report = Report(
        consultation_id=draft.consultation_id,
        run_id=draft.run_id,
        version=edition.version,
        label=edition.label,
        changes={} if newest is None else _changes(session, newest, draft),
        published_at=edition.published_at,
        published_by_id=actor.id,
        body=draft.body,
        sha256=edition.sha256,
        files=[_file(lang, kind, content) for (kind, lang), content in prepared.files.items()]
        + [_file("", "cells", canonical(draft.cells).encode())]
        + [_file("", kind, content) for kind, content in frozen.items()],
    )
    try:
        with session.begin_nested():
            session.add(report)
            session.flush()
            closed = session.execute(
                update(ReportDraft)
                .where(ReportDraft.id == draft.id, ReportDraft.state == DraftState.OPEN)
                .values(state=DraftState.PUBLISHED, report_id=report.id)
                .execution_options(synchronize_session=False)
            )
            if closed.rowcount != 1:  # type: ignore[attr-defined]
                raise NoDraftError
    except IntegrityError:
        raise PublishedMeanwhileError(version=edition.label) from None
    session.refresh(draft)
    tell_version(session, report, now=edition.published_at)
    audit.record(
        session,
        actor,
        "reports.publish",
        at=edition.published_at,
        target=report,
        detail={
            "version": report.version,
            "label": report.label,
            "sha256": report.sha256,
            "run": report.run_id,
            "approved_by": [row.user_id for row in approvals(draft)],
        },
    )
    return report


def _changes(session: Session, newest: Report, draft: ReportDraft) -> dict[str, Any]:
    """Return what a draft changes in the newest version."""
    cells = cells_of(session, newest), draft.cells
    return difference(newest.body, draft.body, cells).as_json()


def _file(lang: str, kind: str, content: bytes) -> ReportFile:
    """Make a file's row."""
    digest = sha256(content).hexdigest()
    return ReportFile(lang=lang, kind=kind, content=content, size=len(content), sha256=digest)
