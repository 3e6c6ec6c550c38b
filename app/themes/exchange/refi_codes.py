"""Codes in REFI-QDA's XML, which codebooks and projects write alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from app.core.text import text_direction
from app.themes.exchange import errors
from app.themes.exchange.block import Fields, read_block, write_block
from app.themes.exchange.identity import guid_of, normal_guid
from app.themes.exchange.labels import read_yes_or_no, yes_or_no
from app.themes.exchange.remarks import RemarkKind, Remarks
from app.themes.exchange.tree import LEVELS, N_CODES, check_tree, children_of
from app.themes.exchange.values import Code, Codebook, Example
from app.themes.exchange.xml import XmlWriter, find_text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Language = Literal["fr", "ar"]

COLOR = re.compile("#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
#: Texts of a code that its description holds, in order.
_TEXTS = (
    *("definition_fr", "definition_ar", "inclusion_fr", "inclusion_ar"),
    *("exclusion_fr", "exclusion_ar", "axis", "population"),
)


# --- writing ------------------------------------------------------------------------------------


def write_codes(out: XmlWriter, codebook: Codebook, language: Language, remarks: Remarks) -> None:
    """Write the element of all codes, those under another inside it.

    :raises ExchangeRefusedError: if they are not a tree.
    """
    check_tree(codebook.codes, remarks)
    under = children_of(codebook.codes)
    out.start("Codes")
    for code in under.get(None, []):
        _write_code(out, code, under, language, remarks)
    out.end()


def _write_code(
    out: XmlWriter,
    code: Code,
    under: dict[str | None, list[Code]],
    language: Language,
    remarks: Remarks,
) -> None:
    """Write a code and what stands under it."""
    spoken = language if _name(code, language) else _other(language)
    out.where = name = _name(code, spoken)
    color = code.color if code.color and COLOR.fullmatch(code.color) else None
    if code.color and not color:
        remarks.add(RemarkKind.COLOR_DROPPED, name)
    guid = guid_of("code", code.key)
    out.start("Code", guid=guid, name=name, isCodable="true", color=color)
    out.leaf("Description", write_block(_fields(code, spoken, guid), language))
    for child in under.get(code.key, []):
        _write_code(out, child, under, language, remarks)
    out.end()


def _name(code: Code, language: Language) -> str:
    """Return a code's name in a language."""
    return code.name_ar if language == "ar" else code.name_fr


def _other(language: Language) -> Language:
    """Return the other of the two languages."""
    return "fr" if language == "ar" else "ar"


def _fields(code: Code, spoken: Language, guid: str) -> Fields:
    """Return what a code's description holds: all that has no place elsewhere."""
    fields = [] if guid == code.key else [("key", code.key)]
    # The line of the other name tells in which language the name itself is.
    fields.append((f"name_{_other(spoken)}", _name(code, _other(spoken))))
    fields.extend((name, value) for name in _TEXTS if (value := getattr(code, name)))
    fields.append(("is_validated", yes_or_no(code.is_validated, spoken)))
    for example in code.examples:
        fields.append(("example", example.text))
        if example.language:
            fields.append(("example_language", example.language))
        if example.source:
            fields.append(("example_source", example.source))
    return fields


# --- reading ------------------------------------------------------------------------------------


