"""From the sheets of a form to its sections and questions.

Outer groups become sections; groups inside them are flattened: their condition goes to each of
their questions, their heading becomes a note. Lines that ask nothing here keep their place in the
layout, so that the file can be written again.
"""

from __future__ import annotations

from typing import Any

from app.consultations.models import QuestionKind as Kind
from app.consultations.xlsform import blocks, conditions, idle, options, types
from app.consultations.xlsform.columns import Columns, default_language
from app.consultations.xlsform.definition import apply_definition, read_definition
from app.consultations.xlsform.form import Form, QuestionSpec, SectionSpec
from app.consultations.xlsform.naming import Keys
from app.consultations.xlsform.remarks import Remark
from app.consultations.xlsform.sheets import Book, Row
from app.consultations.xlsform.types import Type, read_type

#: What a section without a heading is called.
_TITLE = {"fr": "Questions", "ar": "أسئلة", "en": "Questions"}
_YES = {"yes", "true", "true()", "1", "oui", "required", "x"}
_NO = {"", "no", "false", "false()", "0", "non"}


def read_form(book: Book, axes: frozenset[str] = frozenset()) -> Form:
    """Read a form.

    :param axes: codes of the axes that questions may attach to.
    :raises SurveyMissingError: if there is no sheet of questions.
    """
    return _FormReader(book, axes).form()


