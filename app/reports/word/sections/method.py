"""How the report is made: the note that the page and the files share, set as this document is."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext as _
from lxml import html  # type: ignore[import-untyped]
from markupsafe import Markup

from app.core.i18n import ltr
from app.reports.sentences import fill
from app.reports.word.sections.sheet import Section, Sheet
from app.reports.word.tables import Cell, Column, Row, caption, table

#: Elements of the note that are paragraphs.
_STYLES = {"p": "BodyText", "li": "ListBullet"}


def write(sheet: Sheet, section: Section) -> None:
    """Add the section; where claims say how the report was made, the note adds what words mean."""
    sheet.paper.heading(1, _("How this report is made"))
    sheet.words(section)
    sheet.claims(section)
    if section["claims"]:
        _measures(sheet)
        _meanings(sheet)
    else:
        _set(sheet, _page(sheet, "reports/_method.html"))
    sheet.said(section)


def _page(sheet: Sheet, template: str) -> Any:
    """Return a part of the page, taken apart."""
    page = render_template(
        template,
        body=sheet.body,
        view=sheet.view,
        edition=sheet.edition,
        m=sheet.body["method"],
    )
    return html.fragment_fromstring(page, create_parent="div")


def _measures(sheet: Sheet) -> None:
    """Add the tables of agreement, where it was measured."""
    measured = sheet.body["method"].get("reliability")
    if measured and measured["round"]:
        for element in _page(sheet, "reports/_reliability.html").iter("table"):
            _table(sheet, element)


def _meanings(sheet: Sheet) -> None:
    """Say what the words and the figures of the report mean."""
    sheet.paper.heading(2, _("What the words mean"))
    for text in (
        _(
            "A voice is a contributor with at least one passage of their own in a theme. One may "
            "raise several themes: the shares of the themes do not add up. Copies of one text are "
            "not voices: they are counted as signatories."
        ),
        _(
            "Intervals are Wilson’s, at 95 percent. A group differs from the rest when Fisher’s "
            "exact test says so, after the correction of Benjamini and Hochberg that keeps false "
            "differences under one in twenty. Those who answer are not a random sample of the "
            "population: intervals and tests describe them alone."
        ),
        _(
            "Quotations are exact pieces of the stored answers, chosen among the most typical for "
            "their variety of language, place and role; names, telephone numbers, addresses and "
            "identity numbers are masked in them, and what moderation hides is not quoted."
        ),
    ):
        sheet.paper.say("BodyText", fill(text))
    sheet.paper.say("Note", fill(_("Map: © OpenStreetMap contributors, ODbL.")))
    if not sheet.edition.is_preview:
        message = _(
            "Fingerprint of the analysed texts: %(texts)s. Fingerprint of this report: %(report)s.",
            texts="%(texts)s",
            report="%(report)s",
        )
        texts, report = sheet.body["method"]["fingerprint"][:16], sheet.edition.sha256[:16]
        sheet.paper.say("Note", fill(message, texts=ltr(texts), report=ltr(report)))


def _set(sheet: Sheet, element: Any) -> None:
    """Set what stands in an element of the note."""
    for child in element:
        if child.tag == "table":
            _table(sheet, child)
        elif child.tag in {"h2", "h3", "h4"}:
            sheet.paper.heading(2, _words(child))
        elif child.tag in _STYLES:
            text = _words(child)
            if text:
                quiet = "quiet" in (child.get("class") or "").split()
                sheet.paper.say("Note" if quiet else _STYLES[child.tag], text)
        elif isinstance(child.tag, str):
            _set(sheet, child)


def _words(element: Any) -> Markup:
    """Return an element's words with their markup, spaces put together."""
    inner = html.tostring(element, encoding="unicode", with_tail=False)
    start, end = inner.index(">") + 1, inner.rindex("</")
    # Ordinary spaces only: the unbreakable ones are part of figures.
    words = " ".join(part for part in inner[start:end].replace("\n", " ").split(" ") if part)
    return Markup(words)  # noqa: S704 - the template's own output, already escaped


def _table(sheet: Sheet, element: Any) -> None:
    """Set a table of the note."""
    title = next((_words(found) for found in element.iter("caption")), Markup(""))
    caption(sheet.paper, title)
    heads = [cell for row in element.iter("thead") for cell in row.iter("th", "td")]
    columns = [
        Column(str(_words(head).striptags()), 1.0 if i else 2.4, figures=bool(i))
        for i, head in enumerate(heads)
    ]
    rows = [_row(row) for part in element.iter("tbody") for row in part.iter("tr")]
    foot = [_row(row) for part in element.iter("tfoot") for row in part.iter("tr")]
    table(
        sheet.paper,
        columns,
        rows,
        foot=foot[0] if foot else None,
        title=str(title.striptags()),
    )


def _row(element: Any) -> Row:
    """Return the cells of a row; one that spans several is followed by empty ones."""
    cells: list[str | Cell] = []
    for cell in element.iter("th", "td"):
        cells.append(_words(cell))
        cells += [""] * (int(cell.get("colspan") or 1) - 1)
    return cells
