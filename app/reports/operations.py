"""Publishing: a body is frozen with its number, its date and its files, and never changes again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core import audit
from app.core.access import Actor, Role, ensure
from app.reports.body import Draft, build, canonical
from app.reports.body.checks import verify
from app.reports.errors import PublishedMeanwhileError
from app.reports.models import Report, ReportFile
from app.reports.queries import newest_report, reports_of

#: Languages of the PDF files.
LANGUAGES = ("fr", "ar")


@dataclass(frozen=True)
class Edition:
    """What a report's cover says besides its body."""

    version: int
    published_at: datetime
    sha256: str
    is_preview: bool = False


#: Makes the PDF of a body in a language.
Renderer = Callable[[dict[str, Any], Edition, str], bytes]


@dataclass(frozen=True)
class Pending:
    """A checked report that differs from the newest version, with the number it would have."""

    draft: Draft
    edition: Edition


@dataclass(frozen=True)
class Prepared(Pending):
    """A checked report with its files, ready to be written down."""

    files: dict[str, bytes]


def next_edition(session: Session, consultation: Consultation, *, now: datetime) -> Pending | None:
    """Build and check what there is to publish, None if the newest version already says it all.

    :raises NothingToReportError: if there is no finished analysis with a passage.
    :raises CoverageMismatchError, QuotationMismatchError, FigureMismatchError: if a check fails.
    """
    draft = build(session, consultation)
    verify(session, draft)
    newest = newest_report(session, consultation.id)
    if newest is not None and newest.sha256 == draft.sha256:
        return None
    version = 1 if newest is None else newest.version + 1
    return Pending(draft, Edition(version=version, published_at=now, sha256=draft.sha256))


def _pdf_renderer() -> Renderer:
    """Return the PDF maker; it is imported late, for it is heavy and not always needed."""
    from app.reports.rendering import render_pdf

    return render_pdf


def render_files(pending: Pending, render: Renderer | None = None) -> Prepared:
    """Make an edition's files; it takes seconds, so no transaction should be open meanwhile."""
    make = render or _pdf_renderer()
    files = {lang: make(pending.draft.body, pending.edition, lang) for lang in LANGUAGES}
    return Prepared(pending.draft, pending.edition, files)


def publish(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    *,
    now: datetime,
    prepared: Prepared | None = None,
    render: Renderer | None = None,
) -> Report:
    """Publish a consultation's report and return it, flushed.

    What has not changed since the newest version is not published again: that version is returned.

    :param prepared: files made beforehand; they are made again if the data changed since.
    :raises ForbiddenError: unless ``actor`` is an analyst or administrator for the consultation.
    :raises NothingToReportError: if there is no finished analysis with a passage.
    :raises CoverageMismatchError, QuotationMismatchError, FigureMismatchError: if a check fails.
    :raises PublishedMeanwhileError: if someone published something else at the same moment.
    """
    ensure(actor, Role.ANALYST, Role.ADMINISTRATOR, consultation=consultation.id)
    pending = next_edition(session, consultation, now=now)
    if pending is None:
        return session.scalars(reports_of(consultation.id).limit(1)).one()
    if prepared is None or prepared.edition != pending.edition:
        prepared = render_files(pending, render)
    return _write(session, actor, consultation, prepared)


def _write(
    session: Session, actor: Actor, consultation: Consultation, prepared: Prepared
) -> Report:
    """Add the report's rows; of two at once, the unique version lets one in."""
    edition, draft = prepared.edition, prepared.draft
    report = Report(
        consultation_id=consultation.id,
        run_id=draft.run_id,
        version=edition.version,
        published_at=edition.published_at,
        published_by_id=actor.id,
        body=draft.body,
        sha256=edition.sha256,
        files=[_file(lang, "pdf", content) for lang, content in prepared.files.items()]
        + [_file("", "cells", canonical(draft.cells).encode())],
    )
    try:
        with session.begin_nested():
            session.add(report)
    except IntegrityError:
        newest = newest_report(session, consultation.id)
        if newest is not None and newest.sha256 == edition.sha256:
            return newest
        raise PublishedMeanwhileError(version=edition.version) from None
    audit.record(
        session,
        actor,
        "reports.publish",
        at=edition.published_at,
        target=report,
        detail={"version": report.version, "sha256": report.sha256, "run": report.run_id},
    )
    return report


def _file(lang: str, kind: str, content: bytes) -> ReportFile:
    """Make a file's row."""
    digest = sha256(content).hexdigest()
    return ReportFile(lang=lang, kind=kind, content=content, size=len(content), sha256=digest)
