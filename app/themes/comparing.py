"""Two runs side by side: sums of states, what became of each theme, what moved and why.

Only the newest run is kept up to date; an earlier one says where passages were when the next one
was written. One query joins both runs on the passage and counts the pairs of places with the reason
for each; everything else on the page is added up from these few rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.submissions.models import Answer, Submission
from app.themes.models import AnalysisRun, Passage, PassageState, Placement, Theme
from app.themes.queries import EVERYTHING, Narrowing, themes_of

IN_THEME = PassageState.IN_THEME.value
#: The place of what is not in a run.
NOWHERE = "none"


class Place(NamedTuple):
    """Where a passage is in a run: a theme, a state without one, or nowhere."""

    state: str
    theme_id: int | None = None

    @property
    def key(self) -> str:
        """How addresses say it."""
        return self.state if self.theme_id is None else f"{self.state}-{self.theme_id}"


def place_of_key(key: str) -> Place | None:
    """Return the place that an address says, None if it says none."""
    state, _, theme = key.partition("-")
    if state not in {*PassageState, NOWHERE} or (theme and not theme.isdecimal()):
        return None
    return Place(state, int(theme) if theme else None)


@dataclass(frozen=True)
class Cell:
    """Passages that were in one place and are in another, by reason."""

    before: Place
    after: Place
    whys: dict[str, int]

    @property
    def n(self) -> int:
        """How many there are."""
        return sum(self.whys.values())


@dataclass
class Fate:
    """What became of a theme.

    :ivar status: a key of ``labels.CAME_THROUGH``.
    :ivar overlap: Jaccard index, in [0, 1], of its passages before and now, among those that both
        runs have; None where neither has any.
    :ivar heir: the theme that has most of the passages of one that ended, with their share.
    """

    theme: Theme
    status: str
    n_before: int = 0
    n_after: int = 0
    n_in: int = 0
    n_out: int = 0
    overlap: float | None = None
    heir: Theme | None = None
    heir_share: float = 0.0
    reason: str = ""


@dataclass
class Comparison:
    """All of it.

    :ivar states: by state, how many passages before and after.
    :ivar cells: what moved, the largest first.
    """

    before: AnalysisRun
    after: AnalysisRun
    states: dict[str, tuple[int, int]]
    fates: list[Fate]
    cells: list[Cell]
    n_stayed: int
    themes: dict[int, Theme] = field(default_factory=dict)

    @property
    def n_moved(self) -> int:
        """How many passages both runs have that are elsewhere now."""
        cells = [c for c in self.cells if NOWHERE not in {c.before.state, c.after.state}]
        return sum(cell.n for cell in cells)

    @property
    def whys(self) -> dict[str, int]:
        """How many passages are elsewhere, or new, or gone, by reason."""
        counts: Counter[str] = Counter()
        for cell in self.cells:
            counts.update(cell.whys)
        return dict(counts.most_common())


def _theme_where(placement: Any) -> ColumnElement[Any]:
    """The theme that a passage is in; a suggestion or an exclusion is a state and no theme."""
    return case((placement.state == IN_THEME, placement.theme_id))


def _both(before_id: int, after_id: int, part: Narrowing) -> Subquery:
    """Select each passage of either run with both places and why they differ.

    Columns: ``passage_id state_before theme_before state_after theme_after why``.
    """
    old, new = aliased(Placement), aliased(Placement)
    standing = [Submission.is_standing, *part.conditions()]
    sibling = aliased(Passage)
    earlier = aliased(Placement)
    was_read = exists(
        select(earlier.id)
        .join(sibling, sibling.id == earlier.passage_id)
        .where(earlier.run_id == before_id, sibling.answer_id == Passage.answer_id)
    )
    is_same = and_(
        new.state == old.state, _theme_where(new).is_not_distinct_from(_theme_where(old))
    )
    why = case(
        (and_(old.id.is_(None), was_read), "cut"),
        (old.id.is_(None), "new"),
        (is_same, ""),
        (new.copy_of_id.is_not(None), "copy"),
        (
            and_(
                new.decided_id.is_not(None),
                or_(old.decided_id.is_(None), old.decided_id != new.decided_id),
            ),
            "person",
        ),
        (and_(old.state == IN_THEME, Theme.state == "excluded"), "excluded"),
        (and_(old.state == IN_THEME, Theme.state.in_(("ended", "refused"))), "ended"),
        else_="machine",
    )
    in_after = (
        select(
            new.passage_id,
            func.coalesce(old.state, NOWHERE).label("state_before"),
            _theme_where(old).label("theme_before"),
            new.state.label("state_after"),
            _theme_where(new).label("theme_after"),
            why.label("why"),
        )
        .join(Passage, Passage.id == new.passage_id)
        .join(Submission, Submission.id == Passage.submission_id)
        .outerjoin(old, and_(old.run_id == before_id, old.passage_id == new.passage_id))
        .outerjoin(Theme, Theme.id == old.theme_id)
        .where(new.run_id == after_id, *standing)
    )
    only_before = (
        select(
            old.passage_id,
            old.state.label("state_before"),
            _theme_where(old).label("theme_before"),
            func.coalesce(new.state, NOWHERE).label("state_after"),
            _theme_where(new).label("theme_after"),
            case((new.id.is_(None), "gone"), else_="").label("why"),
        )
        .join(Passage, Passage.id == old.passage_id)
        .join(Submission, Submission.id == Passage.submission_id)
        .outerjoin(new, and_(new.run_id == after_id, new.passage_id == old.passage_id))
        .where(old.run_id == before_id, new.id.is_(None), *standing)
    )
    return in_after.union_all(only_before).subquery("both")


def counted(before_id: int, after_id: int) -> Select[Any]:
    """Select the pairs of places with their reasons and numbers."""
    both = _both(before_id, after_id, EVERYTHING)
    columns = [both.c[name] for name in _PAIR] + [both.c.why]
    return select(*columns, func.count().label("n")).group_by(*columns)


_PAIR = ("state_before", "theme_before", "state_after", "theme_after")


def listed(
    before_id: int, after_id: int, before: Place, after: Place, part: Narrowing
) -> Select[Any]:
    """Select the passages of a cell with their words and why they are there.

    Columns: ``passage_id answer_id submission_id start language region_code actor_type words why``.
    """
    both = _both(before_id, after_id, part)
    words = func.substr(Answer.text, Passage.start + 1, Passage.end - Passage.start)
    return (
        select(
            both.c.passage_id,
            both.c.why,
            Passage.answer_id,
            Passage.submission_id,
            Passage.start,
            Passage.language,
            Submission.region_code,
            Submission.actor_type,
            words.label("words"),
        )
        .join(Passage, Passage.id == both.c.passage_id)
        .join(Answer, Answer.id == Passage.answer_id)
        .join(Submission, Submission.id == Passage.submission_id)
        .where(
            both.c.state_before == before.state,
            both.c.theme_before.is_not_distinct_from(before.theme_id),
            both.c.state_after == after.state,
            both.c.theme_after.is_not_distinct_from(after.theme_id),
        )
        .order_by(both.c.passage_id)
    )


def compare_runs(session: Session, before: AnalysisRun, after: AnalysisRun) -> Comparison:
    """Return what changed from one run to another of the same consultation."""
    grouped: dict[tuple[Place, Place], dict[str, int]] = defaultdict(dict)
    for row in session.execute(counted(before.id, after.id)):
        pair = (
            Place(row.state_before, row.theme_before),
            Place(row.state_after, row.theme_after),
        )
        grouped[pair][row.why] = row.n
    cells = [Cell(*pair, whys) for pair, whys in grouped.items()]
    themes = {theme.id: theme for theme in session.scalars(themes_of(after.consultation_id))}
    moved = [cell for cell in cells if cell.before != cell.after]
    return Comparison(
        before=before,
        after=after,
        states=_states(cells),
        fates=_fates(cells, themes, before, after),
        cells=sorted(moved, key=lambda cell: (-cell.n, cell.before.key, cell.after.key)),
        n_stayed=sum(cell.n for cell in cells if cell.before == cell.after),
        themes=themes,
    )


def _states(cells: Iterable[Cell]) -> dict[str, tuple[int, int]]:
    """Add up the states of both runs."""
    old: Counter[str] = Counter()
    new: Counter[str] = Counter()
    for cell in cells:
        old[cell.before.state] += cell.n
        new[cell.after.state] += cell.n
    return {state.value: (old[state], new[state]) for state in PassageState}


def _fates(
    cells: list[Cell], themes: dict[int, Theme], before: AnalysisRun, after: AnalysisRun
) -> list[Fate]:
    """Return what became of each theme that either run has, the largest first."""
    sizes: dict[int, Counter[str]] = defaultdict(Counter)
    for cell in cells:
        _count(sizes, cell)
    story = after.carried if after.previous_id == before.id else {}
    told, ended = story.get("themes", {}), story.get("ended", {})
    known = {int(number) for number in [*told, *ended]} | set(sizes)
    fates = []
    for number in sorted(known & set(themes)):
        size, theme = sizes[number], themes[number]
        union = size["common_before"] + size["common_after"] - size["stayed"]
        end = ended.get(str(number), {})
        fates.append(
            Fate(
                theme=theme,
                status=_status(theme, size, told.get(str(number)), before=before),
                n_before=size["before"],
                n_after=size["after"],
                n_in=size["after"] - size["stayed"],
                n_out=size["before"] - size["stayed"],
                overlap=size["stayed"] / union if union else None,
                heir=themes.get(end.get("heir") or 0),
                heir_share=float(end.get("share") or 0.0),
                reason=str(end.get("reason") or ""),
            )
        )
    return sorted(fates, key=lambda fate: (-max(fate.n_before, fate.n_after), fate.theme.id))


def _count(sizes: dict[int, Counter[str]], cell: Cell) -> None:
    """Add a cell to the sizes of the themes on both of its sides."""
    is_common = NOWHERE not in {cell.before.state, cell.after.state}
    if cell.before.theme_id is not None:
        sizes[cell.before.theme_id]["before"] += cell.n
        sizes[cell.before.theme_id]["common_before"] += cell.n if is_common else 0
    if cell.after.theme_id is not None:
        sizes[cell.after.theme_id]["after"] += cell.n
        sizes[cell.after.theme_id]["common_after"] += cell.n if is_common else 0
        if cell.after == cell.before:
            sizes[cell.after.theme_id]["stayed"] += cell.n


def _status(
    theme: Theme, size: Counter[str], told: dict[str, Any] | None, *, before: AnalysisRun
) -> str:
    """Return how a theme came through: people's decisions first, then what the run says."""
    if theme.state in {"merged", "excluded", "ended"}:
        return theme.state
    if theme.state == "proposed":
        return "proposed"
    if told is not None:
        return "matched" if told["status"] == "new" and size["before"] else str(told["status"])
    if theme.is_made_by_hand and theme.first_run_id >= before.id and not size["before"]:
        return "made"
    return "present" if size["before"] else "new"
