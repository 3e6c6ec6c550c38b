"""How many quotations a page has room for, reckoned by their letters before anything is set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

Quotation = dict[str, Any]

#: Heights in millimetres: what a sheet's second page has for words, a line of its sentences, a
#: page; a line of what is said of a theme and the head of its page, in French and in Arabic.
_ROOM, _LINE, _PAGE = 140, 6.3, 246
_SLACK = (-3.0, 0.0)
_FACTS = ((5.0, 95.0), (6.6, 101.0))

#: Heights of a heading, of a row of a table, of its title, of what explains it, and of the rest.
_HEADING, _ROW, _TITLE, _EXPLAINED = 12, 5.6, 8, 9
_TABLE = (5.0, 13.0)

#: Letters in a line of a sheet's sentences and of what is said of a theme.
_LETTERS, _FACTS_LETTERS = 88, 102


@dataclass(frozen=True)
class Setting:
    """How a quotation is set: letters in a line, millimetres of a line and of what is around."""

    letters: int
    line: float
    around: float


_WIDE, _LARGE = Setting(86, 6.1, 10), Setting(64, 8.1, 12)
_NARROW, _SMALL = Setting(38, 5.8, 11.5), Setting(43, 5.1, 10.5)


def in_columns(
    said: list[Quotation], facts: int, *, is_arabic: bool, below: float = 0
) -> tuple[str, list[list[Quotation]], list[Quotation]]:
    """Return a theme's quotations in two columns, as its first page has room, and the rest.

    They are set small if that keeps more of them on the page; the first word of the answer says so.

    :param said: the first one is set large above the columns.
    :param facts: letters of what the page says of the theme before.
    :param below: millimetres of what the page has under the columns.
    """
    line, head = _FACTS[is_arabic]
    room = _PAGE - head - line * ceil(facts / _FACTS_LETTERS) - below
    room -= height(said[0], _LARGE) if said else 0
    columns, rest = _filled(said[1:], _NARROW, room)
    if not rest:
        return "", columns, rest
    return "small", *_filled(said[1:], _SMALL, room + _SLACK[is_arabic])


@dataclass(frozen=True)
class Table:
    """A table that says who raises a theme."""

    rows: int
    is_titled: bool = True
    is_explained: bool = False


def of_groups(sentences: list[int], tables: list[Table], *, is_arabic: bool) -> float:
    """Return about how many millimetres sentences and tables take that say who raises a theme.

    :param sentences: letters of each sentence.
    """
    told = sum(_LINE * ceil(n / _LETTERS) + 2 for n in sentences)
    return _HEADING + told + sum(
        _TABLE[is_arabic] + _ROW * one.rows + _TITLE * one.is_titled + _EXPLAINED * one.is_explained
        for one in tables
    )


def _filled(
    said: list[Quotation], setting: Setting, room: float
) -> tuple[list[list[Quotation]], list[Quotation]]:
    """Put quotations into the shorter of two columns while there is room."""
    heights = [0.0, 0.0]
    columns: list[list[Quotation]] = [[], []]
    rest = []
    for quotation in said:
        at = int(heights[1] < heights[0])
        tall = height(quotation, setting)
        if heights[at] + tall > room:
            rest.append(quotation)
        else:
            heights[at] += tall
            columns[at].append(quotation)
    return columns, rest


def height(quotation: Quotation, setting: Setting) -> float:
    """Return about how many millimetres a quotation takes."""
    is_arabic = quotation["language"] in {"ar", "ar-MA"}
    letters = setting.letters * (1.06 if is_arabic else 1)
    line = setting.line * (1.3 if is_arabic else 1)
    return line * ceil(max(len(quotation["text"]), 1) / letters) + setting.around


def on_sheet(said: list[Quotation], spare: int, sentences: list[int]) -> list[Quotation]:
    """Return the quotations for which the second page of a region's sheet has room.

    :param spare: rows that its table of themes does not need.
    :param sentences: letters of each sentence that stands before.
    """
    room = _ROOM + spare * _LINE - sum(_LINE * ceil(n / _LETTERS) + 2 for n in sentences)
    return list(_while_room(said, room))


def _while_room(said: list[Quotation], room: float) -> Iterator[Quotation]:
    """Yield quotations until there is no room for one more."""
    for at, quotation in enumerate(said):
        room -= height(quotation, _WIDE if at else _LARGE)
        if room < 0:
            return
        yield quotation
