"""Selections for the reports: the newest version, the run to report on, and the facts of a run."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, distinct, func, select
from sqlalchemy.orm import Session

from app.consultations.models import ANALYSED, Question
from app.reports.models import Report, ReportFile
from app.submissions.models import Answer, Redaction, Submission
from app.themes.models import AnalysisRun, Passage, PassageState, Placement, Theme, ThemeEvent
from app.themes.queries import placed


def reports_of(consultation_id: int) -> Select[Report]:
    """Select a consultation's published reports, the newest first."""
    return (
        select(Report)
        .where(Report.consultation_id == consultation_id)
        .order_by(Report.version.desc())
    )


def newest_reports() -> Select[Report]:
    """Select the published reports of every consultation, the newest first."""
    return select(Report).order_by(Report.published_at.desc(), Report.id.desc())


def newest_report(session: Session, consultation_id: int) -> Report | None:
    """Return the newest published report of a consultation."""
    return session.scalars(reports_of(consultation_id).limit(1)).first()


def newest_reported_run(session: Session, consultation_id: int) -> int | None:
    """Return the run that the newest published report was made from, its body left unread."""
    newest = reports_of(consultation_id).with_only_columns(Report.run_id).limit(1)
    return session.scalar(newest)


def find_report(session: Session, consultation_id: int, version: int) -> Report | None:
    """Return one version of a consultation's report."""
    selection = reports_of(consultation_id).where(Report.version == version)
    return session.scalars(selection).first()


def find_file(session: Session, report_id: int, lang: str, kind: str) -> ReportFile | None:
    """Return one of a report's files."""
    return session.scalars(
        select(ReportFile).where(
            ReportFile.report_id == report_id, ReportFile.lang == lang, ReportFile.kind == kind
        )
    ).first()


def kinds_of(session: Session, report_id: int) -> set[str]:
    """Return the kinds of files that a report has for its readers."""
    return set(
        session.scalars(
            select(ReportFile.kind).where(ReportFile.report_id == report_id, ReportFile.lang != "")
        )
    )


def cells_of(session: Session, report: Report) -> dict[str, Any]:
    """Return the cells kept with a report (:mod:`app.reports.body.cells`)."""
    file = find_file(session, report.id, "", "cells")
    found: dict[str, Any] = json.loads(file.content) if file else {}
    return found


def exclusions_of(consultation_id: int) -> Select[ThemeEvent]:
    """Select the decisions that excluded a theme, the last one first."""
    return (
        select(ThemeEvent)
        .join(Theme, Theme.id == ThemeEvent.theme_id)
        .where(Theme.consultation_id == consultation_id, ThemeEvent.kind == "exclude")
        .order_by(ThemeEvent.id.desc())
    )


def set_aside_of(run: AnalysisRun) -> Select[str, int]:
    """Select ``reason, n``: passages that people excluded one by one, by the reason they gave."""
    return (
        select(Placement.reason, func.count().label("n"))
        .join(Passage, Passage.id == Placement.passage_id)
        .join(Submission, Submission.id == Passage.submission_id)
        .where(
            Placement.run_id == run.id,
            Placement.state == PassageState.EXCLUDED,
            Placement.reason != "",
            Submission.is_standing,
        )
        .group_by(Placement.reason)
        .order_by(func.count().desc(), Placement.reason)
    )


def facts_of(run: AnalysisRun) -> Select[Any]:
    """Select ``theme_id, state, submission_id, language, n``: passages by every combination."""
    facts = placed(run)
    columns = (facts.c.theme_id, facts.c.state, facts.c.submission_id, facts.c.language)
    return select(*columns, func.count().label("n")).group_by(*columns)


def campaigns_of(run: AnalysisRun) -> Select[Any]:
    """Select ``copy_of_id, theme_id, n``: submissions that sent a copy of each campaign's text."""
    facts = placed(run)
    return (
        select(
            facts.c.copy_of_id,
            facts.c.theme_id,
            func.count(distinct(facts.c.submission_id)).label("n"),
        )
        .where(facts.c.state == PassageState.COPY, facts.c.copy_of_id.is_not(None))
        .group_by(facts.c.copy_of_id, facts.c.theme_id)
        .order_by(facts.c.copy_of_id, facts.c.theme_id)
    )


