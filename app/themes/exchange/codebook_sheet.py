"""The codebook as a workbook: a theme a row, in both languages, its examples on a second sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from app.core.tables import ReadingOptions
from app.core.tables.errors import NoRowError, SheetNotFoundError
from app.core.text import fold
from app.themes.exchange import errors
from app.themes.exchange.cells import NamedRows, fill_cell, is_right_to_left, refuse_problems
from app.themes.exchange.identity import made_guid, normal_guid
from app.themes.exchange.labels import SHEETS, both_labels, read_yes_or_no, sheet_name, yes_or_no
from app.themes.exchange.refi_codes import COLOR
from app.themes.exchange.remarks import Remark, RemarkKind, Remarks
from app.themes.exchange.tree import check_tree, in_order
from app.themes.exchange.values import Code, Codebook, Example, Reading

if TYPE_CHECKING:
    from openpyxl import Workbook

#: Largest file, in bytes.
LIMIT = 20 * 1024 * 1024

_TEXTS = (
    *("definition_fr", "definition_ar", "inclusion_fr", "inclusion_ar"),
    *("exclusion_fr", "exclusion_ar", "axis", "population"),
)
_CODES = ("name_fr", "name_ar", "parent", *_TEXTS, "color", "is_validated", "key")
_EXAMPLES = ("theme_fr", "example", "example_language", "example_source", "theme")
_TITLES = ("title_fr", "title_ar", "version")
#: Columns that people need not see.
_HIDDEN = {"key", "theme"}
_NARROW = {"axis", "population", "color", "is_validated", "example_language", "example_source"}


# --- writing ------------------------------------------------------------------------------------


def write_codebook_sheet(
    codebook: Codebook, out: BinaryIO, *, language: str = "fr"
) -> tuple[Remark, ...]:
    """Write the codebook as XLSX; in Arabic its sheets run from the right.

    :returns: what could not be written as it was.
    :raises ExchangeRefusedError: if there is no code, or codes are not a tree.
    """
    from openpyxl import Workbook

    remarks = Remarks()
    check_tree(codebook.codes, remarks)
    codes = list(in_order(codebook.codes))
    names = _names_of_parents(codes)
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    rows = ([_code_cell(code, field, names, language) for field in _CODES] for code in codes)
    _write_sheet(workbook, "codes", _CODES, rows, language, remarks)
    examples = (
        [names[code.key], example.text, example.language, example.source, code.key]
        for code in codes
        for example in code.examples
    )
    _write_sheet(workbook, "examples", _EXAMPLES, examples, language, remarks)
    titles = [[codebook.title_fr, codebook.title_ar, codebook.version]]
    _write_sheet(workbook, "titles", _TITLES, titles, language, remarks)
    workbook.save(out)
    return tuple(remarks)


def _names_of_parents(codes: Sequence[Code]) -> dict[str, str]:
    """Return what others call each code: its name, or its key if two bear that name."""
    bearers: dict[str, list[str]] = {}
    for code in codes:
        for name in {fold(code.name_fr), fold(code.name_ar)}:
            bearers.setdefault(name, []).append(code.key)
    names = {}
    for code in codes:
        name = (code.name_fr or code.name_ar).strip()
        names[code.key] = name if bearers[fold(name)] == [code.key] else code.key
    return names


def _code_cell(code: Code, field: str, names: dict[str, str], language: str) -> str:
    """Return a cell of a code's row."""
    if field == "parent":
        return names.get(code.parent or "", "")
    if field == "is_validated":
        return yes_or_no(code.is_validated, language)
    return getattr(code, field) or ""


