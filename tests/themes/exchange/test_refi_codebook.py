"""REFI-QDA codebooks: valid by the published schema, read back whole, and those of others."""

from __future__ import annotations

import os
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import etree

from app.themes.exchange import (
    Code,
    Codebook,
    RemarkKind,
    errors,
    read_codebook,
    write_codebook,
)
from tests.themes.exchange.things import by_key, codebooks, key, nested

SCHEMAS = Path(__file__).parent / "schemas"
PROJECT = etree.XMLSchema(etree.parse(SCHEMAS / "Project.xsd"))
HEAD = '<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="NVivo">'


def written(book: Codebook, language: str = "fr") -> bytes:
    out = BytesIO()
    write_codebook(book, out, language=language)
    return out.getvalue()


def read(text: str | bytes):
    return read_codebook(BytesIO(text.encode() if isinstance(text, str) else text))


def check_codebook(data: bytes) -> None:
    """Check a codebook against the published types of codes and sets."""
    root = etree.fromstring(data)
    assert root.tag == "{urn:QDA-XML:codebook:1.0}CodeBook"
    assert set(root.attrib) <= {"origin"}
    assert [etree.QName(part).localname for part in root] in (["Codes"], ["Codes", "Sets"])
    text = data.decode().replace("urn:QDA-XML:codebook:1.0", "urn:QDA-XML:project:1.0")
    codes = etree.fromstring(text.replace("<MemberCode guid=", "<MemberCode targetGUID=").encode())
    project = etree.Element(f"{{{codes.nsmap[None]}}}Project", name="x", nsmap=codes.nsmap)
    book = etree.SubElement(project, f"{{{codes.nsmap[None]}}}CodeBook")
    sets = codes[1:]
    book.append(codes[0])
    project.extend(sets)
    PROJECT.assertValid(project)
    guids = root.xpath("//@guid[not(parent::*[local-name()='MemberCode'])]")
    assert len(guids) == len(set(guids))


def test_five_levels_of_themes_are_valid_and_come_back_as_they_were() -> None:
    book = nested(5)
    data = written(book)
    check_codebook(data)
    reading = read(data)
    assert reading.value == book
    assert reading.remarks == ()


@pytest.mark.parametrize("language", ["fr", "ar"])
@given(book=codebooks())
@settings(max_examples=60, deadline=None)
def test_any_codebook_comes_back_as_it_was(language: str, book: Codebook) -> None:
    data = written(book, language)
    check_codebook(data)
    value = read(data).value
    assert by_key(value) == by_key(book)
    assert (value.title_fr, value.title_ar) == (book.title_fr, book.title_ar)


def test_a_codebook_is_valid_by_the_published_schema_of_codebooks() -> None:
    folder = Path(os.environ.get("REFI_QDA_SCHEMAS", SCHEMAS))
    if not (folder / "Codebook.xsd").exists():
        pytest.skip("Codebook.xsd is not here: REFI_QDA_SCHEMAS names the folder that has it")
    schema = etree.XMLSchema(etree.parse(folder / "Codebook.xsd"))
    schema.assertValid(etree.fromstring(written(nested(5))))
    schema.assertValid(etree.fromstring(written(nested(1), "ar")))


def test_the_same_codebook_gives_the_same_bytes_and_guids_are_keys() -> None:
    data = written(nested(2))
    assert data == written(nested(2))
    assert f'guid="{key(0)}"'.encode() in data


def test_a_key_that_is_no_guid_comes_back_too() -> None:
    book = Codebook(codes=(Code(key="theme 12", name_fr="Eau", name_ar="الماء"),))
    check_codebook(written(book))
    assert read(written(book)).value.codes == book.codes


def test_a_description_is_readable_and_holds_the_arabic_name() -> None:
    description = etree.fromstring(written(nested(1))).findtext(".//{*}Description")
    assert "Nom en arabe : النقل المدرسي 0\n" in description
    assert (
        "Définition en français : Aller à l’école : bus, vélo…\n    Et en revenir." in description
    )


def test_line_ends_and_trailing_spaces_changed_by_another_program_do_no_harm() -> None:
    root = etree.fromstring(written(nested(1)))
    found = root.find(".//{*}Description")
    found.text = found.text.replace("\n", "\r\n") + "\r\n"
    assert read(etree.tostring(root)).value == nested(1)


def test_words_added_in_another_program_are_kept_in_the_definition() -> None:
    root = etree.fromstring(written(nested(1)))
    root.find(".//{*}Description").text += "\nVu avec Salma."
    reading = read(etree.tostring(root))
    assert reading.value.codes[0].definition_fr.endswith("\nVu avec Salma.")
    assert [remark.kind for remark in reading.remarks] == [RemarkKind.FREE_TEXT_KEPT]


