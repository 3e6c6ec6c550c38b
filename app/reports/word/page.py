"""The page, its cover, what stands at its head and foot, and what the file says of itself."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from docx.oxml.ns import qn
from flask_babel import gettext as _
from markupsafe import Markup

from app.core.i18n import day, ltr
from app.reports.operations import Edition
from app.reports.presentation import View
from app.reports.sentences import fill
from app.reports.word.paper import Paper
from app.reports.word.pictures import CM, band, rings
from app.reports.word.runs import TAGS, run
from app.reports.word.styles import RULE, TEXT_WIDTH
from app.reports.word.xml import Element, make

#: A4, and the margins, in twips.
WIDTH, HEIGHT, SIDE, EDGE = 11906, 16838, 1304, 1304


def edition_name(edition: Edition) -> Markup:
    """Return the version and its date."""
    if edition.is_preview:
        return fill(_("Preview, not published"))
    return fill(
        _("Version %(version)s, %(day)s"),
        version=ltr(edition.label),
        day=day(edition.published_at),
    )


def cover(paper: Paper, view: View, edition: Edition) -> None:
    """Add the cover."""
    ornament = band(paper, rings(), height=round(11.5 * CM))
    kind = _("Synthesis of the consultation")
    paper.add(paper.paragraph("CoverLine", ornament, *paper.text(kind)))
    paper.say("Title", view.title)
    paper.say("Subtitle", f"{view.headline}.")
    paper.say("CoverLine", _("Ministry of Solidarity, Social Inclusion and Family"))
    paper.say("CoverLine", edition_name(edition))
    if view.body["consultation"]["is_fictional"]:
        invented = _("Demonstration: people, organisations and quotations are invented.")
        paper.say("CoverLine", invented)


def lay_out(paper: Paper, view: View, edition: Edition) -> None:
    """Set the page, its head with the report's name, its foot with edition and page of pages."""
    section = paper.document.sections[0]
    properties = section._sectPr  # noqa: SLF001 - the library knows no right-to-left section
    for old in list(properties):
        properties.remove(old)
    section.different_first_page_header_footer = True
    _fill(paper, section.header, "Header", [*paper.text(view.title)])
    _fill(paper, section.footer, "Footer", [])
    section.footer._element.insert(0, _foot(paper, edition))  # noqa: SLF001
    for part in (section.first_page_header, section.first_page_footer):
        _fill(paper, part, "Header", [])
    title = properties.find(qn("w:titlePg"))
    properties.remove(title)
    properties.extend(
        element
        for element in (
            make("pgSz", w=WIDTH, h=HEIGHT),
            make(
                "pgMar", top=EDGE, right=SIDE, bottom=EDGE, left=SIDE, header=680, footer=624,
                gutter=0,
            ),
            make("cols", space=708),
            title,
            make("bidi") if paper.rtl else None,
        )
        if element is not None
    )  # fmt: skip


def _foot(paper: Paper, edition: Edition) -> Element:
    """Return the foot: the edition, and the page of pages, which always runs to the right."""
    pages = [*paper.field("PAGE", "1"), run(paper.figure(" / ")), *paper.field("NUMPAGES", "1")]
    side = "left" if paper.rtl else "right"
    name = paper.paragraph("Footer", *paper.text(edition_name(edition)))
    page = paper.paragraph("Footer", *pages, rtl=False, align=side)
    widths = (TEXT_WIDTH - 1600, 1600)
    cells = zip(widths, (name, page), strict=True)
    return make(
        "tbl",
        make(
            "tblPr",
            make("tblStyle", val="TableNormal"),
            make("bidiVisual") if paper.rtl else None,
            make("tblW", w=TEXT_WIDTH, type="dxa"),
            make("tblBorders", make("top", val="single", sz=4, space=0, color=RULE)),
            make("tblLayout", type="fixed"),
        ),
        make("tblGrid", *(make("gridCol", w=width) for width in widths)),
        make("tr", *(make("tc", make("tcPr", make("tcW", w=w, type="dxa")), p) for w, p in cells)),
    )


def _fill(paper: Paper, part: Any, style: str, content: list[Any]) -> None:
    """Put one paragraph into a head or a foot."""
    part.is_linked_to_previous = False
    element = part._element  # noqa: SLF001 - paragraphs are made here, with their direction
    for old in list(element):
        element.remove(old)
    element.append(paper.paragraph(style, *content))


def describe(paper: Paper, view: View, edition: Edition) -> None:
    """Say what the file is, and how word processors are to treat it."""
    facts = paper.document.core_properties
    facts.title = _("Synthesis: %(title)s", title=view.title)
    facts.author = _("Ministry of Solidarity, Social Inclusion and Family")
    facts.last_modified_by = facts.author
    facts.subject = _("Synthesis of the consultation")
    facts.language = TAGS[paper.lang]
    facts.comments = str(edition_name(edition).striptags())
    facts.keywords = view.body["consultation"]["slug"]
    facts.version = edition.label
    facts.revision = 1
    instant = edition.published_at.astimezone(UTC).replace(tzinfo=None)
    facts.created = facts.modified = instant
    _settings(paper)


def _settings(paper: Paper) -> None:
    """Say the languages of the letters, and that the document is of this decade."""
    root = paper.document.settings.element
    languages = root.find(qn("w:themeFontLang"))
    for name in list(languages.attrib):
        del languages.attrib[name]
    languages.set(qn("w:val"), TAGS["fr"])
    languages.set(qn("w:bidi"), TAGS["ar"])
    for one in root.iter(qn("w:compatSetting")):
        if one.get(qn("w:name")) == "compatibilityMode":
            one.set(qn("w:val"), "15")
    root.find(qn("w:decimalSymbol")).set(qn("w:val"), ",")
    root.find(qn("w:listSeparator")).set(qn("w:val"), ";")