class _FormReader:
    """Reads the lines of a form from the first to the last."""

    def __init__(self, book: Book, axes: frozenset[str]) -> None:
        self.book, self.axes = book, axes
        self.survey = book.survey()
        settings = book.find("settings")
        self.default = default_language(self.survey, settings)
        self.columns = Columns(self.survey.columns, self.default)
        self.rows = self.survey.rows
        self.types = [read_type(self.columns.text(row, "type")) for row in self.rows]
        self.lists = options.read_lists(book.find("choices"), self.default)
        self.settings = settings
        self.sections: list[SectionSpec] = []
        self.layout: list[list[Any]] = []
        self.remarks: list[Remark] = []
        self.keys = Keys()
        #: Open groups, the outermost (a section) first: number of the line, condition as written.
        self.groups: list[int] = []
        self.inner: dict[int, str] = {}

    # --- the whole ------------------------------------------------------------------------------

    def form(self) -> Form:
        """Read everything."""
        at = 0
        while at < len(self.rows):
            at = self._line(at)
        self._drop_empty_sections()
        found = [question for section in self.sections for question in section.questions]
        conditions.understand(self.sections, found, self.inner, self.remark, self._has_actor())
        for question in found:
            apply_definition(question, self._definition(question))
        self.remarks += idle.remarks_of(self.rows, self.types, self.columns, self.remarks, found)
        self.remarks.sort(key=lambda remark: (remark.sheet != "survey", remark.row))
        return Form(self.sections, {"xlsform": self._source()}, self.remarks)

    def remark(self, number: int, column: str, code: str, value: str = "") -> None:
        """Note something that has no effect; lines are numbered as a spreadsheet does."""
        self.remarks.append(Remark("survey", number + 2, column, code, value))

    def _source(self) -> dict[str, Any]:
        """Return what is kept of the file beside the questions."""
        others = [sheet for sheet in self.book.sheets if sheet is not self.survey]
        return {
            "order": [sheet.name for sheet in self.book.sheets],
            "survey": {
                "name": self.survey.name,
                "columns": self.survey.columns,
                "blank": self.survey.blank,
                "n_rows": len(self.rows),
            },
            "sheets": {
                sheet.name: {"columns": sheet.columns, "blank": sheet.blank, "rows": sheet.rows}
                for sheet in others
            },
            "language": self.default,
            "layout": self.layout,
            "remarks": [remark.as_json() for remark in self.remarks],
        }

    def _has_actor(self) -> bool:
        """Tell whether the form asks itself in what capacity one answers, as ours do."""
        return any(self.columns.text(row, "tachawor_kind") == "actor" for row in self.rows)

    def _drop_empty_sections(self) -> None:
        """Turn groups that ask nothing into lines that are only kept."""
        for section in [one for one in self.sections if not one.questions]:
            self.sections.remove(section)
            for place, token in enumerate(self.layout):
                if token[0] == "b" and token[1] == section.id:
                    self.layout[place] = ["r", section.begin, {}]
                elif token[0] == "e" and token[1] == section.end_id and section.id is not None:
                    self.layout[place] = ["r", section.end, {}]

    # --- a line ---------------------------------------------------------------------------------

    def _line(self, at: int) -> int:
        """Read the line at a place and return the place of the next one."""
        kind, row = self.types[at], self.rows[at]
        ours = self.columns.text(row, "tachawor_kind")
        if ours in {"actor", "words", "intro"}:
            return self._part(at, ours)
        if kind.word == "begin_group":
            return self._group(at, ours)
        if kind.closes:
            return self._close(at)
        end = self._labelled(at) if kind.word == "select_one" else 0
        if end:
            return self._block(at, end, at + 1, end)
        others = {"begin_repeat": self._repeat} | dict.fromkeys(types.KINDS, self._ask)
        return others.get(kind.word, self._keep)(at)

    def _keep(self, at: int, code: str = "", **more: Any) -> int:
        """Keep a line that asks nothing."""
        kind = self.types[at].word
        self.layout.append(["r", self.rows[at], more])
        if kind and not code:
            code = "not_asked"
            if kind.lower() in types.METADATA:
                code = "metadata"
            elif kind.lower() in types.CALCULATED:
                code = "calculated"
        if code and kind:
            self.remark(at, "type", code, kind)
        return at + 1

    def _part(self, at: int, ours: str) -> int:
        """Pass a line that this site wrote for other programs."""
        if ours == "intro" and self.sections:
            self.sections[-1].intro = self.columns.texts(self.rows[at], "label")
            self.sections[-1].intro_rows.append(self.rows[at])
        elif ours == "words" and self.sections and self.sections[-1].questions:
            self.sections[-1].questions[-1].rows.append(self.rows[at])
        else:
            self.layout.append(["r", self.rows[at], {"ours": ours}])
        return at + 1

    def _end_of(self, at: int) -> int:
        """Return the place of the line that closes a bracket (or the last line)."""
        depth = 0
        for place in range(at, len(self.rows)):
            depth += self.types[place].opens - self.types[place].closes
            if depth <= 0:
                return place
        return len(self.rows) - 1

    def _repeat(self, at: int) -> int:
        """Keep a repeated group as it is."""
        end = self._end_of(at)
        for place in range(at, end + 1):
            self._keep(place, "repeated")
        return end + 1

    # --- groups ---------------------------------------------------------------------------------

    def _group(self, at: int, ours: str) -> int:
        """Open a section or a group inside one, or read a group that is one question."""
        end = self._end_of(at)
        appearance = self.columns.text(self.rows[at], "appearance").split()
        if ours in blocks.KINDS:
            return self._block(at, end + 1, at + 1, end)
        if "table-list" in appearance and self._is_table(at + 1, end):
            return self._block(at, end + 1, at + 1, end)
        self.groups.append(at)
        row = self.rows[at]
        if len(self.groups) > 1:
            return self._open_inner(at, row)
        section = SectionSpec(
            id=at,
            begin=row,
            key=self.keys.section(self.columns.text(row, "name")),
            title=self.columns.texts(row, "label"),
            relevant=self.columns.text(row, "relevant"),
        )
        section.minutes = read_definition(self.columns.text(row, "tachawor_definition")).get(
            "minutes", section.minutes
        )
        if not section.title:
            name = self.columns.text(row, "name")
            section.title = dict.fromkeys(("fr", "ar"), name) if name else dict(_TITLE)
        self.sections.append(section)
        self.layout.append(["b", at])
        return at + 1

    def _open_inner(self, at: int, row: Row) -> int:
        """Open a group inside a section; its heading is read as a note."""
        self.inner[at] = self.columns.text(row, "relevant")
        label = self.columns.texts(row, "label")
        if not label:
            self.layout.append(["r", row, {"opens": at}])
            return at + 1
        note = self._spec(at, [row], Kind.NOTE)
        note.opens, note.path = at, self.groups[1:-1]
        note.relevant = ""
        self._add(note)
        return at + 1

    def _close(self, at: int) -> int:
        """Close the innermost group."""
        opened = self.groups.pop() if self.groups else None
        if opened is None:
            return self._keep(at)
        if self.groups:
            self.layout.append(["r", self.rows[at], {"closes": opened}])
        else:
            section = next(one for one in reversed(self.sections) if one.id == opened)
            section.end, section.end_id = self.rows[at], at
            self.layout.append(["e", at])
        return at + 1

    def _section(self) -> SectionSpec:
        """Return the section of a question read now; outside of groups, one of its own."""
        if self.sections and (self.groups or self.sections[-1].id is None):
            return self.sections[-1]
        section = SectionSpec(id=None, title=self._title())
        self.sections.append(section)
        return section

    def _title(self) -> dict[str, str]:
        """Return what a section without heading is called: as the form, if it says."""
        if self.settings and self.settings.rows and not self.sections:
            title = Columns(self.settings.columns).text(self.settings.rows[0], "form_title")
            if title:
                return {**_TITLE, self.default: title}
        return dict(_TITLE)

    # --- tables ---------------------------------------------------------------------------------

    def _is_table(self, start: int, end: int) -> bool:
        """Tell whether lines choose one option each from the same list."""
        kinds = [kind for kind in self.types[start:end] if kind.word]
        lists = {kind.list_name for kind in kinds if kind.word == "select_one"}
        is_plain = all(
            kind.word in {"select_one", "calculate"} and not kind.has_other for kind in kinds
        )
        return is_plain and len(lists) == 1 and next(iter(lists)) in self.lists

    def _labelled(self, at: int) -> int:
        """Return where a table ends whose first line only shows the options; 0 if it is none."""
        first = self.types[at]
        if "label" not in self.columns.text(self.rows[at], "appearance").split():
            return 0
        end = at + 1
        while end < len(self.rows) and self.types[end] == first:
            looks = self.columns.text(self.rows[end], "appearance").split()
            if not {"list-nolabel", "nolabel", "list"} & set(looks):
                break
            end += 1
        return end if end > at + 1 and first.list_name in self.lists else 0

    def _block(self, at: int, stop: int, first: int, last: int) -> int:
        """Read lines that are one question; those from ``first`` to ``last`` are its lines."""
        spec = self._spec(at, self.rows[at:stop], Kind.MATRIX)
        lines = [
            blocks.Line(place, self.types[place], self.rows[place]) for place in range(first, last)
        ]
        blocks.read_block(spec, lines, self.columns, self.lists, self.remark)
        self._add(spec)
        return stop

    # --- questions ------------------------------------------------------------------------------

    def _spec(self, at: int, rows: list[Row], kind: str) -> QuestionSpec:
        """Begin a question with what any line says."""
        row = rows[0]
        name = self.columns.text(row, "name")
        spec = QuestionSpec(
            id=at,
            name=name,
            rows=list(rows),
            key=self.keys.question(name, at + 2),
            kind=kind,
            label=self.columns.texts(row, "label"),
            hint=self.columns.texts(row, "hint"),
            path=self.groups[1:],
            relevant=self.columns.text(row, "relevant"),
            constraint=self.columns.text(row, "constraint"),
            constraint_message=self.columns.texts(row, "constraint_message"),
        )
        if spec.key != name:
            self.remark(at, "name", "key", spec.key)
        axis = self.columns.text(row, "tachawor_axis")
        if axis in self.axes:
            spec.axis = axis
        elif axis:
            self.remark(at, "tachawor_axis", "axis", axis)
        required = self.columns.text(row, "required")
        spec.is_required = required.lower() in _YES
        if required.lower() not in _YES | _NO:
            self.remark(at, "required", "required", required)
        return spec

    def _add(self, spec: QuestionSpec) -> None:
        """Put a question into its section and into the layout."""
        self._section().questions.append(spec)
        self.layout.append(["q", spec.id])

    def _ask(self, at: int) -> int:
        """Read a line that asks one thing."""
        kind, row = self.types[at], self.rows[at]
        if kind.list_name and kind.list_name not in self.lists:
            self.remark(at, "type", "list", kind.list_name)
            self.layout.append(["r", row, {}])
            return at + 1
        spec = self._spec(at, [row], types.KINDS[kind.word])
        ours = self.columns.text(row, "tachawor_kind")
        if ours in set(Kind):
            spec.kind = ours
        if kind.word in types.AS_TEXT:
            self.remark(at, "type", "as_text", kind.word)
        if kind.word in types.ANY_FILE:
            self.remark(at, "type", "any_file", kind.word)
        options.read_options(spec, kind, self.lists)
        self._rules(at, spec, kind, row)
        if spec.kind == Kind.NOTE or kind.word in types.CALCULATED:
            spec.is_required = False
        self._add(spec)
        return at + 1

    def _rules(self, at: int, spec: QuestionSpec, kind: Type, row: Row) -> None:
        """Read what type, appearance and parameters say of the answer."""
        looks = set(self.columns.text(row, "appearance").lower().split())
        if spec.kind == Kind.SHORT_TEXT and {"multiline", "long"} & looks:
            spec.kind = Kind.LONG_TEXT
        if kind.word in {"integer", "int"}:
            spec.rules["whole"] = True
        for name, value in options.parameters(self.columns.text(row, "parameters")):
            if not options.read_parameter(spec, kind, name, value):
                self.remark(at, "parameters", "parameter", f"{name}={value}")

    def _definition(self, question: QuestionSpec) -> dict[str, Any]:
        """Return what our own column says of a question."""
        text = self.columns.text(question.rows[0], "tachawor_definition")
        found = read_definition(text)
        if text and not found:
            self.remark(question.id, "tachawor_definition", "definition")
        return found
