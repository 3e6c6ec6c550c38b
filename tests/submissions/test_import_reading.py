"""Reading files: every format people send, and a clear word on every file that is no table."""

from __future__ import annotations

import resource
import zipfile
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.exceptions import IllegalCharacterError

from app.core.tables import ReadingOptions, Table, open_table
from app.core.tables.delimited import sniff
from app.core.tables.table import letter
from app.core.tables.workbook import cell_text
from app.core.text import clean_text
from app.submissions.imports import errors
from tests.submissions.import_files import (
    HEADER,
    SHEET_PART,
    lying,
    rewritten,
    sheet_of,
    write_bomb,
    write_csv,
    write_xlsx,
)

LIMIT = 50 * 1024 * 1024
FRENCH = "Les familles éloignées n’ont pas accès aux centres d’hébergement, ni à l’école à côté."
ARABIC = "الأسر البعيدة لا تستفيد من مراكز القرب، ونحتاج إلى النقل المدرسي في الدواوير."


def opened(path: Path, **options: str) -> Table:
    """Open a file."""
    return open_table(path, ReadingOptions(**options), limit=LIMIT)


def cells(table: Table) -> list[tuple[str, ...]]:
    """Return the rows' cells."""
    return [row.cells for row in table.rows()]


def reasons(table: Table) -> list[tuple[int, int | None, str]]:
    """Return each row's number, the column and the name of each problem."""
    return [
        (row.number, problem.column, type(problem.error).__name__)
        for row in table.rows()
        for problem in row.problems
    ]


# --- CSV ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_delimiter_and_the_mark_of_utf8_are_found(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    rows = [
        ("1", "citizen", "08", FRENCH),
        ("2", "citizen", "08", f"{ARABIC}\nsecond; line, | here"),
    ]
    path = write_csv(tmp_path / "a.csv", [HEADER, *rows], delimiter=delimiter, encoding=encoding)

    table = opened(path)

    assert table.header == HEADER
    assert cells(table) == rows


def test_rows_have_the_numbers_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n\n1,"two\nlines"\n\n2,b\n', encoding="utf-8")

    assert [row.number for row in opened(path).rows()] == [3, 5]


def test_a_first_line_may_state_the_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=|\nid|text\n1|a,b;c\n", encoding="utf-8")

    table = opened(path)

    assert (table.header, table.header_row, cells(table)) == (("id", "text"), 2, [("1", "a,b;c")])


def test_a_stated_delimiter_wins(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id;a,text;b\n1;x,2;y\n", encoding="utf-8")

    assert opened(path, delimiter="comma").header == ("id;a", "text;b")
    assert opened(path, delimiter=";").header == ("id", "a,text", "b")
    with pytest.raises(errors.DelimiterError):
        opened(path, delimiter="x")


def test_a_single_column_needs_no_delimiter(tmp_path: Path) -> None:
    assert cells(opened(write_csv(tmp_path / "a.csv", [("text",), ("one",), ("two",)]))) == [
        ("one",),
        ("two",),
    ]
    assert sniff("text\none\n") in {",", ";", "\t", "|"}


def test_ragged_rows_are_reported_by_row_and_the_others_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,text\n1,a\n2\n3,b,c\n4,d,\n", encoding="utf-8")

    assert reasons(opened(path)) == [(3, None, "RaggedRowError"), (4, None, "RaggedRowError")]
    assert cells(opened(path))[3] == ("4", "d")


def test_quotation_marks_out_of_place_cost_their_row_only(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,"a"b\n2,fine\n3,"never closed\n', encoding="utf-8")

    assert reasons(opened(path)) == [
        (2, None, "BrokenQuotationError"),
        (4, None, "BrokenQuotationError"),
    ]


def test_a_cell_over_the_limit_is_reported_with_its_column(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [("id", "text"), (1, "x" * 100_001), (2, "y" * 100_000)])

    assert reasons(opened(path)) == [(2, 1, "CellTooLongError")]


def test_a_quotation_mark_that_swallows_the_file_is_an_error_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,"' + "a line of text\n" * 800_000, encoding="utf-8")

    with pytest.raises(errors.UnclosedQuotationError):
        list(opened(path).rows())


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", errors.EmptyFileError),
        (b"\n \n\n", errors.EmptyFileError),
        (b"\xef\xbb\xbf", errors.EmptyFileError),
        (b"id,text\n", errors.NoRowError),
        (b"id,,text\n1,2,3\n", errors.ColumnNameMissingError),
        (b"id,text,text\n1,2,3\n", errors.ColumnNameTwiceError),
        (b"1,2,3\n4,5,6\n", errors.HeaderMissingError),
        (b"id," + b"word " * 200 + b"\n1,2\n", errors.HeaderMissingError),
        (",".join(f"c{n}" for n in range(301)).encode() + b"\n1\n", errors.TooManyColumnsError),
        (b"id,text\n1,\x00\x01\x02\n", errors.BinaryFileError),
        (b"%PDF-1.7 ...", errors.NotATableError),
        (b"\x89PNG\r\n\x1a\n....", errors.NotATableError),
        (b"<!DOCTYPE html><html></html>", errors.NotATableError),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, errors.OldWorkbookError),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + b"\0" * 600
            + "EncryptedPackage".encode("utf-16-le"),
            errors.EncryptedWorkbookError,
        ),
        (b"PK\x03\x04 and nothing that follows", errors.DamagedWorkbookError),
    ],
)
def test_what_is_no_table_is_refused_by_name(
    tmp_path: Path, content: bytes, error: type[Exception]
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)

    with pytest.raises(error):
        opened(path)


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, ("1", "citizen", "08", "x" * 2000)])

    with pytest.raises(errors.FileTooLargeError):
        open_table(path, limit=1000)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(errors.UnreadableFileError):
        open_table(tmp_path, limit=LIMIT)


