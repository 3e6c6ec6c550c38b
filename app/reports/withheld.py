"""Words that a published report quotes and that may not be shown any more.

A report's body never changes: it is what was published, with its hash. Its pages and files are made
from a copy in which the quotations of submissions that were withdrawn, erased or hidden since have
given way to a sentence that says so; the figures stay those of their date.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.reports.models import Report, ReportFile
from app.reports.operations import Edition
from app.submissions.models import Submission

#: Why words are withheld: at their author's request, or by moderation.
AUTHOR, MODERATION = "author", "moderation"


def _quotations(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every quotation of a body."""
    for theme in body.get("themes", []):
        yield from theme.get("quotations", [])


def _submission_of(quotation: dict[str, Any]) -> int | None:
    """Return the submission that a quotation cites by its public number."""
    digits = str(quotation.get("number", "")).removeprefix("S-")
    return int(digits) if digits.isdecimal() else None


def withheld(session: Session, body: dict[str, Any]) -> dict[int, str]:
    """Return the submissions quoted whose words may not be shown any more, with the reason."""
    cited = {found for q in _quotations(body) if (found := _submission_of(q)) is not None}
    rows = session.execute(
        select(Submission.id, Submission.is_standing).where(
            Submission.id.in_(cited), ~Submission.may_be_shown
        )
    )
    return {row.id: MODERATION if row.is_standing else AUTHOR for row in rows}


def shown(body: dict[str, Any], reasons: dict[int, str]) -> dict[str, Any]:
    """Return a body as it may be shown: words withheld are gone, and come after the others."""
    if not reasons:
        return body
    return body | {
        "themes": [
            theme
            | {
                "quotations": sorted(
                    (_shown(q, reasons) for q in theme.get("quotations", [])),
                    key=lambda q: "withheld" in q,
                )
            }
            for theme in body.get("themes", [])
        ]
    }


def body_shown(session: Session, report: Report) -> dict[str, Any]:
    """Return a report's body as it may be shown now."""
    return shown(report.body, withheld(session, report.body))


def pdf_shown(session: Session, report: Report, file: ReportFile, folder: Path) -> bytes:
    """Return a report's PDF as it may be shown now: the one published while nothing is withheld.

    Otherwise it is made again without the words, once for the same words, and kept in ``folder``.
    """
    reasons = withheld(session, report.body)
    name = f"{report.id}-{file.lang}-"
    if not reasons:
        return file.content
    path = folder / f"{name}{sha256(repr(sorted(reasons.items())).encode()).hexdigest()[:16]}.pdf"
    if path.exists():
        return path.read_bytes()
    from app.reports.rendering import render_pdf

    edition = Edition(
        version=report.version, published_at=report.published_at, sha256=report.sha256
    )
    content = render_pdf(shown(report.body, reasons), edition, file.lang)
    folder.mkdir(parents=True, exist_ok=True)
    # Those made before may hold words that have been withdrawn since.
    for stale in folder.glob(f"{name}*.pdf"):
        stale.unlink(missing_ok=True)
    part = folder / f".{secrets.token_hex(8)}"
    part.write_bytes(content)
    part.replace(path)
    return content


def _shown(quotation: dict[str, Any], reasons: dict[int, str]) -> dict[str, Any]:
    """Return a quotation, without its words if they are withheld."""
    reason = reasons.get(_submission_of(quotation) or 0)
    if reason is None:
        return quotation
    return quotation | {"text": "", "pen": None, "sha256": "", "withheld": reason}
