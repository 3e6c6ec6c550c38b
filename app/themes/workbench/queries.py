"""Lean selects over the placements of one run: a page of the list, its count, its rows.

:func:`app.themes.queries.placed` joins everything to everything, which figures need and a list does
not: here the merges are resolved first, in memory, passages and submissions are joined only where a
filter speaks of them, and words are read for the rows shown alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app.consultations.models import Question, Questionnaire
from app.core.text import fold
from app.submissions.models import Answer, Submission
from app.themes.models import (
    AnalysisRun,
    EventPassage,
    Passage,
    PassageState,
    Placement,
    Theme,
    ThemeEvent,
)
from app.themes.queries import root_of, themes_of
from app.themes.workbench.filters import ANY, BANDS, UNSAID, Cursor, Filter, Order

#: Rows of one page of the list.
PAGE = 50


@dataclass(frozen=True)
class Bench:
    """What a reader's lists are taken from.

    :ivar regions: codes of the regions the reader is confined to, None for the whole country.
    :ivar themes: all themes of the consultation by number.
    :ivar roots: for each theme, the one it counts under.
    """

    run: AnalysisRun
    regions: frozenset[str] | None
    themes: Mapping[int, Theme]
    roots: Mapping[int, int]

    def group(self, theme_id: int) -> frozenset[int]:
        """Return a theme and those that count under it."""
        return frozenset(one for one, root in self.roots.items() if theme_id in (one, root))

    def root(self, theme_id: int | None) -> Theme | None:
        """Return the theme that a placement's theme counts under."""
        root = self.roots.get(theme_id or 0)
        return None if root is None else self.themes[root]


def load_bench(session: Session, run: AnalysisRun, regions: frozenset[str] | None) -> Bench:
    """Read the themes of a run's consultation and resolve their merges."""
    themes = {theme.id: theme for theme in session.scalars(themes_of(run.consultation_id))}
    roots = {number: root_of(theme, themes).id for number, theme in themes.items()}
    return Bench(run=run, regions=regions, themes=themes, roots=roots)


def page_of(
    bench: Bench, wanted: Filter, after: Cursor | None = None, limit: int = PAGE + 1
) -> Select[Any]:
    """Select ``passage_id, key`` of a page, in order."""
    key = _key(wanted)
    rows = _narrowed(select(Placement.passage_id, key.label("key")), bench, wanted)
    if after is not None:
        rows = rows.where(_beyond(wanted, key, after))
    return rows.order_by(*_ordering(wanted, key)).limit(limit)


def count_of(bench: Bench, wanted: Filter) -> Select[Any]:
    """Select how many passages a filter leaves."""
    return _narrowed(select(func.count()).select_from(Placement), bench, wanted)


def ids_of(bench: Bench, wanted: Filter, limit: int) -> Select[Any]:
    """Select the passages that a filter leaves, ``limit`` at most."""
    rows = _narrowed(select(Placement.passage_id), bench, wanted)
    return rows.order_by(Placement.passage_id).limit(limit)


def still_in(bench: Bench, wanted: Filter, passage_ids: Collection[int]) -> Select[Any]:
    """Select those of some passages that a filter leaves."""
    rows = _narrowed(select(Placement.passage_id), bench, wanted)
    return rows.where(Placement.passage_id.in_(sorted(passage_ids)))


def _key(wanted: Filter) -> ColumnElement[Any]:
    """Return the column that a list is ordered by, beside the passage."""
    if wanted.order == Order.WORTH:
        return func.coalesce(Placement.worth, -1.0)
    return Placement.margin  # type: ignore[return-value]


