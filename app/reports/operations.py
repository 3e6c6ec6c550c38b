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
from app.reports.queries import newest_report

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
class Prepared:
    """A checked report with its files, ready to be written down."""

    draft: Draft
    edition: Edition
    files: dict[str, bytes]


def _default_renderer() -> Renderer:
    """Return the PDF maker; it is imported late, for it is heavy."""
    from app.reports.rendering import render_pdf

    return render_pdf


def prepare(
    session: Session, consultation: Consultation, *, now: datetime, render: Renderer | None = None
) -> Prepared | None:
    """Build, check and render what :func:`publish` would publish, without writing anything.

    Rendering takes seconds: doing it here keeps the database free for others meanwhile.

    :returns: None if the newest version already says all of it.
    :raises NothingToReportError: if there is no finished analysis with a passage.
    """
    draft, edition = _next_edition(session, consultation, now)
    return None if edition is None else _render(draft, edition, render)


def _next_edition(
    session: Session, consultation: Consultation, now: datetime
) -> tuple[Draft, Edition | None]:
    """Build and check what there is to publish; no edition if it is published already."""
    draft = build(session, consultation)
    verify(session, draft)
    newest = newest_report(session, consultation.id)
    if newest is not None and newest.sha256 == draft.sha256:
        return draft, None
    version = 1 if newest is None else newest.version + 1
    return draft, Edition(version=version, published_at=now, sha256=draft.sha256)


def _render(draft: Draft, edition: Edition, render: Renderer | None) -> Prepared:
    """Make the files of an edition."""
    make = render or _default_renderer()
    files = {lang: make(draft.body, edition, lang) for lang in LANGUAGES}
    return Prepared(draft=draft, edition=edition, files=files)


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

    :param prepared: the outcome of :func:`prepare`; it is made again if the data changed since.
    :raises ForbiddenError: unless ``actor`` is an analyst or administrator for the consultation.
    :raises NothingToReportError: if there is no finished analysis with a passage.
    :raises CoverageMismatchError, QuotationMismatchError, FigureMismatchError: if a check fails.
    :raises PublishedMeanwhileError: if someone published something else at the same moment.
    """
    ensure(actor, Role.ANALYST, Role.ADMINISTRATOR, consultation=consultation.id)
    draft, edition = _next_edition(session, consultation, now)
    if edition is None:
        return newest_report(session, consultation.id)  # type: ignore[return-value] # it was just seen
    if prepared is None or prepared.edition != edition:
        prepared = _render(draft, edition, render)
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
