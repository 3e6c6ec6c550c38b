"""Form files that tests make: the example of forty questions, and small ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.consultations.xlsform.sheets import Book, Sheet, read_book, write_book

EXAMPLE = Path(__file__).parents[2] / "examples" / "xlsform" / "social-needs.csv"
FR, AR = "label::Français (fr)", "label::العربية (ar)"


def forty_questions() -> bytes:
    """Return the example as a workbook, with numbers as numbers and a line that says nothing."""
    book = read_book(EXAMPLE.read_bytes())
    choices = book.find("choices")
    assert choices is not None
    for row in choices.rows:
        for column, cell in row.items():
            if isinstance(cell, str) and cell.isdecimal():
                row[column] = int(cell)
    survey = book.survey()
    survey.rows.insert(4, {})
    # What KoboToolbox adds to the forms that it gives out.
    survey.columns += ["$autoname", "$xpath"]
    for number, row in enumerate(survey.rows):
        if "name" in row:
            row["$autoname"] = row["name"]
            row["$xpath"] = f"xpath{number}"
    book.sheets.append(Sheet("notes", ["Qui", "Quoi"], [{"Qui": "A", "Quoi": 3}, {"Quoi": "B"}]))
    return write_book(book)


def form(survey: list[dict[str, Any]], choices: list[dict[str, Any]] | None = None) -> bytes:
    """Return a small form; ``label`` alone is French and Arabic at once."""
    sheets = [_sheet("survey", survey)]
    if choices:
        sheets.append(_sheet("choices", choices))
    sheets.append(_sheet("settings", [{"form_title": "T", "form_id": "t"}]))
    return write_book(Book(sheets))


def _sheet(name: str, rows: list[dict[str, Any]]) -> Sheet:
    """Make a sheet of rows."""
    rows = [_in_both(row) for row in rows]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return Sheet(name, columns, rows)


def _in_both(row: dict[str, Any]) -> dict[str, Any]:
    """Say the label in both languages."""
    row = dict(row)
    label = row.pop("label", None)
    return row | ({FR: label, AR: f"{label} ع"} if label else {})


def cells(content: bytes) -> dict[str, list[list[Any]]]:
    """Return every sheet of a workbook as lists, read without any code of ours."""
    import io

    from openpyxl import load_workbook

    workbook = load_workbook(io.BytesIO(content))
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
        for sheet in workbook.worksheets
    }
