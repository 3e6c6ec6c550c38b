"""REFI-QDA Project exchange, version 1.0 (.qdpx): writing answers, passages and their codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.themes.exchange import errors
from app.themes.exchange.block import Fields, write_block
from app.themes.exchange.codebook_file import ORIGIN
from app.themes.exchange.identity import guid_of, made_guid
from app.themes.exchange.labels import LABELS, label, state_words
from app.themes.exchange.refi_codes import Language, titles_of, write_codes
from app.themes.exchange.remarks import Remark, RemarkKind, Remarks
from app.themes.exchange.values import MARGIN_DECIMALS, CodedPassage, CodedProject, Source
from app.themes.exchange.xml import XmlWriter

NAMESPACE = "urn:QDA-XML:project:1.0"
#: What of a passage its answer usually says already.
SHARED = ("submission", "question", "region", "actor_type", "organisation")

_BOM = "\ufeff"
#: Halves of signs, which no encoding can write.
_HALVES = re.compile("[\ud800-\udfff]")


def write_project(
    project: CodedProject,
    out: BinaryIO,
    *,
    language: Language = "fr",
    written_at: datetime | None = None,
) -> tuple[Remark, ...]:
    """Write a project; the same project gives the same bytes.

    :returns: what could not be written as it was.
    :raises ExchangeRefusedError: if passages are not those of their answers, or codes not a tree.
    """
    check_passages(project)
    remarks = Remarks()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        with archive.open(_part("project.qde"), "w", force_zip64=True) as part:
            _ProjectWriter(project, XmlWriter(part.write, remarks), language, remarks).write(
                written_at
            )
        for source in project.sources:
            name = f"sources/{guid_of('source', source.key)}.txt"
            archive.writestr(_part(name), _plain_text(source, remarks))
    return tuple(remarks)


def _part(name: str) -> ZipInfo:
    """Return the entry of a part, without the hour of writing."""
    part = ZipInfo(name)
    part.compress_type = ZIP_DEFLATED
    part.external_attr = 0o600 << 16
    return part


def _plain_text(source: Source, remarks: Remarks) -> bytes:
    """Return the bytes of an answer: UTF-8, line ends and all as they are, so offsets hold."""
    text = source.text
    if _HALVES.search(text):
        remarks.add(RemarkKind.SIGNS_REPLACED, source.label)
        text = _HALVES.sub("\ufffd", text)
    # Readers take one byte order mark off.
    return (_BOM + text if text.startswith(_BOM) else text).encode()


def check_passages(project: CodedProject) -> None:
    """Check that each passage is exactly what its offsets point at.

    :raises ExchangeRefusedError: if one is not.
    """
    texts: dict[str, Source] = {}
    for source in project.sources:
        if source.key in texts:
            raise errors.GuidTwiceError(guid=source.key)
        texts[source.key] = source
    for passage in project.passages:
        found = texts.get(passage.source)
        if found is None:
            raise errors.SourceUnknownError(submission=passage.submission)
        check_selection(found.label, len(found.text), passage.start, passage.end)
        if found.text[passage.start : passage.end] != passage.text:
            raise errors.PassageElsewhereError(source=found.label)


def check_selection(label: str, length: int, start: int, end: int) -> None:
    """Check that a selection lies inside its text.

    :raises SelectionOutsideError: if not.
    """
    if not 0 <= start <= end <= length:
        raise errors.SelectionOutsideError(source=label, start=start, end=end, length=length)


def xml_moment(moment: datetime | None) -> str | None:
    """Return an instant as the schema writes it."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