def test_signs_that_xml_forbids_are_replaced_and_told() -> None:
    code = replace(nested(1).codes[0], definition_fr="a\x00b\x0bc\ud800\uffff")
    out = BytesIO()
    remarks = write_codebook(Codebook(codes=(code,)), out)
    assert [remark.kind for remark in remarks] == [RemarkKind.SIGNS_REPLACED]
    assert read(out.getvalue()).value.codes[0].definition_fr == "a\ufffdb\ufffdc\ufffd\ufffd"


def test_a_codebook_of_another_program_is_taken_and_what_is_lost_is_told() -> None:
    reading = read(
        f"""{HEAD}<Codes>
        <Code guid="{{1FF58B12-6F6F-4B0C-8BE5-BBDC91F55294}}" name="Water" isCodable="false"
              color="#46AA00"><Description>All of it
second line</Description>
          <Code guid="1FF58B12-6F6F-4B0C-8BE5-BBDC91F55295" name="الماء" isCodable="true"
                color="green"/></Code></Codes>
        <Sets><Set guid="1FF58B12-6F6F-4B0C-8BE5-BBDC91F55296" name="Group"/></Sets></CodeBook>"""
    )
    water, arabic = reading.value.codes
    assert (water.key, water.name_fr, water.name_ar, water.color) == (
        "1ff58b12-6f6f-4b0c-8be5-bbdc91f55294",
        "Water",
        "",
        "#46AA00",
    )
    assert water.definition_fr == "All of it\nsecond line"
    assert (arabic.name_fr, arabic.name_ar, arabic.parent) == ("", "الماء", water.key)
    assert {remark.kind for remark in reading.remarks} == {
        RemarkKind.NAME_IN_ONE_LANGUAGE,
        RemarkKind.NOT_CODABLE,
        RemarkKind.COLOR_DROPPED,
        RemarkKind.GROUPS_LEFT,
    }


def test_a_codebook_in_the_namespace_of_a_draft_is_taken() -> None:
    text = written(nested(2)).decode().replace("codebook:1.0", "codebook:0:4")
    assert read(text).value == nested(2)


G = "1FF58B12-6F6F-4B0C-8BE5-BBDC91F5529"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", errors.NotXmlError),
        ("not xml", errors.NotXmlError),
        ("<CodeBook", errors.NotXmlError),
        ('<?xml version="1.0" encoding="nowhere"?><a/>', errors.NotXmlError),
        (b"\xff\xfe\x00", errors.NotXmlError),
        ("<CodeBook/>", errors.NotRefiError),
        ('<CodeBook xmlns="urn:QDA-XML:project:1.0"/>', errors.NotRefiError),
        ('<Project xmlns="urn:QDA-XML:project:1.0" name="x"/>', errors.NotRefiError),
        (f"{HEAD}</CodeBook>", errors.NoCodeError),
        (f"{HEAD}<Codes/></CodeBook>", errors.NoCodeError),
        (f'{HEAD}<Codes><Code name="x"/></Codes></CodeBook>', errors.GuidError),
        (f'{HEAD}<Codes><Code guid="12" name="x"/></Codes></CodeBook>', errors.GuidError),
        (f'{HEAD}<Codes><Code guid="{G}1"/></Codes></CodeBook>', errors.CodeNameMissingError),
        (
            f"""{HEAD}<Codes><Code guid="{G}1" name="a"/>
            <Code guid="{{{G.lower()}1}}" name="b"/></Codes></CodeBook>""",
            errors.GuidTwiceError,
        ),
        (
            f"{HEAD}<Codes>" + f'<Code guid="{G}1" name="a">' * 500,
            errors.TooDeepError,
        ),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', errors.DangerousXmlError),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', errors.DangerousXmlError),
    ],
)
def test_what_is_no_codebook_is_refused(text: str | bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(text)


def test_a_file_beyond_the_limit_is_refused() -> None:
    with pytest.raises(errors.ExchangeTooLargeError):
        read(b" " * (20 * 1024 * 1024 + 1))


def test_themes_that_stand_above_themselves_are_not_written() -> None:
    one, two = nested(2).codes
    with pytest.raises(errors.ParentLoopError):
        written(Codebook(codes=(replace(one, parent=two.key), two)))


def test_an_empty_codebook_is_not_written() -> None:
    with pytest.raises(errors.NoCodeError):
        written(Codebook())
