"""Building a body from a consultation's newest analysis and the decisions of its reviewers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.reports import queries
from app.reports.body import (
    cells,
    crossing,
    minority,
    outline,
    participation,
    quotations,
    record,
    regions,
    telling,
    themes,
    voices,
)
from app.reports.body.canonical import digest
from app.reports.body.corpus import Corpus, read
from app.reports.claims.dataset import Dataset
from app.reports.claims.loading import load_dataset
from app.reports.claims.making import claims
from app.reports.claims.making.maker import Maker
from app.reports.errors import NothingToReportError
from app.reports.figures import DISCOVERY_RATE, SMALLEST_GROUP
from app.themes.models import AnalysisRun
from app.themes.queries import newest_run

FORMAT = 2


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


def build(
    session: Session, consultation: Consultation, laid: outline.Outline | None = None
) -> Draft:
    """Build the report of a consultation as its data stand.

    :param laid: what people decided of its sections; the first draft if left out.
    :raises NothingToReportError: if no analysis is finished or it placed no passage.
    """
    run = session.scalars(newest_run(consultation.id)).first()
    if run is None:
        raise NothingToReportError
    corpus = read(session, consultation, run)
    if not corpus.n_passages:
        raise NothingToReportError
    body, data = compose(session, corpus)
    body["sections"] = outline.lay(laid or {}, outline.default(body))
    ids = [theme["id"] for theme in body["themes"]]
    counts = cells.cells(corpus, ids, data.people) | {"record": record.of(session, corpus)}
    return Draft(run_id=run.id, body=body, cells=counts)


def compose(session: Session, corpus: Corpus) -> tuple[dict[str, Any], Dataset]:
    """Put the parts together, all but the sections; and return what claims are asked of."""
    told = telling.told(session, corpus)
    data = load_dataset(session, corpus.consultation, corpus.run, told=told)
    groups = themes.groups(corpus)
    rows = themes.themes(corpus, groups)
    quoting = quotations.Quoting(session, corpus.run, data.people)
    chosen = quoting.themes()
    told["method"]["withheld"] = quoting.withheld
    for row in rows:
        row["quotations"] = chosen.get(row["id"], [])
        quotations.mark(row["quotations"], row["keywords"]["fr"] + row["keywords"]["ar"])
    voices.deepen(rows, data)
    body: dict[str, Any] = {
        "format": FORMAT,
        "consultation": _consultation(corpus.consultation),
        "participation": participation.participation(corpus) | crossing.crossing(data),
        "coverage": participation.coverage(corpus),
        "groups": groups,
        "themes": rows,
        "minority": minority.minority(rows, data),
        "excluded": themes.excluded(corpus, _reasons(session, corpus.consultation.id)),
        "set_aside": [
            {"reason": row.reason, "passages": row.n}
            for row in session.execute(queries.set_aside_of(corpus.run))
        ],
        "method": _method(corpus.run, quoting.withheld),
    }
    body["regions"] = regions.regions(body, data)
    _quote(body, quoting)
    campaigns = {row.copy_of_id for row in session.execute(queries.campaigns_of(corpus.run))}
    # As it is printed in the sum: a share has one value in a report.
    tenths = {row["state"]: row["tenths"] for row in body["coverage"]["states"]}
    body["method"]["to_arbitrate_share"] = tenths["to_arbitrate"] / 1000
    body["coverage"]["texts"] = len(campaigns)
    body["method"]["reliability"] = told["reliability"]
    body["claims"] = claims(body, Maker(body, data))
    return body, data


def _quote(body: dict[str, Any], quoting: quotations.Quoting) -> None:
    """Let minority positions and regions be heard in their own words."""
    keywords = {t["id"]: t["keywords"]["fr"] + t["keywords"]["ar"] for t in body["themes"]}
    for row in body["minority"]:
        row["quotations"] = quoting.of_few(row)
    for sheet in body["regions"]:
        if not sheet["hidden"]:
            sheet["quotations"] = quoting.in_region(sheet["code"])
    for row in [*body["minority"], *body["regions"]]:
        for quotation in row["quotations"]:
            quotations.mark([quotation], keywords[quotation["theme"]])


def _reasons(session: Session, consultation_id: int) -> dict[int, str]:
    """Return the last reason given for the exclusion of each theme."""
    reasons: dict[int, str] = {}
    for event in session.scalars(queries.exclusions_of(consultation_id)):
        if event.theme_id is not None:
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