class _ProjectWriter:
    """Writes ``project.qde``."""

    def __init__(
        self, project: CodedProject, xml: XmlWriter, language: Language, remarks: Remarks
    ) -> None:
        self._project, self._xml, self._language = project, xml, language
        self._remarks = remarks
        self._codes = {code.key for code in project.codebook.codes}
        self._users = dict.fromkeys(
            [*project.users, *(p.coder for p in project.passages if p.coder is not None)]
        )
        self._used = {guid_of("source", source.key) for source in project.sources}
        self._used.update(guid_of("code", key) for key in self._codes)

    def write(self, written_at: datetime | None) -> None:
        """Write the whole document, in the schema's order."""
        book, xml = self._project.codebook, self._xml
        title, titles = titles_of(book, self._language)
        xml.where = title
        xml.start(
            "Project",
            xmlns=NAMESPACE,
            name=title or ORIGIN,
            origin=ORIGIN,
            creationDateTime=xml_moment(written_at),
        )
        self._write_users()
        if book.codes:
            xml.start("CodeBook")
            write_codes(xml, book, self._language, self._remarks)
            xml.end()
        self._write_variables()
        self._write_sources()
        self._write_note()
        if title:
            xml.leaf("Description", write_block(titles, self._language))
        if self._project.note:
            xml.leaf("NoteRef", targetGUID=made_guid("note", "project"))
        xml.end()

    def _write_users(self) -> None:
        """Write who coded."""
        if not self._users:
            return
        self._xml.start("Users")
        for user in self._users:
            self._xml.leaf("User", guid=made_guid("user", user), name=user)
        self._xml.end()

    def _write_variables(self) -> None:
        """Write the names of what is known of answers."""
        names = dict.fromkeys(
            name for source in self._project.sources for name, _value in all_attributes(source)
        )
        if not names:
            return
        self._xml.start("Variables")
        for name in names:
            shown = label(name, self._language) if name in LABELS else name
            guid = made_guid("variable", name)
            self._xml.leaf("Variable", guid=guid, name=shown, typeOfVariable="Text")
        self._xml.end()

    def _write_sources(self) -> None:
        """Write the answers, each with its passages."""
        if not self._project.sources:
            return
        passages: dict[str, list[CodedPassage]] = {}
        for passage in self._project.passages:
            passages.setdefault(passage.source, []).append(passage)
        self._xml.start("Sources")
        for source in self._project.sources:
            self._write_source(source, passages.get(source.key, ()))
        self._xml.end()

    def _write_source(self, source: Source, passages: Sequence[CodedPassage]) -> None:
        """Write an answer."""
        xml, guid = self._xml, guid_of("source", source.key)
        xml.where = source.label
        path = f"internal://{guid}.txt"
        xml.start("TextSource", guid=guid, name=source.label, plainTextPath=path)
        if guid != source.key:
            xml.leaf("Description", write_block([("key", source.key)], self._language))
        for passage in passages:
            self._write_passage(passage, source)
        for name, value in all_attributes(source):
            xml.start("VariableValue")
            xml.leaf("VariableRef", targetGUID=made_guid("variable", name))
            xml.leaf("TextValue", value)
            xml.end()
        xml.end()

    def _write_passage(self, passage: CodedPassage, source: Source) -> None:
        """Write a passage as a selection, with its code if it bears one."""
        xml, guid = self._xml, self._guid(passage)
        user = made_guid("user", passage.coder) if passage.coder is not None else None
        moment = xml_moment(passage.coded_at)
        xml.start(
            "PlainTextSelection",
            guid=guid,
            startPosition=str(passage.start),
            endPosition=str(passage.end),
            creatingUser=user,
            creationDateTime=moment,
        )
        if fields := self._fields(passage, source, guid):
            xml.leaf("Description", write_block(fields, self._language))
        if passage.theme is not None:
            if passage.theme not in self._codes:
                self._remarks.add(RemarkKind.CODE_UNKNOWN, source.label)
            else:
                coding = made_guid("coding", guid)
                xml.start("Coding", guid=coding, creatingUser=user, creationDateTime=moment)
                xml.leaf("CodeRef", targetGUID=guid_of("code", passage.theme))
                xml.end()
        xml.end()

    def _guid(self, passage: CodedPassage) -> str:
        """Return a selection's GUID: the passage's key when it is one and stands once."""
        guid = guid_of("passage", passage.key)
        if guid in self._used:
            guid = made_guid("passage", f"{passage.key} {passage.theme}")
        number = 1
        while guid in self._used:
            number += 1
            guid = made_guid("passage", f"{passage.key} {passage.theme} {number}")
        self._used.add(guid)
        return guid

    def _fields(self, passage: CodedPassage, source: Source, guid: str) -> Fields:
        """Return what is to be said of a passage beside its place and its code."""
        fields: Fields = [] if guid == passage.key else [("key", passage.key)]
        known = dict(source.attributes)
        for name in SHARED:
            value = getattr(passage, name)
            if value != known.get(name, ""):
                fields.append((name, value))
        if passage.language != source.language:
            fields.append(("language", passage.language))
        if passage.state:
            fields.append(("state", state_words(passage.state, self._language)))
        if passage.margin is not None:
            fields.append(("margin", str(round(passage.margin, MARGIN_DECIMALS))))
        return fields

    def _write_note(self) -> None:
        """Write the note on the project."""
        if not self._project.note:
            return
        self._xml.where = "Note"
        self._xml.start("Notes")
        self._xml.start("Note", guid=made_guid("note", "project"), name=ORIGIN)
        self._xml.leaf("PlainTextContent", self._project.note)
        self._xml.end()
        self._xml.end()


def all_attributes(source: Source) -> list[tuple[str, str]]:
    """Return what is known of an answer, its language first."""
    language = [("language", source.language)] if source.language else []
    return [*language, *source.attributes]
