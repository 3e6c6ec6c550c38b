"""Tables: a row of heads that is repeated, rows that no page parts, columns in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from app.reports.word.paper import Paper
from app.reports.word.runs import direction, pieces, run, runs
from app.reports.word.styles import TEXT_WIDTH
from app.reports.word.xml import Element, holdable, make


@dataclass(frozen=True)
class Column:
    """A column: its head, its part of the width, and whether it holds figures."""

    head: str
    width: float = 1
    figures: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell that is more than words in the document's language.

    :ivar code: the language of its words, empty for the document's.
    :ivar fill: colour of its ground; :ivar light: whether its words are light on it.
    :ivar strong: whether its words are set apart.
    :ivar content: elements in the place of words.
    """

    text: str = ""
    code: str = ""
    fill: str = ""
    light: bool = False
    strong: bool = False
    content: tuple[Element, ...] = ()


Row = Sequence[str | Cell]

#: A table of so many rows stands on one page; longer ones keep their first and last rows together.
TOGETHER = 18


def caption(paper: Paper, title: str, note: str = "", *, figure: int = 0) -> None:
    """Add a table's number and title, with what it counts below.

    :param figure: the number of the picture that the table says again, which then is its title.
    """
    if figure:
        before, after = _("Figure %(number)s in numbers", number="\0").split("\0")
        number = paper.field(f"REF {_figure_at(figure)} \\h", str(figure))
        words = [*paper.text(before), *number, *paper.text(after)]
    else:
        words = [*paper.text(title)]
    _captioned(paper, _("Table %(number)s", number="\0"), _counted(paper, "table")[1], words)
    if note:
        paper.say("Note", note, keep=True)


def figure_caption(paper: Paper, title: str) -> int:
    """Add a picture's number and title, and return the number."""
    number, field = _counted(paper, "figure")
    field = paper.bookmarked(_figure_at(number), field)
    _captioned(paper, _("Figure %(number)s", number="\0"), field, [*paper.text(title)])
    return number


def _figure_at(number: int) -> str:
    """Return the bookmark of a picture's number."""
    return f"_Ref{number:08d}"


def _counted(paper: Paper, kind: str) -> tuple[int, list[Element]]:
    """Return the next number, and as a field that the word processor keeps counting."""
    number = paper.count(kind)
    return number, paper.field(f"SEQ Tachawor_{kind} \\* ARABIC", str(number))


def _captioned(paper: Paper, label: str, number: list[Element], title: list[Element]) -> None:
    """Add a caption."""
    before, after = label.split("\0")
    words = [*paper.text(before), *number, *paper.text(f"{after}. "), *title]
    paper.add(paper.paragraph("Caption", *words))


def table(
    paper: Paper,
    columns: Sequence[Column],
    rows: Iterable[Row],
    *,
    foot: Row | None = None,
    title: str = "",
    after: str = "",
    small: bool = False,
) -> None:
    """Add a table.

    :param foot: its last row, the sum.
    :param title: what it is, for those who do not see it.
    :param after: what is said below it.
    """
    widths = _widths(columns)
    style = "SmallCell" if small else "Cell"
    body = [_row(paper, columns, widths, row, style) for row in rows]
    if foot is not None:
        body.append(_row(paper, columns, widths, foot, style))
    last = len(body) if after else len(body) - 1
    for one in body[:last] if len(body) <= TOGETHER else [*body[:1], *body[-3:last]]:
        _keep(one)
    heads = _row(paper, columns, widths, [column.head for column in columns], style, is_head=True)
    _keep(heads)
    paper.add(
        make(
            "tbl",
            _properties(paper, title, has_foot=foot is not None),
            make("tblGrid", *(make("gridCol", w=width) for width in widths)),
            heads,
            *body,
        ),
        # Two tables that follow each other would become one, and the last needs a line after it.
        paper.paragraph("Note" if after else "TableEnd", *paper.text(after)),
    )


