"""The codebook as a workbook, and passages as CSV and XLSX: written, read, and refused by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from openpyxl import Workbook, load_workbook

from app.core.tables.errors import DamagedWorkbookError, NotATableError, RowRefusedError
from app.themes.exchange import (
    Code,
    Codebook,
    CodedPassage,
    CodedProject,
    Reading,
    Remark,
    RemarkKind,
    errors,
    passages_csv,
    read_codebook_sheet,
    read_passages,
    write_codebook_sheet,
    write_passages_xlsx,
)
from tests.themes.exchange.things import by_key, codebooks, key, nested, project, projects

HERE = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def book_at(folder: Path, book: Codebook, language: str = "fr") -> Path:
    path = folder / "codebook.xlsx"
    with path.open("wb") as out:
        write_codebook_sheet(book, out, language=language)
    return path


def sheet_at(folder: Path, rows: Sequence[Sequence[object]], examples: object = ()) -> Path:
    """A workbook as a person makes it."""
    path = folder / "made.xlsx"
    workbook = Workbook()
    for row in rows:
        workbook.worksheets[0].append(row)
    if examples:
        made = workbook.create_sheet("Exemples")
        for row in examples:
            made.append(row)
    workbook.save(path)
    return path


def csv_at(folder: Path, passages: Sequence[CodedPassage], book: Codebook, **more: object) -> Path:
    path = folder / "passages.csv"
    path.write_bytes(b"".join(passages_csv(passages, by_key(book), **more)))
    return path


def xlsx_at(folder: Path, passages: Sequence[CodedPassage], book: Codebook, **more: object) -> Path:
    path = folder / "passages.xlsx"
    with path.open("wb") as out:
        write_passages_xlsx(passages, by_key(book), out, **more)
    return path


def problems(path: Path, read: object = read_codebook_sheet) -> list[tuple[int, str, str]]:
    with pytest.raises(errors.RowsRefusedError) as refusal:
        read(path)
    return [(p.row, p.column, type(p.error).__name__) for p in refusal.value.problems]


# --- the codebook -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_five_levels_of_themes_come_back_from_a_workbook(tmp_path: Path, language: str) -> None:
    reading = read_codebook_sheet(book_at(tmp_path, nested(5), language))
    assert reading == Reading(nested(5))


@given(book=codebooks())
@HERE
def test_any_codebook_comes_back_from_a_workbook(tmp_path: Path, book: Codebook) -> None:
    value = read_codebook_sheet(book_at(tmp_path, book)).value
    assert by_key(value) == by_key(book)
    assert (value.title_fr, value.title_ar) == (book.title_fr, book.title_ar)


def test_headings_are_in_both_languages_and_arabic_sheets_run_from_the_right(
    tmp_path: Path,
) -> None:
    sheets = load_workbook(book_at(tmp_path, nested(2), "ar")).worksheets
    assert [sheet.title for sheet in sheets] == ["المواضيع", "الأمثلة", "العنوان"]
    assert all(sheet.sheet_view.rightToLeft for sheet in sheets)
    assert sheets[0]["A1"].value == "الاسم بالفرنسية · Nom en français"
    assert sheets[0].column_dimensions["N"].hidden
    assert sheets[0]["N2"].value == key(0)
    assert sheets[0]["B2"].alignment.readingOrder == 2
    french = load_workbook(book_at(tmp_path, nested(2))).worksheets[0]
    assert not french.sheet_view.rightToLeft


@pytest.mark.parametrize("text", ["=1+1", "+33", "-x", "@SUM(A1)", "#N/A", "\t=1"])
def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path, text: str) -> None:
    book = Codebook(codes=(replace(nested(1).codes[0], definition_fr=text),))
    cell = load_workbook(book_at(tmp_path, book)).worksheets[0]["D2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert bool(cell.quotePrefix) == (text != "#N/A")


def test_a_row_without_a_key_is_a_new_theme_whose_key_its_names_make(tmp_path: Path) -> None:
    path = sheet_at(
        tmp_path,
        [
            ["Nom en français", "الاسم بالعربية", "Thème parent", "Remarque"],
            ["Eau", "الماء", None, "x"],
            ["Puits", "الآبار", "EAU", None],
            ["Barrages", "السدود", "الماء", None],
        ],
        [["Thème en français", "Exemple"], ["Puits", "Le puits est sec."]],
    )
    reading = read_codebook_sheet(path)
    water, wells, dams = reading.value.codes
    assert wells.parent == dams.parent == water.key
    assert wells.examples[0].text == "Le puits est sec."
    assert read_codebook_sheet(path) == reading
    assert [(r.kind, r.where) for r in reading.remarks] == [(RemarkKind.PART_LEFT, "Remarque")]


def test_rows_that_are_wrong_are_told_by_number_and_column(tmp_path: Path) -> None:
    heading = ["Nom en français", "Nom en arabe", "Thème parent", "Couleur", "Validé", "Clé"]
    path = sheet_at(
        tmp_path,
        [
            heading,
            ["Eau", None, None, None, None, None],
            ["Eau", "الماء", "Feu", "vert", "peut-être", key(1)],
            ["Eau", "المياه", None, None, "oui", key(1)],
            ["Sol", "التربة", "Sol", None, None, "12"],
            ["Air", "الهواء", "Air", None, None, None],
            ["=1+1", "س", None, None, None, None],
        ],
        [["Thème en français", "Exemple"], ["Feu", "x"], ["Eau", None]],
    )
    assert problems(path) == [
        (2, "Nom en arabe", "RowNameMissingError"),
        (3, "Couleur", "RowColorError"),
        (3, "Validé", "RowYesNoError"),
        (4, "Clé", "RowKeyTwiceError"),
        (5, "Clé", "RowKeyError"),
        (7, "Nom en français", "FormulaCellError"),
        (3, "Thème parent", "RowParentUnknownError"),
        (6, "Thème parent", "RowParentLoopError"),
        (2, "Thème en français", "RowParentUnknownError"),
        (3, "Exemple", "RowCellMissingError"),
    ]


def test_a_name_that_two_themes_bear_does_not_say_which(tmp_path: Path) -> None:
    heading = ["Nom en français", "Nom en arabe", "Thème parent"]
    rows = [heading, ["Eau", "الماء", None], ["eau", "المياه", None], ["Puits", "بئر", "Eau"]]
    found = problems(sheet_at(tmp_path, rows))
    assert found == [(4, "Thème parent", "RowParentAmbiguousError")]


def test_themes_of_one_name_are_told_apart_by_their_keys(tmp_path: Path) -> None:
    codes = tuple(
        Code(key=key(number), name_fr="Eau", name_ar="الماء", parent=above)
        for number, above in enumerate([None, key(0), key(1)])
    )
    assert read_codebook_sheet(book_at(tmp_path, Codebook(codes=codes))).value.codes == codes


def test_a_table_without_names_and_a_file_that_is_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(errors.HeadingMissingError):
        read_codebook_sheet(sheet_at(tmp_path, [["Nom en français"], ["Eau"]]))
    path = tmp_path / "codebook.qdc"
    path.write_text('<?xml version="1.0"?><a/>')
    with pytest.raises(NotATableError):
        read_codebook_sheet(path)
    path.write_bytes(b"PK\x03\x04 no more")
    with pytest.raises(DamagedWorkbookError):
        read_codebook_sheet(path)


def test_a_text_longer_than_a_cell_is_cut_and_told(tmp_path: Path) -> None:
    book = Codebook(codes=(replace(nested(1).codes[0], definition_ar="😀\r" * 9_000),))
    with (tmp_path / "long.xlsx").open("wb") as out:
        remarks = write_codebook_sheet(book, out)
    assert [remark.kind for remark in remarks] == [RemarkKind.TEXT_CUT]
    read = read_codebook_sheet(tmp_path / "long.xlsx").value.codes[0].definition_ar
    assert book.codes[0].definition_ar.startswith(read)
    assert 7_200 < len(read) < 7_300


# --- passages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
@pytest.mark.parametrize("write", [csv_at, xlsx_at])
def test_passages_come_back_in_every_language(tmp_path: Path, write: object, language: str) -> None:
    value = project()
    path = write(tmp_path, value.passages, value.codebook, language=language)
    assert read_passages(path) == Reading(value.passages)


@given(value=projects())
@HERE
def test_any_passages_come_back_from_csv(tmp_path: Path, value: CodedProject) -> None:
    passages = [
        replace(p, text=p.text.replace("\0", "\ufffd"), margin=p.margin) for p in value.passages
    ]
    if passages:
        path = csv_at(tmp_path, value.passages, value.codebook)
        assert list(read_passages(path).value) == passages


@given(value=projects())
@HERE
def test_any_passages_come_back_from_a_workbook(tmp_path: Path, value: CodedProject) -> None:
    def held(text: str) -> str:
        """What XML can hold of a text."""
        return "".join(
            "\ufffd" if (c < " " and c not in "\t\n\r") or c in "\ufffe\uffff" else c for c in text
        )

    if value.passages:
        path = xlsx_at(tmp_path, value.passages, value.codebook)
        passages = [replace(p, text=held(p.text)) for p in value.passages]
        assert list(read_passages(path).value) == passages


def test_a_csv_file_is_utf8_with_its_mark_and_holds_no_formula(tmp_path: Path) -> None:
    value = project()
    wrong = replace(value.passages[0], text="=HYPERLINK(1)", start=0, end=13, region="＝1")
    data = csv_at(tmp_path, [wrong], value.codebook).read_bytes()
    assert data.startswith(b"\xef\xbb\xbfContribution,Passage,")
    row = next(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert row["Passage"] == "'=HYPERLINK(1)"
    assert row["Région"] == "'＝1"
    assert row["Thème en arabe"] == "النقل المدرسي 1"
    assert row["État"] == "dans un thème"


def test_an_arabic_workbook_of_passages_runs_from_the_right(tmp_path: Path) -> None:
    value = project()
    path = xlsx_at(tmp_path, value.passages, value.codebook, language="ar")
    sheet = load_workbook(path).worksheets[0]
    assert sheet.title == "المقاطع"
    assert sheet.sheet_view.rightToLeft
    assert sheet.freeze_panes == "A2"
    assert sheet["B4"].alignment.readingOrder == 2
    assert sheet["R1"].value == "مفتاح الموضوع"
    assert sheet.column_dimensions["P"].hidden


def test_a_file_saved_again_with_semicolons_is_read_too(tmp_path: Path) -> None:
    value = project()
    rows = list(
        csv.reader(
            io.StringIO(csv_at(tmp_path, value.passages, value.codebook).read_text("utf-8-sig"))
        )
    )
    path = tmp_path / "again.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out, delimiter=";").writerows(rows)
    read = read_passages(path).value
    assert [p.key for p in read] == [p.key for p in value.passages]


def test_rows_of_passages_that_are_wrong_are_told(tmp_path: Path) -> None:
    heading = ["Clé", "Clé de la réponse", "Passage", "Début", "Fin", "Marge", "Codé le (UTC)"]
    rows = [
        heading,
        ["a", "b", "abc", "0", "3", "0,5", "2026-03-31"],
        ["a", "b", "abc", "0", "4", "", ""],
        ["", "b", "abc", "x", "3", "2", "hier"],
    ]
    path = tmp_path / "wrong.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    assert problems(path, read_passages) == [
        (3, "Passage", "RowOffsetsError"),
        (4, "Clé", "RowCellMissingError"),
        (4, "Début", "RowNumberError"),
        (4, "Codé le (UTC)", "RowMomentError"),
        (4, "Marge", "RowNumberError"),
    ]


def test_a_passage_longer_than_a_cell_is_cut_in_a_workbook_and_told_both_times(
    tmp_path: Path,
) -> None:
    value = project()
    passage = replace(value.passages[0], text="م" * 40_000, start=0, end=40_000)
    path = xlsx_at(tmp_path, [passage], value.codebook)
    reading = read_passages(path)
    assert len(reading.value[0].text) == 32_767
    assert [remark.kind for remark in reading.remarks] == [RemarkKind.TEXT_CUT]
    assert read_passages(csv_at(tmp_path, [passage], value.codebook)).value == (passage,)


class _Anything(dict):
    """Fills every place of a sentence."""

    def __missing__(self, name: str) -> str:
        return f"<{name}>"


def test_every_remark_and_error_speaks(app: Flask) -> None:
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type)
        and issubclass(kind, (errors.ExchangeRefusedError, RowRefusedError))
    ]
    with app.test_request_context(), force_locale("fr"):
        assert all("Eau" in Remark(kind, "Eau", 7).text() for kind in RemarkKind)
        for kind in kinds:
            sentence = str(kind.message) % _Anything()
            assert sentence.endswith(".")
            assert "%" not in sentence
