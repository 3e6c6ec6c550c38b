"""The figures of who says what: stances, contrasts of groups, minority positions, regions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.themes.contrasting.facts import Facts, answered_groups, load_facts
from app.themes.exploring.kept import kept_decided
from app.themes.models import AnalysisRun

if TYPE_CHECKING:
    from nlp.contrasts import Contrast

#: The stances that words can tell, in the order in which they are shown.
STANCES = ("for", "against", "mixed")
#: Authors who took a position under which no position is called that of a few.
_LEAST_POSITIONED = 5
#: Share of those who took a position up to which theirs is that of a few.
_FEW = 1 / 3
#: Share of all submissions up to which a theme is that of few, and lift from which it is a group's.
SMALL_THEME, CARRIED_LIFT = 0.1, 1.5


@dataclass(frozen=True)
class Stances:
    """The voices of a theme by what they say of it; kept beside the theme, never part of it.

    :ivar counts: voices for, against, mixed; somebody who says both is mixed.
    """

    theme_id: int
    n_voices: int
    counts: Mapping[str, int]

    @property
    def n_positioned(self) -> int:
        """Voices that take a position."""
        return sum(self.counts.values())

    @property
    def n_silent(self) -> int:
        """Voices whose words do not tell."""
        return self.n_voices - self.n_positioned

    @property
    def minority(self) -> str | None:
        """The position that few hold: for or against; None where neither is that of a few."""
        if self.n_positioned < _LEAST_POSITIONED:
            return None
        fewer, more = sorted(("for", "against"), key=lambda stance: self.counts[stance])
        is_few = 0 < self.counts[fewer] <= _FEW * self.n_positioned
        return fewer if is_few and self.counts[fewer] < self.counts[more] else None

    @property
    def majority(self) -> str | None:
        """The position that more than half of those who take one hold."""
        for stance in STANCES:
            if 2 * self.counts[stance] > self.n_positioned >= _LEAST_POSITIONED:
                return stance
        return None


def load_positions(session: Session, run: AnalysisRun) -> dict[int, dict[int, str | None]]:
    """Return for each theme what each of its voices says of it, by submission."""
    return kept_decided(session, run, "positions", lambda: _positions(load_facts(session, run)))


def _positions(facts: Facts) -> dict[int, dict[int, str | None]]:
    """Join what each author says in a theme: both for and against is mixed."""
    said: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for theme, author, stance in zip(facts.themes, facts.authors, facts.stances, strict=True):
        if theme is not None:
            said[theme][author] |= {stance} if stance else set()
    return {
        theme: {
            author: None if not held else min(held) if len(held) == 1 else "mixed"
            for author, held in voices.items()
        }
        for theme, voices in said.items()
    }


def load_stances(session: Session, run: AnalysisRun) -> dict[int, Stances]:
    """Return the stances of every theme that has voices."""
    found = {}
    for theme, voices in load_positions(session, run).items():
        held = list(voices.values())
        counts = {stance: held.count(stance) for stance in STANCES}
        found[theme] = Stances(theme, len(held), counts)
    return found


def load_contrasts(session: Session, run: AnalysisRun) -> dict[int, list[Contrast]]:
    """Return the contrasts of every theme with the groups of all dimensions."""
    return kept_decided(session, run, "contrasts", lambda: _contrasts(session, run))


def _contrasts(session: Session, run: AnalysisRun) -> dict[int, list[Contrast]]:
    """Work them out."""
    from nlp.contrasts import contrasts

    facts = load_facts(session, run)
    if not facts.themes:
        return {}
    groups = facts.groups() | answered_groups(session, run, facts)
    found: dict[int, list[Contrast]] = defaultdict(list)
    for contrast in contrasts(facts.themes, groups, authors=facts.authors):
        found[contrast.theme].append(contrast)
    return dict(found)


def telling(contrasts: Collection[Contrast]) -> list[Contrast]:
    """Return those that are statistically there, the widest gap first."""
    found = [contrast for contrast in contrasts if contrast.is_significant]
    return sorted(found, key=lambda c: (-abs(c.difference or 0.0), c.dimension, c.group))


def opposite_groups(session: Session, run: AnalysisRun, theme_id: int) -> list[Contrast]:
    """Return the groups that take another position on a theme than most do, significantly.

    Only those who take a position are compared; ``theme`` of each contrast is the number of the
    stance in :data:`STANCES`.
    """
    from nlp.contrasts import contrasts

    facts = load_facts(session, run)
    voices = load_positions(session, run).get(theme_id, {})
    counts = {stance: list(voices.values()).count(stance) for stance in STANCES}
    majority = Stances(theme_id, len(voices), counts).majority
    rows = [
        row for row in facts.of_theme.get(theme_id, []) if voices[facts.authors[row]] is not None
    ]
    if majority is None or counts[majority] == len({facts.authors[row] for row in rows}):
        return []
    numbers = [STANCES.index(str(voices[facts.authors[row]])) for row in rows]
    groups = {name: [values[row] for row in rows] for name, values in facts.groups().items()}
    found = contrasts(numbers, groups, authors=[facts.authors[row] for row in rows])
    return [
        contrast
        for contrast in telling(found)
        if contrast.direction == "over" and STANCES[contrast.theme] != majority
    ]


@dataclass(frozen=True)
class Carried:
    """A theme of few that one group carries."""

    theme_id: int
    share: float
    contrast: Contrast


def carried_themes(session: Session, run: AnalysisRun, *, most: int = 20) -> list[Carried]:
    """Return themes that few speak of and that a distinct group carries, the strongest first."""
    facts = load_facts(session, run)
    everyone = len(set(facts.authors))
    sizes = {theme: len(voices) for theme, voices in load_positions(session, run).items()}
    found = []
    for theme, contrasts in load_contrasts(session, run).items():
        share = sizes.get(theme, 0) / everyone
        over = [
            c
            for c in telling(contrasts)
            if c.direction == "over" and (c.lift or 0.0) >= CARRIED_LIFT
        ]
        if share <= SMALL_THEME and over:
            best = max(over, key=lambda c: (c.lift or 0.0, c.n or 0))
            found.append(Carried(theme, share, best))
    return sorted(found, key=lambda c: (-(c.contrast.lift or 0.0), c.theme_id))[:most]


@dataclass(frozen=True)
class Between:
    """Some regions side by side.

    :ivar cells: for each theme and region, the contrast with the other regions that were chosen.
    """

    regions: list[str]
    sizes: dict[str, int]
    cells: dict[tuple[int, str], Contrast]

    def ranked(self, region: str) -> list[Contrast]:
        """Return a region's themes, the most spoken of first; those not shown are left out."""
        own = [c for (_theme, code), c in self.cells.items() if code == region]
        shown = [contrast for contrast in own if not contrast.is_suppressed]
        return sorted(shown, key=lambda c: (-(c.share or 0.0), c.theme))

    def n_suppressed(self, region: str) -> int:
        """Return how many of a region's themes are not shown."""
        return sum(c.is_suppressed for (_theme, code), c in self.cells.items() if code == region)

    def differing(self) -> list[Contrast]:
        """Return what is statistically different, the widest gap first."""
        return telling(self.cells.values())


def compare_regions(session: Session, run: AnalysisRun, chosen: Collection[str]) -> Between:
    """Compare regions with one another, or all of them when none is chosen; small cells hidden."""
    key = ("regions", tuple(sorted(chosen)))
    return kept_decided(session, run, key, lambda: _compared(load_facts(session, run), chosen))


def _compared(facts: Facts, chosen: Collection[str]) -> Between:
    """Compare them."""
    from nlp.contrasts import contrasts

    wanted = set(chosen)
    rows = [r for r, region in enumerate(facts.regions) if not wanted or region in wanted]
    regions = [facts.regions[row] for row in rows]
    authors = [facts.authors[row] for row in rows]
    groups = {"region": regions, "language": [facts.languages[row] for row in rows]}
    themes = [facts.themes[row] for row in rows]
    found = contrasts(themes, groups, authors=authors) if rows else []
    spoken: dict[str, set[int]] = defaultdict(set)
    for region, author in zip(regions, authors, strict=True):
        if region is not None:
            spoken[region].add(author)
    return Between(
        regions=sorted(chosen or spoken),
        sizes={region: len(authors) for region, authors in spoken.items()},
        cells={(c.theme, c.group): c for c in found if c.dimension == "region"},
    )
