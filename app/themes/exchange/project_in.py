"""REFI-QDA Project exchange, version 1.0 (.qdpx): reading ours, and those of other programs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from zipfile import ZipFile

from app.core.archives import Limits, Refusals, measured
from app.themes.exchange import errors
from app.themes.exchange.block import read_block
from app.themes.exchange.codebook_file import ORIGIN, read_sets
from app.themes.exchange.identity import normal_guid
from app.themes.exchange.labels import field_named, state_named
from app.themes.exchange.project_out import NAMESPACE, SHARED, check_selection
from app.themes.exchange.refi_codes import (
    CodesReader,
    Language,
    codes_with_notes,
    read_titles,
    required_guid,
)
from app.themes.exchange.remarks import RemarkKind, Remarks
from app.themes.exchange.values import Code, Codebook, CodedPassage, CodedProject, Reading, Source
from app.themes.exchange.xml import check_root, elements, find_text, local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: Most that an archive unpacks into, in bytes, and its project by itself.
UNPACKED = 600 * 1024 * 1024
_PROJECT = 200 * 1024 * 1024
#: Longest text of one source, in bytes.
_SOURCE = 20 * 1024 * 1024
_LIMITS = Limits(parts=200_000, unpacked=UNPACKED, directory=32 * 1024 * 1024)


def _inflated() -> errors.InflatedProjectError:
    """Return the error of an archive that unpacks into too much."""
    return errors.InflatedProjectError(limit=UNPACKED >> 20)


_REFUSALS = Refusals(
    broken=errors.DamagedProjectError, inflated=_inflated, locked=errors.LockedProjectError
)


def read_project(source: BinaryIO | Path, *, language: Language = "fr") -> Reading[CodedProject]:
    """Read a project; what is not text, or not here, is listed in the remarks.

    :param language: of names that no letter tells the language of.
    :raises ExchangeRefusedError: if it cannot be taken; the message says why.
    """
    with measured(source, _LIMITS, _REFUSALS) as archive:
        names = {part.filename.casefold().replace("\\", "/"): part for part in archive.infolist()}
        project = next((part for name, part in names.items() if name == "project.qde"), None)
        project = project or next((p for name, p in names.items() if name.endswith(".qde")), None)
        if project is None:
            raise errors.NoProjectError
        if project.file_size > _PROJECT:
            raise _inflated()
        parts = {name.rpartition("sources/")[2]: part.filename for name, part in names.items()}
        reader = _ProjectReader(archive, parts, language)
        with archive.open(project) as document:
            for event, depth, element in elements(document, NAMESPACE):
                if event == "start":
                    reader.begin(element, depth)
                else:
                    reader.end(element, depth)
    return Reading(reader.project(), tuple(reader.remarks))


def _tag(name: str) -> str:
    """Return an element's name with its namespace."""
    return f"{{{NAMESPACE}}}{name}"


