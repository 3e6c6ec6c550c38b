"""The regions: themes and regions side by side, then a sheet for each."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.core.i18n import number
from app.reports.labels import language_name
from app.reports.sentences import fill
from app.reports.word.sections import themes
from app.reports.word.sections.sheet import Section, Sheet
from app.reports.word.tables import Cell

Region = dict[str, Any]

#: So many themes stand on a sheet.
MOST = 8


def overview(sheet: Sheet) -> None:
    """Add the heading of the regions, and all themes in all of them."""
    sheet.paper.heading(1, _("Region by region"))
    themes.heat(sheet)
    sheet.chart("themes.by_region", width=15)


def write(sheet: Sheet, section: Section) -> None:
    """Add a region's sheet."""
    code, view = section["region"], sheet.view
    sheet.paper.heading(2, view.region(code), new_page=True)
    sheet.words(section)
    sheet.claims(section)
    row = _row(sheet, code)
    if row is None or row["hidden"]:
        sheet.paper.say("BodyText", _("Too few people of this region answered to be described."))
    else:
        _themes(sheet, row)
        _who(sheet, row)
        for i, quotation in enumerate(row.get("quotations", [])):
            sheet.quote(quotation, lead=not i)
    sheet.said(section)


def _row(sheet: Sheet, code: str) -> Region | None:
    """Return what is known of a region; older reports have it with their themes only."""
    for row in sheet.body.get("regions") or []:
        if row["code"] == code:
            return dict(row)
    group = next((g for g in sheet.body["groups"]["region"] if g["code"] == code), None)
    if group is None or group["hidden"] or not group["of"]:
        return None
    found = [
        cell | {"id": theme["id"]}
        for theme in sheet.body["themes"]
        for cell in theme["by_region"]
        if cell["code"] == code and cell["count"]
    ]
    found.sort(key=lambda cell: -cell["count"])
    return {"code": code, "hidden": False, "contributors": group["of"], "themes": found[:MOST]}


def _themes(sheet: Sheet, row: Region) -> None:
    """Add the themes most spoken of in a region."""
    view = sheet.view
    if not row["themes"]:
        return
    national = {theme["id"]: theme["share"] for theme in sheet.body["themes"]}
    rows: list[list[str | Cell]] = [
        [
            view.theme_name(cell["id"]),
            Cell(view.pct(cell["share"]), strong=bool(cell["differs"])),
            view.pct(national[cell["id"]]),
            view.n(cell["count"]),
        ]
        for cell in row["themes"]
        if cell["share"] is not None and cell["id"] in national
    ]
    after = fill(
        _("Out of %(of)s contributors. Underlined: the region differs from the rest."),
        of=number(row["contributors"]),
    )
    charted = sheet.chart(f"region.{row['code']}.themes", width=13.5)
    sheet.plain_table(
        _("What is raised most"),
        [_("Theme"), _("Share"), _("Everyone"), _("Voices")],
        rows,
        after=after,
        charted=charted,
    )


def _who(sheet: Sheet, row: Region) -> None:
    """Add who answered in a region, and in which languages."""
    view = sheet.view
    kinds = [cell for cell in row.get("actor_types", []) if cell["count"] is not None]
    if kinds:
        sheet.plain_table(
            _("Who answered"),
            [_("Contributor"), _("Contributions")],
            [[view.group("actor_type", cell["code"]), view.n(cell["count"])] for cell in kinds],
        )
    spoken = [cell for cell in row.get("languages", []) if cell["passages"] is not None]
    if spoken:
        sheet.plain_table(
            view.first_language(spoken),
            [_("Language"), _("Passages")],
            [[language_name(cell["code"]), view.n(cell["passages"])] for cell in spoken],
        )
