"""Measures in files for other programs: CSV, XLSX and JSON, the same columns in each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from app.commitments.measures.columns import COLUMNS, parties_cell, steps_cell
from app.commitments.measures.details import as_values, details_of
from app.commitments.measures.lateness import is_late
from app.commitments.models import Measure
from app.themes.exchange.cells import fill_cell, guarded, is_right_to_left
from app.themes.exchange.remarks import Remarks

_WIDE = {"title_fr", "title_ar", "description_fr", "description_ar", "parties", "milestones"}


def row_of(
    measure: Measure, *, today: date, themes: Collection[int] | None = None
) -> dict[str, str]:
    """Return a measure as the cells of a row.

    :param themes: the themes that the file may name, None for all.
    """
    said = details_of(measure)
    plain = {
        name: "" if value is None else str(value)
        for name, value in as_values(said).items()
        if not isinstance(value, (dict, list, bool))
    }
    region = measure.region
    return plain | {
        "key": measure.key,
        "title_fr": said.title.get("fr", ""),
        "title_ar": said.title.get("ar", ""),
        "description_fr": said.description.get("fr", ""),
        "description_ar": said.description.get("ar", ""),
        "parties": parties_cell(said.parties),
        "milestones": steps_cell(said.milestones),
        "is_public": _yes(is_so=said.is_public),
        "themes": ", ".join(
            str(theme.id) for theme in measure.themes if themes is None or theme.id in themes
        ),
        "region_name_fr": region.name_fr if region else "",
        "region_name_ar": region.name_ar if region else "",
        "late": _yes(is_so=is_late(measure, today)),
        "updated_at": measure.updated_at.isoformat(timespec="seconds"),
    }


def _yes(*, is_so: bool) -> str:
    """Write yes or no."""
    return "yes" if is_so else "no"


def csv_of(rows: Iterable[dict[str, str]]) -> bytes:
    """Return rows as CSV in UTF-8; no cell is ever a formula."""
    buffer, remarks = io.StringIO(), Remarks()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([guarded(row[name], name, remarks) for name in COLUMNS])
    return ("\ufeff" + buffer.getvalue()).encode()


def xlsx_of(rows: Iterable[dict[str, str]], *, language: str = "fr") -> bytes:
    """Return rows as a workbook of texts; in Arabic its sheet runs from the right."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    workbook, remarks = Workbook(), Remarks()
    sheet: Any = workbook.worksheets[0]
    sheet.title = "measures"
    sheet.sheet_view.rightToLeft = language == "ar"
    sheet.freeze_panes = "A2"
    for place, name in enumerate(COLUMNS, 1):
        sheet.cell(1, place, name).font = Font(bold=True)
        width = 44 if name in _WIDE else 16
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, row in enumerate(rows, 2):
        for place, name in enumerate(COLUMNS, 1):
            if row[name]:
                cell = fill_cell(sheet.cell(number, place), row[name], name, remarks)
                order = 2 if is_right_to_left(row[name]) else 1
                cell.alignment = Alignment(wrap_text=True, vertical="top", readingOrder=order)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def json_of(measures: Iterable[Measure], *, today: date, themes: Collection[int]) -> bytes:
    """Return measures as JSON: amounts are numbers, None where none was made public."""
    found = [
        {"id": measure.id, "key": measure.key}
        | as_values(details_of(measure))
        | {
            "themes": [theme.id for theme in measure.themes if theme.id in themes],
            "late": is_late(measure, today),
            "updated_at": measure.updated_at.isoformat(timespec="seconds"),
        }
        for measure in measures
    ]
    return (json.dumps({"measures": found}, ensure_ascii=False, indent=1) + "\n").encode()
