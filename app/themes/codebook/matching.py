"""Which theme of the review a code of a file is: by its key, else by its names."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.themes.codebook import errors, queries
from app.themes.codebook.keys import exchange_key
from app.themes.models import Theme
from app.themes.names import key_of
from app.themes.queries import root_of, themes_of


class KnownThemes:
    """The themes of a consultation, to be found by what files say of them."""

    def __init__(self, session: Session, consultation: Consultation) -> None:
        self.by_id = {one.id: one for one in session.scalars(themes_of(consultation.id))}
        self.by_key = {
            exchange_key(consultation.slug, "theme", one.id): one for one in self.by_id.values()
        }
        self._active: dict[str, list[Theme]] = defaultdict(list)
        self._names: dict[int, set[str]] = defaultdict(set)
        for theme in self.by_id.values():
            for name in {key_of(name) for name in theme.name.values() if name}:
                self._names[theme.id].add(name)
                if theme.state == "active":
                    self._active[name].append(theme)
            self._names[theme.id] |= {key_of(name) for name in theme.found_name.values()}
        for row in session.execute(queries.renames(consultation.id)):
            self._names[row.theme_id] |= {key_of(n) for n in row.payload["from"].values()}

    def root(self, theme: Theme) -> Theme:
        """Return the theme that another one counts under."""
        return root_of(theme, self.by_id)

    def was_called(self, theme: Theme, name: str) -> bool:
        """Tell whether a theme bears, or once bore, a name."""
        return key_of(name) in self._names[theme.id]

    def named(self, *names: str) -> Theme | None:
        """Return the active theme that bears all of some names, None if no theme bears any.

        :raises ThemeAmbiguousError: if themes bear some of the names only.
        """
        said = [key_of(name) for name in names if name.strip()]
        found = [{theme.id for theme in self._active.get(name, ())} for name in said]
        if not found or not set.union(*found):
            return None
        common = set.intersection(*found)
        if len(common) != 1:
            raise errors.ThemeAmbiguousError
        return self.by_id[common.pop()]

    def find(self, key: str, *names: str) -> Theme | None:
        """Return the theme of a key, else the active one that bears the names."""
        return self.by_key.get(key) or self.named(*names)
