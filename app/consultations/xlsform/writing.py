"""From a version of a questionnaire to the sheets of a form.

What came from a form file and was not edited is written in the file's own words. The rest is
written so that KoboToolbox and ODK run it; what their columns cannot say stands in columns of our
own, so that the file comes back as what it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.consultations.conditions import asks_actor
from app.consultations.models import Consultation, Question, Questionnaire, Section
from app.consultations.xlsform.columns import Columns, text_of
from app.consultations.xlsform.definition import PARTS, write_definition
from app.consultations.xlsform.drawing import Drawing, Names, Places
from app.consultations.xlsform.form import section_stamps, stamps
from app.consultations.xlsform.reading import read_form
from app.consultations.xlsform.sheets import Book, Cell, Row, Sheet
from app.consultations.xlsform.trees import simplify

_SURVEY = ("type", "name", "label::Français (fr)", "label::العربية (ar)")
_CHOICES = ("list_name", "name", "label::Français (fr)", "label::العربية (ar)")


@dataclass
class _Unit:
    """Some lines written for one thing.

    :ivar token: how the layout knows the thing, None for one that no file has seen.
    :ivar question: the question that the lines ask, to be compared when they are read again.
    """

    rows: list[Row]
    token: tuple[str, int] | None = None
    question: Question | None = None
    is_verbatim: bool = False


@dataclass
class _Layout:
    """Lines of the file that ask nothing, by the thing that they stood after.

    :ivar first: those before everything else.
    """

    first: list[tuple[Row, dict[str, Any]]] = field(default_factory=list)
    after: dict[tuple[str, int], list[tuple[Row, dict[str, Any]]]] = field(default_factory=dict)


def write_form(consultation: Consultation, version: Questionnaire, places: Places) -> Book:
    """Return the sheets of a version.

    :param places: regions and provinces, for the lists of territories.
    """
    return _FormWriter(consultation, version, places).book()


class _FormWriter:
    """Writes one version."""

    def __init__(self, consultation: Consultation, version: Questionnaire, places: Places) -> None:
        self.consultation, self.version = consultation, version
        self.file: dict[str, Any] = version.source.get("xlsform") or {}
        known = self.file.get("survey") or {}
        self.survey = Sheet(
            known.get("name", "survey"),
            list(known.get("columns") or _SURVEY),
            blank=list(known.get("blank") or []),
        )
        self.columns = Columns(self.survey.columns, self.file.get("language", "fr"))
        self.names = Names(version.questions)
        axes = {axis.id: axis.code for axis in consultation.axes}
        self.drawing = Drawing(self.columns, self.names, places, axes, self._list_names())

    def _list_names(self) -> frozenset[str]:
        """Return the names of the lists that the file has."""
        return frozenset(
            text_of(row.get(columns.heading("list_name")))
            for kept in (self.file.get("sheets") or {}).values()
            for columns in [Columns(kept["columns"])]
            for row in kept["rows"]
        )

    def book(self) -> Book:
        """Write every sheet."""
        units = list(self._units())
        units = self._with_kept_lines(units)
        self._define(units)
        self._fill(units)
        sheets = {self.survey.name: self.survey}
        for name, kept in (self.file.get("sheets") or {}).items():
            sheets[name] = Sheet(name, list(kept["columns"]), list(kept["rows"]), kept["blank"])
        self._choices(sheets)
        if not self.file:
            sheets["settings"] = self._settings()
        order = [name for name in self.file.get("order", []) if name in sheets]
        rest = [name for name in sheets if name not in order]
        return Book([sheets[name] for name in (*order, *rest)])

    # --- the lines of the survey ----------------------------------------------------------------

    def _units(self) -> Iterator[_Unit]:
        """Yield the lines of everything that the version has, in its order."""
        conditions = [
            *(question.visible_if for question in self.version.questions),
            *(section.visible_if for section in self.version.sections),
        ]
        has_line = any(
            token[0] == "r" and token[2].get("ours") == "actor"
            for token in self.file.get("layout", [])
        )
        if any(asks_actor(condition) for condition in conditions) and not has_line:
            yield _Unit([self.drawing.actor()])
        for section in self.version.sections:
            yield from self._section(section)

    def _section(self, section: Section) -> Iterator[_Unit]:
        """Yield the lines of a section."""
        known = section.source or {}
        is_loose = bool(known) and known.get("id") is None
        is_same = known.get("stamps") == section_stamps(section)
        inside = [self._question(question) for question in section.questions]
        if is_loose and is_same:
            yield from inside
            return
        identity = known.get("id")
        begin = self.drawing.begin(section, known)
        intro = known.get("intro") or []
        if not intro or known["stamps"]["intro"] != section_stamps(section)["intro"]:
            intro = self.drawing.intro(section)
        yield _Unit([begin, *intro], None if identity is None else ("b", identity))
        yield from inside
        yield _Unit(
            [dict(known.get("end") or {self.columns.heading("type"): "end_group"})],
            None if identity is None else ("e", identity),
        )

    def _question(self, question: Question) -> _Unit:
        """Return the lines of a question: the file's own where they still say what it says."""
        known = question.source or {}
        token = ("q", known["id"]) if "id" in known else None
        if not known.get("rows"):
            return _Unit(self.drawing.question(question), token, question)
        now, then = stamps(question), known["stamps"]
        changed = {name for name in now if now[name] != then.get(name)}
        if not changed:
            return _Unit([dict(row) for row in known["rows"]], token, question, is_verbatim=True)
        if "kind" in changed or len(known["rows"]) > 1:
            rows = self.drawing.question(question)
            rows[0] = self.drawing.with_unknown_cells(rows[0], known["rows"][0])
        else:
            rows = [self.drawing.patched(question, known["rows"][0], changed)]
        return _Unit(rows, token, question)

    # --- lines that ask nothing -----------------------------------------------------------------

    def _with_kept_lines(self, units: list[_Unit]) -> list[_Unit]:
        """Put the lines that ask nothing back where they stood.

        Inner groups hold as long as the same questions stand in them in the same order; else they
        are dissolved, and each question states its condition in full.
        """
        layout = self._layout({unit.token for unit in units if unit.token})
        joined = self._joined(units, layout)
        if joined is None:
            for unit in units:
                self._dissolve(unit)
            joined = self._joined(units, layout, without_groups=True) or units
        return joined

    def _layout(self, there: set[tuple[str, int]]) -> _Layout:
        """Sort the kept lines by the thing, still there, that they stood after."""
        layout = _Layout()
        here = layout.first
        for token in self.file.get("layout", []):
            if token[0] == "r":
                here.append((token[1], token[2]))
            elif (token[0], token[1]) in there:
                here = layout.after.setdefault((token[0], token[1]), [])
        return layout

    def _joined(
        self, units: list[_Unit], layout: _Layout, *, without_groups: bool = False
    ) -> list[_Unit] | None:
        """Join lines with what asks nothing; None if inner groups no longer fit the questions."""
        path: list[int] = []
        done: list[_Unit] = []
        if not self._put_kept(layout.first, done, path, without_groups):
            return None
        for unit in units:
            if not without_groups and not self._fits(unit, path):
                return None
            done.append(unit)
            opened = (unit.question.source or {}).get("opens") if unit.question else None
            if opened is not None and not without_groups:
                path.append(opened)
            kept = layout.after.get(unit.token, []) if unit.token else []
            if not self._put_kept(kept, done, path, without_groups):
                return None
        return None if path else done

    def _put_kept(
        self,
        kept: list[tuple[Row, dict[str, Any]]],
        done: list[_Unit],
        path: list[int],
        without_groups: bool,  # noqa: FBT001
    ) -> bool:
        """Add kept lines, following inner groups; tell whether those close as they opened."""
        for row, more in kept:
            if without_groups and {"opens", "closes"} & set(more):
                continue
            if "closes" in more and (not path or path.pop() != more["closes"]):
                return False
            if "opens" in more:
                path.append(more["opens"])
            done.append(_Unit([dict(row)]))
        return True

    def _fits(self, unit: _Unit, path: list[int]) -> bool:
        """Tell whether a question stands in the inner groups that it stood in."""
        if unit.question is None:
            return not (path and unit.token and unit.token[0] in {"b", "e"})
        return list((unit.question.source or {}).get("path") or []) == path

    def _dissolve(self, unit: _Unit) -> None:
        """Write a question so that it needs no inner group around it."""
        question = unit.question
        known = (question.source or {}) if question else {}
        if question is None or not (known.get("path") or known.get("opens") is not None):
            return
        if known.get("opens") is not None or len(unit.rows) > 1:
            unit.rows = self.drawing.question(question)
        else:
            unit.rows = [self.drawing.patched(question, unit.rows[0], {"relevant"})]
        unit.is_verbatim = False

    # --- what the columns cannot say ------------------------------------------------------------

    def _define(self, units: list[_Unit]) -> None:
        """Read what was written, and say beside it whatever is not read as it is."""
        drawn = [unit for unit in units if unit.question and not unit.is_verbatim]
        if not drawn:
            return
        book = Book([Sheet(self.survey.name, list(self.survey.columns))])
        sheets = {
            name: Sheet(name, list(kept["columns"]), list(kept["rows"]))
            for name, kept in (self.file.get("sheets") or {}).items()
        }
        self._choices(sheets)
        at: dict[int, Question] = {}
        survey = book.sheets[0]
        for unit in units:
            if unit.question is not None and not unit.is_verbatim:
                at[len(survey.rows)] = unit.question
            survey.rows += unit.rows
        _widen(survey)
        book.sheets += sheets.values()
        form = read_form(book, frozenset(self.drawing.axes.values()))
        read = {spec.id: spec for spec in form.questions}
        for unit in drawn:
            question = unit.question
            spec = next((read.get(n) for n, one in at.items() if one is question), None)
            if question is None:
                continue
            said = {
                name: getattr(question, name)
                for name in PARTS
                if spec is None or _meant(name, spec) != _meant(name, question)
            }
            heading = self.columns.heading("tachawor_definition")
            unit.rows[0].pop(heading, None)
            if said:
                unit.rows[0][heading] = write_definition(said)

    # --- sheets ---------------------------------------------------------------------------------

    def _fill(self, units: list[_Unit]) -> None:
        """Put the lines into the sheet."""
        for unit in units:
            self.survey.rows += unit.rows
        _widen(self.survey)

    def _choices(self, sheets: dict[str, Sheet]) -> None:
        """Add the lists that were drawn to the sheet of choices."""
        name = next((name for name in sheets if name.strip().lower() == "choices"), "choices")
        if name not in sheets and not self.drawing.lists:
            return
        sheet = sheets.setdefault(name, Sheet(name, list(_CHOICES)))
        columns = Columns(sheet.columns, self.file.get("language", "fr"))
        sheet.rows = [*sheet.rows, *self.drawing.choice_rows(columns)]
        _widen(sheet)

    def _settings(self) -> Sheet:
        """Return what a form says of itself."""
        row: Mapping[str, Cell] = {
            "form_title": self.consultation.title.best("fr")[0],
            "form_id": self.consultation.slug.replace("-", "_"),
            "version": str(self.version.version),
            "default_language": "Français (fr)",
        }
        return Sheet("settings", list(row), [dict(row)])


def _meant(name: str, question: Any) -> Any:
    """Return a part of a question in the form in which two are compared."""
    value = getattr(question, name)
    if name == "visible_if":
        return simplify(value)
    if name == "validity" and value:
        message = {code: text for code, text in (value.get("message") or {}).items() if text}
        return [simplify(value.get("when")), message]
    return value or None


def _widen(sheet: Sheet) -> None:
    """Give the sheet a column for every cell."""
    known = set(sheet.columns)
    for row in sheet.rows:
        for column in row:
            if column not in known:
                known.add(column)
                sheet.columns.append(column)
