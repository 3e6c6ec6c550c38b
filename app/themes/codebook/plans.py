"""What importing a file would do: plain values that wait, as JSON, for somebody to confirm."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

#: Lines of one kind that a page lists.
MOST_LISTED = 200


@dataclass
class Problem:
    """What of a file is left out, and why.

    :ivar where: name of the theme or number of the submission it is about.
    :ivar row: its row in a spreadsheet.
    """

    text: str
    where: str = ""
    row: int | None = None
    column: str = ""
    sheet: str = ""


@dataclass
class Line:
    """A value before and after; ``field`` is one of :data:`app.themes.exchange.labels.LABELS`."""

    field: str
    before: str
    after: str


@dataclass
class ThemeChange:
    """What a file says of a theme that the review says otherwise.

    :ivar key: the code's key in the file.
    :ivar theme_id: None for a new theme.
    :ivar names: French and Arabic, where they change or are new; as the review has them otherwise.
    :ivar texts: definition and rules that change, whole, by language.
    :ivar attach: ``axis_id`` and ``population_id`` where they change.
    :ivar parent: key of the theme above, where ``has_parent``; None puts it at the top.
    :ivar who: who decided on the theme after the file was written; empty if nobody did.
    """

    key: str
    theme_id: int | None
    names: dict[str, str]
    is_renamed: bool = False
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    attach: dict[str, int | None] = field(default_factory=dict)
    has_parent: bool = False
    parent: str | None = None
    is_validated: bool | None = None
    who: str = ""
    row: int | None = None
    lines: list[Line] = field(default_factory=list)


@dataclass
class Move:
    """A passage that a file puts elsewhere.

    :ivar theme_id: where it goes; None where ``state`` sets it aside.
    :ivar who: who decided on it after the file was written; empty if nobody did.
    """

    passage_id: int
    theme_id: int | None
    state: str
    before: str
    after: str
    submission: str = ""
    words: str = ""
    who: str = ""
    row: int | None = None


@dataclass
class Plan:
    """What confirming would do.

    :ivar kind: ``codebook`` or ``passages``; ``refused`` for a file that cannot be taken.
    :ivar lang: language of its sentences.
    :ivar seen: newest event of the consultation when it was made.
    :ivar known: keys of the file's codes that are themes already, with their numbers.
    :ivar n_same: themes or passages that the file has as they are.
    :ivar n_absent: themes of the review that the file lacks; they stay.
    :ivar missing: passages of the file that the review does not have, the first ones.
    """

    kind: str
    lang: str
    file_name: str = ""
    refusal: str = ""
    seen: int = 0
    changes: list[ThemeChange] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)
    n_same: int = 0
    n_absent: int = 0
    n_missing: int = 0
    missing: list[str] = field(default_factory=list)
    n_problems: int = 0
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def n_changes(self) -> int:
        """How many themes or passages would change."""
        return len(self.changes) + len(self.moves)

    @property
    def n_conflicts(self) -> int:
        """How many of them somebody changed after the file was written."""
        themes = sum(bool(change.who) for change in self.changes)
        return themes + sum(bool(move.who) for move in self.moves)

    def blame(self, problem: Problem) -> None:
        """Note what is left out."""
        self.n_problems += 1
        if len(self.problems) < MOST_LISTED:
            self.problems.append(problem)

    def as_json(self) -> dict[str, Any]:
        """Return what is kept."""
        return asdict(self)


def plan_from_json(kept: dict[str, Any]) -> Plan:
    """Return a plan that was kept."""
    values = dict(kept)
    values["changes"] = [
        ThemeChange(**{**one, "lines": [Line(**line) for line in one["lines"]]})
        for one in values["changes"]
    ]
    values["moves"] = [Move(**one) for one in values["moves"]]
    values["problems"] = [Problem(**one) for one in values["problems"]]
    return Plan(**values)


@dataclass
class Outcome:
    """What confirming did.

    :ivar n_events: decisions written.
    """

    n_events: int = 0
    n_changed: int = 0
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return what is kept."""
        return asdict(self)


def outcome_from_json(kept: dict[str, Any]) -> Outcome:
    """Return an outcome that was kept."""
    return Outcome(**kept | {"problems": [Problem(**one) for one in kept["problems"]]})
