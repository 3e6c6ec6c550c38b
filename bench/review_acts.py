"""Decisions of two analysts on a review laid by :mod:`bench.review_set`."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.themes import deciding
from app.themes.models import Theme, ThemeEvent

_KINDS = {
    "confirm": 40,
    "move": 28,
    "pin": 10,
    "set_aside": 9,
    "undo": 4,
    "release": 2,
    "validate": 3,
    "rename": 2,
    "describe": 2,
}


class Deciders:
    """Two analysts at work.

    :ivar free: passages in a theme that nobody has decided on, by theme.
    """

    def __init__(
        self,
        session: Session,
        themes: Sequence[Theme],
        analysts: Sequence[User],
        rows: Sequence[dict[str, Any]],
        chance: random.Random,
        now: datetime,
    ) -> None:
        self.session, self.chance, self.analysts, self._now = session, chance, analysts, now
        self.themes = list(themes)
        self.open = list(themes)
        self.free: dict[int, list[int]] = {theme.id: [] for theme in themes}
        for row in rows:
            if row["state"] == "in_theme":
                self.free[row["theme_id"]].append(row["passage_id"])
        for ids in self.free.values():
            chance.shuffle(ids)
        self._done: list[ThemeEvent] = []
        self._decided: list[int] = []

    def who(self) -> User:
        """Return one of the two."""
        return self.chance.choice(self.analysts)

    def now(self) -> datetime:
        """Return an instant a little later than the last."""
        self._now += timedelta(seconds=7)
        return self._now

    def some(self, most: int) -> list[int]:
        """Take passages of one theme that nobody decided on; more often of large themes."""
        [theme] = self.chance.choices(self.open, [len(self.free[t.id]) + 1 for t in self.open])
        ids = self.free[theme.id]
        taken = [ids.pop() for _number in range(min(len(ids), self.chance.randint(1, most)))]
        self._decided += taken
        return taken

    def arrange(self) -> None:
        """Put themes under others, merge three, exclude two."""
        consultation = self.themes[0].consultation_id
        axes, populations = _frame(self.session, consultation)
        for number in range(0, len(self.themes), 3):
            theme = self.themes[number]
            to = {"axis_id": axes[number % len(axes)]}
            to |= {"population_id": populations[number % len(populations)]}
            deciding.attach(self.session, self.who(), theme, to=to, now=self.now())
        for number in (1, 2, 4, 5, 7, 10, 13, 14):
            theme, parent = self.themes[number], self.themes[number - number % 3]
            to = {"parent_id": parent.id}
            deciding.attach(self.session, self.who(), theme, to=to, now=self.now())
        for number in (17, 26, 35):
            theme, into = self.themes[number], self.themes[number - 1]
            deciding.merge(self.session, self.who(), theme, into, now=self.now())
            self.open.remove(theme)
        for number in (41, 44):
            theme = self.themes[number]
            reason = "Hors du champ de la consultation."
            deciding.exclude(self.session, self.who(), theme, reason=reason, now=self.now())
            self.open.remove(theme)

    def act(self, kind: str) -> None:
        """Take one decision of a kind."""
        event = getattr(self, f"_{kind}")()
        if isinstance(event, ThemeEvent):
            self._done.append(event)

    def _on_passages(self, what: str, most: int, **more: Any) -> ThemeEvent | None:
        """Decide on some passages."""
        ids = self.some(most)
        if not ids:
            return None
        number = self.themes[0].consultation_id
        decide = getattr(deciding, what)
        event: ThemeEvent = decide(self.session, self.who(), number, ids, now=self.now(), **more)
        return event

    def _confirm(self) -> ThemeEvent | None:
        return self._on_passages("confirm", 20)

    def _pin(self) -> ThemeEvent | None:
        return self._on_passages("pin", 3)

    def _set_aside(self) -> ThemeEvent | None:
        state = self.chance.choice(("off_topic", "unreadable", "excluded", "to_arbitrate"))
        return self._on_passages("set_aside", 8, state=state, reason="Propos sans lien.")

    def _release(self) -> ThemeEvent | None:
        if not self._decided:
            return None
        ids = self.chance.sample(self._decided, min(3, len(self._decided)))
        number = self.themes[0].consultation_id
        return deciding.release(self.session, self.who(), number, ids, now=self.now())

    def _move(self) -> ThemeEvent | None:
        ids = self.some(40)
        if not ids:
            return None
        to = self.chance.choice(self.open)
        return deciding.move(self.session, self.who(), to, ids, now=self.now())

    def _undo(self) -> None:
        if self._done:
            deciding.undo(self.session, self.who(), self._done.pop(), now=self.now())

    def _validate(self) -> None:
        deciding.validate(self.session, self.who(), self.chance.choice(self.open), now=self.now())

    def _rename(self) -> None:
        theme = self.chance.choice(self.open)
        fr, ar = theme.name["fr"], theme.name["ar"]
        if not fr.endswith("(revu)"):
            names = {"name_fr": f"{fr} (revu)", "name_ar": f"{ar} (بعد المراجعة)"}
            deciding.rename(self.session, self.who(), theme, now=self.now(), **names)

    def _describe(self) -> None:
        theme = self.chance.choice(self.open)
        text = {"fr": f"Ce qui relève de : {theme.name['fr']}", "ar": f"ما يهم: {theme.name['ar']}"}
        texts = {"definition": text}
        deciding.describe(self.session, self.who(), theme, texts=texts, now=self.now())


def _frame(session: Session, consultation_id: int) -> tuple[list[int], list[int]]:
    """Return the axes and populations of a consultation."""
    from app.consultations.models import Consultation

    consultation = session.get_one(Consultation, consultation_id)
    return [axis.id for axis in consultation.axes], [one.id for one in consultation.populations]


def decide_all(
    session: Session,
    themes: Sequence[Theme],
    analysts: Sequence[User],
    rows: Sequence[dict[str, Any]],
    *,
    n_decisions: int,
    chance: random.Random,
    now: datetime,
) -> None:
    """Let two analysts decide, by the operations that pages call, flushed."""
    deciders = Deciders(session, themes, analysts, rows, chance, now)
    deciders.arrange()
    for kind in chance.choices(list(_KINDS), list(_KINDS.values()), k=n_decisions):
        deciders.act(kind)
