"""Lines of a form that ask what a question here asks, in a way that KoboToolbox and ODK run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.consultations.conditions import both
from app.consultations.models import Question, Section
from app.consultations.models import QuestionKind as Kind
from app.consultations.xlsform.blocks import JOINT
from app.consultations.xlsform.columns import HEADINGS, Columns, normal
from app.consultations.xlsform.definition import write_definition
from app.consultations.xlsform.expressions import ExpressionError
from app.consultations.xlsform.form import section_stamps, stamps
from app.consultations.xlsform.sheets import Row
from app.consultations.xlsform.wording import write
from app.organisations.models import ActorType

#: Points of a budget where nothing else is said.
TOTAL = 100
_TYPES = {
    Kind.NUMBER: "decimal",
    Kind.DATE: "date",
    Kind.SHORT_TEXT: "text",
    Kind.LONG_TEXT: "text",
    Kind.FILE: "file",
    Kind.ORGANISATION: "text",
    Kind.CONSENT: "acknowledge",
    Kind.NOTE: "note",
}
_SELECTS = {
    Kind.SINGLE_CHOICE: "select_one",
    Kind.MULTIPLE_CHOICE: "select_multiple",
    Kind.RANKING: "rank",
}
_DONT_KNOW = {"fr": "Je ne sais pas", "ar": "لا أعرف", "en": "I don’t know"}
_LEVELS = {
    "region": {"fr": "Région", "ar": "الجهة", "en": "Region"},
    "province": {"fr": "Province ou préfecture", "ar": "العمالة أو الإقليم", "en": "Province"},
}
_CAPACITY = {
    "fr": "À quel titre répondez-vous ?",
    "ar": "بأي صفة تجيب؟",
    "en": "In what capacity are you answering?",
}
#: Columns that a question of ours fills; those of a file that are not among them are kept.
_OURS = {
    "type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message",
    "appearance", "parameters", "choice_filter", "tachawor_kind", "tachawor_definition",
    "tachawor_axis",
}  # fmt: skip


@dataclass(frozen=True)
class Places:
    """Regions, and provinces with the region that each is in: codes with names."""

    regions: Sequence[tuple[str, Mapping[str, str]]] = ()
    provinces: Sequence[tuple[str, str, Mapping[str, str]]] = ()


class Names:
    """What questions, and lines of questions, are called in the form."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self.of: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        self.lines: dict[tuple[str, str], str] = {}
        taken: set[str] = set()
        for question in questions:
            known = question.source or {}
            is_named = known.get("stamps", {}).get("key") == stamps(question)["key"]
            name = known["name"] if is_named and known.get("name") else question.key
            while name in taken:
                name = f"{name}_"
            taken.add(name)
            self.of[question.key], self.kinds[question.key] = name, question.kind
            lines = known.get("lines") if is_named else {}
            for code in _codes(question):
                line = (lines or {}).get(code) or f"{name}{JOINT}{_word(code)}"
                self.lines[question.key, code] = line

    def find(self, key: str, item: str | None) -> tuple[str, str]:
        """Return a name and a kind, for expressions."""
        if key not in self.of or (item is not None and (key, item) not in self.lines):
            raise ExpressionError(key)
        return (self.of[key] if item is None else self.lines[key, item]), self.kinds[key]


def _codes(question: Question) -> list[str]:
    """Return the codes of the lines of a table or a budget."""
    if question.kind == Kind.BUDGET:
        return [str(option["code"]) for option in question.options]
    if question.kind in {Kind.SCALE, Kind.MATRIX}:
        return [str(option["code"]) for option in question.options["items"]]
    return []


def _word(text: str) -> str:
    """Return a text as a part of a name."""
    return re.sub(r"[^A-Za-z0-9_]", "_", text) or "_"


