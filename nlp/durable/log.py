"""The human log: what people decided about themes and passages, and its form in JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal, get_args

from nlp.durable.refs import PassageRef
from nlp.errors import InputError, NlpError

#: Version of the JSON form.
VERSION = 1
#: How keys of themes that the machine finds begin; no person may give such a key.
MACHINE_PREFIX = "m-"
#: What becomes of the passages of a divided theme that nobody named.
Rest = Literal["divide", "keep"]


class DecisionError(NlpError):
    """A decision makes no sense where it stands in the log.

    Parameters
    ----------
    decision : str
        The ``id`` of the decision, "" if it has none.
    message : str
        What is wrong, for a person.

    Attributes
    ----------
    decision : str
    """

    def __init__(self, decision: str, message: str) -> None:
        """Put the decision's id before the message."""
        super().__init__(f"Decision {decision!r}: {message}")
        self.decision = decision


@dataclass(frozen=True)
class Decision:
    """What all decisions share: an ``id`` by which one told twice is applied once."""

    #: Name of the decision in JSON.
    kind: ClassVar[str] = ""

    id: str

    def __post_init__(self) -> None:
        """Refuse what is wrong whatever came before."""
        if not self.id:
            raise DecisionError(self.id, "it has no id.")
        self._check()

    def _check(self) -> None:
        """Refuse values that no log can make sensible."""

    def _refuse(self, is_wrong: bool, message: str) -> None:  # noqa: FBT001
        """Raise an error naming this decision if something is wrong."""
        if is_wrong:
            raise DecisionError(self.id, message)

    def _check_passages(self, passages: tuple[PassageRef, ...]) -> None:
        """Refuse no passages, and one passage twice."""
        self._refuse(not passages, "it names no passage.")
        self._refuse(len(set(passages)) != len(passages), "it names a passage twice.")

    def _check_new_key(self, key: str) -> None:
        """Refuse an empty key and one that looks like the machine's."""
        self._refuse(not key, "a new theme needs a key.")
        self._refuse(key.startswith(MACHINE_PREFIX), f"{key!r} looks like a key of the machine.")

    def to_dict(self) -> dict[str, Any]:
        """Return the decision as plain values for JSON."""
        values = {field.name: _plain(getattr(self, field.name)) for field in fields(self)}
        return {"version": VERSION, "kind": self.kind, **values}


@dataclass(frozen=True)
class Rename(Decision):
    """A theme bears these names from now on; a None leaves the name as it is."""

    kind = "rename"
    theme: str
    name_fr: str | None = None
    name_ar: str | None = None

    def _check(self) -> None:
        """Refuse no name at all, and empty names."""
        self._refuse(self.name_fr is None and self.name_ar is None, "it gives no name.")
        self._refuse("" in (self.name_fr, self.name_ar), "a name is empty.")


@dataclass(frozen=True)
class Merge(Decision):
    """Themes become one: those of ``themes`` end, their passages and likes belong to ``into``."""

    kind = "merge"
    themes: tuple[str, ...]
    into: str

    def _check(self) -> None:
        """Refuse no themes, one twice, and a theme merged into itself."""
        self._refuse(not self.themes, "it merges nothing.")
        self._refuse(len(set(self.themes)) != len(self.themes), "it names a theme twice.")
        self._refuse(self.into in self.themes, f"{self.into!r} cannot be merged into itself.")


@dataclass(frozen=True)
class Part:
    """A part of a divided theme: its new key, its names and the passages that show it."""

    key: str
    seeds: tuple[PassageRef, ...]
    name_fr: str | None = None
    name_ar: str | None = None


@dataclass(frozen=True)
class Split(Decision):
    """A theme is divided into parts, each shown by seed passages.

    ``rest`` says what becomes of its other passages: ``"divide"`` ends the theme and gives each
    of them to the part whose seeds are nearest; ``"keep"`` leaves the theme alive, and a part
    takes only what is clearly nearer to its seeds.
    """

    kind = "split"
    theme: str
    parts: tuple[Part, ...]
    rest: Rest = "divide"

    def _check(self) -> None:
        """Refuse too few parts, parts without seeds, and keys or seeds twice."""
        self._refuse(self.rest not in get_args(Rest), f"{self.rest!r} is no fate for the rest.")
        least = 2 if self.rest == "divide" else 1
        self._refuse(len(self.parts) < least, f"it needs {least} parts or more.")
        keys = [part.key for part in self.parts]
        self._refuse(len(set(keys)) != len(keys), "two parts have the same key.")
        for part in self.parts:
            self._check_new_key(part.key)
            self._refuse(not part.seeds, f"the part {part.key!r} has no seed passage.")
            self._refuse("" in (part.name_fr, part.name_ar), "a name is empty.")
        self._check_passages(tuple(seed for part in self.parts for seed in part.seeds))


@dataclass(frozen=True)
class Move(Decision):
    """Passages belong to the theme ``to``.

    ``source`` is the theme they left: they do not go back there by themselves, even when they are
    free again because ``to`` was retired.
    """

    kind = "move"
    passages: tuple[PassageRef, ...]
    to: str
    source: str | None = None

    def _check(self) -> None:
        """Refuse no passages, one twice, and a way from a theme to itself."""
        self._check_passages(self.passages)
        self._refuse(self.source == self.to, "the passages are moved to where they were.")


