"""What a log of decisions amounts to: which themes live, what became of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from nlp.durable import log
from nlp.durable.log import Decision, DecisionError, applied_once
from nlp.durable.refs import PassageRef

#: Names of a theme given by people, by language code.
Names = dict[str, str]


@dataclass
class Standing:
    """What the decisions say, taken in order.

    Attributes
    ----------
    alive : set of str
        Keys of themes that a decision may name.
    heirs : dict
        For each ended theme the keys its passages went to: one if merged, several if divided,
        none if retired. An heir may have ended as well.
    kept : set of str
        Living themes that a human act keeps.
    whole : set of str
        Themes that clusters lying in them do not leave: merged or validated ones.
    names : dict
        Names given by people.
    apart : set of frozenset
        Pairs of keys that were one theme and were divided.
    places : list of (passage, theme, is_pinned)
        In the order of the log: the last one holds.
    exclusions : list of (passage, reason)
        In the order of the log; None restores.
    departures : list of (passage, source, target)
        Passages and the themes they were taken out of, where the log says so.
    """

    alive: set[str]
    heirs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)
    names: dict[str, Names] = field(default_factory=dict)
    apart: set[frozenset[str]] = field(default_factory=set)
    places: list[tuple[PassageRef, str, bool]] = field(default_factory=list)
    exclusions: list[tuple[PassageRef, str | None]] = field(default_factory=list)
    departures: list[tuple[PassageRef, str, str]] = field(default_factory=list)

    def now(self, key: str) -> tuple[str, ...]:
        """Return the living themes that a key stands for today, sorted; none if retired."""
        if key in self.alive:
            return (key,)
        found = {one for heir in self.heirs.get(key, ()) for one in self.now(heir)}
        return tuple(sorted(found))

    def take(self, decision: Decision) -> None:
        """Apply one decision."""
        _TAKERS[type(decision)](self, decision)

    def _need(self, decision: Decision, key: str) -> None:
        """Refuse a theme that is unknown or has ended."""
        if key in self.alive:
            return
        if key not in self.heirs:
            raise DecisionError(decision.id, f"there is no theme {key!r}.")
        now = ", ".join(repr(one) for one in self.now(key)) or "no theme"
        raise DecisionError(decision.id, f"the theme {key!r} has ended; it stands for {now} now.")

    def _bear(self, decision: Decision, part: log.Part) -> None:
        """Make a theme from seed passages."""
        if part.key in self.alive or part.key in self.heirs:
            raise DecisionError(decision.id, f"the key {part.key!r} is taken.")
        self.alive.add(part.key)
        self.kept.add(part.key)
        self._name(part.key, part.name_fr, part.name_ar)
        self.places += [(seed, part.key, True) for seed in part.seeds]

    def _end(self, key: str, heirs: tuple[str, ...]) -> None:
        """End a theme."""
        for themes in (self.alive, self.kept, self.whole):
            themes.discard(key)
        self.heirs[key] = heirs

    def _name(self, key: str, name_fr: str | None, name_ar: str | None) -> None:
        """Give the names that are not None."""
        given = {"fr": name_fr, "ar": name_ar}
        names = self.names.setdefault(key, {})
        names.update({code: name for code, name in given.items() if name is not None})

    def rename(self, decision: log.Rename) -> None:
        """Give a theme names."""
        self._need(decision, decision.theme)
        self._name(decision.theme, decision.name_fr, decision.name_ar)
        self.kept.add(decision.theme)

    def merge(self, decision: log.Merge) -> None:
        """Make one theme of several."""
        for key in (*decision.themes, decision.into):
            self._need(decision, key)
        for key in decision.themes:
            self._end(key, (decision.into,))
        self.kept.add(decision.into)
        self.whole.add(decision.into)

    def split(self, decision: log.Split) -> None:
        """Make several themes of one."""
        self._need(decision, decision.theme)
        for part in decision.parts:
            self._bear(decision, part)
        keys = [part.key for part in decision.parts]
        if decision.rest == "divide":
            self._end(decision.theme, tuple(keys))
        else:
            self.kept.add(decision.theme)
            keys.append(decision.theme)
        self.apart |= {frozenset(pair) for pair in combinations(keys, 2)}

    def move(self, decision: log.Move) -> None:
        """Put passages into another theme."""
        self._need(decision, decision.to)
        if decision.source is not None and not self._is_known(decision.source):
            raise DecisionError(decision.id, f"there is no theme {decision.source!r}.")
        self.kept.add(decision.to)
        for ref in decision.passages:
            self.places.append((ref, decision.to, False))
            if decision.source is not None:
                self.departures.append((ref, decision.source, decision.to))

    def pin(self, decision: log.Pin) -> None:
        """Make passages examples of a theme."""
        self._need(decision, decision.theme)
        self.kept.add(decision.theme)
        self.places += [(ref, decision.theme, True) for ref in decision.passages]

    def exclude(self, decision: log.Exclude) -> None:
        """Leave passages out."""
        self.exclusions += [(ref, decision.reason) for ref in decision.passages]

    def restore(self, decision: log.Restore) -> None:
        """Let excluded passages count again."""
        for ref in decision.passages:
            if not any(other.overlap(ref) for other, reason in self.exclusions if reason):
                raise DecisionError(decision.id, f"the passage {ref} was not excluded.")
        self.exclusions += [(ref, None) for ref in decision.passages]

    def create(self, decision: log.Create) -> None:
        """Make a theme from seed passages."""
        names = {"name_fr": decision.name_fr, "name_ar": decision.name_ar}
        self._bear(decision, log.Part(decision.key, decision.seeds, **names))

    def retire(self, decision: log.Retire) -> None:
        """End a theme and free its passages."""
        self._need(decision, decision.theme)
        self._end(decision.theme, ())

    def validate(self, decision: log.Validate) -> None:
        """Declare a theme good."""
        self._need(decision, decision.theme)
        self.kept.add(decision.theme)
        self.whole.add(decision.theme)

    def _is_known(self, key: str) -> bool:
        """Whether there is or was such a theme."""
        return key in self.alive or key in self.heirs


_TAKERS: dict[type[Decision], Callable[[Standing, Any], None]] = {
    log.Rename: Standing.rename,
    log.Merge: Standing.merge,
    log.Split: Standing.split,
    log.Move: Standing.move,
    log.Pin: Standing.pin,
    log.Exclude: Standing.exclude,
    log.Restore: Standing.restore,
    log.Create: Standing.create,
    log.Retire: Standing.retire,
    log.Validate: Standing.validate,
}


def stand(decisions: Iterable[Decision], known: Iterable[str]) -> Standing:
    """Return what decisions amount to.

    Parameters
    ----------
    decisions : iterable of Decision
        In the order they were taken; one told twice (same id) is applied once.
    known : iterable of str
        Keys of all themes there are or ever were; those that decisions make may be among them.

    Returns
    -------
    Standing

    Raises
    ------
    DecisionError
        If a decision names an unknown or ended theme, or a key that is taken.
    """
    once = applied_once(decisions)
    made = {key for decision in once for key in _made(decision)}
    standing = Standing(set(known) - made)
    for decision in once:
        standing.take(decision)
    return standing


def _made(decision: Decision) -> list[str]:
    """Return the keys of the themes a decision makes."""
    if isinstance(decision, log.Create):
        return [decision.key]
    return [part.key for part in decision.parts] if isinstance(decision, log.Split) else []