@dataclass
class Drawing:
    """Draws lines; the lists of choices that they need are collected.

    :ivar axes: codes of the axes, by their keys.
    :ivar taken: names of lists that the file has already.
    :ivar lists: options by the name of the list, with more columns where a list needs them.
    """

    columns: Columns
    names: Names
    places: Places
    axes: dict[int, str]
    taken: frozenset[str] = frozenset()
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    # --- sections -------------------------------------------------------------------------------

    def begin(self, section: Section, known: Mapping[str, Any]) -> Row:
        """Return the line that opens a section."""
        then, now = known.get("stamps", {}), section_stamps(section)
        row: Row = dict(known.get("begin") or {})
        if not row:
            self._put(row, "type", "begin_group")
            self._put(row, "name", _word(section.key or f"section_{section.position}"))
        if then.get("label") != now["label"]:
            self._say(row, "label", section.title)
        if then.get("relevant") != now["relevant"]:
            self._put(row, "relevant", self._written(section.visible_if))
        if then.get("minutes") != now["minutes"]:
            said = write_definition({"minutes": section.minutes})
            self._put(row, "tachawor_definition", said if section.minutes != 2 else "")
        return row

    def intro(self, section: Section) -> list[Row]:
        """Return the line of a section's introduction, if it has one."""
        if not any(section.intro.values()):
            return []
        name = f"{_word(section.key or f'section_{section.position}')}_intro"
        return [self._row("note", name, section.intro, tachawor_kind="intro")]

    def actor(self) -> Row:
        """Return the line that asks in what capacity one answers, as the site always does."""
        kinds = [kind for kind in ActorType if kind is not ActorType.UNKNOWN]
        choices = self._list(
            "actor_types", [{"code": kind.value, "label": kind.texts} for kind in kinds]
        )
        return self._row(
            f"select_one {choices}", "actor_type", _CAPACITY, required="yes", tachawor_kind="actor"
        )

    # --- questions ------------------------------------------------------------------------------

    def question(self, question: Question) -> list[Row]:
        """Return the lines of a question."""
        drawers = {
            Kind.SCALE: self._table,
            Kind.MATRIX: self._table,
            Kind.BUDGET: self._budget,
            Kind.TERRITORY: self._territory,
        }
        kind = Kind(question.kind)
        rows = drawers[kind](question) if kind in drawers else self._single(question)
        head = rows[0]
        self._say(head, "hint", question.hint)
        self._put(head, "relevant", self._written(question.visible_if))
        if question.axis_id in self.axes:
            self._put(head, "tachawor_axis", self.axes[question.axis_id])
        return rows

    def patched(self, question: Question, row: Row, changed: set[str]) -> Row:
        """Return a line of the file with what was changed in it."""
        new, row = self.question(question)[0], dict(row)
        parts = {
            "key": ("name",),
            "required": ("required",),
            "relevant": ("relevant",),
            "checks": ("constraint", "parameters"),
        }
        for part, names in parts.items():
            for name in names if part in changed else ():
                self._put(row, name, new.get(self.columns.heading(name), ""))
        said = {"label": question.label, "hint": question.hint}
        for name, texts in said.items():
            if name in changed:
                self._say(row, name, texts)
        if "checks" in changed:
            self._say(row, "constraint_message", (question.validity or {}).get("message") or {})
        return row

    def with_unknown_cells(self, row: Row, old: Row) -> Row:
        """Return a line with the cells of the old one that are none of ours."""
        kept = {
            heading: cell
            for heading, cell in old.items()
            if normal(heading.split("::")[0]) not in _OURS
        }
        return {**kept, **row}

    def _single(self, question: Question) -> list[Row]:
        """Draw a question of one line, and a line for each option that is said in words."""
        kind, rules = Kind(question.kind), question.rules or {}
        name = self.names.of[question.key]
        if kind in _SELECTS:
            word = f"{_SELECTS[kind]} {self._list(f'{name}_list', question.options or [])}"
        else:
            is_whole = kind == Kind.NUMBER and rules.get("whole")
            word = "integer" if is_whole else _TYPES[kind]
        row = self._row(word, name, question.label)
        self._put(row, "required", "yes" if question.is_required else "")
        if kind == Kind.LONG_TEXT:
            self._put(row, "appearance", "multiline")
        if kind == Kind.ORGANISATION:
            self._put(row, "tachawor_kind", kind.value)
        if rules.get("randomise"):
            self._put(row, "parameters", "randomize=true")
        self._check(row, question)
        return [row, *self._words(question, name)]

    def _words(self, question: Question, name: str) -> list[Row]:
        """Return the lines in which open options are said in one's own words."""
        if question.kind not in {Kind.SINGLE_CHOICE, Kind.MULTIPLE_CHOICE}:
            return []
        rows = []
        for option in question.options or []:
            if option.get("is_open"):
                line = f"{name}{JOINT}{_word(str(option['code']))}"
                row = self._row("text", line, option["label"], tachawor_kind="words")
                condition = {"question": question.key, "is": [option["code"]]}
                self._put(row, "relevant", self._written(condition))
                rows.append(row)
        return rows

    def _check(self, row: Row, question: Question) -> None:
        """Write limits and the check of an answer as one expression."""
        limits = _limits(question)
        validity = question.validity or {}
        self._put(
            row, "constraint", self._written(both(limits, validity.get("when")), question.key)
        )
        self._say(row, "constraint_message", validity.get("message") or {})

    def _table(self, question: Question) -> list[Row]:
        """Draw a table or a scale as a group of choices from one list."""
        name = self.names.of[question.key]
        columns = question.options.get("columns") or _ratings(question.options)
        choices = self._list(f"{name}_list", columns)
        rows = [self._row("begin_group", name, question.label, tachawor_kind=question.kind)]
        self._put(rows[0], "appearance", "table-list")
        for item in question.options["items"]:
            line = self.names.lines[question.key, str(item["code"])]
            row = self._row(f"select_one {choices}", line, item["label"])
            self._put(row, "required", "yes" if question.is_required else "")
            rows.append(row)
        return [*rows, self._row("end_group", "", {})]

    def _budget(self, question: Question) -> list[Row]:
        """Draw a budget as a group of whole numbers; the last one checks their sum."""
        name = self.names.of[question.key]
        total = int((question.rules or {}).get("total") or TOTAL)
        rows = [self._row("begin_group", name, question.label, tachawor_kind=question.kind)]
        self._put(rows[0], "appearance", "field-list")
        others: list[str] = []
        for item in question.options:
            line = self.names.lines[question.key, str(item["code"])]
            row = self._row("integer", line, item["label"])
            self._put(row, "required", "yes" if question.is_required else "")
            self._put(row, "constraint", f". >= 0 and . <= {total}")
            rows.append(row)
            others.append(f"${{{line}}}")
        if len(others) > 1:
            terms = " + ".join(f"coalesce({line}, 0)" for line in others[:-1])
            self._put(rows[-1], "constraint", f". >= 0 and {terms} + . = {total}")
            message = {
                "fr": f"La somme doit faire {total}.",
                "ar": f"يجب أن يكون المجموع {total}.",
                "en": f"The sum must be {total}.",
            }
            self._say(rows[-1], "constraint_message", message)
        return [*rows, self._row("end_group", "", {})]

    def _territory(self, question: Question) -> list[Row]:
        """Draw a territory as two lists, the second narrowed by the first."""
        name = self.names.of[question.key]
        regions = self._list(
            "regions", [{"code": code, "label": names} for code, names in self.places.regions]
        )
        provinces = self._list(
            "provinces",
            [
                {"code": code, "label": names, "region": region}
                for code, region, names in self.places.provinces
            ],
        )
        rows = [self._row("begin_group", name, question.label, tachawor_kind=question.kind)]
        self._put(rows[0], "appearance", "field-list")
        region = self._row(f"select_one {regions}", f"{name}{JOINT}region", _LEVELS["region"])
        self._put(region, "required", "yes" if question.is_required else "")
        province = self._row(
            f"select_one {provinces}", f"{name}{JOINT}province", _LEVELS["province"]
        )
        self._put(province, "choice_filter", f"region=${{{name}{JOINT}region}}")
        return [*rows, region, province, self._row("end_group", "", {})]

    def _list(self, name: str, options: Iterable[Mapping[str, Any]]) -> str:
        """Keep a list of choices, and return its name: one that the file does not have."""
        while name in self.taken:
            name = f"{name}_"
        self.lists[name] = [dict(option) for option in options]
        return name

    # --- cells ----------------------------------------------------------------------------------

    def _row(self, word: str, name: str, label: Mapping[str, str], **more: str) -> Row:
        """Return a line."""
        row: Row = {}
        self._put(row, "type", word)
        self._put(row, "name", name)
        self._say(row, "label", label)
        for column, value in more.items():
            self._put(row, column, str(value))
        return row

    def _put(self, row: Row, name: str, value: Any) -> None:
        """Set a cell; an empty one goes."""
        heading = self.columns.heading(name)
        row.pop(heading, None)
        if value != "":
            row[heading] = value

    def _say(self, row: Row, name: str, texts: Mapping[str, str]) -> None:
        """Set the cells of a text in each language."""
        for code in HEADINGS:
            heading = self.columns.heading(name, code)
            row.pop(heading, None)
            if texts.get(code):
                row[heading] = texts[code]

    def _written(self, condition: Mapping[str, Any] | None, own: str = "") -> str:
        """Write a condition; one that no expression says is left to the definition."""
        try:
            return write(condition, self.names.find, own)
        except ExpressionError:
            return ""

    def choice_rows(self, columns: Columns) -> list[Row]:
        """Return the lines of the lists, for the sheet of choices."""
        rows = []
        for name, options in self.lists.items():
            for option in options:
                row: Row = {
                    columns.heading("list_name"): name,
                    columns.heading("name"): str(option["code"]),
                }
                for code in HEADINGS:
                    if option["label"].get(code):
                        row[columns.heading("label", code)] = option["label"][code]
                if "region" in option:
                    row[columns.heading("region")] = option["region"]
                rows.append(row)
        return rows


def _ratings(options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the five steps of a scale and the one that gives none."""
    ends = {1: options.get("low") or {}, 5: options.get("high") or {}}
    steps = []
    for step in range(1, 6):
        words = ends.get(step) or {}
        label = {code: words.get(code) or str(step) for code in ("fr", "ar")}
        steps.append({"code": str(step), "label": {**words, **label}})
    return [*steps, {"code": "0", "label": _DONT_KNOW}]


def _limits(question: Question) -> dict[str, Any] | None:
    """Return the limits of an answer as a condition."""
    rules = question.rules or {}
    tests = {"min": "op", "max": "op"}
    if question.kind == Kind.MULTIPLE_CHOICE:
        tests = {"min_choices": "count", "max_choices": "count"}
    elif question.kind in {Kind.SHORT_TEXT, Kind.LONG_TEXT}:
        tests = {"min_length": "length", "max_length": "length"}
    elif question.kind not in {Kind.NUMBER, Kind.DATE}:
        return None
    parts = [
        {"question": question.key, test: ">=" if name.startswith("min") else "<=", "value": value}
        for name, test in tests.items()
        if (value := rules.get(name)) is not None
    ]
    return {"all": parts} if parts else None
