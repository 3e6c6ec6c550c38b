"""Compare a codebook that comes in with the review's themes: what would change, theme by theme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.db import Texts
from app.core.errors import DomainError
from app.core.text import clean_text, fold
from app.themes.codebook import errors, queries
from app.themes.codebook.book import parents_of
from app.themes.codebook.matching import KnownThemes
from app.themes.codebook.plans import Line, Plan, Problem, ThemeChange
from app.themes.exchange import Code, Codebook
from app.themes.exchange.labels import yes_or_no
from app.themes.ledger.recording import newest_event_id
from app.themes.models import Theme
from app.themes.queries import current_themes

#: Why decisions were taken that a file brought.
REASON = "codebook import"

_TEXTS = ("definition", "inclusion", "exclusion")
_LANGUAGES = ("fr", "ar")


def plan_codebook(
    session: Session, consultation: Consultation, book: Codebook, *, lang: str
) -> Plan:
    """Return what importing a codebook would do; nothing is written."""
    return _Planning(session, consultation, book, lang).plan()


class _Planning:
    """One comparison."""

    def __init__(
        self, session: Session, consultation: Consultation, book: Codebook, lang: str
    ) -> None:
        self._session, self._consultation, self._book = session, consultation, book
        self._lang = lang
        self._known = KnownThemes(session, consultation)
        self._current = list(session.scalars(current_themes(consultation.id)))
        self._parents = parents_of(session, consultation.id, self._current)
        self._axes = _by_name(consultation.axes)
        self._populations = _by_name(consultation.populations)
        self._plan = Plan("codebook", lang, seen=newest_event_id(session, consultation.id))
        self._later = self._decided_later()
        #: The theme of each code of the file; None for a new one.
        self._themes: dict[str, Theme | None] = {}

    def plan(self) -> Plan:
        """Compare."""
        codes = [code for code in self._book.codes if self._match(code)]
        for code in codes:
            change = self._change(code, self._themes[code.key])
            if change.lines:
                self._plan.changes.append(change)
            else:
                self._plan.n_same += 1
        met = set(self._plan.known.values())
        self._plan.n_absent = sum(theme.id not in met for theme in self._current)
        return self._plan

    def _decided_later(self) -> dict[int, str]:
        """Return who decided on each theme after the file was written, where it says when."""
        version = self._book.version
        if not (version.isascii() and version.isdigit() and len(version) < 16):
            return {}
        rows = self._session.execute(
            queries.decided_since(self._consultation.id, int(version), reason=REASON)
        )
        return {row.theme_id: row.actor_label for row in rows}

    def _blame(self, code: Code, error: DomainError) -> None:
        """Say what of a row is left out."""
        where = code.name_ar if self._lang == "ar" and code.name_ar else code.name_fr
        self._plan.blame(Problem(error.text(), where or code.name_ar, code.row))

    def _match(self, code: Code) -> bool:
        """Find the theme of a code; false if the row cannot be taken."""
        try:
            theme = self._known.find(code.key, code.name_fr, code.name_ar)
        except errors.ThemeAmbiguousError as error:
            self._blame(code, error)
            return False
        if theme is not None and (theme.state != "active" or theme.key_fr is None):
            self._blame(code, errors.ThemeGoneError(name=theme.names.best(self._lang)[0]))
            return False
        if theme is not None and theme.id in self._plan.known.values():
            self._blame(code, errors.ThemeAmbiguousError())
            return False
        if theme is None and not (code.name_fr.strip() and code.name_ar.strip()):
            self._blame(code, errors.ThemeNamelessError())
            return False
        self._themes[code.key] = theme
        if theme is not None:
            self._plan.known[code.key] = theme.id
        return True

    def _change(self, code: Code, theme: Theme | None) -> ThemeChange:
        """Return what a code says that its theme does not."""
        change = ThemeChange(
            key=code.key,
            theme_id=None if theme is None else theme.id,
            names={lang: (theme.name.get(lang, "") if theme else "") for lang in _LANGUAGES},
            who="" if theme is None else self._later.get(theme.id, ""),
            row=code.row,
        )
        self._compare_names(change, code)
        self._compare_texts(change, code, theme)
        self._compare_place(change, code, "axis", self._axes, theme.axis_id if theme else None)
        self._compare_place(
            change, code, "population", self._populations, theme.population_id if theme else None
        )
        self._compare_parent(change, code, theme)
        is_validated = theme.is_validated if theme else False
        if code.says("is_validated") and code.is_validated != is_validated:
            change.is_validated = code.is_validated
            words = [yes_or_no(value, self._lang) for value in (is_validated, code.is_validated)]
            change.lines.append(Line("is_validated", *words))
        return change

    def _compare_names(self, change: ThemeChange, code: Code) -> None:
        """Note other names; no file takes a name away."""
        for lang in _LANGUAGES:
            before = change.names[lang]
            after = " ".join(getattr(code, f"name_{lang}").split())
            if after and code.says(f"name_{lang}") and after != before:
                change.names[lang], change.is_renamed = after, True
                change.lines.append(Line(f"name_{lang}", before, after))

    def _compare_texts(self, change: ThemeChange, code: Code, theme: Theme | None) -> None:
        """Note another definition, other rules."""
        for column in _TEXTS:
            held: Mapping[str, str] = getattr(theme, column) or {} if theme else {}
            whole = dict(held)
            for lang in _LANGUAGES:
                name = f"{column}_{lang}"
                before, after = clean_text(held.get(lang)), clean_text(getattr(code, name))
                if code.says(name) and before != after:
                    whole[lang] = after
                    change.lines.append(Line(name, before, after))
                    change.texts[column] = whole

    def _compare_place(
        self,
        change: ThemeChange,
        code: Code,
        column: str,
        known: dict[str, Any],
        before_id: int | None,
    ) -> None:
        """Note another axis, another population."""
        if not code.says(column):
            return
        name = getattr(code, column) or ""
        after = known.get(fold(name)) if name else None
        if name and after is None:
            kinds = {"axis": errors.AxisUnknownError, "population": errors.PopulationUnknownError}
            self._blame(code, kinds[column](name=name[:80]))
        elif (after.id if after else None) != before_id:
            before = next((one for one in known.values() if one.id == before_id), None)
            change.attach[f"{column}_id"] = after.id if after else None
            titles = [one.title.best(self._lang)[0] if one else "" for one in (before, after)]
            change.lines.append(Line(column, *titles))

    def _compare_parent(self, change: ThemeChange, code: Code, theme: Theme | None) -> None:
        """Note another theme above."""
        if not code.says("parent") or (code.parent and code.parent not in self._themes):
            return
        above = self._themes.get(code.parent or "")
        before_id = self._parents.get(theme.id) if theme else None
        is_new = bool(code.parent) and above is None
        if not is_new and (above.id if above else None) == before_id:
            return
        before = self._known.by_id[before_id].names.best(self._lang)[0] if before_id else ""
        change.has_parent, change.parent = True, code.parent
        change.lines.append(Line("parent", before, self._name_of(code.parent)))

    def _name_of(self, key: str | None) -> str:
        """Return the name of a code of the file."""
        code = next((one for one in self._book.codes if one.key == key), None)
        if code is None:
            return ""
        return Texts(fr=code.name_fr, ar=code.name_ar).best(self._lang)[0]


def _by_name(things: Any) -> dict[str, Any]:
    """Return axes or populations by each of their names, and by their code."""
    return {fold(name): one for one in things for name in (one.code, *one.title.values()) if name}
