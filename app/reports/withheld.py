"""Words that a published report quotes and that may not be shown any more.

A report's body never changes: it is what was published, with its hash. Its pages and files are made
from a copy in which the quotations of submissions that were withdrawn, erased or hidden since have
given way to a sentence that says so; the figures stay those of their date.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Question
from app.reports.models import Report, ReportFile
from app.submissions.models import Answer, Redaction, Submission
from app.submissions.models.care import RedactionSource

#: Why words are withheld: at their author's request, or by moderation.
AUTHOR, MODERATION = "author", "moderation"

#: Parts of a body that quote.
_QUOTING = ("themes", "minority", "regions")


@dataclass(frozen=True)
class Gone:
    """Words that a report has and that may not be shown any more.

    :ivar submissions: the reason, by the number of the submission.
    :ivar masked: stretches that people masked since: question, start and end, by submission.
    """

    submissions: Mapping[int, str] = field(default_factory=dict)
    masked: Mapping[int, list[tuple[str, int, int]]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self.submissions or self.masked)

    def reason(self, number: object, question: object, start: int, end: int) -> str:
        """Return why words at a place are withheld, nothing if they are not."""
        submission = _submission_of(number)
        if submission is None:
            return ""
        stretches = self.masked.get(submission, ())
        if any(q == question and start < to and since < end for q, since, to in stretches):
            return MODERATION
        return self.submissions.get(submission, "")

    def reason_of(self, place: Mapping[str, Any]) -> str:
        """Return why a quotation is withheld, nothing if it is not."""
        start, end = place.get("start", 0), place.get("end", 0)
        return self.reason(place.get("number"), place.get("question"), start, end)


def _submission_of(number: object) -> int | None:
    """Return the submission that has a public number."""
    digits = str(number or "").removeprefix("S-")
    return int(digits) if digits.isdecimal() else None


def gone_since(session: Session, report: Report) -> Gone:
    """Return the words of a consultation that may not be shown now, or were masked since."""
    rows = session.execute(
        select(Submission.id, Submission.is_standing).where(
            Submission.consultation_id == report.consultation_id, ~Submission.may_be_shown
        )
    )
    masks = session.execute(
        select(Answer.submission_id, Question.key, Redaction.start, Redaction.end)
        .join(Answer, Answer.id == Redaction.answer_id)
        .join(Question, Question.id == Answer.question_id)
        .join(Submission, Submission.id == Answer.submission_id)
        .where(
            Submission.consultation_id == report.consultation_id,
            Redaction.created_at > report.published_at,
            # What the machine writes down later it masked on the spot before.
            Redaction.source != RedactionSource.MACHINE,
            ~Redaction.is_lifted,
        )
    )
    masked: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    for submission, question, start, end in masks:
        masked[submission].append((question, start, end))
    return Gone({row.id: MODERATION if row.is_standing else AUTHOR for row in rows}, masked)


def shown(body: dict[str, Any], gone: Gone) -> dict[str, Any]:
    """Return a body as it may be shown: words withheld are gone, and come after the others."""
    if not gone:
        return body
    parts = {
        name: [_without(one, gone) for one in body[name]]
        for name in _QUOTING
        if isinstance(body.get(name), list)
    }
    claims = [_claim(claim, gone) for claim in body.get("claims", [])]
    return body | parts | ({"claims": claims} if "claims" in body else {})


def _without(part: dict[str, Any], gone: Gone) -> dict[str, Any]:
    """Return a theme, a region or a position with its quotations as they may be shown."""
    if not part.get("quotations"):
        return part
    rows = [_shown(quotation, gone) for quotation in part["quotations"]]
    return part | {"quotations": sorted(rows, key=lambda q: "withheld" in q)}


def _claim(claim: dict[str, Any], gone: Gone) -> dict[str, Any]:
    """Return a claim; of a quotation that is withheld the words are gone, its place stays."""
    reason = gone.reason_of(claim["about"]) if claim.get("kind") == "quotation" else ""
    if not reason:
        return claim
    return claim | {
        "about": claim["about"] | {"words": ""},
        "sentence": dict.fromkeys(claim["sentence"], ""),
        "withheld": reason,
    }


def body_shown(session: Session, report: Report) -> dict[str, Any]:
    """Return a report's body as it may be shown now."""
    return shown(report.body, gone_since(session, report))


def quotations_in(body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every quotation of a body, those of themes first."""
    for name in _QUOTING:
        for part in body.get(name) or []:
            yield from part.get("quotations") or []


def withheld(session: Session, report: Report) -> list[tuple[str, int, str]]:
    """Return the quotations of a report that are withheld now: number, start, reason."""
    gone = gone_since(session, report)
    return sorted(
        {
            (str(q.get("number")), int(q.get("start", 0)), reason)
            for q in quotations_in(report.body)
            if (reason := gone.reason_of(q))
        }
    )


def file_shown(session: Session, report: Report, file: ReportFile, folder: Path) -> bytes:
    """Return a report's file as it may be shown now: the one published while nothing is withheld.

    Otherwise it is made again without the words, once for the same words, and kept in ``folder``.
    """
    reasons = withheld(session, report)
    if not reasons:
        return file.content
    name = f"{report.id}-{file.lang}-"
    words = sha256(repr(reasons).encode()).hexdigest()[:16]
    path = folder / f"{name}{words}.{file.kind}"
    if path.exists():
        return path.read_bytes()
    # Publishing asks here what is withheld, so it is imported late.
    from app.reports.operations import Edition, renderers

    edition = Edition(
        version=report.version,
        label=report.label,
        published_at=report.published_at,
        sha256=report.sha256,
    )
    content = renderers()[file.kind](body_shown(session, report), edition, file.lang)
    folder.mkdir(parents=True, exist_ok=True)
    # Those made before may hold words that have been withdrawn since.
    for stale in folder.glob(f"{name}*.{file.kind}"):
        stale.unlink(missing_ok=True)
    part = folder / f".{secrets.token_hex(8)}"
    part.write_bytes(content)
    part.replace(path)
    return content


def _shown(quotation: dict[str, Any], gone: Gone) -> dict[str, Any]:
    """Return a quotation, without its words if they are withheld."""
    reason = gone.reason_of(quotation)
    if not reason:
        return quotation
    return quotation | {"text": "", "pen": None, "sha256": "", "withheld": reason}
