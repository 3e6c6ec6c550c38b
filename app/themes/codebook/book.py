"""The codebook of a consultation, as values: for its page and for its files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.db import Texts
from app.submissions.masking import masks_of
from app.themes.codebook import queries
from app.themes.codebook.keys import exchange_key
from app.themes.exchange import Code, Codebook, Example
from app.themes.exchange.tree import in_order
from app.themes.ledger.recording import newest_event_id
from app.themes.models import AnalysisRun, Theme
from app.themes.queries import Narrowing, current_themes, root_of, themes_of

#: Examples of one theme, at most.
MOST_EXAMPLES = 10


@dataclass(frozen=True)
class Entry:
    """A theme in the codebook.

    :ivar number: its place in the tree, ``2.1``.
    """

    theme: Theme
    code: Code
    number: str

    @property
    def level(self) -> int:
        """How deep it stands, from 1."""
        return self.number.count(".") + 1

    @property
    def has_definition(self) -> bool:
        """Tell whether somebody said what it is about."""
        return bool(self.code.definition_fr or self.code.definition_ar)


@dataclass(frozen=True)
class Book:
    """The codebook with the themes it describes, each before those under it."""

    codebook: Codebook
    entries: tuple[Entry, ...]

    @property
    def codes(self) -> dict[str, Code]:
        """The codes by key."""
        return {code.key: code for code in self.codebook.codes}

    @property
    def n_undefined(self) -> int:
        """How many themes have no definition."""
        return sum(not entry.has_definition for entry in self.entries)

    @property
    def n_without_example(self) -> int:
        """How many themes have no example."""
        return sum(not entry.code.examples for entry in self.entries)


def load_book(
    session: Session,
    consultation: Consultation,
    run: AnalysisRun,
    part: Narrowing,
    lang: str,
) -> Book:
    """Return the codebook.

    :param part: what of the corpus examples may be taken from.
    :param lang: of the names of axes and populations.
    """
    themes = list(session.scalars(current_themes(consultation.id)))
    parents = parents_of(session, consultation.id, themes)
    quoted = _examples(session, run, part)
    axes = {one.id: one.title.best(lang)[0] for one in consultation.axes}
    populations = {one.id: one.title.best(lang)[0] for one in consultation.populations}
    slug = consultation.slug
    by_key = {exchange_key(slug, "theme", theme.id): theme for theme in themes}
    codes = tuple(
        Code(
            key=key,
            name_fr=theme.name.get("fr", ""),
            name_ar=theme.name.get("ar", ""),
            parent=exchange_key(slug, "theme", parents[theme.id]) if theme.id in parents else None,
            axis=axes.get(theme.axis_id or 0),
            population=populations.get(theme.population_id or 0),
            is_validated=theme.is_validated,
            examples=tuple(quoted.get(theme.id, ())),
            **_texts(theme),
        )
        for key, theme in by_key.items()
    )
    titles = Texts(consultation.title)
    codebook = Codebook(
        title_fr=titles.get("fr", ""),
        title_ar=titles.get("ar", ""),
        version=str(newest_event_id(session, consultation.id)),
        codes=tuple(in_order(codes)),
    )
    numbers = _numbers(codebook)
    entries = tuple(Entry(by_key[c.key], c, numbers[c.key]) for c in codebook.codes)
    return Book(codebook, entries)


def parents_of(session: Session, consultation_id: int, themes: list[Theme]) -> dict[int, int]:
    """Return the theme above each, merges resolved; what merges made a circle stands at the top."""
    by_id = {theme.id: theme for theme in session.scalars(themes_of(consultation_id))}
    current = {theme.id for theme in themes}
    parents: dict[int, int] = {}
    for theme in themes:
        if theme.parent_id is None:
            continue
        above = root_of(by_id[theme.parent_id], by_id).id
        if above in current and not _is_above(theme.id, above, parents):
            parents[theme.id] = above
    return parents


def _is_above(theme_id: int, other_id: int, parents: Mapping[int, int]) -> bool:
    """Tell whether a theme is another one, or stands above it."""
    above: int | None = other_id
    while above is not None:
        if above == theme_id:
            return True
        above = parents.get(above)
    return False


def _texts(theme: Theme) -> dict[str, Any]:
    """Return a theme's definition and rules, as the fields of a code."""
    return {
        f"{column}_{lang}": (getattr(theme, column) or {}).get(lang, "")
        for column in ("definition", "inclusion", "exclusion")
        for lang in ("fr", "ar")
    }


def _examples(session: Session, run: AnalysisRun, part: Narrowing) -> dict[int, list[Example]]:
    """Return the pinned passages of each theme, personal data masked."""
    rows = session.execute(queries.examples(run, part)).all()
    masks = masks_of(session, [row.answer_id for row in rows])
    found: dict[int, list[Example]] = defaultdict(list)
    for row in rows:
        if len(found[row.theme_id]) < MOST_EXAMPLES:
            words = masks.words(row.answer_id, row.words, row.start)
            found[row.theme_id].append(Example(words, row.language, f"S-{row.submission_id:05d}"))
    return found


def _numbers(codebook: Codebook) -> dict[str, str]:
    """Return the place of each code in the tree: ``2.1``."""
    numbers: dict[str, str] = {}
    n_under: dict[str | None, int] = defaultdict(int)
    for code in codebook.codes:
        n_under[code.parent] += 1
        own = str(n_under[code.parent])
        numbers[code.key] = f"{numbers[code.parent]}.{own}" if code.parent else own
    return numbers
