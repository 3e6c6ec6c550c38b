"""Fail when a message of the interface lacks a translation: ``python -m bin.check_catalogs``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
PLURALS = {"fr": 2, "ar": 6}
#: An ordinary space where French wants one that no line ends at.
LOOSE = re.compile(r"\S [:;?!»](?!//)|« ")
PLACE = re.compile(r"%\((\w+)\)[sd]")


def in_the_code() -> set[str | tuple[str, ...]]:
    """Return every message that code and templates ask for."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as lines:
        methods, options = parse_mapping_cfg(lines)
    return {
        message
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / "app", methods, options, KEYWORDS
        )
    }


def faults(message: Message, lang: str) -> list[str]:
    """Return what is wrong with a translation."""
    source = message.id if isinstance(message.id, str) else message.id[-1]
    forms = [message.string] if isinstance(message.string, str) else list(message.string)
    found = []
    if not all(form.strip() for form in forms):
        found.append("not translated")
    if message.fuzzy:
        found.append("fuzzy")
    if not isinstance(message.id, str) and len(forms) != PLURALS[lang]:
        found.append(f"{len(forms)} plural forms instead of {PLURALS[lang]}")
    wanted = set(PLACE.findall(source))
    if any(set(PLACE.findall(form)) - wanted for form in forms):
        found.append("names a place that the source lacks")
    if isinstance(message.id, str) and set(PLACE.findall(forms[0])) != wanted:
        found.append("does not keep the named places")
    if lang == "fr" and any(LOOSE.search(form) for form in forms):
        found.append("a line could end before a sign of punctuation")
    return found


def main() -> int:
    """Print every fault and return 1 if there is one."""
    asked, count = in_the_code(), 0
    for lang in PLURALS:
        path = ROOT / "translations" / lang / "LC_MESSAGES" / "messages.po"
        with path.open("rb") as lines:
            catalog: Catalog = read_po(lines, locale=lang)
        known = {message.id: message for message in catalog if message.id}
        for wanted in sorted(asked, key=str):
            key = wanted if isinstance(wanted, str) else tuple(wanted)
            problems = faults(known[key], lang) if key in known else ["missing from the catalog"]
            for problem in problems:
                sys.stderr.write(f"{lang}: {problem}: {key!r}\n")
                count += 1
    sys.stderr.write(f"{len(asked)} messages, {count} faults\n")
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main())
