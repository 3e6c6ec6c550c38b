"""Descriptions that people read in any program, and that are read back field by field.

A line names the product; each line under it is ``Label : value``. Further lines of a value stand
four spaces in. Whatever else someone wrote around it is kept as free text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.themes.exchange.labels import field_named, label

_TITLE = "— Tachawor —"
_INDENT = " " * 4
_LINE = re.compile(r"([^:\n]{1,60}?)[ \u00a0\u202f]?:(?: (.*))?", re.DOTALL)

Fields = list[tuple[str, str]]


def write_block(fields: Iterable[tuple[str, str]], language: str) -> str:
    """Return the description that holds the fields; nothing for none."""
    lines = [
        f"{label(field, language)} : {value}".replace("\n", f"\n{_INDENT}")
        for field, value in fields
    ]
    return "\n".join([_TITLE, *lines]) if lines else ""


def read_block(text: str) -> tuple[Fields, str]:
    """Return the fields of a description, and the words around them."""
    before, title, after = f"\n{text}".partition(f"\n{_TITLE}")
    if not title or after[:1] not in {"", "\n", "\r"}:
        return [], text
    if after.startswith("\r"):
        # The program in between writes line ends its own way.
        after = after.replace("\r\n", "\n")
    fields: Fields = []
    free = [before.strip()]
    # No value ends in a bare line end: those at the end are another program's.
    for line in after.rstrip("\n").split("\n")[1:]:
        field, value = _labelled(line)
        if field:
            fields.append((field, value))
        elif fields and (line.startswith(_INDENT) or not line):
            name, held = fields[-1]
            fields[-1] = (name, f"{held}\n{line[len(_INDENT) :]}")
        else:
            free.append(line.strip())
    return fields, "\n".join(filter(None, free))


def _labelled(line: str) -> tuple[str | None, str]:
    """Return the field that a line begins, and its value."""
    found = None if line.startswith(" ") else _LINE.fullmatch(line)
    return (field_named(found[1]), found[2] or "") if found else (None, "")
