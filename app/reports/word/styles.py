"""The styles of the document: Word's own names, so that whoever edits it finds them in their list.

Sizes are in points, for Latin words and for Arabic ones, which need more of them. Every property
has its complex-script twin: a run that goes to the left reads that one only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn
from flask_babel import lazy_gettext as _l

from app.reports.word import faces
from app.reports.word.faces import MONO, SANS, SERIF
from app.reports.word.xml import Element, make, toggle

INK, INK_2, GREEN = "14211B", "46524B", "0B5540"
RULE, SAFFRON, PAPER_2 = "D9D6C9", "F7C343", "F2F0E7"


@dataclass(frozen=True)
class Style:
    """A paragraph style.

    :ivar size: in points, Latin and Arabic.
    :ivar space: points before and after.
    :ivar indent: twips at the start and the end.
    :ivar rule: which border it has (``top`` or ``bottom``), its colour and eighths of a point.
    """

    id: str
    name: Any
    size: tuple[float, float] | None = None
    face: tuple[str, str] | None = None
    color: str = ""
    bold: bool | None = None
    base: str = "Normal"
    next: str = ""
    space: tuple[float, float] | None = None
    line: float | None = None
    indent: tuple[int, int] | None = None
    keep: bool = False
    new_page: bool = False
    level: int | None = None
    rule: tuple[str, str, int] | None = None
    tabs: tuple[tuple[str, int, str], ...] = ()
    align: str = ""
    list_: int | None = None
    custom: bool = False


#: The width of the text, in twips: A4 less the margins.
TEXT_WIDTH = 9298

PARAGRAPHS = (
    Style("BodyText", "Body Text", space=(0, 7)),
    Style("Title", "Title", (34, 38), SERIF, INK, space=(60, 12), line=1.05, next="Subtitle"),
    Style("Subtitle", "Subtitle", (16, 20), SERIF, INK_2, space=(0, 24), next="BodyText"),
    Style("CoverLine", _l("Line of the cover"), (11, 14), color=INK_2, space=(6, 4), custom=True),
    Style(
        "Heading1", "heading 1", (24, 28), SERIF, INK, next="BodyText", space=(0, 14), keep=True,
        new_page=True, level=0, rule=("top", GREEN, 36), line=1.1,
    ),
    Style(
        "Heading2", "heading 2", (17, 21), SERIF, GREEN, next="BodyText", space=(20, 7), keep=True,
        level=1, rule=("top", INK, 8), line=1.1,
    ),
    Style(
        "Heading3", "heading 3", (13, 16), SERIF, INK, next="BodyText", space=(14, 5), keep=True,
        level=2, line=1.1,
    ),
    Style("OtherName", _l("Name in the other language"), (12, 15), SERIF, INK_2, space=(0, 4),
          keep=True, custom=True),
    Style("Quote", "Quote", (12, 14.5), SERIF, INK, next="Speaker", space=(9, 2),
          indent=(425, 425), keep=True, line=1.2),
    Style("IntenseQuote", "Intense Quote", (15, 18), SERIF, INK, next="Speaker", space=(14, 3),
          indent=(0, 850), keep=True, line=1.2),
    Style("Speaker", _l("Who said it"), (9.5, 12), color=INK_2, space=(0, 8), indent=(425, 425),
          custom=True),
    Style("Caption", "caption", (11, 14), SERIF, INK, next="BodyText", space=(14, 4), keep=True,
          line=1.1),
    Style("Note", _l("Note"), (9, 11.5), color=INK_2, space=(3, 6), custom=True),
    Style("TableEnd", _l("End of a table or list"), (1, 1), space=(0, 8), line=1.0, custom=True),
    Style("Figure", _l("Picture"), space=(2, 4), align="center", custom=True),
    Style("ListBullet", "List Bullet", space=(0, 5), list_=1),
    Style("KeyFigure", _l("Key figure"), (28, 28), SERIF, GREEN, space=(6, 0), keep=True, line=1.0,
          custom=True),
    Style("KeyLabel", _l("What a key figure counts"), (9.5, 12), color=INK_2, space=(0, 8),
          keep=True, custom=True),
    Style("Cell", _l("Cell of a table"), (9, 11.5), space=(1.5, 1.5), line=1.0, custom=True),
    Style("SmallCell", _l("Cell of a wide table"), (8, 10), base="Cell", space=(1, 1),
          custom=True),
    Style("TOCHeading", "TOC Heading", (24, 28), SERIF, INK, next="BodyText", space=(0, 14),
          keep=True, new_page=True, rule=("top", GREEN, 36)),
    Style("TOC1", "toc 1", (11, 12.5), next="BodyText", space=(4, 1), bold=True, line=1.0,
          tabs=(("right", TEXT_WIDTH, "dot"),)),
    Style("TOC2", "toc 2", (10, 11.5), next="BodyText", space=(0, 0), indent=(284, 0), line=1.0,
          tabs=(("right", TEXT_WIDTH, "dot"),)),
    Style("Header", "header", (8.5, 11), color=INK_2, space=(0, 0), line=1.0),
    Style("Footer", "footer", (8.5, 11), color=INK_2, space=(3, 0), line=1.0),
)  # fmt: skip


#: Styles in which figures stand beside names.
FIGURES = {"Cell", "SmallCell", "Footer"}


def install(document: Any, lang: str) -> None:
    """Give a document these styles and no others.

    :param lang: ``ar`` makes right to left the direction of all that is typed.
    """
    rtl = lang == "ar"
    root = document.styles.element
    for old in root.findall(qn("w:style")) + root.findall(qn("w:docDefaults")):
        root.remove(old)
    root.insert(0, _defaults(rtl=rtl))
    root.extend([_normal(rtl=rtl), *(_paragraph(style, rtl=rtl) for style in PARAGRAPHS)])
    root.extend([*_characters(), *_tables()])
    _numbering(document, rtl=rtl)
    faces.install(document)


def _defaults(*, rtl: bool) -> Element:
    """Return what holds where no style says otherwise; Arabic faces bring their own leading."""
    line = 250 if rtl else 276
    return make(
        "docDefaults",
        make(
            "rPrDefault",
            make(
                "rPr",
                *_letters(SANS, (10.5, 13.5), INK),
                make("lang", val="fr-FR", eastAsia="fr-FR", bidi="ar-MA"),
            ),
        ),
        make(
            "pPrDefault",
            make("pPr", make("spacing", before=0, after=140, line=line, lineRule="auto")),
        ),
    )


def _letters(
    face: tuple[str, str] | None,
    size: tuple[float, float] | None,
    color: str,
    *,
    bold: bool | None = None,
) -> list[Element | None]:
    """Return the properties of letters, with those of complex scripts."""
    return [
        face and make("rFonts", ascii=face[0], hAnsi=face[0], eastAsia=face[0], cs=face[1]),
        toggle("b", on=bold),
        toggle("bCs", on=bold),
        make("color", val=color) if color else None,
        size and make("sz", val=round(size[0] * 2)),
        size and make("szCs", val=round(size[1] * 2)),
    ]


def _normal(*, rtl: bool) -> Element:
    """Return the style that all others are made from: it says the direction."""
    return make(
        "style",
        make("name", val="Normal"),
        make("qFormat"),
        make("pPr", make("widowControl"), make("bidi") if rtl else None),
        type="paragraph",
        default="1",
        styleId="Normal",
    )


def _paragraph(style: Style, *, rtl: bool) -> Element:
    """Return a paragraph style; figures among Arabic names are as large as these look."""
    attributes = {"customStyle": "1"} if style.custom else {}
    size = style.size
    if rtl and size and style.id in FIGURES:
        size = (size[0] + 1, size[1])
    return make(
        "style",
        make("name", val=str(style.name)),
        make("basedOn", val=style.base),
        make("next", val=style.next) if style.next else None,
        make("uiPriority", val=39 if style.id.startswith("TOC") else 9),
        make("qFormat"),
        make(
            "pPr",
            *(make(tag) for tag in ("keepNext", "keepLines") if style.keep),
            make("pageBreakBefore") if style.new_page else None,
            make("numPr", make("numId", val=style.list_)) if style.list_ else None,
            _border(style.rule),
            _tabs(style.tabs),
            _spacing(style),
            style.indent and make("ind", left=style.indent[0], right=style.indent[1]),
            make("contextualSpacing") if style.id == "TOC2" else None,
            make("jc", val=style.align) if style.align else None,
            make("outlineLvl", val=style.level) if style.level is not None else None,
        ),
        make("rPr", *_letters(style.face, size, style.color, bold=style.bold)),
        type="paragraph",
        styleId=style.id,
        **attributes,
    )


def _border(rule: tuple[str, str, int] | None) -> Element | None:
    """Return the rule above or below a paragraph."""
    if rule is None:
        return None
    edge, color, size = rule
    return make("pBdr", make(edge, val="single", sz=size, space=6, color=color))


def _tabs(tabs: tuple[tuple[str, int, str], ...]) -> Element | None:
    """Return tab stops."""
    if not tabs:
        return None
    stops = [
        make("tab", val=side, leader=leader or "none", pos=place) for side, place, leader in tabs
    ]
    return make("tabs", *stops)


def _spacing(style: Style) -> Element | None:
    """Return the space around and between lines."""
    given: dict[str, int | str] = {}
    if style.space:
        given |= {"before": round(style.space[0] * 20), "after": round(style.space[1] * 20)}
    if style.line:
        given |= {"line": round(style.line * 240), "lineRule": "auto"}
    return make("spacing", **given) if given else None


def _characters() -> list[Element]:
    """Return the character styles."""

    def style(
        identity: str, name: Any, *properties: Element | None, custom: bool = True
    ) -> Element:
        """Make one."""
        more = {"customStyle": "1"} if custom else {}
        return make(
            "style",
            make("name", val=str(name)),
            make("basedOn", val="DefaultParagraphFont"),
            make("qFormat"),
            make("rPr", *properties),
            type="character",
            styleId=identity,
            **more,
        )

    plain = make(
        "style",
        make("name", val="Default Paragraph Font"),
        make("uiPriority", val=1),
        make("semiHidden"),
        type="character",
        default="1",
        styleId="DefaultParagraphFont",
    )
    return [
        plain,
        style("Strong", "Strong", make("b"), make("bCs"), custom=False),
        style("Hyperlink", "Hyperlink", make("color", val=GREEN), custom=False),
        style(
            "ProofNumber",
            _l("Number of a proof"),
            make("color", val=GREEN),
            make("vertAlign", val="superscript"),
        ),
        style("Evidence", _l("Words that prove"), make("shd", val="clear", fill=SAFFRON)),
        style(
            "Underlined",
            _l("Differs from the rest"),
            make("b"),
            make("bCs"),
            make("u", val="single"),
        ),
        style("Light", _l("Light on dark"), make("color", val="FBFAF6")),
        style(
            "LightStrong",
            _l("Light on dark and different"),
            make("b"),
            make("bCs"),
            make("color", val="FBFAF6"),
            make("u", val="single"),
        ),
        style("Guillemets", _l("Guillemets"), make("color", val=GREEN)),
        style(
            "Proposal",
            _l("Proposal"),
            make("color", val=GREEN),
            make("bdr", val="single", sz=4, space=0, color=GREEN),
        ),
        style(
            "Fingerprint",
            _l("Fingerprint"),
            *[p for p in _letters(MONO, (8, 8), "") if p is not None],
        ),
    ]


def _tables() -> list[Element]:
    """Return the styles of tables: rules, no boxes."""
    normal = make(
        "style",
        make("name", val="Normal Table"),
        make("uiPriority", val=99),
        make("semiHidden"),
        make(
            "tblPr",
            make("tblInd", w=0, type="dxa"),
            make("tblCellMar", *_margins(0)),
        ),
        type="table",
        default="1",
        styleId="TableNormal",
    )
    ours = make(
        "style",
        make("name", val="Tachawor"),
        make("basedOn", val="TableNormal"),
        make("qFormat"),
        make(
            "tblPr",
            make(
                "tblBorders",
                make("top", val="single", sz=8, space=0, color=INK),
                make("bottom", val="single", sz=8, space=0, color=INK),
                make("insideH", val="single", sz=4, space=0, color=RULE),
            ),
            make("tblCellMar", *_margins(70)),
        ),
        _part("firstRow", make("bottom", val="single", sz=6, space=0, color=INK)),
        _part("lastRow", make("top", val="single", sz=6, space=0, color=INK)),
        type="table",
        styleId="Tachawor",
        customStyle="1",
    )
    return [normal, ours]


def _margins(sides: int) -> list[Element]:
    """Return the margins of cells."""
    return [make(edge, w=sides, type="dxa") for edge in ("left", "right")]


def _part(name: str, border: Element) -> Element:
    """Return what differs in the first or the last row."""
    return make(
        "tblStylePr",
        make("rPr", make("b"), make("bCs")),
        make("tcPr", make("tcBorders", border)),
        type=name,
    )


def _numbering(document: Any, *, rtl: bool) -> None:
    """Give the list its sign, which stands on the side where lines begin.

    LibreOffice draws it before its place where lines run to the left: there is room for that.
    """
    root = document.part.numbering_part.element
    for old in list(root):
        root.remove(old)
    level = make(
        "lvl",
        make("start", val=1),
        make("numFmt", val="bullet"),
        make("lvlText", val="–"),
        make("lvlJc", val="left"),
        make("pPr", make("ind", left=414 if rtl else 284, hanging=284)),
        make("rPr", make("color", val=GREEN)),
        ilvl="0",
    )
    root.append(
        make(
            "abstractNum", make("multiLevelType", val="hybridMultilevel"), level, abstractNumId="1"
        )
    )
    root.append(make("num", make("abstractNumId", val=1), numId="1"))