def _ordering(wanted: Filter, key: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    """Return the order; passages settle what is equal, so that pages neither skip nor repeat."""
    if wanted.order == Order.NEWEST:
        return (Placement.passage_id.desc(),)
    if wanted.order == Order.WEAKEST:
        return key.asc(), Placement.passage_id.asc()
    return key.desc(), Placement.passage_id.asc()


def _beyond(wanted: Filter, key: ColumnElement[Any], after: Cursor) -> ColumnElement[bool]:
    """Return what the rows after a cursor satisfy."""
    if wanted.order == Order.NEWEST:
        return Placement.passage_id < after.passage_id
    same = and_(key == after.key, Placement.passage_id > after.passage_id)
    further = key > after.key if wanted.order == Order.WEAKEST else key < after.key
    return or_(further, same)


def _narrowed(rows: Select[Any], bench: Bench, wanted: Filter) -> Select[Any]:
    """Narrow a select of placements, joining only what the filter speaks of."""
    rows = rows.where(Placement.run_id == bench.run.id, *_of_placement(bench, wanted))
    of_passage, of_submission = list(_of_passage(wanted)), list(_of_submission(bench, wanted))
    if of_passage or of_submission or wanted.question_axis:
        rows = rows.join(Passage, Passage.id == Placement.passage_id).where(*of_passage)
    if wanted.question_axis:
        asked = (
            select(Question.id)
            .join(Questionnaire, Questionnaire.id == Question.questionnaire_id)
            .where(
                Questionnaire.consultation_id == bench.run.consultation_id,
                Question.axis_id == wanted.question_axis,
            )
        )
        rows = rows.join(Answer, Answer.id == Passage.answer_id).where(
            Answer.question_id.in_(asked)
        )
    if of_submission:
        rows = rows.join(Submission, Submission.id == Passage.submission_id)
        return rows.where(*of_submission, Submission.is_standing)
    # What was taken back is little: looking it up beats joining every submission.
    return rows.where(Placement.passage_id.not_in(_taken_back(bench.run.consultation_id)))


def _taken_back(consultation_id: int) -> Select[Any]:
    """Select the passages of submissions that are counted and shown nowhere any more."""
    return (
        select(Passage.id)
        .join(Submission, Submission.id == Passage.submission_id)
        .where(Submission.consultation_id == consultation_id, ~Submission.is_standing)
    )


def _of_placement(bench: Bench, wanted: Filter) -> Iterable[ColumnElement[bool]]:
    """Yield what the filter asks of where a passage is."""
    state = wanted.state
    if wanted.theme is not None:
        yield Placement.theme_id.in_(sorted(bench.group(wanted.theme)))
        theme = bench.root(wanted.theme)
        is_out = theme is not None and theme.state == "excluded"
        state = state or (PassageState.EXCLUDED if is_out else PassageState.IN_THEME)
    if state and state != ANY:
        yield Placement.state == state
    if wanted.axis is not None:
        yield Placement.theme_id.in_(_themes_of_axis(bench, wanted.axis))
    if wanted.margin:
        least, most = BANDS[wanted.margin]
        yield and_(Placement.margin >= least, Placement.margin < most)
    if wanted.reviewed:
        is_open = Placement.decided_id.is_(None)
        yield is_open if wanted.reviewed == "no" else ~is_open


def _themes_of_axis(bench: Bench, axis_id: int) -> list[int]:
    """Return the themes that count under a theme of an axis."""
    return sorted(
        number for number, root in bench.roots.items() if bench.themes[root].axis_id == axis_id
    )


def _of_passage(wanted: Filter) -> Iterable[ColumnElement[bool]]:
    """Yield what the filter asks of a passage and its words."""
    if wanted.language:
        yield Passage.language == wanted.language
    for column, value in ((Passage.nature, wanted.nature), (Passage.stance, wanted.stance)):
        if value:
            yield column.is_(None) if value == UNSAID else column == value
    for word in fold(wanted.words).split():
        yield Passage.folded.contains(word, autoescape=True)


def _of_submission(bench: Bench, wanted: Filter) -> Iterable[ColumnElement[bool]]:
    """Yield what the filter, and what the reader may read, ask of who said it."""
    if wanted.region:
        yield Submission.region_code == wanted.region
    if wanted.actor_type:
        yield Submission.actor_type == wanted.actor_type
    if name := fold(wanted.organisation):
        yield Submission.folded_organisation.contains(name, autoescape=True)
    if bench.regions is not None:
        yield Submission.region_code.in_(sorted(bench.regions))


def rows_of(run_id: int, passage_ids: Collection[int]) -> Select[Any]:
    """Select what a list shows of some passages; ``words`` is the exact substring."""
    length = Passage.end - Passage.start
    rows: Any = (
        select(
            Placement.passage_id,
            Placement.state,
            Placement.theme_id,
            Placement.margin,
            Placement.copy_of_id,
            Placement.n_copies,
            Placement.decided_id,
            Placement.is_pinned,
            Placement.quotation_rank,
            Placement.reason,
            Passage.submission_id,
            Passage.answer_id,
            Passage.start,
            Passage.end,
            Passage.language,
            Passage.nature,
            Passage.stance,
            Submission.region_code,
            Submission.actor_type,
            Submission.organisation,
            func.substr(Answer.text, Passage.start + 1, length).label("words"),
            ThemeEvent.actor_label.label("decided_by"),
        )
        .join(Passage, Passage.id == Placement.passage_id)
        .join(Submission, Submission.id == Passage.submission_id)
        .join(Answer, Answer.id == Passage.answer_id)
        .outerjoin(ThemeEvent, ThemeEvent.id == Placement.decided_id)
        .where(Placement.run_id == run_id, Placement.passage_id.in_(sorted(passage_ids)))
    )
    return rows  # type: ignore[no-any-return]


def pinned_of(bench: Bench, theme_id: int, limit: int) -> Select[Any]:
    """Select the passages pinned as examples of a theme, the latest first."""
    rows = _narrowed(select(Placement.passage_id), bench, Filter(theme=theme_id))
    return (
        rows.where(Placement.is_pinned.is_(True)).order_by(Placement.decided_id.desc()).limit(limit)
    )


def n_voices_of(bench: Bench, theme_id: int) -> Select[Any]:
    """Select how many submissions have a passage in a theme."""
    rows = (
        select(func.count(Passage.submission_id.distinct()))
        .select_from(Placement)
        .join(Passage, Passage.id == Placement.passage_id)
        .where(Placement.run_id == bench.run.id, *_of_placement(bench, Filter(theme=theme_id)))
    )
    return _readable(rows, bench.run.consultation_id, bench.regions)


def _readable(
    rows: Select[Any], consultation_id: int, regions: frozenset[str] | None
) -> Select[Any]:
    """Narrow a select that has the passages to what stands and the reader may read."""
    if regions is None:
        return rows.where(Placement.passage_id.not_in(_taken_back(consultation_id)))
    return rows.join(Submission, Submission.id == Passage.submission_id).where(
        Submission.region_code.in_(sorted(regions)), Submission.is_standing
    )


def events_after(consultation_id: int, seen: int) -> Select[ThemeEvent]:
    """Select the decisions after one, oldest first."""
    return (
        select(ThemeEvent)
        .where(ThemeEvent.consultation_id == consultation_id, ThemeEvent.id > seen)
        .order_by(ThemeEvent.id)
    )


def touched_by(event_ids: Collection[int], limit: int) -> Select[int]:
    """Select the passages that some events put somewhere, and the copies are not among them."""
    return (
        select(EventPassage.passage_id)
        .where(EventPassage.event_id.in_(sorted(event_ids)))
        .distinct()
        .limit(limit)
    )


def with_copies(run_id: int, passage_ids: Collection[int]) -> Select[int]:
    """Select the copies of some passages."""
    return select(Placement.passage_id).where(
        Placement.run_id == run_id, Placement.copy_of_id.in_(sorted(passage_ids))
    )


def sizes_of(event_ids: Collection[int]) -> Select[int, int]:
    """Select ``event_id, n_passages`` of some events."""
    return (
        select(EventPassage.event_id, func.count().label("n_passages"))
        .where(EventPassage.event_id.in_(sorted(event_ids)))
        .group_by(EventPassage.event_id)
    )


def about_passage(passage_ids: Collection[int]) -> Select[ThemeEvent]:
    """Select the decisions on a passage, or on the text it copies, oldest first."""
    own = select(EventPassage.event_id).where(EventPassage.passage_id.in_(sorted(passage_ids)))
    return select(ThemeEvent).where(ThemeEvent.id.in_(own)).order_by(ThemeEvent.id)


def undos_of(event_ids: Collection[int]) -> Select[ThemeEvent]:
    """Select the events that take some others back."""
    return select(ThemeEvent).where(ThemeEvent.undoes_id.in_(sorted(event_ids)))


def own_events(consultation_id: int, actor_id: int) -> Select[ThemeEvent]:
    """Select what a person decided, the latest first; undos are not among it."""
    return (
        select(ThemeEvent)
        .where(
            ThemeEvent.consultation_id == consultation_id,
            ThemeEvent.actor_id == actor_id,
            ThemeEvent.run_id.is_(None),
            ThemeEvent.undoes_id.is_(None),
        )
        .order_by(ThemeEvent.id.desc())
    )


def counted(run_id: int, consultation_id: int, regions: frozenset[str] | None) -> Select[Any]:
    """Select ``theme_id, state, n, n_reviewed``: what the tree counts, in the order of an index."""
    rows: Any = (
        select(
            Placement.theme_id,
            Placement.state,
            func.count().label("n"),
            func.count(Placement.decided_id).label("n_reviewed"),
        )
        .where(Placement.run_id == run_id)
        .group_by(Placement.theme_id, Placement.state)
    )
    if regions is not None:
        rows = rows.join(Passage, Passage.id == Placement.passage_id)
    return _readable(rows, consultation_id, regions)


def mixed(run_id: int, consultation_id: int, regions: frozenset[str] | None) -> Select[Any]:
    """Select ``theme_id, language, n`` of the passages that count for a theme."""
    rows: Any = (
        select(Placement.theme_id, Passage.language, func.count().label("n"))
        .join(Passage, Passage.id == Placement.passage_id)
        .where(Placement.run_id == run_id, Placement.state == PassageState.IN_THEME)
        .group_by(Placement.theme_id, Passage.language)
    )
    return _readable(rows, consultation_id, regions)