@dataclass
class CodesReader:
    """Reads codes and remembers what cannot be known before the rest is read.

    :ivar keys: key of each code by its GUID.
    :ivar notes: GUIDs of the notes on each code, by the code's key.
    :ivar first_single: the first name that has no other beside it.
    """

    namespace: str
    language: Language
    remarks: Remarks
    keys: dict[str, str] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    first_single: str = ""

    def read(self, element: Element) -> tuple[Code, ...]:
        """Return the codes of a ``Codes`` element, each before those under it.

        :raises ExchangeRefusedError: if a code has no name or GUID, or there are far too many.
        """
        codes: list[Code] = []
        waiting: list[tuple[Element, str | None, int]] = [
            (child, None, 1) for child in reversed(self._children(element))
        ]
        while waiting:
            found, parent, level = waiting.pop()
            if level > LEVELS:
                raise errors.TooDeepError(limit=LEVELS)
            if len(codes) >= N_CODES:
                raise errors.TooManyCodesError(limit=N_CODES)
            code = self._code(found, parent)
            codes.append(code)
            waiting.extend((c, code.key, level + 1) for c in reversed(self._children(found)))
        return tuple(codes)

    def _children(self, element: Element) -> list[Element]:
        """Return the codes right under an element."""
        return element.findall(f"{{{self.namespace}}}Code")

    def _code(self, element: Element, parent: str | None) -> Code:
        """Return one code."""
        guid, name = required_guid(element), element.get("name", "")
        if guid in self.keys:
            raise errors.GuidTwiceError(guid=guid)
        if not name.strip():
            raise errors.CodeNameMissingError(guid=guid)
        fields, free = read_block(find_text(element, "Description", self.namespace))
        values = self._described(fields, free, name)
        key = values.pop("key", guid)
        if key in self.notes:
            raise errors.GuidTwiceError(guid=key)
        self.keys[guid] = key
        self._remark(element, values, name)
        said = _said(fields, values)
        references = element.findall(f"{{{self.namespace}}}NoteRef")
        self.notes[key] = [normal_guid(ref.get("targetGUID")) or "" for ref in references]
        return Code(
            key=key,
            parent=parent,
            color=self._color(element, name),
            is_validated=bool(read_yes_or_no(values.pop("is_validated", ""))),
            examples=examples_in(fields),
            axis=values.pop("axis", None),
            population=values.pop("population", None),
            said=said,
            **values,
        )

    def _remark(self, element: Element, values: dict[str, str], name: str) -> None:
        """Say what is unusual about a code."""
        if not (values["name_fr"] and values["name_ar"]):
            self.first_single = self.first_single or name
            self.remarks.add(RemarkKind.NAME_IN_ONE_LANGUAGE, self.first_single)
        if element.get("isCodable", "true").strip() in {"false", "0"}:
            self.remarks.add(RemarkKind.NOT_CODABLE, name)

    def _described(self, fields: Fields, free: str, name: str) -> dict[str, Any]:
        """Return a code's names and what its description says of it."""
        known = {"key", "name_fr", "name_ar", "is_validated", *_TEXTS}
        values = {field: value for field, value in fields if field in known}
        spoken = self._language_of(name, values)
        values[f"name_{spoken}"] = name
        values.setdefault(f"name_{_other(spoken)}", "")
        if free:
            self._keep(free, values, is_ours=bool(fields), name=name)
        return values

    def _language_of(self, name: str, values: dict[str, str]) -> Language:
        """Tell the language of a name: ours say it, in others' files the script does."""
        for language in ("fr", "ar"):
            if f"name_{language}" in values and f"name_{_other(language)}" not in values:
                return _other(language)
        has_letters = any(sign.isalpha() for sign in name)
        if not has_letters:
            return self.language
        return "ar" if text_direction(name) == "rtl" else "fr"

    def _keep(self, free: str, values: dict[str, str], *, is_ours: bool, name: str) -> None:
        """Keep words without a label as a definition, or under the one that is there."""
        target = "definition_ar" if text_direction(free) == "rtl" else "definition_fr"
        held = values.get(target, "")
        values[target] = f"{held}\n{free}" if held else free
        if is_ours:
            self.remarks.add(RemarkKind.FREE_TEXT_KEPT, name)

    def _color(self, element: Element, name: str) -> str | None:
        """Return a code's colour."""
        color = (element.get("color") or "").strip()
        if color and not COLOR.fullmatch(color):
            self.remarks.add(RemarkKind.COLOR_DROPPED, name)
            return None
        return color or None


def _said(fields: Fields, values: dict[str, str]) -> frozenset[str] | None:
    """Return what a code speaks of: ours say everything, others their place and what is there."""
    if fields:
        return None
    return frozenset({"parent", *(name for name, value in values.items() if value)})


def examples_in(fields: Fields) -> tuple[Example, ...]:
    """Return the examples among fields: a text, then its language and its source."""
    found: list[dict[str, str]] = []
    for name, value in fields:
        if name == "example":
            found.append({"text": value})
        elif name in {"example_language", "example_source"} and found:
            found[-1][name.removeprefix("example_")] = value
    return tuple(Example(**values) for values in found)


def required_guid(element: Element) -> str:
    """Return an element's GUID.

    :raises GuidError: if it has none.
    """
    guid = normal_guid(element.get("guid"))
    if guid is None:
        name = element.tag.rpartition("}")[2]
        raise errors.GuidError(element=name, guid=(element.get("guid") or "")[:60])
    return guid


def titles_of(codebook: Codebook, language: Language) -> tuple[str, Fields]:
    """Return the title to show, and the fields that say the other one."""
    titles = {"fr": codebook.title_fr, "ar": codebook.title_ar}
    spoken = language if titles[language] else _other(language)
    return titles[spoken], [(f"title_{_other(spoken)}", titles[_other(spoken)])]


def read_titles(name: str, fields: Fields) -> dict[str, str]:
    """Return a codebook's titles from what is shown and what is described."""
    said = dict(fields)
    for language in ("fr", "ar"):
        other = "fr" if language == "ar" else "ar"
        if f"title_{language}" in said:
            return {f"title_{other}": name, f"title_{language}": said[f"title_{language}"]}
    language = "ar" if text_direction(name) == "rtl" else "fr"
    return {f"title_{language}": name}


def codes_with_notes(
    codes: tuple[Code, ...], reader: CodesReader, notes: dict[str, str]
) -> Iterator[Code]:
    """Yield codes; notes on those without a definition become it."""
    for code in codes:
        words = [notes.pop(guid) for guid in reader.notes.get(code.key, ()) if guid in notes]
        text = "\n".join(filter(None, words))
        if text and text_direction(text) == "rtl":
            yield replace(code, definition_ar="\n".join(filter(None, [code.definition_ar, text])))
        elif text:
            yield replace(code, definition_fr="\n".join(filter(None, [code.definition_fr, text])))
        else:
            yield code
