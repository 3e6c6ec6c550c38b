"""Building a body from a consultation's newest analysis and the decisions of its reviewers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.reports import queries
from app.reports.body import cells, claims, participation, quotations, themes
from app.reports.body.canonical import digest
from app.reports.body.corpus import Corpus, read
from app.reports.errors import NothingToReportError
from app.reports.figures import DISCOVERY_RATE, SMALLEST_GROUP
from app.themes.models import AnalysisRun
from app.themes.queries import newest_run

FORMAT = 1


@dataclass(frozen=True)
class Draft:
    """A report before it is published.

    :ivar cells: counts for the filters of the results page; kept apart, never exported, for they
        are finer than what may be published.
    """

    run_id: int
    body: dict[str, Any]
    cells: cells.Cells

    @property
    def sha256(self) -> str:
        """The hash of the body."""
        return digest(self.body)


def build(session: Session, consultation: Consultation) -> Draft:
    """Build the report of a consultation as its data stand.

    :raises NothingToReportError: if no analysis is finished or it placed no passage.
    """
    run = session.scalars(newest_run(consultation.id)).first()
    if run is None:
        raise NothingToReportError
    corpus = read(session, consultation, run)
    if not corpus.n_passages:
        raise NothingToReportError
    body = _body(session, corpus)
    ids = [theme["id"] for theme in body["themes"]]
    return Draft(run_id=run.id, body=body, cells=cells.cells(corpus, ids))


def _body(session: Session, corpus: Corpus) -> dict[str, Any]:
    """Put the parts together."""
    groups = themes.groups(corpus)
    rows = themes.themes(corpus, groups)
    chosen, withheld = quotations.choose(session, corpus.run)
    for row in rows:
        row["quotations"] = chosen.get(row["id"], [])
        quotations.mark(row["quotations"], row["keywords"]["fr"] + row["keywords"]["ar"])
    body: dict[str, Any] = {
        "format": FORMAT,
        "consultation": _consultation(corpus.consultation),
        "participation": participation.participation(corpus),
        "coverage": participation.coverage(corpus),
        "groups": groups,
        "themes": rows,
        "excluded": themes.excluded(corpus, _reasons(session, corpus.consultation.id)),
        "method": _method(corpus.run, withheld),
    }
    campaigns = {row.copy_of_id for row in session.execute(queries.campaigns_of(corpus.run))}
    states = {row["state"]: row["count"] for row in body["coverage"]["states"]}
    body["method"]["to_arbitrate_share"] = participation.share(
        states["to_arbitrate"], corpus.n_passages
    )
    body["claims"] = claims.claims(body, len(campaigns))
    return body


def _reasons(session: Session, consultation_id: int) -> dict[int, str]:
    """Return the last reason given for the exclusion of each theme."""
    reasons: dict[int, str] = {}
    for event in session.scalars(queries.exclusions_of(consultation_id)):
        reasons.setdefault(event.theme_id, event.reason)
    return reasons


def _instant(instant: datetime | None) -> str | None:
    """Write an instant down."""
    return instant.isoformat() if instant else None


def _consultation(consultation: Consultation) -> dict[str, Any]:
    """Return what a report says of its consultation."""
    return {
        "id": consultation.id,
        "slug": consultation.slug,
        "title": dict(consultation.title),
        "opens_at": _instant(consultation.opens_at),
        "closes_at": _instant(consultation.closes_at),
        "is_fictional": consultation.is_fictional,
    }


def _method(run: AnalysisRun, withheld: int) -> dict[str, Any]:
    """Return how the figures were made."""
    return {
        "run": run.id,
        "engine": run.engine,
        "seed": run.options.get("seed"),
        "n_themes": run.options.get("n_themes"),
        "unit": run.options.get("unit"),
        "fingerprint": run.fingerprint,
        "analysed_at": _instant(run.finished_at),
        "smallest_group": SMALLEST_GROUP,
        "discovery_rate": DISCOVERY_RATE,
        "quotations_withheld": withheld,
    }
