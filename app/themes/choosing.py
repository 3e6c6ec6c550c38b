"""What a person can say of a passage, where one passage at a time is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.themes.models import AnalysisRun, PassageState, Placement, Theme
from app.themes.queries import current_themes, root_of, themes_of

#: Where a run keeps how many passages each theme was found with.
SIZES = "sizes"
#: Themes that a digit chooses.
N_DIGITS = 9


@dataclass(frozen=True)
class Choice:
    """A theme that can be chosen.

    :ivar digit: the key that chooses it, None for the smaller themes.
    """

    theme: Theme
    digit: int | None

    @property
    def code(self) -> str:
        """How forms name it."""
        return code_of(PassageState.IN_THEME, self.theme.id)


def code_of(state: str, theme_id: int | None) -> str:
    """Return how forms, and measures of agreement, name a place."""
    return f"t{theme_id}" if state == PassageState.IN_THEME and theme_id is not None else str(state)


def place_of(code: str) -> tuple[str, int | None]:
    """Return the state and theme that a code names; a state that is none is left to operations."""
    number = code.removeprefix("t")
    if code != number and number.isascii() and number.isdecimal() and len(number) < 10:
        return PassageState.IN_THEME.value, int(number)
    return code, None


def choices_of(session: Session, run: AnalysisRun) -> list[Choice]:
    """Return the themes to choose from, the largest first.

    Their order does not depend on what is shown: hands learn it, and it gives nothing away.
    """
    sizes = _sizes(session, run)
    themes = sorted(
        session.scalars(current_themes(run.consultation_id)), key=lambda t: (-sizes[t.id], t.id)
    )
    return [
        Choice(theme, number if number <= N_DIGITS else None)
        for number, theme in enumerate(themes, 1)
    ]


def keep_sizes(session: Session, run: AnalysisRun) -> None:
    """Keep with a run how many passages each theme was found with."""
    rows = session.execute(
        select(Placement.found_theme_id, func.count())
        .where(Placement.run_id == run.id, Placement.found_state == PassageState.IN_THEME)
        .group_by(Placement.found_theme_id)
    )
    sizes = {str(theme_id): count for theme_id, count in rows if theme_id is not None}
    run.carried = dict(run.carried or {}) | {SIZES: sizes}


def _sizes(session: Session, run: AnalysisRun) -> Counter[int]:
    """Return how many passages each root theme was found with: decisions change no order."""
    by_id = {theme.id: theme for theme in session.scalars(themes_of(run.consultation_id))}
    sizes: Counter[int] = Counter()
    for number, count in (run.carried or {}).get(SIZES, {}).items():
        if int(number) in by_id:
            sizes[root_of(by_id[int(number)], by_id).id] += count
    return sizes


def parts_of(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield what stands before a passage, the passage and what stands after, with offsets."""
    yield 0, text[:start]
    yield start, text[start:end]
    yield end, text[end:]