def contributors_of(consultation_id: int) -> Select[int, str | None, str, str, Any]:
    """Select ``(id, region, actor type, channel, instant)`` of every submission that stands."""
    return (
        select(
            Submission.id,
            Submission.region_code,
            Submission.actor_type,
            Submission.channel,
            Submission.submitted_at,
        )
        .where(Submission.consultation_id == consultation_id, Submission.is_standing)
        .order_by(Submission.id)
    )


def masks_over(run: AnalysisRun) -> Select[int, str, int, int, int, str]:
    """Select ``(submission, question, start, end, passage, source)`` of masks on passages."""
    return (
        select(
            Answer.submission_id,
            Question.key,
            Redaction.start,
            Redaction.end,
            Passage.id,
            Redaction.source,
        )
        .join(Answer, Answer.id == Redaction.answer_id)
        .join(Question, Question.id == Answer.question_id)
        .join(Submission, Submission.id == Answer.submission_id)
        .join(
            Passage,
            (Passage.answer_id == Answer.id)
            & (Passage.start < Redaction.end)
            & (Passage.end > Redaction.start),
        )
        .join(Placement, Placement.passage_id == Passage.id)
        .where(Placement.run_id == run.id, Submission.is_standing, ~Redaction.is_lifted)
        .order_by(Redaction.id, Passage.id)
    )


def unscreened_in(consultation_id: int) -> Select[int]:
    """Select the submissions whose personal data is masked on the spot, none being noted yet."""
    return (
        select(Submission.id)
        .where(
            Submission.consultation_id == consultation_id,
            Submission.is_standing,
            Submission.screened_version < Submission.version,
        )
        .order_by(Submission.id)
    )


def submissions_with_text(consultation_id: int) -> Select[int]:
    """Select the submissions that answered at least one question with a long text."""
    return (
        select(Answer.submission_id)
        .distinct()
        .join(Question, Question.id == Answer.question_id)
        .join(Submission, Submission.id == Answer.submission_id)
        .where(
            Submission.consultation_id == consultation_id,
            Submission.is_standing,
            Question.kind.in_(ANALYSED),
            func.length(func.trim(func.coalesce(Answer.text, ""))) > 0,
        )
    )


def voices(
    run_id: int,
    theme_ids: Collection[int],
    *,
    region: str | None = None,
    actor_type: str | None = None,
) -> Select[int]:
    """Count the contributors with a passage of their own in a theme, counted by the database."""
    selection = (
        select(func.count(distinct(Passage.submission_id)))
        .select_from(Placement)
        .join(Passage, Passage.id == Placement.passage_id)
        .join(Submission, Submission.id == Passage.submission_id)
        .where(
            Submission.is_standing,
            Placement.run_id == run_id,
            Placement.state == PassageState.IN_THEME,
            Placement.theme_id.in_(list(theme_ids)),
        )
    )
    if region is not None:
        selection = selection.where(Submission.region_code == region)
    if actor_type is not None:
        selection = selection.where(Submission.actor_type == actor_type)
    return selection


def contributors(
    run_id: int, *, region: str | None = None, actor_type: str | None = None
) -> Select[int]:
    """Count the contributors whose texts a run has read, counted by the database."""
    selection = (
        select(func.count(distinct(Passage.submission_id)))
        .select_from(Placement)
        .join(Passage, Passage.id == Placement.passage_id)
        .join(Submission, Submission.id == Passage.submission_id)
        .where(Placement.run_id == run_id, Submission.is_standing)
    )
    if region is not None:
        selection = selection.where(Submission.region_code == region)
    if actor_type is not None:
        selection = selection.where(Submission.actor_type == actor_type)
    return selection


def passages_in(run_id: int) -> Select[int]:
    """Count the passages that a run has placed, of submissions that stand."""
    return (
        select(func.count())
        .select_from(Placement)
        .join(Passage, Passage.id == Placement.passage_id)
        .join(Submission, Submission.id == Passage.submission_id)
        .where(Placement.run_id == run_id, Submission.is_standing)
    )


def stored_slices(answer_ids: Collection[int]) -> Select[int, int, str | None]:
    """Select ``(answer, submission, exact text)`` of some answers."""
    return select(Answer.id, Answer.submission_id, Answer.text).where(
        Answer.id.in_(list(answer_ids))
    )