# --- encodings ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (FRENCH, "cp1252", "Windows-1252"),
        (ARABIC, "cp1256", "Windows-1256"),
        (FRENCH, "utf-16", "UTF-16"),
        (ARABIC, "utf-16", "UTF-16"),
        (FRENCH, "utf-16-le", "UTF-16 LE"),
    ],
)
def test_another_encoding_is_named_then_read_when_it_is_stated(
    tmp_path: Path, text: str, encoding: str, name: str
) -> None:
    text = text.replace("’", "'")
    path = write_csv(
        tmp_path / "a.csv", [HEADER, *[("1", "citizen", "08", text)] * 5], encoding=encoding
    )

    with pytest.raises(errors.EncodingError) as refused:
        opened(path)

    assert refused.value.values["name"] == name
    table = opened(path, encoding=str(refused.value.values["code"]))
    assert cells(table)[0][3] == text


@pytest.mark.parametrize(
    ("text", "real", "stated", "error"),
    [
        (FRENCH, "utf-8", "cp1252", errors.IsUtf8Error),
        (ARABIC, "utf-8", "cp1256", errors.IsUtf8Error),
        (ARABIC, "cp1256", "cp1252", errors.GarbledTextError),
        (ARABIC, "cp1256", "latin-1", errors.GarbledTextError),
        (ARABIC, "iso8859-6", "cp1256", errors.GarbledTextError),
        (FRENCH, "cp1252", "utf-16-le", (errors.GarbledTextError, errors.WrongEncodingError)),
        (FRENCH, "cp1252", "mac-arabic", errors.GarbledTextError),
        (FRENCH, "utf-8", "klingon", errors.EncodingNameError),
        (FRENCH, "utf-8", "hex", errors.EncodingNameError),
    ],
)
def test_a_wrong_encoding_is_refused_rather_than_garbled(
    tmp_path: Path, text: str, real: str, stated: str, error: Any
) -> None:
    data = ("text\n" + f"{text}\n" * 20).encode(real, errors="replace")
    path = tmp_path / "a.csv"
    path.write_bytes(data)

    with pytest.raises(error):
        opened(path, encoding=stated)


def test_the_line_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        b"id,text\n" + b"1,plain\n" * 200_000 + "2,déjà vu à l'école\n".encode("cp1252")
    )

    with pytest.raises(errors.EncodingError) as refused:
        opened(path)

    assert refused.value.values["line"] == 200_002


def test_text_that_was_garbled_before_is_refused(tmp_path: Path) -> None:
    twice = FRENCH.encode().decode("cp1252", errors="replace")
    path = write_csv(tmp_path / "a.csv", [("id", "text"), *[(1, twice)] * 5])

    with pytest.raises(errors.DamagedTextError):
        opened(path)


