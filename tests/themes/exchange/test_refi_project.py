"""REFI-QDA projects: valid by the published schema, read back whole, and those of others."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app.themes.exchange import (
    CodedProject,
    Reading,
    RemarkKind,
    errors,
    read_project,
    write_project,
)
from tests.themes.exchange.test_refi_codebook import PROJECT
from tests.themes.exchange.things import by_key, key, project, projects

G = "1ff58b12-6f6f-4b0c-8be5-bbdc91f5529"


def written(value: CodedProject, language: str = "fr") -> bytes:
    out = BytesIO()
    write_project(value, out, language=language)
    return out.getvalue()


def document(data: bytes) -> etree._Element:
    with ZipFile(BytesIO(data)) as archive:
        return etree.fromstring(archive.read("project.qde"))


def read(data: bytes) -> Reading[CodedProject]:
    return read_project(BytesIO(data))


def foreign(inside: str, **texts: str | bytes) -> bytes:
    """A project as another program writes it."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr(
            "project.qde",
            f'<Project xmlns="urn:QDA-XML:project:1.0" name="Theirs">{inside}</Project>',
        )
        for name, text in texts.items():
            archive.writestr(f"Sources/{name}.TXT", text)
    return out.getvalue()


def text_source(inside: str, path: str = "internal://one.txt") -> str:
    return (
        f'<Sources><TextSource guid="{G}1" name="Interview" plainTextPath="{path}">{inside}'
        "</TextSource></Sources>"
    )


def selection(start: object, end: object, inside: str = "", number: int = 2) -> str:
    return (
        f'<PlainTextSelection guid="{G}{number}" startPosition="{start}" endPosition="{end}">'
        f"{inside}</PlainTextSelection>"
    )


def test_a_project_is_valid_and_comes_back_as_it_was() -> None:
    data = written(project())
    PROJECT.assertValid(document(data))
    reading = read(data)
    assert reading.value == project()
    assert reading.remarks == ()


@given(value=projects())
@settings(max_examples=80, deadline=None)
def test_any_project_comes_back_as_it_was(value: CodedProject) -> None:
    data = written(value)
    PROJECT.assertValid(document(data))
    found = read(data).value
    assert by_key(found.codebook) == by_key(value.codebook)
    assert found.sources == value.sources
    assert set(found.passages) == set(value.passages)
    assert set(found.users) == set(value.users)
    assert found.note == value.note


def test_offsets_are_code_points_of_the_text_beside() -> None:
    data = written(project())
    with ZipFile(BytesIO(data)) as archive:
        text = archive.read(f"sources/{key(100)}.txt").decode("utf-8")
    found = document(data).findall(".//{*}PlainTextSelection")[1]
    cut = text[int(found.get("startPosition")) : int(found.get("endPosition"))]
    # After an emoji, one code point of two UTF-16 units, and a line end of two.
    assert cut == "Il faut un car." == project().passages[1].text


def test_guids_and_bytes_are_the_same_in_every_export() -> None:
    assert written(project()) == written(project())


def test_what_is_known_of_an_answer_becomes_variables_and_users_are_named() -> None:
    root = document(written(project(), "ar"))
    assert [v.get("name") for v in root.findall(".//{*}Variable")] == ["اللغة", "المساهمة", "الجهة"]
    assert [u.get("name") for u in root.findall(".//{*}User")] == ["machine", "relectrice 1"]
    assert root.get("name") == "دليل الترميز، أقاليم الشمال"


def test_a_passage_under_two_codes_comes_back_twice() -> None:
    value = project()
    twice = (*value.passages, replace(value.passages[0], theme=key(0)))
    data = written(replace(value, passages=twice))
    PROJECT.assertValid(document(data))
    assert set(read(data).value.passages) == set(twice)


def test_halves_of_signs_in_an_answer_are_replaced_in_their_place_and_told() -> None:
    value = project()
    source = replace(value.sources[0], text="a\ud83db")
    passage = replace(value.passages[0], text="b", start=2, end=3)
    out = BytesIO()
    remarks = write_project(replace(value, sources=(source,), passages=(passage,)), out)
    assert [remark.kind for remark in remarks] == [RemarkKind.SIGNS_REPLACED]
    assert read(out.getvalue()).value.passages[0].text == "b"


def test_a_passage_that_is_not_what_its_offsets_say_is_not_written() -> None:
    value = project()
    wrong = replace(value.passages[0], text="x" * 22)
    with pytest.raises(errors.PassageElsewhereError):
        written(replace(value, passages=(wrong,)))
    with pytest.raises(errors.SelectionOutsideError):
        written(replace(value, passages=(replace(wrong, end=4000),)))
    with pytest.raises(errors.SourceUnknownError):
        written(replace(value, passages=(replace(wrong, source=key(9)),)))


