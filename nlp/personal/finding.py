"""All personal data of a text, overlaps resolved."""

import re
from collections.abc import Iterable
from typing import Final

from nlp.personal.contacts import find_contacts
from nlp.personal.kinds import Found
from nlp.personal.names import find_names
from nlp.personal.numbers import Hit, find_numbers
from nlp.personal.view import View, view_of

_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]+")
#: Readings at most: what is found is hidden and the rest read again, until nothing more is found.
_MOST_READINGS: Final = 8


def _hits(text: str) -> Iterable[Hit]:
    """Yield everything found in one reading."""
    forms = frozenset(_LETTERS.findall(text.lower()))
    if _DIGIT.search(text):
        yield from find_numbers(text)
    yield from find_contacts(text, forms)
    yield from find_names(text, forms)


def _apart(hits: Iterable[Hit]) -> list[Hit]:
    """Return hits that do not overlap, in order: the surest first, then the longest."""
    kept: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda h: (-h.certainty, h.start - h.end, h.start, h.kind)):
        stretch = range(hit.start, hit.end)
        if taken.isdisjoint(stretch):
            kept.append(hit)
            taken.update(stretch)
    return sorted(kept, key=lambda hit: hit.start)


def _found_in(view: View) -> list[Hit]:
    """Read a view again and again until nothing more is found."""
    found: list[Hit] = []
    for _ in range(_MOST_READINGS):
        new = _apart(_hits(view.text))
        if not new:
            break
        found += new
        view = view.without([(hit.start, hit.end) for hit in new])
    return found


def find_personal_data(text: str) -> list[Found]:
    """Return the personal data of a text, in order, without overlaps.

    Numbers are recognised by shape, check digits and neighbouring words, names only after a word
    that announces them. Marks of direction, vowel signs, Arabic-Indic digits and unusual spaces
    do not hide anything. Nothing is found in labels that :func:`nlp.personal.mask` wrote.

    Parameters
    ----------
    text : str
        The text, as written.

    Returns
    -------
    list of Found
        Offsets are code points of the text.
    """
    view = view_of(text)
    found = [
        Found(hit.kind, *view.original(hit.start, hit.end), hit.certainty)
        for hit in _found_in(view)
    ]
    return sorted(found, key=lambda item: item.start)
