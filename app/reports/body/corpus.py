"""What a report counts, read once: who said something, in which language, in which theme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.reports import queries
from app.themes.models import AnalysisRun, PassageState, Theme
from app.themes.queries import root_of, themes_of


@dataclass(frozen=True)
class Contributor:
    """The facts of a submission that figures are broken down by."""

    id: int
    region: str | None
    actor_type: str
    channel: str
    at: datetime


@dataclass
class Said:
    """What was said in one theme.

    :ivar voices: languages of the passages of each contributor who speaks of it in their own words.
    :ivar copies: contributors who sent a copy of a campaign's text that belongs here.
    """

    n_passages: int = 0
    n_excluded: int = 0
    languages: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    voices: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    copies: set[int] = field(default_factory=set)

    @property
    def signatories(self) -> set[int]:
        """Contributors who only signed: nobody is both a voice and a signatory of a theme."""
        return self.copies - self.voices.keys()


@dataclass
class Corpus:
    """A run with all that its report counts.

    :ivar languages: languages of all the passages of each contributor analysed.
    :ivar members: for each root theme, the themes merged into it.
    """

    consultation: Consultation
    run: AnalysisRun
    contributors: dict[int, Contributor]
    themes: dict[int, Theme]
    with_text: set[int]
    states: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PassageState, 0))
    passages_by_language: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    languages: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    said: dict[int, Said] = field(default_factory=lambda: defaultdict(Said))
    members: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    @property
    def n_passages(self) -> int:
        """All passages of the run."""
        return sum(self.states.values())

    @property
    def analysed(self) -> list[Contributor]:
        """The contributors whose words the run has read."""
        return [self.contributors[i] for i in sorted(self.languages)]

    def ranked(self) -> list[Theme]:
        """Return the active themes that hold passages, most voices first."""
        held = [t for i, t in self.themes.items() if t.state == "active" and self._speaks(i)]
        return sorted(
            held, key=lambda t: (-len(self.said[t.id].voices), -self.said[t.id].n_passages, t.id)
        )

    def _speaks(self, theme_id: int) -> bool:
        """Tell whether anybody, in their own words or by a signature, is in a theme."""
        said = self.said.get(theme_id)
        return said is not None and bool(said.n_passages or said.copies)

    def count(self, ids: Iterable[int], dimension: str) -> dict[str, int]:
        """Count contributors by ``region`` (``""`` where not stated) or ``actor_type``."""
        counts: dict[str, int] = defaultdict(int)
        for i in ids:
            counts[getattr(self.contributors[i], dimension) or ""] += 1
        return counts


def read(session: Session, consultation: Consultation, run: AnalysisRun) -> Corpus:
    """Read what the report on a run counts."""
    corpus = Corpus(
        consultation=consultation,
        run=run,
        contributors={
            row.id: Contributor(*row)
            for row in session.execute(queries.contributors_of(consultation.id))
        },
        themes={theme.id: theme for theme in session.scalars(themes_of(consultation.id))},
        with_text=set(session.scalars(queries.submissions_with_text(consultation.id))),
    )
    for theme in corpus.themes.values():
        if theme.merged_into_id is not None:
            corpus.members[root_of(theme, corpus.themes).id].append(theme.id)
    for row in session.execute(queries.facts_of(run)):
        _add(corpus, row.theme_id, row.state, row.submission_id, row.language, row.n)
    return corpus


def _add(
    corpus: Corpus, theme_id: int | None, state: str, submission_id: int, language: str, n: int
) -> None:
    """Add some passages of one contributor in one language, in one state."""
    corpus.states[state] += n
    corpus.passages_by_language[language] += n
    corpus.languages[submission_id].add(language)
    if theme_id is None:
        return
    said = corpus.said[theme_id]
    if state == PassageState.IN_THEME:
        said.n_passages += n
        said.languages[language] += n
        said.voices[submission_id].add(language)
    elif state == PassageState.COPY:
        said.copies.add(submission_id)
    elif state == PassageState.EXCLUDED:
        said.n_excluded += n