@pytest.mark.parametrize(
    "text",
    ["Nāṣir al-Dīn, œuvre, ÿ", "ÉCOLE À CÔTÉ", "زنقة Hassan II رقم 4", "ⵜⵉⵡⵉⵣⵉ", "日本", "😀"],
)
def test_unusual_letters_in_utf8_are_no_damage(tmp_path: Path, text: str) -> None:
    path = write_csv(tmp_path / "a.csv", [("id", "text"), *[(1, text)] * 30])

    assert cells(opened(path))[0][1] == text


# --- XLSX ---------------------------------------------------------------------------------------


def test_cells_become_text(tmp_path: Path) -> None:
    values = [
        12,
        12.5,
        0.1 + 0.2,
        212612345678,
        1e20,
        True,
        False,
        date(2022, 2, 18),
        datetime(2022, 2, 18, 9, 30),  # noqa: DTZ001 (workbooks know no zones)
        clock_time(9, 30),
        timedelta(hours=30),
        None,
        "  kept  ",
        "a_x000D_\nb",
    ]
    path = write_xlsx(tmp_path / "a.xlsx", [[f"c{n}" for n in range(len(values))], values])

    assert cells(opened(path)) == [
        (
            "12",
            "12.5",
            "0.3",
            "212612345678",
            "100000000000000000000",
            "true",
            "false",
            "2022-02-18",
            "2022-02-18 09:30:00",
            "09:30:00",
            "30:00:00",
            "",
            "  kept  ",
            "a\r\nb",
        )
    ]
    assert cell_text(timedelta(minutes=5)) == "00:05:00"


def test_a_formula_is_refused_where_it_stands_and_not_computed(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx",
        [HEADER, (1, "citizen", "=1+1", "fine"), (2, "citizen", "08", '=HYPERLINK("x")')],
    )

    assert reasons(opened(path)) == [(2, 2, "FormulaCellError"), (3, 3, "FormulaCellError")]


def test_a_cell_in_error_is_refused(tmp_path: Path) -> None:
    cell = (
        b'<row r="1"><c r="A1" t="str"><v>text</v></c></row>'
        b'<row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>'
    )
    path = rewritten(write_xlsx(tmp_path / "a.xlsx", [HEADER]), {SHEET_PART: sheet_of(cell)})

    assert reasons(opened(path)) == [(2, 0, "ErrorCellError")]


def test_the_first_sheet_is_read_or_the_one_named(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [("text",), ("first",)], Second=[("text",), ("second",)])

    assert (cells(opened(path)), opened(path).sheets) == ([("first",)], ("Answers", "Second"))
    assert cells(opened(path, sheet="Second")) == [("second",)]
    with pytest.raises(errors.SheetNotFoundError) as refused:
        opened(path, sheet="Third")
    assert refused.value.values["sheets"] == "Answers, Second"


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [HEADER, (1, "citizen", "08", "words")]).rename(
        tmp_path / "a.csv"
    )

    assert cells(opened(path)) == [("1", "citizen", "08", "words")]


def test_short_rows_of_a_workbook_are_only_empty_cells(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx", [HEADER, (1, "citizen"), (), (3, "citizen", "08", "x", "beyond")]
    )

    assert cells(opened(path))[0] == ("1", "citizen", "", "")
    assert reasons(opened(path)) == [(4, None, "RaggedRowError")]


def test_a_bomb_is_refused_within_little_memory(tmp_path: Path) -> None:
    path = write_bomb(tmp_path / "a.xlsx", size=210_000_000)
    assert path.stat().st_size < 500_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(errors.InflatedWorkbookError):
        opened(path)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # in kilobytes


def test_a_smaller_bomb_is_refused_for_its_ratio(tmp_path: Path) -> None:
    with pytest.raises(errors.InflatedWorkbookError):
        opened(write_bomb(tmp_path / "a.xlsx", size=50_000_000))


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = lying(write_bomb(tmp_path / "a.xlsx", size=50_000_000), size=1000)

    with pytest.raises(errors.DamagedWorkbookError):
        opened(path)


