"""Who took part: figures, regions beside their population, kinds of contributor, languages."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.core.i18n import number
from app.reports.sentences import fill
from app.reports.word import pictures, tables
from app.reports.word.sections.sheet import Section, Sheet
from app.reports.word.tables import Cell, Column


def write(sheet: Sheet, section: Section) -> None:
    """Add the section."""
    sheet.paper.heading(1, _("Who took part"))
    _figures(sheet)
    sheet.words(section)
    sheet.claims(section)
    if sheet.view.has_regions:
        _regions(sheet)
    _kinds(sheet)
    if sheet.view.has_regions:
        _matrix(sheet)
        _registry(sheet)
        _weights(sheet)
    _languages(sheet)
    _weeks(sheet)
    sheet.said(section)


def _figures(sheet: Sheet) -> None:
    """Add the four figures that say how large the consultation was."""
    p, view, paper = sheet.body["participation"], sheet.view, sheet.paper
    heard = sum(1 for row in p["by_region"] if row["count"])
    of = number(len(p["by_region"]))
    figures = [
        (view.n(p["submissions"]), _("contributions received")),
        (view.n(p["analysed"]), _("with a text that was analysed")),
        (view.n(p["passages"]), _("passages")),
        (view.n(heard), fill(_("regions heard, of %(number)s"), number=of)),
    ]
    tables.figures(paper, figures)


def _regions(sheet: Sheet) -> None:
    """Add the map and the table of the regions."""
    p, view, paper = sheet.body["participation"], sheet.view, sheet.paper
    title = _("Contributions for 100,000 inhabitants")
    tables.figure_caption(paper, title)
    alt = "; ".join(
        f"{int(row['code'])} {view.text(row['names'])}: {view.n(row['per_100k'], 1)}"
        for row in p["by_region"]
    )
    pictures.picture(
        paper,
        pictures.region_map(view.region_levels),
        f"{_('Map of the twelve regions')}. {alt}",
        width=round(7 * pictures.CM),
        title=title,
        keep=True,
    )
    paper.say("Note", _("The darker, the more. The numbers are those of the table."))
    known = _(
        "Contributions whose region is known, beside the region’s share of the population "
        "(2024 census)."
    )
    charted = sheet.chart("participation.regions", width=15)
    tables.caption(paper, view.busiest_region(), known, figure=charted)
    columns = [
        Column(_("No."), 0.65, figures=True),
        Column(_("Region"), 2.6),
        Column(_("Contributions"), 1.2, figures=True),
        Column(_("Share"), figures=True),
        Column(_("Share of the population"), 1.2, figures=True),
        Column(_("Per 100,000"), figures=True),
    ]
    rows: list[tables.Row] = [
        [
            str(int(row["code"])),
            view.text(row["names"]),
            view.n(row["count"]),
            view.pct(row["share"]),
            view.pct(row["population_share"]),
            view.n(row["per_100k"], 1),
        ]
        for row in p["by_region"]
    ]
    if p["without_region"]:
        rows.append(["", _("Region not stated"), view.n(p["without_region"]), "", "", ""])
    foot = ["", _("Total"), view.n(p["submissions"]), "", "", ""]
    title = str(view.busiest_region().striptags())
    tables.table(paper, columns, rows, foot=foot, title=title)


def _kinds(sheet: Sheet) -> None:
    """Add in what capacity and by which way people answered."""
    p, view = sheet.body["participation"], sheet.view
    heads = [_("Contributor"), _("Contributions"), _("Share")]
    rows: list[list[str | Cell]] = [[n, view.n(c), view.pct(s or 0)] for n, c, s in view.actors()]
    foot = sheet.total(view.n(p["submissions"]), "")
    sheet.plain_table(_("In what capacity people answered"), heads, rows, foot=foot)
    heads = [_("Way"), _("Contributions"), _("Share")]
    rows = [[n, view.n(c), view.pct(s or 0)] for n, c, s in view.channels()]
    sheet.plain_table(_("By which way contributions came"), heads, rows)


def _matrix(sheet: Sheet) -> None:
    """Add who answered where: kinds of contributor by regions, small groups left out."""
    matrix = sheet.body["participation"].get("matrix")
    if not matrix:
        return
    view, paper = sheet.view, sheet.paper
    title = _("In what capacity people answered in each region")
    note = _(
        "Contributions by capacity and region. The regions’ numbers are those of the map. A dash: "
        "too few contributors to say."
    )
    tables.caption(paper, title, note)
    rows = matrix["rows"]
    columns = [Column(_("Contributor"), 3.2)]
    columns += [Column(_place(row["code"]), figures=True) for row in rows]
    body: list[tables.Row] = [
        [
            view.group("actor_type", kind),
            *("–" if row["cells"][i] is None else view.n(row["cells"][i]) for row in rows),
        ]
        for i, kind in enumerate(matrix["actor_types"])
    ]
    foot = sheet.total(*(_count(view, row["total"]) for row in rows))
    tables.table(paper, columns, body, foot=foot, title=title, small=True)


def _place(code: str) -> str:
    """Return the number of a region."""
    return str(int(code)) if code else _("?")


def _count(view: Any, value: int | None) -> str:
    """Return a count, or a dash where it is not said."""
    return "–" if value is None else str(view.n(value))


def _registry(sheet: Sheet) -> None:
    """Add how many organisations of the registry took part."""
    rows, view = sheet.body["participation"].get("registry"), sheet.view
    if not rows:
        return
    sheet.plain_table(
        _("Organisations of the registry"),
        [_("Region"), _("In the registry"), _("Took part")],
        [
            [view.region(r["code"]), _count(view, r["organisations"]), _count(view, r["took_part"])]
            for r in rows
        ],
    )


def _weights(sheet: Sheet) -> None:
    """Add the weight of each region in the weighted figures."""
    weighting, view = sheet.body["participation"].get("weighting"), sheet.view
    if not weighting or not weighting.get("regions"):
        return
    sheet.plain_table(
        _("Weight of a contributor of each region"),
        [_("Region"), _("Weight")],
        [[view.region(row["code"]), view.n(row["weight"], 2)] for row in weighting["regions"]],
        note=_(
            "Weighted shares count each contributor for what the region of the contributor weighs "
            "in the population."
        ),
    )


def _languages(sheet: Sheet) -> None:
    """Add the languages of the passages."""
    rows, view = sheet.body["participation"]["by_language"], sheet.view
    if not rows:
        return
    from app.reports.labels import language_name

    sheet.plain_table(
        view.first_language(rows),
        [_("Language"), _("Passages"), _("Share"), _("Contributors")],
        [
            [
                language_name(row["code"]),
                view.n(row["passages"]),
                view.pct(row["share"]),
                view.n(row["contributors"]),
            ]
            for row in rows
        ],
        note=_("One contributor may write in several languages."),
    )


def _weeks(sheet: Sheet) -> None:
    """Add when contributions came."""
    view = sheet.view
    weeks = view.weeks()
    rows: list[list[str | Cell]] = [[name, view.n(count)] for name, count, _s in weeks if count]
    if rows:
        charted = sheet.chart("participation.weeks", width=13)
        heads = [_("Week of"), _("Contributions")]
        left_out = _("Weeks without a contribution are left out.") if len(rows) < len(weeks) else ""
        sheet.plain_table(view.busiest_week(), heads, rows, note=left_out, charted=charted)
