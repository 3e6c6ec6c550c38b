"""What a run found and what people made of it: themes, counts, the sum of states, quotations.

How decisions show in the figures:

* a **merge** is resolved when reading: a placement keeps the theme that the run found, and every
  query below counts it under the theme at the end of the chain of merges (its root). Undoing a
  merge is then one column, and nothing that the machine found is lost;
* an **exclusion** is written on the placements of the newest run (state ``excluded``, the theme
  kept), so that the sum of the states is true in the table itself; copies go with their theme.

Queries give rows with named columns; :mod:`app.themes.overview` executes them for pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Subquery, and_, case, distinct, func, or_, select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation, Question
from app.core.jobs.models import Job, JobState
from app.submissions.models import Answer, Submission
from app.themes.models import AnalysisRun, Passage, PassageState, Placement, Theme, ThemeEvent


class Dimension(StrEnum):
    """A way to break figures down; each is a column of :func:`placed`."""

    REGION = "region_code"
    ACTOR_TYPE = "actor_type"
    #: Of the passage, not of the interface.
    LANGUAGE = "language"


@dataclass(frozen=True)
class Narrowing:
    """The part of the corpus that figures are asked for; None leaves a dimension open."""

    region: str | None = None
    actor_type: str | None = None
    language: str | None = None
    #: Regions a reader is confined to, None for the whole country.
    regions: frozenset[str] | None = None

    def conditions(self) -> Iterable[ColumnElement[bool]]:
        """Yield what a passage of the part satisfies."""
        if self.region is not None:
            yield Submission.region_code == self.region
        if self.actor_type is not None:
            yield Submission.actor_type == self.actor_type
        if self.language is not None:
            yield Passage.language == self.language
        if self.regions is not None:
            yield Submission.region_code.in_(self.regions)


EVERYTHING = Narrowing()


def runs_of(consultation_id: int) -> Select[AnalysisRun]:
    """Select the runs of a consultation, newest first, finished or not."""
    return (
        select(AnalysisRun)
        .where(AnalysisRun.consultation_id == consultation_id)
        .order_by(AnalysisRun.id.desc())
    )


def newest_run(consultation_id: int) -> Select[AnalysisRun]:
    """Select the finished run that themes and reports are read from (one row at most)."""
    return runs_of(consultation_id).where(AnalysisRun.finished_at.is_not(None)).limit(1)


def open_run(consultation_id: int) -> Select[AnalysisRun]:
    """Select the run that waits or is under way (one row at most)."""
    waiting = Job.state.in_([JobState.QUEUED, JobState.RUNNING])
    return runs_of(consultation_id).join(Job, AnalysisRun.job_id == Job.id).where(waiting).limit(1)


def roots(consultation_id: int) -> CTE:
    """Map each theme to the one it counts under after all merges: ``theme_id``, ``root_id``."""
    own = Theme.consultation_id == consultation_id
    ends = (
        select(Theme.id.label("theme_id"), Theme.id.label("root_id"))
        .where(own, Theme.merged_into_id.is_(None))
        .cte("roots", recursive=True)
    )
    merged = select(Theme.id, ends.c.root_id).join(ends, Theme.merged_into_id == ends.c.theme_id)
    return ends.union_all(merged)


def placed(
    run: AnalysisRun, part: Narrowing = EVERYTHING, *, root_id: int | None = None
) -> Subquery:
    """Select each passage of a run once, with where it is after all decisions and who said it.

    Columns: ``placement_id passage_id submission_id answer_id start end language sha256 state
    theme_id`` (the root; for ``to_arbitrate`` the machine's suggestion, may be null) ``found_id``
    (the theme the run found) ``margin copy_of_id quotation_rank is_pinned region_code province_code
    commune_code actor_type organisation may_be_shown`` (its words may be quoted).

    What was withdrawn or erased since the run is not among them.

    :param root_id: only the passages of this root theme, which are then looked up by index.
    """
    ends = roots(run.consultation_id)
    group = select(ends.c.theme_id).where(ends.c.root_id == root_id)
    of_theme = [] if root_id is None else [Placement.theme_id.in_(group)]
    return (
        select(
            Placement.id.label("placement_id"),
            Placement.passage_id,
            Passage.submission_id,
            Passage.answer_id,
            Passage.start,
            Passage.end,
            Passage.language,
            Passage.sha256,
            Placement.state,
            ends.c.root_id.label("theme_id"),
            Placement.theme_id.label("found_id"),
            Placement.margin,
            Placement.copy_of_id,
            Placement.quotation_rank,
            Placement.is_pinned,
            Submission.region_code,
            Submission.province_code,
            Submission.commune_code,
            Submission.actor_type,
            Submission.organisation,
            Submission.may_be_shown.label("may_be_shown"),
        )
        .join(Passage, Placement.passage_id == Passage.id)
        .join(Submission, Passage.submission_id == Submission.id)
        .outerjoin(ends, Placement.theme_id == ends.c.theme_id)
        .where(Placement.run_id == run.id, Submission.is_standing, *part.conditions())
        .where(*of_theme)
        .subquery("placed")
    )


def state_counts(run: AnalysisRun, part: Narrowing = EVERYTHING) -> Select[Any]:
    """Select ``state, n_passages, n_submissions``; the passages sum to all of the part's."""
    facts = placed(run, part)
    return (
        select(
            facts.c.state,
            func.count().label("n_passages"),
            func.count(distinct(facts.c.submission_id)).label("n_submissions"),
        )
        .group_by(facts.c.state)
        .order_by(facts.c.state)
    )


def _those_in(facts: Subquery, state: PassageState, column: str) -> ColumnElement[Any]:
    """A column's value for the passages in a state, null for the others."""
    return case((facts.c.state == state, facts.c[column]))


def figure_columns(facts: Subquery) -> list[ColumnElement[int]]:
    """The counts of a theme, or of a group of contributors within it."""
    voice = _those_in(facts, PassageState.IN_THEME, "submission_id")
    signatory = _those_in(facts, PassageState.COPY, "submission_id")
    counts = {
        "n_passages": _those_in(facts, PassageState.IN_THEME, "passage_id"),
        "n_voices": distinct(voice),
        "n_copies": _those_in(facts, PassageState.COPY, "passage_id"),
        "n_signatories": distinct(signatory),
        "n_to_arbitrate": _those_in(facts, PassageState.TO_ARBITRATE, "passage_id"),
        "n_excluded": _those_in(facts, PassageState.EXCLUDED, "passage_id"),
    }
    return [func.count(column).label(name) for name, column in counts.items()]


def theme_counts(run: AnalysisRun, part: Narrowing = EVERYTHING) -> Select[Any]:
    """Select the counts of each theme that holds passages, one row a root theme.

    ``theme_id``, then ``n_passages`` (in the theme), ``n_voices`` (submissions with one of them),
    ``n_copies`` and ``n_signatories`` (copies of a campaign's text, and the submissions that sent
    one; not voices), ``n_to_arbitrate`` (suggested here, not counted), ``n_excluded``.
    """
    facts = placed(run, part)
    return (
        select(facts.c.theme_id, *figure_columns(facts))
        .where(facts.c.theme_id.is_not(None))
        .group_by(facts.c.theme_id)
        .order_by(facts.c.theme_id)
    )


def theme_counts_by(
    run: AnalysisRun, dimension: Dimension, part: Narrowing = EVERYTHING
) -> Select[Any]:
    """Select ``theme_id, value`` and the counts of :func:`theme_counts` for each value.

    ``value`` is a region's code (null: not stated), an actor type or a passage's language. A voice
    that speaks two languages in a theme is counted in both: languages sum to more than the voices.
    """
    facts = placed(run, part)
    value = facts.c[dimension.value]
    return (
        select(facts.c.theme_id, value.label("value"), *figure_columns(facts))
        .where(facts.c.theme_id.is_not(None))
        .group_by(facts.c.theme_id, value)
        .order_by(facts.c.theme_id, value)
    )


def corpus_counts_by(
    run: AnalysisRun, dimension: Dimension, part: Narrowing = EVERYTHING
) -> Select[Any]:
    """Select ``value, n_passages, n_submissions`` of all that was analysed: the denominators."""
    facts = placed(run, part)
    value = facts.c[dimension.value]
    return (
        select(
            value.label("value"),
            func.count().label("n_passages"),
            func.count(distinct(facts.c.submission_id)).label("n_submissions"),
        )
        .group_by(value)
        .order_by(value)
    )


def n_submissions(run: AnalysisRun, part: Narrowing = EVERYTHING) -> Select[int]:
    """Select the number of submissions with a passage in the part: the denominator of shares."""
    facts = placed(run, part)
    return select(func.count(distinct(facts.c.submission_id)))


def themes_found(run_ids: list[int]) -> Select[int, int]:
    """Select ``run_id, n_themes``: the themes that each run put passages in, before any merge."""
    return (
        select(Placement.run_id, func.count(distinct(Placement.theme_id)).label("n_themes"))
        .where(Placement.run_id.in_(run_ids))
        .group_by(Placement.run_id)
    )


def passages_with_words(
    run: AnalysisRun, part: Narrowing = EVERYTHING, *, root_id: int | None = None
) -> tuple[Subquery, Select[Any]]:
    """Return :func:`placed` and a select of its columns plus ``words``, the exact substring."""
    facts = placed(run, part, root_id=root_id)
    words = func.substr(Answer.text, facts.c.start + 1, facts.c.end - facts.c.start).label("words")
    return facts, select(facts, words).join(Answer, facts.c.answer_id == Answer.id)


def quotations(
    run: AnalysisRun, theme_id: int | None = None, part: Narrowing = EVERYTHING
) -> Select[Any]:
    """Select the quotations chosen for a root theme (or for all): people's examples come first.

    Columns of :func:`placed` and ``words``: the exact substring of the stored answer. Passages that
    a decision took out of their theme are not among them, nor those that moderation hides.
    """
    facts, rows = passages_with_words(run, part, root_id=theme_id)
    return rows.where(
        or_(facts.c.quotation_rank.is_not(None), facts.c.is_pinned),
        facts.c.state == PassageState.IN_THEME,
        facts.c.may_be_shown,
    ).order_by(
        facts.c.theme_id,
        facts.c.is_pinned.desc(),
        func.coalesce(facts.c.quotation_rank, 0),
        facts.c.passage_id,
    )


#: What a theme's list of passages shows besides those that count for it.
LISTED_STATES = (
    PassageState.IN_THEME,
    PassageState.COPY,
    PassageState.TO_ARBITRATE,
    PassageState.EXCLUDED,
)


def passages_of(
    run: AnalysisRun,
    theme_id: int,
    *,
    state: PassageState | None = None,
    part: Narrowing = EVERYTHING,
) -> Select[Any]:
    """Select a root theme's passages (:func:`placed` and ``words``), the clearest first."""
    facts, rows = passages_with_words(run, part, root_id=theme_id)
    states = LISTED_STATES if state is None else (state,)
    return rows.where(facts.c.state.in_(states)).order_by(facts.c.margin.desc(), facts.c.passage_id)


def passages_in_state(
    run: AnalysisRun, state: PassageState, part: Narrowing = EVERYTHING
) -> Select[Any]:
    """Select the passages in a state whatever their theme, weakest margin first."""
    facts, rows = passages_with_words(run, part)
    return rows.where(facts.c.state == state).order_by(facts.c.margin, facts.c.passage_id)


def n_rows(rows: Select[Any]) -> Select[int]:
    """Select how many rows a query has, for pages."""
    return select(func.count()).select_from(rows.order_by(None).subquery())


def themes_of(consultation_id: int, *states: str) -> Select[Theme]:
    """Select a consultation's themes (in the given states), oldest first."""
    found = select(Theme).where(Theme.consultation_id == consultation_id).order_by(Theme.id)
    return found.where(Theme.state.in_(states)) if states else found


def current_themes(consultation_id: int) -> Select[Theme]:
    """Select the active themes that the newest run found, or that people named or restored.

    A theme that only the machine ever named and that the run did not find again is left out: it
    has no key any more, and comes back if a later run finds it.
    """
    return themes_of(consultation_id, "active").where(Theme.key_fr.is_not(None))


def events_of(theme_id: int) -> Select[ThemeEvent]:
    """Select the decisions on a theme, newest first."""
    return select(ThemeEvent).where(ThemeEvent.theme_id == theme_id).order_by(ThemeEvent.id.desc())


def long_texts(
    consultation_id: int, *kinds: str, also_withdrawn: bool = False
) -> Select[int, int, str | None, str | None, str]:
    """Select ``id, submission_id, text, region_code, actor_type`` of the answers to be analysed.

    :param also_withdrawn: those that were withdrawn too, for a run that began before they were.
    """
    rows = (
        select(
            Answer.id,
            Answer.submission_id,
            Answer.text,
            Submission.region_code,
            Submission.actor_type,
        )
        .join(Submission, Answer.submission_id == Submission.id)
        .join(Question, Answer.question_id == Question.id)
        .where(
            and_(Submission.consultation_id == consultation_id, Question.kind.in_(kinds)),
            Answer.text.is_not(None),
            Answer.text != "",
        )
        .order_by(Answer.id)
    )
    return rows if also_withdrawn else rows.where(Submission.is_standing)


def lock_decisions(session: Session, consultation_id: int) -> None:
    """Make whatever changes a consultation's themes wait for each other until the transaction ends.

    The consultation's row is locked on PostgreSQL; SQLite already lets one writer in at a time.
    """
    session.execute(
        select(Consultation.id).where(Consultation.id == consultation_id).with_for_update()
    )


def root_of(theme: Theme, by_id: dict[int, Theme]) -> Theme:
    """Follow the merges to the theme that ``theme`` counts under."""
    while theme.merged_into_id is not None:
        theme = by_id[theme.merged_into_id]
    return theme
