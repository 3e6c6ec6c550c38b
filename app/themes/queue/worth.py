"""How much a human look at each passage is worth: doubt, signatories, groups seldom heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.submissions.models import Submission
from app.territories.models import Region
from app.themes.models import AnalysisRun, Passage, Placement

#: Where the run keeps how well each language and region is represented (1: as it should be).
REPRESENTED = "represented"
#: Languages that are none: nobody is expected to speak them.
_NO_LANGUAGE = frozenset({"und", "other", ""})


def fill_worth(session: Session, run: AnalysisRun) -> None:
    """Write the worth of every passage of a run that stands for itself, in bulk.

    Copies are left out: they follow the text that they copy. A language should have as many
    passages as any other, a region as many as its share of the population.
    """
    from nlp.agreement import attention

    rows = session.execute(
        select(
            Placement.id,
            Placement.margin,
            Placement.n_copies,
            Passage.language,
            Submission.region_code,
        )
        .join(Passage, Passage.id == Placement.passage_id)
        .join(Submission, Submission.id == Passage.submission_id)
        .where(Placement.run_id == run.id, Placement.copy_of_id.is_(None))
    ).all()
    if not rows:
        return
    languages = [None if row.language in _NO_LANGUAGE else row.language for row in rows]
    regions = [row.region_code for row in rows]
    ratios = {
        "language": _ratios(languages, None),
        "region": _ratios(regions, _inhabitants(session)),
    }
    found = attention(
        [row.margin for row in rows],
        [row.n_copies + 1 for row in rows],
        {
            "language": [ratios["language"].get(code or "", 1.0) for code in languages],
            "region": [ratios["region"].get(code or "", 1.0) for code in regions],
        },
    )
    scores = found.scores.tolist()
    session.execute(
        update(Placement),
        [{"id": row.id, "worth": round(score, 6)} for row, score in zip(rows, scores, strict=True)],
    )
    run.carried = dict(run.carried or {}) | {REPRESENTED: ratios}


def _inhabitants(session: Session) -> dict[str, float]:
    """Return the inhabitants of each region."""
    rows = session.execute(select(Region.code, Region.population))
    return {row.code: float(row.population) for row in rows}


def _ratios(groups: Sequence[str | None], expected: Mapping[str, float] | None) -> dict[str, float]:
    """Return, for each group, its share of the passages over the share it should have."""
    from nlp.agreement import representation

    ratios: Any = representation(groups, expected=expected).tolist()
    by_group = zip(groups, ratios, strict=True)
    return {group: round(ratio, 3) for group, ratio in by_group if group is not None}
