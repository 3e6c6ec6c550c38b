"""The themes: their ranking, then each with its figure, its words and who raises it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.core.i18n import number, percent
from app.reports.sentences import fill
from app.reports.word import tables
from app.reports.word.pictures import LIGHT_FROM, SHADES
from app.reports.word.sections.sheet import Section, Sheet
from app.reports.word.tables import Cell, Column

Theme = dict[str, Any]


def overview(sheet: Sheet) -> None:
    """Add the heading of the themes and their ranking."""
    view, paper, body = sheet.view, sheet.paper, sheet.body
    paper.heading(1, _("The themes"))
    note = _(
        "Ranked by the share of the contributors who raise them. One may raise several themes: "
        "the shares do not add up."
    )
    charted = sheet.chart("themes.ranking", width=13)
    tables.caption(paper, view.headline, note, figure=charted)
    columns = [
        Column(_("No."), 0.65, figures=True),
        Column(_("Theme"), 3.0),
        Column(_("Share"), figures=True),
        Column(_("Interval"), 1.1, figures=True),
        Column(_("Weighted share"), 1.25, figures=True),
        Column(_("Voices"), 1.2, figures=True),
        Column(_("Signatories"), 1.4, figures=True),
    ]
    rows: list[tables.Row] = [
        [
            view.n(theme["rank"]),
            view.text(theme["name"]),
            view.pct(theme["share"]),
            view.interval(theme),
            view.pct(theme["weighted"]["share"]) if theme.get("weighted") else "–",
            view.n(theme["voices"]),
            view.n(theme["signatories"]),
        ]
        for theme in body["themes"]
    ]
    after = fill(_("Out of %(of)s contributors."), of=number(body["participation"]["analysed"]))
    tables.table(paper, columns, rows, title=view.headline, after=after)


def write(sheet: Sheet, section: Section) -> None:
    """Add the section of a theme."""
    theme = sheet.view.theme(section["theme"])
    view, paper = sheet.view, sheet.paper
    name = fill("%(rank)s. %(name)s", rank=number(theme["rank"]), name=view.text(theme["name"]))
    paper.heading(2, name, new_page=view.has_regions)
    other, code = view.other(theme["name"])
    if other:
        paper.say_in(code, "OtherName", other)
    _figure(sheet, theme)
    sheet.words(section)
    sheet.claims(section)
    sheet.said(section)
    words = theme["keywords"].get(paper.lang, [])
    if words:
        said = _("Words that make the theme: %(words)s", words=_(", ").join(words))
        paper.say("Note", said)
    if sheet.view.has_regions:
        _groups(sheet, theme, "region", _("Region"))
    _groups(sheet, theme, "actor_type", _("Contributor"))
    _stances(sheet, theme)


def _figure(sheet: Sheet, theme: Theme) -> None:
    """Add the share of the contributors who raise a theme."""
    view, of = sheet.view, sheet.body["participation"]["analysed"]
    said = fill(
        _(
            "of contributors raise it: %(voices)s of %(of)s (between %(low)s and %(high)s)",
        ),
        voices=number(theme["voices"]),
        of=number(of),
        low=percent(theme["low"]),
        high=percent(theme["high"]),
    )
    parts = [said + Markup(". "), view.passages(theme["passages"]) + Markup(".")]
    if theme["signatories"]:
        parts.append(Markup(" ") + view.signatories(theme["signatories"]))
        parts.append(Markup(" ") + fill(_("besides, counted apart.")))
    sheet.paper.add(sheet.paper.paragraph("KeyFigure", *sheet.paper.text(percent(theme["share"]))))
    claim = view.claims.get(f"theme.{theme['id']}.share")
    number_of_proof = sheet.proofs.mark(sheet.paper, claim) if claim else []
    said = Markup("").join(parts)
    content = [*sheet.paper.text(said), *number_of_proof]
    sheet.paper.add(sheet.paper.paragraph("KeyLabel", *content))


def _groups(sheet: Sheet, theme: Theme, dimension: str, head: str) -> None:
    """Add the share of each region or kind of contributor."""
    view = sheet.view
    found = view.described(theme, dimension)
    if not found:
        return
    rows: list[list[str | Cell]] = [
        [
            view.group(dimension, row["code"]),
            Cell(view.pct(row["share"]), strong=bool(row["differs"])),
            view.interval(row),
            view.n(row["count"]),
            view.n(row["of"]),
        ]
        for row in found
    ]
    everyone: list[str | Cell] = [
        _("Everyone"),
        view.pct(theme["share"]),
        view.interval(theme),
        view.n(theme["voices"]),
        view.n(sheet.body["participation"]["analysed"]),
    ]
    small = view.undescribed(theme, dimension)
    charted = sheet.chart(f"theme.{theme['id']}.{dimension}", width=12)
    sheet.plain_table(
        view.contrast(theme, dimension),
        [head, _("Share"), _("Interval"), _("Voices"), _("Out of")],
        rows,
        foot=everyone,
        note=fill(
            _(
                "Share of the contributors of each group, 95 percent interval. Underlined: the "
                "group differs from the rest."
            )
        ),
        after=_("Too few contributors to say: %(groups)s.", groups=small) if small else "",
        charted=charted,
    )


def _stances(sheet: Sheet, theme: Theme) -> None:
    """Add how many voices are for and against, where some take a position."""
    stance, view = theme.get("stance"), sheet.view
    if not stance:
        return
    names = {
        "for": _("For"),
        "against": _("Against"),
        "mixed": _("Mixed"),
        "silent": _("No position"),
    }
    sheet.plain_table(
        _("What position the voices take"),
        [_("Position"), _("Voices")],
        [[name, view.n(stance[code])] for code, name in names.items() if code in stance],
    )


def heat(sheet: Sheet) -> None:
    """Add the shares of all themes in all regions."""
    view, paper, body = sheet.view, sheet.paper, sheet.body
    if not (body["themes"] and view.has_regions):
        return
    themes, rows = view.heat()
    title = view.unsurpassed()
    tables.caption(
        paper,
        title,
        _(
            "Share of the contributors of each region who raise the theme, in percent; the "
            "darker, the more. Underlined: the region differs from the rest. A dash: too few "
            "contributors to say. The regions’ numbers are those of the map."
        ),
    )
    columns = [Column(_("Theme"), 4.2)]
    for group in body["groups"]["region"]:
        if group["of"]:
            head = str(int(group["code"])) if group["code"] else _("?")
            columns.append(Column(head, figures=True))
    cells: list[tables.Row] = [
        [
            fill("%(rank)s. %(name)s", rank=number(theme["rank"]), name=view.text(theme["name"])),
            *(_shaded(sheet, *marks[at]) for _name, _of, marks in rows),
        ]
        for at, theme in enumerate(themes)
    ]
    foot = [_("Contributors"), *(view.n(of) for _name, of, _marks in rows)]
    tables.table(paper, columns, cells, foot=foot, title=str(title.striptags()), small=True)


def _shaded(sheet: Sheet, share: float | None, level: int, differs: str | None) -> Cell:
    """Return a cell whose ground says how large a share is."""
    if share is None:
        return Cell("–")
    return Cell(
        sheet.view.n(share * 100),
        fill=SHADES[level],
        light=level >= LIGHT_FROM,
        strong=bool(differs),
    )
