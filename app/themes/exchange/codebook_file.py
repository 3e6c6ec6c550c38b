"""REFI-QDA Codebook exchange, version 1.0 (.qdc): one XML file of codes."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.themes.exchange import errors
from app.themes.exchange.block import read_block, write_block
from app.themes.exchange.identity import guid_of, made_guid
from app.themes.exchange.refi_codes import (
    CodesReader,
    Language,
    read_titles,
    titles_of,
    write_codes,
)
from app.themes.exchange.remarks import Remark, RemarkKind, Remarks
from app.themes.exchange.tree import in_order
from app.themes.exchange.values import Code, Codebook, Reading
from app.themes.exchange.xml import XmlWriter, check_root, elements, find_text, local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE = "urn:QDA-XML:codebook:1.0"
ORIGIN = "Tachawor"
#: Largest file, in bytes.
LIMIT = 20 * 1024 * 1024


def write_codebook(
    codebook: Codebook, out: BinaryIO, *, language: Language = "fr"
) -> tuple[Remark, ...]:
    """Write a codebook; codes bear their name in ``language``, all else is described.

    :returns: what could not be written as it was.
    :raises ExchangeRefusedError: if there is no code, or codes are not a tree.
    """
    remarks = Remarks()
    xml = XmlWriter(out.write, remarks)
    xml.start("CodeBook", xmlns=NAMESPACE, origin=ORIGIN)
    write_codes(xml, codebook, language, remarks)
    if codebook.title_fr or codebook.title_ar:
        _write_title(xml, codebook, language)
    xml.end()
    return tuple(remarks)


def _write_title(xml: XmlWriter, codebook: Codebook, language: Language) -> None:
    """Write the titles as a set of all codes: the format has no other place for them."""
    title, fields = titles_of(codebook, language)
    xml.where = title
    if codebook.version:
        fields.append(("version", codebook.version))
    keys = [code.key for code in in_order(codebook.codes)]
    xml.start("Sets")
    xml.start("Set", guid=made_guid("codebook", " ".join(sorted(keys))), name=title)
    xml.leaf("Description", write_block(fields, language))
    for key in keys:
        xml.leaf("MemberCode", guid=guid_of("code", key))
    xml.end()
    xml.end()


def read_codebook(source: BinaryIO | Path, *, language: Language = "fr") -> Reading[Codebook]:
    """Read a codebook of ours or of any other program.

    :param language: of names that no letter tells the language of.
    :raises ExchangeRefusedError: if it cannot be taken; the message says why.
    """
    if isinstance(source, Path):
        with source.open("rb") as file:
            return read_codebook(file, language=language)
    data = source.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise errors.ExchangeTooLargeError(size=f"> {LIMIT >> 20}", limit=LIMIT >> 20)
    remarks = Remarks()
    reader = CodesReader(NAMESPACE, language, remarks)
    codes: tuple[Code, ...] = ()
    titles: dict[str, str] = {}
    for part in _parts(BytesIO(data)):
        if part.tag == f"{{{NAMESPACE}}}Codes":
            codes = reader.read(part)
        elif part.tag == f"{{{NAMESPACE}}}Sets":
            titles = read_sets(part, NAMESPACE, remarks)
        else:
            remarks.add(RemarkKind.PART_LEFT, local(part), len(part))
    if not codes:
        raise errors.NoCodeError
    return Reading(Codebook(codes=codes, **titles), tuple(remarks))


def _parts(source: BinaryIO) -> Iterator[Element]:
    """Yield the parts of a codebook, each once it is complete."""
    for event, depth, element in elements(source, NAMESPACE):
        if event == "start" and depth == 0:
            check_root(element, NAMESPACE, "CodeBook", ".qdc")
        elif event == "end" and depth == 1:
            yield element


def read_sets(element: Element, namespace: str, remarks: Remarks) -> dict[str, str]:
    """Return the titles that one of our own sets holds; other sets are not taken."""
    titles: dict[str, str] = {}
    for found in element:
        name = found.get("name", "")
        fields, _free = read_block(find_text(found, "Description", namespace))
        if any(field.startswith("title_") for field, _value in fields):
            titles = read_titles(name, fields)
            titles |= {field: value for field, value in fields if field == "version"}
        else:
            remarks.add(RemarkKind.GROUPS_LEFT, name)
    return titles