def _write_sheet(
    workbook: Workbook,
    name: str,
    fields: Sequence[str],
    rows: Iterable[Sequence[str]],
    language: str,
    remarks: Remarks,
) -> None:
    """Write a sheet with headings in both languages."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet: Any = workbook.create_sheet(sheet_name(name, language))
    sheet.sheet_view.rightToLeft = language == "ar"
    sheet.freeze_panes = "A2"
    for column, field in enumerate(fields, 1):
        cell = sheet.cell(1, column, both_labels(field, language))
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width = 18 if field in _NARROW else 36
        dimension.hidden = field in _HIDDEN
    for number, row in enumerate(rows, 2):
        for column, text in enumerate(row, 1):
            if text:
                cell = fill_cell(sheet.cell(number, column), text, sheet.title, remarks)
                order = 2 if is_right_to_left(text) else 1
                cell.alignment = Alignment(wrap_text=True, vertical="top", readingOrder=order)


# --- reading ------------------------------------------------------------------------------------


def read_codebook_sheet(path: Path, *, language: str = "fr") -> Reading[Codebook]:
    """Read a codebook from XLSX (or its first sheet from CSV); headings may be in any language.

    A row without a key is a new theme, and gets a key that its names make.

    :raises ImportRefusedError: if it is no table.
    :raises ExchangeRefusedError: if it cannot be taken; :class:`~errors.RowsRefusedError` says
        which rows are wrong, and why.
    """
    table = _codes_table(path)
    table.require(("name_fr", "name_ar"), language)
    remarks = Remarks()
    for heading in table.unknown:
        remarks.add(RemarkKind.PART_LEFT, heading)
    reader = _CodesOfRows(table)
    for row, cells in table:
        reader.take(row, cells)
    reader.settle_parents()
    examples = _sheet(path, "examples") if table.is_workbook else None
    if examples is not None:
        _take_examples(examples, reader)
    refuse_problems(table, examples)
    if not reader.codes:
        raise errors.NoCodeError
    check_tree(list(reader.codes.values()), remarks)
    titles = _titles(_sheet(path, "titles")) if table.is_workbook else {}
    codes = tuple(in_order(list(reader.codes.values())))
    return Reading(Codebook(codes=codes, **titles), tuple(remarks))


def _codes_table(path: Path) -> NamedRows:
    """Return the sheet of codes: that of ours, or the first."""
    return _sheet(path, "codes") or NamedRows(path, ReadingOptions(), limit=LIMIT, guard=True)


def _sheet(path: Path, name: str) -> NamedRows | None:
    """Return one of our sheets, by its name in any language; None if it is not there or empty."""
    with path.open("rb") as source:
        if source.read(2) != b"PK":
            return None
    for title in SHEETS[name].values():
        try:
            return NamedRows(path, ReadingOptions(sheet=title), limit=LIMIT, guard=False)
        except SheetNotFoundError:
            continue
        except NoRowError:
            return None
    return None


class _CodesOfRows:
    """Turns rows into codes, and knows them by key and by name."""

    def __init__(self, table: NamedRows) -> None:
        self._table = table
        self.codes: dict[str, Code] = {}
        self._rows: dict[str, int] = {}
        self._parents: dict[str, str] = {}
        self._named: dict[str, list[str]] = {}

    def take(self, row: int, cells: dict[str, str]) -> None:
        """Take a row."""
        name_fr, name_ar = cells["name_fr"].strip(), cells["name_ar"].strip()
        if not (name_fr and name_ar):
            field = "name_ar" if name_fr else "name_fr"
            self._table.blame(row, field, errors.RowNameMissingError())
            return
        key = self._key(row, cells.get("key", ""), name_fr, name_ar)
        if key is None:
            return
        texts: dict[str, Any] = {name: cells.get(name, "") for name in _TEXTS}
        self.codes[key] = Code(
            key=key,
            name_fr=name_fr,
            name_ar=name_ar,
            color=self._color(row, cells.get("color", "")),
            is_validated=self._is_validated(row, cells.get("is_validated", "")),
            axis=texts.pop("axis").strip() or None,
            population=texts.pop("population").strip() or None,
            said=frozenset(self._table.headings),
            row=row,
            **texts,
        )
        self._rows[key] = row
        self._parents[key] = cells.get("parent", "").strip()
        for name in {fold(name_fr), fold(name_ar)}:
            self._named.setdefault(name, []).append(key)

    def _key(self, row: int, text: str, name_fr: str, name_ar: str) -> str | None:
        """Return a row's key, one made for a new theme, None if it cannot be told."""
        key = normal_guid(text) if text.strip() else made_guid("name", f"{name_fr}\n{name_ar}")
        if key is None:
            self._table.blame(row, "key", errors.RowKeyError(value=text[:60]))
        elif key in self._rows:
            self._table.blame(row, "key", errors.RowKeyTwiceError(row=self._rows[key]))
            return None
        return key

    def _color(self, row: int, text: str) -> str | None:
        """Return a colour."""
        if text.strip() and not COLOR.fullmatch(text.strip()):
            self._table.blame(row, "color", errors.RowColorError(value=text[:60]))
        return text.strip() or None

    def _is_validated(self, row: int, text: str) -> bool:
        """Tell whether the row says that the theme is validated."""
        said = read_yes_or_no(text)
        if said is None:
            self._table.blame(row, "is_validated", errors.RowYesNoError(value=text[:60]))
        return bool(said)

    def settle_parents(self) -> None:
        """Find the theme above each; those that stand above themselves are refused."""
        for key, name in self._parents.items():
            if name:
                parent = self.find(self._table, self._rows[key], "parent", name)
                self.codes[key] = replace(self.codes[key], parent=parent)
        for key, code in self.codes.items():
            if self._is_above_itself(key):
                error = errors.RowParentLoopError(name=code.name_fr)
                self._table.blame(self._rows[key], "parent", error)

    def _is_above_itself(self, key: str) -> bool:
        """Tell whether going up from a theme comes back to it."""
        seen: set[str] = set()
        above = self.codes[key].parent
        while above is not None and above not in seen:
            if above == key:
                return True
            seen.add(above)
            above = self.codes[above].parent
        return False

    def named(self, name: str) -> bool:
        """Tell whether a name or key is that of some theme here."""
        return normal_guid(name) in self.codes or fold(name) in self._named

    def find(self, table: NamedRows, row: int, field: str, name: str) -> str | None:
        """Return the key of the theme that a cell names, None once it is blamed."""
        key = normal_guid(name)
        if key in self.codes:
            return key
        found = self._named.get(fold(name), [])
        if len(found) == 1:
            return found[0]
        kind = errors.RowParentAmbiguousError if found else errors.RowParentUnknownError
        table.blame(row, field, kind(name=name[:60]))
        return None


def _take_examples(table: NamedRows, reader: _CodesOfRows) -> None:
    """Give codes the examples that the second sheet holds."""
    found: dict[str, list[Example]] = {}
    for row, cells in table:
        if not cells.get("example"):
            table.blame(row, "example", errors.RowCellMissingError())
            continue
        # The name is what people see, so it decides where they changed it; where they renamed the
        # theme on its own sheet, it names nothing any more.
        name, own = cells.get("theme_fr", "").strip(), cells.get("theme", "").strip()
        named = reader.named(name) or not reader.named(own)
        key = reader.find(table, row, "theme_fr", name if name and named else own)
        if key is not None:
            example = Example(
                cells["example"],
                cells.get("example_language", ""),
                cells.get("example_source", ""),
            )
            found.setdefault(key, []).append(example)
    for key, examples in found.items():
        reader.codes[key] = replace(reader.codes[key], examples=tuple(examples))


def _titles(table: NamedRows | None) -> dict[str, str]:
    """Return the codebook's titles."""
    for _row, cells in table or ():
        return {field: cells.get(field, "") for field in _TITLES}
    return {}
