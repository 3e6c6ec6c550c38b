"""A run at a glance: its themes with their counts, ranked, and the sum of the states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from app.themes.counting import Counts, counts_of
from app.themes.models import AnalysisRun, PassageState, Theme
from app.themes.queries import EVERYTHING, Narrowing, root_of, themes_of


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
    return _states(counts_of(session, run, part))


def _states(counts: Counts) -> dict[PassageState, int]:
    """Return the passages in each of the six states, zeros included."""
    states = dict.fromkeys(PassageState, 0)
    for (_theme, state, _language), n in counts.passages.items():
        states[PassageState(state)] += n
    return states


def load_overview(session: Session, run: AnalysisRun, part: Narrowing = EVERYTHING) -> Overview:
    """Return the themes of a run with their counts, ranked, and the sum of the states."""
    counts = counts_of(session, run, part)
    by_id = {theme.id: theme for theme in session.scalars(themes_of(run.consultation_id))}
    figures = _figures(by_id, counts)
    current = [
        figures[theme.id] for theme in by_id.values() if theme.state == "active" and theme.key_fr
    ]
    current.sort(key=lambda f: (-f.n_voices, -f.n_passages, f.theme.id))
    return Overview(
        run=run,
        states=_states(counts),
        n_submissions=counts.n_submissions,
        themes=current,
        merged=[(t, root_of(t, by_id)) for t in by_id.values() if t.state == "merged"],
        excluded=[figures[theme.id] for theme in by_id.values() if theme.state == "excluded"],
    )


#: The count that a passage's state adds to.
_COUNTED = {
    PassageState.IN_THEME: "n_passages",
    PassageState.COPY: "n_copies",
    PassageState.TO_ARBITRATE: "n_to_arbitrate",
    PassageState.EXCLUDED: "n_excluded",
}


def _figures(themes: Mapping[int, Theme], counts: Counts) -> dict[int, ThemeFigures]:
    """Join each theme with its counts."""
    figures = {number: ThemeFigures(theme) for number, theme in themes.items()}
    for (number, state, language), n in counts.passages.items():
        name = _COUNTED.get(PassageState(state))
        if number is None or name is None:
            continue
        own = figures[number]
        setattr(own, name, getattr(own, name) + n)
        if state == PassageState.IN_THEME:
            own.languages[language] = n
    total = counts.n_submissions
    for number, own in figures.items():
        own.n_voices = counts.voices.get((number, PassageState.IN_THEME), 0)
        own.n_signatories = counts.voices.get((number, PassageState.COPY), 0)
        own.share = own.n_voices / total if total else 0.0
    return figures
