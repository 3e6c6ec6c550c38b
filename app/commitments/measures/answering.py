"""What the public is shown of what a measure answers: only what the newest report prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.commitments.measures.queries import passages_answered
from app.commitments.models import Measure
from app.reports.queries import newest_report
from app.reports.withheld import body_shown
from app.themes.models import Theme

#: Quotations shown of each theme.
QUOTED = 2


@dataclass(frozen=True)
class Answered:
    """What a measure answers, as it was published.

    :ivar body: the newest report's, as it may be shown; None before the first.
    :ivar themes: each published theme with quotations of it.
    :ivar passages: quotations that are the very passages that the measure is tied to.
    """

    body: dict[str, Any] | None = None
    themes: list[tuple[dict[str, Any], list[dict[str, Any]]]] = field(default_factory=list)
    passages: list[dict[str, Any]] = field(default_factory=list)


def root_id(session: Session, theme: Theme) -> int:
    """Return the theme that a theme counts under after all merges."""
    found: Theme | None = theme
    while found is not None and found.merged_into_id is not None:
        found = session.get(Theme, found.merged_into_id)
    return found.id if found is not None else theme.id


def published_themes(session: Session, consultation_id: int) -> set[int]:
    """Return the themes that the newest report names."""
    report = newest_report(session, consultation_id)
    return {theme["id"] for theme in report.body.get("themes", [])} if report else set()


def answered(session: Session, measure: Measure) -> Answered:
    """Return what a measure answers as the newest report prints it."""
    report = newest_report(session, measure.consultation_id)
    if report is None:
        return Answered()
    body = body_shown(session, report)
    wanted = {root_id(session, theme) for theme in measure.themes}
    tied = {
        (passage.answer_id, passage.start, passage.end)
        for passage in session.scalars(passages_answered(measure.id))
    }
    printed = [
        quotation
        for theme in body.get("themes", [])
        for quotation in theme.get("quotations", [])
        if "withheld" not in quotation
    ]
    passages = [q for q in printed if (q["answer"], q["start"], q["end"]) in tied]
    themes = []
    for theme in body.get("themes", []):
        if theme["id"] in wanted:
            said = [
                q for q in theme.get("quotations", []) if "withheld" not in q and q not in passages
            ]
            themes.append((theme, said[:QUOTED]))
    return Answered(body, themes, passages)