def test_a_row_that_fills_a_sheet_is_refused(tmp_path: Path) -> None:
    noise = b"".join(b'<c r="A1"><v>%d</v></c>' % (n * 7919 % 1_000_003) for n in range(1_000_000))
    path = rewritten(
        write_xlsx(tmp_path / "a.xlsx", [HEADER]),
        {SHEET_PART: sheet_of(b'<row r="1">' + noise + b"</row>")},
    )

    with pytest.raises(errors.InflatedWorkbookError):
        opened(path)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    sheet = (
        f'<!DOCTYPE x [<!ENTITY a0 "lol">{laughs}]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="str"><v>&a8;</v></c></row></sheetData></worksheet>'
    )
    path = rewritten(write_xlsx(tmp_path / "a.xlsx", [HEADER]), {SHEET_PART: sheet.encode()})

    with pytest.raises(errors.DamagedWorkbookError):
        opened(path)


def test_a_row_number_beyond_the_last_row_of_spreadsheets_ends_the_reading(tmp_path: Path) -> None:
    rows = (
        b'<row r="1"><c r="A1" t="str"><v>text</v></c></row>'
        b'<row r="99999999"><c r="A99999999"><v>1</v></c></row>'
    )
    path = rewritten(write_xlsx(tmp_path / "a.xlsx", [HEADER]), {SHEET_PART: sheet_of(rows)})

    with pytest.raises(errors.InflatedWorkbookError):
        opened(path)


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, errors.OpenDocumentError),
        ({"xl/workbook.bin": b""}, errors.BinaryWorkbookError),
        ({"word/document.xml": b""}, errors.NotATableError),
        ({"xl/workbook.xml": b"<not xml"}, errors.DamagedWorkbookError),
        ({SHEET_PART: b"<worksheet><sheetData><row>"}, errors.DamagedWorkbookError),
        ({SHEET_PART: "<worksheet/>".encode("utf-16")}, errors.DamagedWorkbookError),
        ({SHEET_PART: sheet_of(b'<row r="x"/>')}, errors.DamagedWorkbookError),
        (
            {SHEET_PART: sheet_of(b'<row r="1"><c r="A1" t="s"><v>99</v></c></row>')},
            errors.DamagedWorkbookError,
        ),
        ({SHEET_PART: sheet_of(b"")}, errors.EmptyFileError),
    ],
)
def test_workbooks_that_are_none_are_refused_by_name(
    tmp_path: Path, parts: dict[str, bytes], error: type[Exception]
) -> None:
    path = rewritten(write_xlsx(tmp_path / "a.xlsx", [HEADER, (1, 2, 3, 4)]), parts)

    with pytest.raises(error):
        list(opened(path).rows())


def test_a_plain_archive_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("notes.txt", "hello")

    with pytest.raises(errors.NotATableError):
        opened(path)


def test_a_workbook_cut_short_is_damaged(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [HEADER, (1, "citizen", "08", "words")])
    path.write_bytes(path.read_bytes()[:-2000])

    with pytest.raises(errors.DamagedWorkbookError):
        opened(path)


# --- any text -----------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@given(texts=st.lists(TEXTS, min_size=1, max_size=5))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_survives_csv(tmp_path: Path, texts: list[str]) -> None:
    path = write_csv(
        tmp_path / "a.csv", [("id", "text"), *[(f"n{n}", text) for n, text in enumerate(texts)]]
    )

    read = cells(opened(path))

    # Line ends come back as they were written; the product then makes them one kind.
    assert [clean_text(row[1]) for row in read] == [clean_text(text) for text in texts]


@given(
    texts=st.lists(
        TEXTS.filter(lambda text: not text.startswith("=") and "_x" not in text),
        min_size=1,
        max_size=5,
    )
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_survives_a_workbook(tmp_path: Path, texts: list[str]) -> None:
    rows = [("id", "text"), *[(f"n{n}", text) for n, text in enumerate(texts)]]
    try:
        path = write_xlsx(tmp_path / "a.xlsx", rows)
    except IllegalCharacterError:
        return  # no spreadsheet can hold it

    read = cells(opened(path))

    assert [clean_text(row[1]) for row in read] == [clean_text(text) for text in texts]


def test_columns_have_the_letters_of_spreadsheets() -> None:
    assert [letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
