"""The themes of a consultation while a run is being written: found again, new, ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from app.core.access import System
from app.core.db import Texts
from app.themes.history import theme_of_key, touched_by_people
from app.themes.ledger.kinds import Kind
from app.themes.ledger.recording import append
from app.themes.ledger.settling import take_names
from app.themes.models import AnalysisRun, Theme
from app.themes.names import LANGUAGES, free_name, key_of
from app.themes.queries import root_of, themes_of

if TYPE_CHECKING:
    from nlp import Analysis, ThemeResult
    from nlp.durable import Carried


class RunThemes:
    """The consultation's themes while a run is being written.

    :param is_settled: people have decided: new themes are proposed, and names are theirs.
    """

    def __init__(
        self,
        session: Session,
        run: AnalysisRun,
        machine: System,
        *,
        is_settled: bool,
        now: datetime,
    ) -> None:
        self._session, self._run, self._machine, self._now = session, run, machine, now
        self._is_settled = is_settled
        self._by_id = {t.id: t for t in session.scalars(themes_of(run.consultation_id))}
        self._touched = touched_by_people(session, run.consultation_id)
        #: New themes that people have to accept, with what the analysis says of them.
        self.proposed: dict[int, ThemeResult] = {}
        self._keys: dict[str, int] = {}

    def settle(self, analysis: Analysis) -> dict[int, int]:
        """Find themes again by their keys, add those that are new; return theme by index."""
        theme_of: dict[int, int] = {}
        for result in analysis.themes:
            theme_id = theme_of_key(result.key)
            if theme_id is None:
                theme_id = self._add(result)
            theme_of[result.index] = self._keys[result.key] = theme_id
            theme = self._by_id[theme_id]
            theme.last_run_id = self._run.id
            theme.stability = result.stability
            theme.keywords = {"fr": list(result.keywords_fr), "ar": list(result.keywords_ar)}
        self._end_the_others(set(theme_of.values()))
        if not self._is_settled:
            self._rename(analysis, theme_of)
        self._session.flush()
        return theme_of

    def root_id(self, theme_id: int) -> int:
        """Return the theme that one counts under."""
        return root_of(self._by_id[theme_id], self._by_id).id

    def is_only_proposed(self, theme_id: int) -> bool:
        """Tell whether what is found in a theme does not count: it waits, or was refused."""
        return self._by_id[theme_id].state in {"proposed", "refused"}

    def story(self, carried: Carried | None) -> dict[str, Any]:
        """Return how themes came through, by number, for the comparison of runs."""
        if carried is None:
            return {}
        themes = {}
        for theme in carried.themes:
            number = self._keys.get(theme.key) or theme_of_key(theme.key)
            if number is not None:
                themes[str(number)] = {
                    "status": theme.status,
                    "n_passages": theme.n_passages,
                    "n_before": theme.n_before,
                    "overlap": theme.overlap,
                    "machine_overlap": theme.machine_overlap,
                }
        ended = {
            str(theme_of_key(theme.key)): {
                "reason": theme.reason,
                "heir": self._keys.get(theme.heir or "") or theme_of_key(theme.heir or ""),
                "share": theme.share,
            }
            for theme in carried.ended
        }
        return {"themes": themes, "ended": ended, "n_waiting": len(carried.waiting)}

    def _add(self, result: ThemeResult) -> int:
        """Add a theme that was just found: a proposal once people have decided anything."""
        names = self._free(result)
        state = "proposed" if self._is_settled else "active"
        theme = Theme(
            consultation_id=self._run.consultation_id,
            name=names,
            found_name=names,
            state=state,
            found_state=state,
            first_run_id=self._run.id,
            last_run_id=self._run.id,
            created_at=self._now,
        )
        self._session.add(theme)
        self._session.flush()
        self._by_id[theme.id] = theme
        if state == "active":
            take_names(self._session, [theme])
        else:
            self.proposed[theme.id] = result
        return theme.id

    def _free(self, result: ThemeResult, theme: Theme | None = None) -> Texts:
        """Return the machine's names, differing from those of other themes."""
        found = {"fr": result.name_fr, "ar": result.name_ar}
        words = {"fr": result.keywords_fr, "ar": result.keywords_ar}
        named = [
            other
            for other in self._by_id.values()
            if other is not theme and other.state in {"active", "proposed"}
        ]
        return Texts(
            {
                code: free_name(
                    found[code], words[code], {key_of(t.name.get(code, "")) for t in named}
                )
                for code in LANGUAGES
            }
        )

    def _end_the_others(self, found: set[int]) -> None:
        """End themes that were not found again and that nobody touched."""
        for theme in self._by_id.values():
            is_open = theme.state in {"active", "proposed"}
            if is_open and theme.id not in found and theme.id not in self._touched:
                theme.state = "ended"
                theme.key_fr = theme.key_ar = None
                self._append(Kind.END, theme, {})

    def _rename(self, analysis: Analysis, theme_of: Mapping[int, int]) -> None:
        """Give themes that nobody named the names of this run: nobody has decided anything yet."""
        results = [
            (self._by_id[theme_of[result.index]], result)
            for result in analysis.themes
            if theme_of_key(result.key) is not None
        ]
        named = [
            (theme, result)
            for theme, result in results
            if theme.state == "active" and not theme.is_named_by_hand
        ]
        before = {theme.id: dict(theme.name) for theme, _result in named}
        for theme, _result in named:
            # Two themes may exchange names: none may stand when the new ones are written.
            theme.name = Texts()
            theme.key_fr = theme.key_ar = None
        self._session.flush()
        for theme, result in named:
            theme.name = self._free(result, theme)
            take_names(self._session, [theme])
            if dict(theme.name) != before[theme.id]:
                payload = {"from": before[theme.id], "to": dict(theme.name)}
                self._append(Kind.RENAME, theme, payload)

    def _append(self, kind: Kind, theme: Theme, payload: dict[str, Any]) -> None:
        """Write in the ledger what the run does by itself."""
        append(
            self._session,
            self._machine,
            self._run.consultation_id,
            kind,
            theme=theme,
            payload=payload,
            run_id=self._run.id,
            now=self._now,
        )