def figures(paper: Paper, values: Sequence[tuple[str, str]]) -> None:
    """Add large figures side by side, each over what it counts."""
    width = TEXT_WIDTH // len(values)
    cells = [
        make(
            "tc",
            make("tcPr", make("tcW", w=width, type="dxa")),
            paper.paragraph("KeyFigure", run(paper.figure(value))),
            paper.paragraph("KeyLabel", *paper.text(label)),
        )
        for value, label in values
    ]
    paper.add(
        make(
            "tbl",
            make(
                "tblPr",
                make("tblStyle", val="TableNormal"),
                make("bidiVisual") if paper.rtl else None,
                make("tblW", w=width * len(values), type="dxa"),
                make("tblLayout", type="fixed"),
            ),
            make("tblGrid", *(make("gridCol", w=width) for _value in values)),
            make("tr", make("trPr", make("cantSplit")), *cells),
        ),
    )


def _properties(paper: Paper, title: str, *, has_foot: bool) -> Element:
    """Return what a table is like."""
    return make(
        "tblPr",
        make("tblStyle", val="Tachawor"),
        make("bidiVisual") if paper.rtl else None,
        make("tblW", w=TEXT_WIDTH, type="dxa"),
        make("tblLayout", type="fixed"),
        make(
            "tblLook",
            val="0660" if has_foot else "0620",
            firstRow=1,
            lastRow=int(has_foot),
            firstColumn=0,
            lastColumn=0,
            noHBand=1,
            noVBand=1,
        ),
        make("tblCaption", val=holdable(title)) if title else None,
    )


def _widths(columns: Sequence[Column]) -> list[int]:
    """Return the width of each column in twips; their sum is that of the text."""
    parts = sum(column.width for column in columns)
    widths = [int(TEXT_WIDTH * column.width / parts) for column in columns]
    widths[0] += TEXT_WIDTH - sum(widths)
    return widths


def _keep(row: Element) -> None:
    """Keep a row on the page of the one after it."""
    for properties in row.iter(make("pPr").tag):
        properties.insert(1, make("keepNext"))


def _row(
    paper: Paper,
    columns: Sequence[Column],
    widths: Sequence[int],
    row: Row,
    style: str,
    *,
    is_head: bool = False,
) -> Element:
    """Return a row, which is never parted; heads come again on every page."""
    cells = []
    for column, width, value in zip(columns, widths, row, strict=True):
        cell = value if isinstance(value, Cell) else Cell(value)
        cells.append(
            make(
                "tc",
                make(
                    "tcPr",
                    make("tcW", w=width, type="dxa"),
                    make("shd", val="clear", color="auto", fill=cell.fill) if cell.fill else None,
                    make("vAlign", val="bottom" if is_head else "center"),
                ),
                _words(paper, column, cell, style, is_head=is_head),
            )
        )
    head = make("tblHeader") if is_head else None
    return make("tr", make("trPr", make("cantSplit"), head), *cells)


def _words(paper: Paper, column: Column, cell: Cell, style: str, *, is_head: bool) -> Element:
    """Return the paragraph of a cell; figures run to the right, aligned on their units."""
    if cell.content:
        return paper.paragraph(style, *cell.content)
    if column.figures and not is_head:
        piece = paper.figure(_bare(cell.text), _character(cell))
        return paper.paragraph(style, run(piece), rtl=False, align="right")
    code = cell.code or paper.lang
    rtl = direction(code, cell.text)
    # Heads stand over the units: on the right, which is where Arabic lines begin.
    align = "right" if column.figures and not rtl else ""
    return paper.paragraph(
        style, *runs(pieces(cell.text, code, _character(cell))), rtl=rtl, align=align
    )


def _character(cell: Cell) -> str:
    """Return the character style of a cell's words."""
    if cell.light:
        return "LightStrong" if cell.strong else "Light"
    return "Underlined" if cell.strong else ""


def _bare(text: str) -> str:
    """Return a figure without the markup of pages."""
    return str(text.striptags()) if isinstance(text, Markup) else text
