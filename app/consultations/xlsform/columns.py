"""Columns of a form's sheets: which one says what, in which language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from app.consultations.xlsform.sheets import Cell, Sheet
from app.core.text import clean_text

#: How a language's columns are headed where a form has none of it yet.
HEADINGS = {"fr": "Français (fr)", "ar": "العربية (ar)", "en": "English (en)"}
#: Columns that may be said in several languages.
SPOKEN = {"label", "hint", "constraint_message", "required_message", "guidance_hint"}
_NAMES = {
    "fr": "fr", "français": "fr", "francais": "fr", "french": "fr", "الفرنسية": "fr",
    "ar": "ar", "arabic": "ar", "arabe": "ar", "العربية": "ar", "عربي": "ar", "عربية": "ar",
    "en": "en", "english": "en", "anglais": "en", "الإنجليزية": "en",
}  # fmt: skip
_ALIASES = {"relevance": "relevant", "value": "name", "constraint_msg": "constraint_message"}
_CODE = re.compile(r"\(([A-Za-z]{2,3})(?:[-_]\w+)?\)\s*$")
_ARABIC = re.compile("[\u0600-\u06ff]")


def language_of(name: str) -> str | None:
    """Return the code of a language as forms name it, None for one that is not shown here."""
    found = _CODE.search(name)
    code = found[1].lower() if found else name.strip().lower()
    return _NAMES.get(code)


def text_of(cell: Cell | None) -> str:
    """Return what a cell says as a text."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return clean_text(str(cell))


class Columns:
    """What the headings of one sheet mean.

    :ivar plain: heading by what the column says (``relevant``).
    :ivar spoken: headings by what the column says and by language.
    :ivar foreign: headings in a language that is not shown here, with the language's name.
    """

    def __init__(self, headings: Iterable[str], default: str = "fr") -> None:
        self.plain: dict[str, str] = {}
        self.spoken: dict[str, dict[str, str]] = {}
        self.foreign: dict[str, str] = {}
        for heading in headings:
            self._learn(heading, default)

    def _learn(self, heading: str, default: str) -> None:
        """Understand one heading."""
        name, *rest = [part.strip() for part in re.split("::", heading)]
        if not rest and ":" in heading:
            head, _sign, tail = heading.partition(":")
            if normal(head) in SPOKEN:
                name, rest = head, [tail.strip()]
        said = normal(name)
        if said not in SPOKEN:
            self.plain.setdefault("::".join([said, *rest]), heading)
            return
        code = language_of(rest[0]) if rest else default
        if code is None:
            self.foreign[heading] = rest[0]
        elif code not in self.spoken.setdefault(said, {}):
            self.spoken[said][code] = heading

    def text(self, row: Mapping[str, Cell], name: str) -> str:
        """Return what a row says in a column."""
        return text_of(row.get(self.plain.get(name, "")))

    def texts(self, row: Mapping[str, Cell], name: str) -> dict[str, str]:
        """Return what a row says in each language."""
        found = {
            code: text_of(row.get(heading)) for code, heading in self.spoken.get(name, {}).items()
        }
        return {code: found[code] for code in HEADINGS if found.get(code)}

    def heading(self, name: str, code: str = "") -> str:
        """Return the heading of a column, there or to be made."""
        if not code:
            return self.plain.get(name, name)
        return self.spoken.get(name, {}).get(code, f"{name}::{HEADINGS[code]}")


def normal(name: str) -> str:
    """Return a heading's name in the form in which it is looked up."""
    folded = re.sub(r"\s+", "_", name.strip().lower())
    return _ALIASES.get(folded, folded)


def default_language(survey: Sheet, settings: Sheet | None) -> str:
    """Return the language of columns that do not say theirs."""
    if settings and settings.rows:
        columns = Columns(settings.columns)
        code = language_of(columns.text(settings.rows[0], "default_language"))
        if code:
            return code
    words = "".join(text_of(row.get("label")) for row in survey.rows)
    return "ar" if len(_ARABIC.findall(words)) * 2 > len(words) else "fr"