@dataclass
class _ProjectReader:
    """Gathers a project from its elements as they end."""

    archive: ZipFile
    parts: dict[str, str]
    language: Language
    remarks: Remarks = field(default_factory=Remarks)

    def __post_init__(self) -> None:
        self.codes = CodesReader(NAMESPACE, self.language, self.remarks)
        self._book: tuple[Code, ...] = ()
        self._titles: dict[str, str] = {}
        self._users: dict[str, str] = {}
        self._variables: dict[str, str] = {}
        #: Attributes of sources that cases say, by the source's GUID.
        self._cases: dict[str, list[tuple[str, str]]] = {}
        self._sources: list[Source] = []
        self._passages: list[CodedPassage] = []
        self._seen: set[str] = set()
        self._notes: dict[str, tuple[str, str]] = {}
        self._own_notes: list[str] = []
        self._name = ""
        self._inside = ""

    # --- elements as they come ------------------------------------------------------------------

    def begin(self, element: Element, depth: int) -> None:
        """Take notice of an element that begins."""
        if depth == 0:
            check_root(element, NAMESPACE, "Project", ".qdpx")
            self._name = element.get("name", "")
        elif depth == 1:
            self._inside = local(element)

    def end(self, element: Element, depth: int) -> None:
        """Take an element that is complete; what is taken is let go of."""
        if depth == 2 and self._inside in {"Sources", "Notes"}:
            take = self._take_source if self._inside == "Sources" else self._take_note
            take(element)
            element.clear()
        elif depth == 1:
            self._take_part(element)
            element.clear()

    def _take_part(self, element: Element) -> None:
        """Take one of the parts that a project has."""
        name = local(element)
        takers: dict[str, Any] = {
            "Users": self._take_users,
            "CodeBook": self._take_codes,
            "Variables": self._take_variables,
            "Cases": self._take_cases,
            "Sets": self._take_sets,
            "Description": self._take_description,
            "NoteRef": lambda e: self._own_notes.append(normal_guid(e.get("targetGUID")) or ""),
        }
        if name in takers:
            takers[name](element)
        elif name not in {"Sources", "Notes"}:
            self.remarks.add(RemarkKind.PART_LEFT, name, len(element))

    def _take_users(self, element: Element) -> None:
        """Take who coded; people of one name are told apart."""
        for found in element:
            guid = required_guid(found)
            name = found.get("name") or found.get("id") or guid
            if name in self._users.values():
                name = f"{name} ({found.get('id') or guid})"
            self._users[guid] = name

    def _take_codes(self, element: Element) -> None:
        """Take the codebook."""
        codes = element.find(_tag("Codes"))
        if codes is not None:
            self._book = self.codes.read(codes)

    def _take_variables(self, element: Element) -> None:
        """Take the names of variables; those that the product knows get its own."""
        for found in element:
            shown = found.get("name", "")
            name, number = field_named(shown) or shown, 1
            while name in self._variables.values():
                number += 1
                name = f"{shown} ({number})"
            self._variables[required_guid(found)] = name

    def _take_cases(self, element: Element) -> None:
        """Take what cases say of exactly one text; programs put attributes of sources there."""
        for found in element:
            targets = [ref.get("targetGUID") for ref in found.findall(_tag("SourceRef"))]
            others = {local(child) for child in found} - {
                *("SourceRef", "VariableValue", "Description"),
            }
            values = self._values(found)
            guid = normal_guid(targets[0]) if len(targets) == 1 else None
            if guid is None or others or find_text(found, "Description", NAMESPACE):
                self.remarks.add(RemarkKind.CASES_LEFT, found.get("name", ""))
            if guid is not None:
                self._cases.setdefault(guid, []).extend(values)

    def _take_sets(self, element: Element) -> None:
        """Take titles from sets of ours."""
        self._titles = read_sets(element, NAMESPACE, self.remarks)

    def _take_description(self, element: Element) -> None:
        """Take the titles; in others' projects, a description of the whole."""
        text = "".join(element.itertext())
        fields, free = read_block(text)
        if fields:
            self._titles = read_titles(self._name, fields)
        if free:
            self._notes["description"] = ("", free)
            self._own_notes.append("description")

    def _take_note(self, element: Element) -> None:
        """Take a note's words, for whoever refers to it."""
        guid, name = required_guid(element), element.get("name", "")
        text = self._text(element)
        if text is None:
            self.remarks.add(RemarkKind.NOTES_LEFT, name)
        else:
            self._notes[guid] = (name, text)

    # --- sources --------------------------------------------------------------------------------

    def _take_source(self, element: Element) -> None:
        """Take a text with its selections; anything else is only counted."""
        if element.tag != _tag("TextSource"):
            self.remarks.add(RemarkKind.SOURCE_LEFT, local(element))
            return
        guid = required_guid(element)
        path = element.get("plainTextPath", "")
        name = element.get("name") or path.rpartition("/")[2] or guid
        self._once(guid)
        text = self._text(element)
        if text is None:
            self.remarks.add(RemarkKind.SOURCE_WITHOUT_TEXT, name)
            return
        described = dict(read_block(find_text(element, "Description", NAMESPACE))[0])
        known = dict([*self._cases.get(guid, ()), *self._values(element)])
        source = Source(
            key=described.get("key", guid),
            label=name,
            text=text,
            language=known.pop("language", ""),
            attributes=tuple(known.items()),
        )
        self._sources.append(source)
        whole = len(element.findall(_tag("Coding")))
        if whole:
            self.remarks.add(RemarkKind.WHOLE_SOURCE_CODED, name, whole)
        if element.find(_tag("NoteRef")) is not None:
            self.remarks.add(RemarkKind.NOTES_LEFT, name)
        for selection in element.findall(_tag("PlainTextSelection")):
            self._take_selection(selection, source)

    def _once(self, guid: str) -> None:
        """Check that a GUID was not met before."""
        if guid in self._seen:
            raise errors.GuidTwiceError(guid=guid)
        self._seen.add(guid)

    def _text(self, element: Element) -> str | None:
        """Return a text that stands inside an element or in a part of the archive."""
        if element.find(_tag("PlainTextContent")) is not None:
            return find_text(element, "PlainTextContent", NAMESPACE)
        path = element.get("plainTextPath", "")
        # Some programs leave the scheme out; the others point outside of the archive.
        if "://" in path.removeprefix("internal://"):
            return None
        path = path.removeprefix("internal://").casefold().replace("\\", "/")
        part = self.parts.get(path.removeprefix("sources/"))
        if part is None:
            return None
        if self.archive.getinfo(part).file_size > _SOURCE:
            raise _inflated()
        data = self.archive.read(part)
        for encoding in ("utf-16", "utf-8-sig"):
            if encoding == "utf-16" and data[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
                continue
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                return None
        return None

    def _values(self, element: Element) -> list[tuple[str, str]]:
        """Return the variables of a text or a case, those with a name and a value."""
        found = []
        for value in element.findall(_tag("VariableValue")):
            reference = value.find(_tag("VariableRef"))
            target = None if reference is None else normal_guid(reference.get("targetGUID"))
            words = ["".join(child.itertext()) for child in value if local(child) != "VariableRef"]
            if target in self._variables and words:
                found.append((self._variables[target], words[0]))
        return found

    def _take_selection(self, element: Element, source: Source) -> None:
        """Take a selection: a passage for each of its codes, or one without."""
        guid = required_guid(element)
        self._once(guid)
        start, end = (self._position(element, name, source) for name in ("start", "end"))
        check_selection(source.label, len(source.text), start, end)
        if start == end:
            self.remarks.add(RemarkKind.SELECTION_EMPTY, source.label)
            return
        if element.find(f".//{_tag('NoteRef')}") is not None:
            self.remarks.add(RemarkKind.NOTES_LEFT, source.label)
        passage = self._described(element, source, guid, start, end)
        codings = element.findall(_tag("Coding"))
        for coding in codings:
            theme = self._theme(coding, source)
            coder, moment = self._by_whom(coding, source)
            self._passages.append(
                replace(
                    passage,
                    theme=theme,
                    coder=coder or passage.coder,
                    coded_at=moment or passage.coded_at,
                )
            )
        if not codings:
            self._passages.append(passage)

    def _described(
        self, element: Element, source: Source, guid: str, start: int, end: int
    ) -> CodedPassage:
        """Return a passage with what its own description and its answer say of it."""
        fields, free = read_block(find_text(element, "Description", NAMESPACE))
        if free:
            self.remarks.add(RemarkKind.NOTES_LEFT, source.label)
        said, known = dict(fields), dict(source.attributes)
        coder, moment = self._by_whom(element, source)
        shared: dict[str, Any] = {name: said.get(name, known.get(name, "")) for name in SHARED}
        return CodedPassage(
            key=said.get("key", guid),
            source=source.key,
            text=source.text[start:end],
            start=start,
            end=end,
            language=said.get("language", source.language),
            state=state_named(said.get("state", "")),
            margin=self._margin(said.get("margin"), source),
            coder=coder,
            coded_at=moment,
            **shared,
        )

    def _position(self, element: Element, name: str, source: Source) -> int:
        """Return one of a selection's two positions."""
        value = element.get(f"{name}Position", "")
        try:
            return int(value) if len(value) < 12 else -1
        except ValueError as error:
            raise errors.PositionError(source=source.label, value=value[:60]) from error

    def _theme(self, coding: Element, source: Source) -> str | None:
        """Return the key of the code that a coding gives."""
        reference = coding.find(_tag("CodeRef"))
        guid = None if reference is None else normal_guid(reference.get("targetGUID"))
        theme = self.codes.keys.get(guid or "")
        if theme is None:
            self.remarks.add(RemarkKind.CODE_UNKNOWN, source.label)
        return theme

    def _by_whom(self, element: Element, source: Source) -> tuple[str | None, datetime | None]:
        """Return who made something, and when."""
        guid = element.get("creatingUser")
        coder = self._users.get(normal_guid(guid) or "")
        if guid and coder is None:
            self.remarks.add(RemarkKind.USER_UNKNOWN, source.label)
        return coder, self._moment(element.get("creationDateTime"), source)

    def _moment(self, text: str | None, source: Source) -> datetime | None:
        """Return an instant; one without an offset is taken for UTC."""
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text.strip())
            return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError):
            self.remarks.add(RemarkKind.MOMENT_UNKNOWN, source.label)
            return None

    def _margin(self, text: str | None, source: Source) -> float | None:
        """Return a margin."""
        if text is None:
            return None
        try:
            margin = float(text)
        except ValueError:
            margin = -1
        if not 0 <= margin <= 1:
            self.remarks.add(RemarkKind.FIGURE_UNKNOWN, source.label)
            return None
        return margin

    # --- the whole ------------------------------------------------------------------------------

    def project(self) -> CodedProject:
        """Return the project, once all is read."""
        texts = {guid: text for guid, (_name, text) in self._notes.items()}
        own = [texts.pop(guid) for guid in self._own_notes if guid in texts]
        codes = tuple(codes_with_notes(self._book, self.codes, texts))
        for guid in texts:
            self.remarks.add(RemarkKind.NOTES_LEFT, self._notes[guid][0] or guid)
        titles = self._titles or ({} if self._name == ORIGIN else read_titles(self._name, []))
        if not (codes or self._sources):
            raise errors.NoCodeError
        return CodedProject(
            codebook=Codebook(codes=codes, **titles),
            sources=tuple(self._sources),
            passages=tuple(self._passages),
            users=tuple(self._users.values()),
            note="\n".join(own),
        )
