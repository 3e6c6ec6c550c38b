"""Any sequence of decisions, undos and new analyses keeps what the ledger promises."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import System
from app.core.errors import DomainError
from app.themes import deciding
from app.themes.deciding.on_passages import ASIDE
from app.themes.deciding.on_themes import Part
from app.themes.history import key_of_theme
from app.themes.ledger.settling import compare
from app.themes.models import (
    AnalysisRun,
    EventPassage,
    Passage,
    Placement,
    Proposal,
    Theme,
    ThemeEvent,
)
from app.themes.queries import newest_run, root_of, themes_of
from nlp.durable import PassageRef
from nlp.proposing import ThemeProposal
from tests.factories import ConsultationFactory, submission
from tests.themes.fake import FakeEngine

WORDS = ("road", "school", "care", "work", "water", "light", "sport", "bread")
ANALYST = System("analyst")

#: State, theme, and whether it is an example (None: as it was before).
Said = tuple[str, int | None, bool | None]


@dataclass
class Expected:
    """What the sequence has led to, kept by rules of its own and not by the ledger's code.

    :ivar names: French name of each theme.
    :ivar words: for each event the passages it speaks of, with the state and theme it gave them.
    """

    names: dict[int, str] = field(default_factory=dict)
    words: dict[int, dict[int, Said | None]] = field(default_factory=dict)
    undone: set[int] = field(default_factory=set)
    renames: dict[int, tuple[int, str, str]] = field(default_factory=dict)

    def last_words(self) -> dict[int, Said]:
        """Return the last word in force on each passage."""
        last: dict[int, Said] = {}
        for event_id in sorted(self.words):
            if event_id not in self.undone:
                for passage_id, word in self.words[event_id].items():
                    if word is None:
                        last.pop(passage_id, None)
                        continue
                    state, theme_id, is_pinned = word
                    if is_pinned is None:
                        # Who confirms leaves an example an example.
                        before = last.get(passage_id)
                        is_pinned = before is not None and before[1:] == (theme_id, True)
                    last[passage_id] = (state, theme_id, is_pinned)
        return last


class Sequence:
    """Random decisions on one consultation, and what must be true after each."""

    def __init__(
        self,
        session: Session,
        consultation: Consultation,
        fake: FakeEngine,
        analysed: Callable[..., AnalysisRun],
        seed: int,
        now: datetime,
    ) -> None:
        self.session, self.consultation, self.fake = session, consultation, fake
        self.analysed, self.random, self.now = analysed, random.Random(seed), now
        self.expected = Expected()
        self.n_done = self.n_refused = self.n_runs = 0

    @property
    def run(self) -> AnalysisRun:
        """The newest run."""
        return self.session.scalars(newest_run(self.consultation.id)).one()

    def themes(self, *states: str) -> list[Theme]:
        """Return themes, in order."""
        return list(self.session.scalars(themes_of(self.consultation.id, *states)))

    def rows(self, *states: str) -> list[Placement]:
        """Return placements that are no copies."""
        rows = select(Placement).where(
            Placement.run_id == self.run.id, Placement.copy_of_id.is_(None)
        )
        if states:
            rows = rows.where(Placement.state.in_(states))
        return list(self.session.scalars(rows.order_by(Placement.passage_id)))

    def some(self, rows: list[Placement]) -> list[Placement]:
        """Return a few of some rows."""
        return self.random.sample(rows, min(len(rows), self.random.randint(1, 4)))

    def step(self) -> None:
        """Do one random thing; what the domain refuses changes nothing."""
        actions = [
            *[self.move] * 6,
            *[self.pin] * 3,
            self.unpin,
            *[self.confirm] * 3,
            *[self.set_aside] * 3,
            self.release,
            *[self.rename] * 3,
            self.describe,
            self.validate,
            *[self.merge] * 2,
            self.exclude,
            *[self.restore] * 2,
            self.create,
            *[self.split] * 2,
            *[self.undo] * 5,
            *[self.answer] * 3,
            *[self.rerun] * 3,
        ]
        action = self.random.choice(actions)
        self.now += timedelta(seconds=1)
        try:
            action()
        except DomainError:
            self.session.rollback()
            self.n_refused += 1
        else:
            self.session.commit()
            self.n_done += 1

    def name(self) -> dict[str, str]:
        """Return names that may be taken already."""
        number = self.random.randint(1, 60)
        return {"name_fr": f"Nom {number}", "name_ar": f"اسم {number}"}

    def say(self, event: ThemeEvent, words: dict[int, Any]) -> None:
        """Note what an event says of passages."""
        self.expected.words[event.id] = words

    def move(self) -> None:
        """Move a few passages."""
        to = self.random.choice(self.themes("active"))
        ids = [row.passage_id for row in self.some(self.rows())]
        event = deciding.move(self.session, ANALYST, to, ids, now=self.now)
        self.say(event, dict.fromkeys(ids, ("in_theme", to.id, False)))

    def pin(self) -> None:
        """Pin a few."""
        rows = self.some(self.rows("in_theme"))
        themes = {row.passage_id: row.theme_id for row in rows}
        event = deciding.pin(
            self.session, ANALYST, self.consultation.id, list(themes), now=self.now
        )
        self.say(event, {n: ("in_theme", theme, True) for n, theme in themes.items()})

    def unpin(self) -> None:
        """Unpin one."""
        rows = [row for row in self.rows("in_theme") if row.is_pinned]
        row = self.random.choice(rows or self.rows("in_theme"))
        number, theme = row.passage_id, row.theme_id
        event = deciding.unpin(self.session, ANALYST, self.consultation.id, [number], now=self.now)
        self.say(event, {number: ("in_theme", theme, False)})

    def confirm(self) -> None:
        """Confirm one where it is."""
        row = self.random.choice(self.rows())
        number, state, theme = row.passage_id, row.state, row.theme_id
        state = "in_theme" if state == "to_arbitrate" else state
        event = deciding.confirm(
            self.session, ANALYST, self.consultation.id, [number], now=self.now
        )
        self.say(event, {number: (state, theme, None)})

    def set_aside(self) -> None:
        """Set a few aside."""
        ids = [row.passage_id for row in self.some(self.rows())]
        state = self.random.choice(ASIDE)
        event = deciding.set_aside(
            self.session,
            ANALYST,
            self.consultation.id,
            ids,
            state=state,
            reason="Because",
            now=self.now,
        )
        self.say(event, dict.fromkeys(ids, (state.value, None, False)))

    def release(self) -> None:
        """Give a few back."""
        ids = [row.passage_id for row in self.some(self.rows())]
        event = deciding.release(self.session, ANALYST, self.consultation.id, ids, now=self.now)
        self.say(event, dict.fromkeys(ids))

    def rename(self) -> None:
        """Rename a theme."""
        theme = self.random.choice(self.themes("active"))
        names = self.name()
        before = theme.name["fr"]
        event = deciding.rename(self.session, ANALYST, theme, **names, now=self.now)
        self.expected.renames[event.id] = (theme.id, before, names["name_fr"])
        self.expected.names[theme.id] = names["name_fr"]

    def describe(self) -> None:
        """Describe a theme."""
        theme = self.random.choice(self.themes("active"))
        texts = {"definition": {"fr": f"Texte {self.random.randint(1, 9)}", "ar": ""}}
        deciding.describe(self.session, ANALYST, theme, texts=texts, now=self.now)

    def validate(self) -> None:
        """Validate a theme, or not."""
        theme = self.random.choice(self.themes("active"))
        is_good = self.random.random() < 0.7
        deciding.validate(self.session, ANALYST, theme, is_validated=is_good, now=self.now)

    def merge(self) -> None:
        """Merge two themes, if they can be."""
        one, into = self.random.choices(self.themes("active"), k=2)
        deciding.merge(self.session, ANALYST, one, into, now=self.now)

    def exclude(self) -> None:
        """Exclude a theme."""
        theme = self.random.choice(self.themes("active"))
        deciding.exclude(self.session, ANALYST, theme, reason="Elsewhere", now=self.now)

    def restore(self) -> None:
        """Restore one."""
        theme = self.random.choice(self.themes("merged", "excluded") or self.themes())
        deciding.restore(self.session, ANALYST, theme, now=self.now)

    def create(self) -> None:
        """Make a theme by hand."""
        ids = [row.passage_id for row in self.some(self.rows())]
        theme = deciding.create(
            self.session,
            ANALYST,
            self.consultation,
            **self.name(),
            passage_ids=ids,
            now=self.now,
        )
        event = self.session.get_one(ThemeEvent, theme.last_event_id)
        self.expected.names[theme.id] = theme.name["fr"]
        self.say(event, dict.fromkeys(ids, ("in_theme", theme.id, False)))

    def split(self) -> None:
        """Split a theme by some of its passages."""
        theme = self.random.choice(self.themes("active"))
        own = [row for row in self.rows("in_theme") if row.theme_id == theme.id]
        ids = [row.passage_id for row in self.some(own)] if own else []
        [new] = deciding.split(
            self.session, ANALYST, theme, [Part(**self.name(), passage_ids=ids)], now=self.now
        )
        event = self.session.get_one(ThemeEvent, new.last_event_id)
        self.expected.names[new.id] = new.name["fr"]
        self.say(event, dict.fromkeys(ids, ("in_theme", new.id, False)))

    def undo(self) -> None:
        """Take a decision back, or bring it back."""
        events = list(
            self.session.scalars(
                select(ThemeEvent)
                .where(ThemeEvent.consultation_id == self.consultation.id)
                .order_by(ThemeEvent.id.desc())
                .limit(25)
            )
        )
        if not events:
            return
        event = self.random.choice(events)
        deciding.undo(self.session, ANALYST, event, now=self.now)
        about, is_back = event, False
        while about.undoes_id is not None:
            about, is_back = self.session.get_one(ThemeEvent, about.undoes_id), not is_back
        if is_back:
            self.expected.undone.discard(about.id)
        else:
            self.expected.undone.add(about.id)
        self._names_after_undo(about)

    def _names_after_undo(self, about: ThemeEvent) -> None:
        """Work out a theme's name from the renames in force."""
        if about.id in self.expected.renames:
            theme_id = self.expected.renames[about.id][0]
            first = min(e for e, (t, _f, _n) in self.expected.renames.items() if t == theme_id)
            name = self.expected.renames[first][1]
            for event_id, (theme, _before, new) in sorted(self.expected.renames.items()):
                if theme == theme_id and event_id not in self.expected.undone:
                    name = new
            self.expected.names[theme_id] = name

    def answer(self) -> None:
        """Accept or refuse a proposal."""
        found = select(Proposal).where(Proposal.state == "open").order_by(Proposal.id)
        proposals = list(self.session.scalars(found))
        if not proposals:
            return
        proposal = self.random.choice(proposals)
        before = {theme.id for theme in self.themes()}
        name = proposal.theme.name["fr"]
        if self.random.random() < 0.6:
            event = deciding.accept(self.session, ANALYST, proposal, now=self.now)
            self.expected.names[proposal.theme_id] = proposal.theme.name["fr"]
            if proposal.kind == "rename":
                renamed = (proposal.theme_id, name, proposal.payload["name"]["fr"])
                self.expected.renames[event.id] = renamed
                self.expected.names[proposal.theme_id] = renamed[2]
            for part in event.payload.get("parts", ()):
                assert part["theme_id"] not in before
                self.expected.names[part["theme_id"]] = part["name"]["fr"]
                put = select(EventPassage.passage_id).where(EventPassage.event_id == event.id)
                ids = self.session.scalars(put)
                self.say(event, dict.fromkeys(ids, ("in_theme", part["theme_id"], False)))
        else:
            deciding.refuse(self.session, ANALYST, proposal, now=self.now)

    def rerun(self) -> None:
        """Let people say more, let the machine see other clusters, analyse anew."""
        for _ in range(self.random.randint(0, 3)):
            words = self.random.choices(WORDS, k=3)
            said = " ".join(f"{word}: {self.random.randint(1, 999)} times." for word in words)
            submission(self.consultation, said, region_code="08", actor_type="citizen")
        self.fake.synonyms = {
            word: self.random.choice(WORDS) for word in self.random.sample(WORDS, 2)
        }
        self.fake.proposals = self.proposals()
        self.session.commit()
        human = select(ThemeEvent.id).where(
            ThemeEvent.run_id.is_(None), ThemeEvent.undoes_id.is_(None)
        )
        is_untouched = not set(self.session.scalars(human)) - self.expected.undone
        self.analysed(self.consultation)
        self.n_runs += 1
        for theme in self.themes():
            self.expected.names.setdefault(theme.id, theme.name["fr"])
            if is_untouched:
                # Before anybody has decided anything the machine may call themes otherwise.
                self.expected.names[theme.id] = theme.name["fr"]

    def proposals(self) -> list[ThemeProposal]:
        """Return what the machine will propose besides new themes."""
        themes = self.themes("active")
        if len(themes) < 2:
            return []
        one, other = self.random.sample(themes, 2)
        rows = [row for row in self.rows("in_theme") if row.theme_id == one.id]
        places = [row.passage for row in self.some(rows)] if rows else []
        refs = tuple(PassageRef(str(p.answer_id), p.start, p.end) for p in places)
        names = self.name()
        figures = {"share": 0.5, "n": 9.0, "overlap": 0.5}
        key, other_key = key_of_theme(one.id), key_of_theme(other.id)
        merge = ThemeProposal("merge", key, other_key, "", "", refs, figures)
        rename = ThemeProposal("rename", other_key, None, *names.values(), (), figures)
        names = self.name()
        split = ThemeProposal("split", key, None, *names.values(), refs, figures)
        return self.random.sample([merge, rename, split], 2)

    def check(self) -> None:
        """Check everything the ledger promises."""
        session, run = self.session, self.run
        assert not compare(session, self.consultation.id), "the rows are not what events say"
        states = dict(
            session.execute(
                select(Placement.state, func.count())
                .where(Placement.run_id == run.id)
                .group_by(Placement.state)
            ).all()  # type: ignore[arg-type]
        )
        n_distinct = session.scalar(
            select(func.count(Placement.passage_id.distinct())).where(Placement.run_id == run.id)
        )
        assert sum(states.values()) == n_distinct == run.n_passages
        themes = {theme.id: theme for theme in self.themes()}
        for theme_id, name in self.expected.names.items():
            if themes[theme_id].state != "ended":
                assert themes[theme_id].name["fr"] == name
        active = [theme for theme in themes.values() if theme.state == "active"]
        assert len({theme.key_fr for theme in active}) == len(active)
        self._check_words(themes)

    def _check_words(self, themes: dict[int, Theme]) -> None:
        """Check that every passage is where the last word on it says, pins above all."""
        rows = {row.passage_id: row for row in self.rows()}
        for passage_id, (state, theme_id, is_pinned) in self.expected.last_words().items():
            row = rows[passage_id]
            if state != "in_theme":
                assert row.state == state
                continue
            root = root_of(themes[theme_id or 0], themes)
            if root.state not in {"active", "excluded"}:
                continue
            assert row.theme_id is not None
            assert root_of(themes[row.theme_id], themes).id == root.id
            assert row.state == ("excluded" if root.state == "excluded" else "in_theme")
            assert row.is_pinned is is_pinned


@pytest.mark.parametrize("seed", range(4))
def test_two_hundred_random_actions_and_runs_keep_every_promise(
    session: Session, fake: FakeEngine, analysed: Any, now: datetime, seed: int
) -> None:
    chance = random.Random(seed)
    consultation = ConsultationFactory()
    for _ in range(30):
        said = " ".join(
            f"{word}: {chance.randint(1, 999)} things." for word in chance.choices(WORDS, k=3)
        )
        submission(consultation, said, region_code="08", actor_type="citizen")
    session.commit()
    analysed(consultation)
    sequence = Sequence(session, consultation, fake, analysed, seed, now)
    for theme in sequence.themes():
        sequence.expected.names[theme.id] = theme.name["fr"]

    for number in range(200):
        sequence.step()
        if number % 4 == 0:
            sequence.check()
    sequence.check()

    assert sequence.n_done > 100
    assert sequence.n_runs >= 4
    assert session.scalar(select(func.count()).select_from(Passage)) >= 90