def test_a_project_of_another_program_is_taken_with_its_cases_and_notes() -> None:
    data = foreign(
        f"""<Users><User guid="{G}a" name="Ali" id="A"/>
          <User guid="{G}b" name="Ali" id="B"/></Users>
        <CodeBook><Codes><Code guid="{G}c" name="Water" isCodable="true">
          <NoteRef targetGUID="{G}d"/></Code></Codes></CodeBook>
        <Variables><Variable guid="{G}e" name="Région" typeOfVariable="Text"/></Variables>
        <Cases><Case guid="{G}f" name="One"><VariableValue><VariableRef targetGUID="{G}e"/>
          <TextValue>Oriental</TextValue></VariableValue><SourceRef targetGUID="{G}1"/>
        </Case></Cases>
        """
        + text_source(
            selection(
                0,
                3,
                f'<Coding guid="{G}3" creatingUser="{G}b" creationDateTime="2024-09-15T15:36:45Z">'
                f'<CodeRef targetGUID="{G}c"/></Coding>'
                f'<Coding guid="{G}4"><CodeRef targetGUID="{G}9"/></Coding>',
            )
        )
        + f"""<Notes><Note guid="{G}d" name="Memo"><PlainTextContent>What flows</PlainTextContent>
        </Note></Notes><Links><Link guid="{G}0"/></Links><Description>Ours</Description>""",
        one="\ufeffماء and more",
    )
    reading = read(data)
    value = reading.value
    assert value.codebook.title_fr == "Theirs"
    assert value.codebook.codes[0].definition_fr == "What flows"
    assert value.note == "Ours"
    assert value.sources[0].attributes == (("region", "Oriental"),)
    first, second = value.passages
    assert (first.text, first.region, first.coder) == ("ماء", "Oriental", "Ali (B)")
    assert first.theme == f"{G}c"
    assert second.theme is None
    assert {remark.kind for remark in reading.remarks} == {
        RemarkKind.NAME_IN_ONE_LANGUAGE,
        RemarkKind.CODE_UNKNOWN,
        RemarkKind.PART_LEFT,
    }


def test_what_is_not_text_is_left_and_told() -> None:
    data = foreign(
        f"""<CodeBook><Codes><Code guid="{G}c" name="Water" isCodable="true"/></Codes></CodeBook>
        <Sources><PDFSource guid="{G}1" name="a"/><PDFSource guid="{G}2" name="b"/>
        <TextSource guid="{G}3" name="away" plainTextPath="absolute://c:/a.txt"/>
        <TextSource guid="{G}4" name="bytes" plainTextPath="internal://two.txt"/>
        <TextSource guid="{G}5" name="whole"><PlainTextContent>abc</PlainTextContent>
          {selection(1, 1, number=6)}<Coding guid="{G}7"><CodeRef targetGUID="{G}c"/></Coding>
        </TextSource></Sources>""",
        two=b"\xe9t\xe9",
    )
    reading = read(data)
    told = {(remark.kind, remark.where, remark.count) for remark in reading.remarks}
    assert told == {
        (RemarkKind.NAME_IN_ONE_LANGUAGE, "Water", 1),
        (RemarkKind.SOURCE_LEFT, "PDFSource", 2),
        (RemarkKind.SOURCE_WITHOUT_TEXT, "away", 1),
        (RemarkKind.SOURCE_WITHOUT_TEXT, "bytes", 1),
        (RemarkKind.SELECTION_EMPTY, "whole", 1),
        (RemarkKind.WHOLE_SOURCE_CODED, "whole", 1),
    }
    assert [source.text for source in reading.value.sources] == ["abc"]


@pytest.mark.parametrize(
    ("inside", "error"),
    [
        (text_source(selection(0, 4)), errors.SelectionOutsideError),
        (text_source(selection(2, 1)), errors.SelectionOutsideError),
        (text_source(selection(-1, 1)), errors.SelectionOutsideError),
        (text_source(selection("9" * 5000, 1)), errors.SelectionOutsideError),
        (text_source(selection("one", 1)), errors.PositionError),
        (text_source(selection(0, 1) + selection(1, 2)), errors.GuidTwiceError),
        (text_source("") + text_source(""), errors.GuidTwiceError),
        ("", errors.NoCodeError),
    ],
)
def test_a_project_that_contradicts_itself_is_refused(inside: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(foreign(inside, one="abc"))


def test_what_is_no_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(errors.DamagedProjectError):
        read(b"PK\x03\x04 nothing")
    with pytest.raises(errors.DamagedProjectError):
        read(written(project())[:-40])
    path = tmp_path / "other.qdpx"
    with ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(errors.NoProjectError):
        read_project(path)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.qdpx"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive, archive.open("project.qde", "w") as part:
        for _ in range(210):
            part.write(b" " * (1 << 20))
    with pytest.raises(errors.InflatedProjectError):
        read_project(path)


@given(at=st.integers(0, 20_000), sign=st.binary(min_size=1, max_size=3), is_cut=st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    at: int, sign: bytes, is_cut: bool
) -> None:
    xml = etree.tostring(document(written(project())))
    packed = written(project())

    def damaged(data: bytes) -> bytes:
        place = at % len(data)
        return data[:place] if is_cut else data[:place] + sign + data[place + len(sign) :]

    archive = BytesIO()
    with ZipFile(archive, "w") as out:
        out.writestr("project.qde", damaged(xml))
    for data in (damaged(packed), archive.getvalue()):
        with suppress(errors.ExchangeRefusedError):
            read(data)


def test_a_path_without_a_scheme_is_inside_the_archive() -> None:
    value = read(foreign(text_source(selection(0, 1), "one.TXT"), one="abc")).value
    assert [passage.text for passage in value.passages] == ["a"]