@dataclass(frozen=True)
class Pin(Decision):
    """Passages show what a theme is: they stay in it and pull their like."""

    kind = "pin"
    passages: tuple[PassageRef, ...]
    theme: str

    def _check(self) -> None:
        """Refuse no passages, and one twice."""
        self._check_passages(self.passages)


@dataclass(frozen=True)
class Exclude(Decision):
    """Passages are left out of all themes, for a reason."""

    kind = "exclude"
    passages: tuple[PassageRef, ...]
    reason: str

    def _check(self) -> None:
        """Refuse no passages, one twice, and no reason."""
        self._check_passages(self.passages)
        self._refuse(not self.reason.strip(), "it gives no reason.")


@dataclass(frozen=True)
class Restore(Decision):
    """Excluded passages count again, where they were put before if a person had put them."""

    kind = "restore"
    passages: tuple[PassageRef, ...]

    def _check(self) -> None:
        """Refuse no passages, and one twice."""
        self._check_passages(self.passages)


@dataclass(frozen=True)
class Create(Decision):
    """A theme made by hand from seed passages, whether or not the machine finds it."""

    kind = "create"
    key: str
    seeds: tuple[PassageRef, ...]
    name_fr: str | None = None
    name_ar: str | None = None

    def _check(self) -> None:
        """Refuse no key, no name, no seed and one seed twice."""
        self._check_new_key(self.key)
        self._refuse(not (self.name_fr or self.name_ar), "a theme made by hand needs a name.")
        self._refuse("" in (self.name_fr, self.name_ar), "a name is empty.")
        self._check_passages(self.seeds)


@dataclass(frozen=True)
class Retire(Decision):
    """A theme ends and its passages are free again."""

    kind = "retire"
    theme: str


@dataclass(frozen=True)
class Validate(Decision):
    """A theme is declared good: it survives, and clusters that lie in it do not leave it."""

    kind = "validate"
    theme: str


_KINDS: dict[str, type[Decision]] = {
    kind.kind: kind
    for kind in (Rename, Merge, Split, Move, Pin, Exclude, Restore, Create, Retire, Validate)
}


def decision_from_dict(values: Mapping[str, Any]) -> Decision:
    """Return the decision that :meth:`Decision.to_dict` wrote.

    Raises
    ------
    DecisionError
        If the version or the kind is unknown, or a value is missing, unknown or wrong.
    """
    name = str(values.get("id", ""))
    if values.get("version") != VERSION:
        raise DecisionError(name, f"version {values.get('version')!r} is not {VERSION}.")
    kind = _KINDS.get(str(values.get("kind")))
    if kind is None:
        raise DecisionError(name, f"{values.get('kind')!r} is no kind of decision.")
    given = {key: value for key, value in values.items() if key not in ("version", "kind")}
    try:
        return kind(**{key: _READERS.get(key, _text)(value) for key, value in given.items()})
    except (TypeError, ValueError, KeyError, InputError) as error:
        raise DecisionError(name, f"it cannot be read ({error}).") from error


def applied_once(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions in order, each id once.

    Raises
    ------
    DecisionError
        If two different decisions have the same id.
    """
    kept: dict[str, Decision] = {}
    for decision in decisions:
        if kept.setdefault(decision.id, decision) != decision:
            raise DecisionError(decision.id, "another decision has the same id.")
    return list(kept.values())


def _plain(value: object) -> object:
    """Return a field as plain values: passages as [key, start, end], parts as objects."""
    if isinstance(value, PassageRef):
        return [value.key, value.start, value.end]
    if isinstance(value, Part):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


def _text(value: object) -> str | None:
    """Return a text or None, and refuse the rest."""
    if value is None or isinstance(value, str):
        return value
    raise TypeError(f"{value!r} is no text")


def _texts(values: object) -> tuple[str, ...]:
    """Return a list of texts as a tuple."""
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"{values!r} is no list of texts")
    return tuple(values)


def _passages(rows: object) -> tuple[PassageRef, ...]:
    """Return a list of [key, start, end] as references."""
    if not isinstance(rows, list):
        raise TypeError(f"{rows!r} is no list of passages")
    refs = []
    for key, start, end in rows:
        # A boolean is an int to Python, and no offset.
        if not isinstance(key, str) or type(start) is not int or type(end) is not int:
            raise TypeError(f"{[key, start, end]!r} is no passage")
        refs.append(PassageRef(key, start, end))
    return tuple(refs)


def _parts(rows: object) -> tuple[Part, ...]:
    """Return a list of objects as parts."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise TypeError(f"{rows!r} is no list of parts")
    return tuple(Part(**{key: _READERS.get(key, _text)(row[key]) for key in row}) for row in rows)


_READERS: dict[str, Any] = {
    "themes": _texts,
    "passages": _passages,
    "seeds": _passages,
    "parts": _parts,
}
