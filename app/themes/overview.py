"""A run at a glance: its themes with their counts, ranked, and the sum of the states."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.themes.models import AnalysisRun, PassageState, Theme
from app.themes.queries import (
    EVERYTHING,
    Dimension,
    Narrowing,
    current_themes,
    n_submissions,
    root_of,
    state_counts,
    theme_counts,
    theme_counts_by,
    themes_of,
)


@dataclass
class ThemeFigures:
    """A theme with its counts in a run.

    :ivar share: voices among the submissions analysed, in [0, 1].
    :ivar languages: passages by language.
    """

    theme: Theme
    n_passages: int = 0
    n_voices: int = 0
    n_copies: int = 0
    n_signatories: int = 0
    n_to_arbitrate: int = 0
    n_excluded: int = 0
    share: float = 0.0
    languages: dict[str, int] = field(default_factory=dict)


@dataclass
class Overview:
    """A run as the review and the report need it.

    :ivar states: passages in each state, all six, in the order of :class:`PassageState`.
    :ivar themes: active themes, most voices first (then passages, then oldest).
    :ivar merged: merged themes with the active one they count under.
    """

    run: AnalysisRun
    states: dict[PassageState, int]
    n_submissions: int
    themes: list[ThemeFigures]
    merged: list[tuple[Theme, Theme]]
    excluded: list[ThemeFigures]

    @property
    def n_passages(self) -> int:
        """All passages: the sum of the states."""
        return sum(self.states.values())


def load_states(
    session: Session, run: AnalysisRun, part: Narrowing = EVERYTHING
) -> dict[PassageState, int]:
    """Return the passages in each of the six states, zeros included."""
    counted = {row.state: row.n_passages for row in session.execute(state_counts(run, part))}
    return {state: counted.get(state.value, 0) for state in PassageState}


def load_overview(session: Session, run: AnalysisRun, part: Narrowing = EVERYTHING) -> Overview:
    """Return the themes of a run with their counts, ranked, and the sum of the states."""
    total = session.scalar(n_submissions(run, part)) or 0
    counts = {row["theme_id"]: row for row in session.execute(theme_counts(run, part)).mappings()}
    languages: dict[int, dict[str, int]] = defaultdict(dict)
    for row in session.execute(theme_counts_by(run, Dimension.LANGUAGE, part)):
        if row.n_passages:
            languages[row.theme_id][row.value] = row.n_passages

    def figures(theme: Theme) -> ThemeFigures:
        """Join a theme with its counts."""
        values = {k: v for k, v in counts.get(theme.id, {}).items() if k != "theme_id"}
        share = values.get("n_voices", 0) / total if total else 0.0
        return ThemeFigures(theme, share=share, languages=languages.get(theme.id, {}), **values)

    by_id = {theme.id: theme for theme in session.scalars(themes_of(run.consultation_id))}
    current = [figures(theme) for theme in session.scalars(current_themes(run.consultation_id))]
    current.sort(key=lambda f: (-f.n_voices, -f.n_passages, f.theme.id))
    return Overview(
        run=run,
        states=load_states(session, run, part),
        n_submissions=total,
        themes=current,
        merged=[(t, root_of(t, by_id)) for t in by_id.values() if t.state == "merged"],
        excluded=[figures(theme) for theme in by_id.values() if theme.state == "excluded"],
    )
