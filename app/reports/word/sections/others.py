"""The sections that say least of themselves: the summary, minorities, what was set aside, words."""

from __future__ import annotations

from flask_babel import gettext as _

from app.reports.sentences import fill
from app.reports.word import tables
from app.reports.word.sections.sheet import Section, Sheet
from app.reports.word.tables import Cell, Column, caption, table


def summary(sheet: Sheet, section: Section) -> None:
    """Add the essentials."""
    sheet.paper.heading(1, _("The essentials"))
    sheet.paper.say(
        "Note",
        _(
            "The small number behind a sentence leads to its proof, in the annexes: what was "
            "asked of the data, the count, and where the words are."
        ),
    )
    sheet.words(section)
    sheet.claims(section)
    sheet.said(section)


def minority(sheet: Sheet, section: Section) -> None:
    """Add what few say, and those who say otherwise than most."""
    found = sheet.body.get("minority") or []
    if not (found or section["claims"] or any(section["narrative"].values())):
        return
    sheet.paper.heading(1, _("Minority positions"))
    sheet.words(section)
    sheet.claims(section)
    sheet.said(section)
    shown = set(section["quotations"])
    for row in found:
        quoted = {f"quote.{q['answer']}.{q['start']}": q for q in row.get("quotations", [])}
        if quoted.keys() - shown:
            sheet.paper.heading(3, sheet.view.theme_name(row["theme"]))
        for identity, quotation in quoted.items():
            if identity not in shown:
                sheet.quote(quotation)
        shown |= quoted.keys()


def set_aside(sheet: Sheet, section: Section) -> None:
    """Add where every passage went, and what was left out with its reason."""
    view, body, paper = sheet.view, sheet.body, sheet.paper
    paper.heading(1, _("What was set aside, and why"))
    paper.say("BodyText", fill(_("Each passage is in one state only. The sum is 100 percent.")))
    sheet.words(section)
    sheet.claims(section)
    states: list[list[str | Cell]] = [
        [name, view.n(count), view.pct(share)] for name, count, share in view.states
    ]
    sheet.plain_table(
        _("State of the passages"),
        [_("State"), _("Passages"), _("Share")],
        states,
        foot=sheet.total(view.n(body["coverage"]["total"]), view.pct(1.0)),
    )
    if body["excluded"]:
        title = _("Themes left out, and why")
        caption(paper, title)
        columns = [
            Column(_("Theme"), 2),
            Column(_("Reason"), 3),
            Column(_("Passages"), figures=True),
        ]
        rows: list[tables.Row] = [
            [view.text(row["name"]), Cell(row["reason"], "other"), view.n(row["passages"])]
            for row in body["excluded"]
        ]
        table(paper, columns, rows, title=title)
    if body["set_aside"]:
        title = _("Passages left out one by one, and why")
        caption(paper, title)
        columns = [Column(_("Reason"), 4), Column(_("Passages"), figures=True)]
        rows = [
            [Cell(row["reason"], "other"), view.n(row["passages"])] for row in body["set_aside"]
        ]
        table(paper, columns, rows, title=title)
    sheet.said(section)


def own(sheet: Sheet, section: Section, *, level: int = 1) -> None:
    """Add a section that people wrote themselves."""
    sheet.paper.heading(level, sheet.view.text(section["title"]))
    sheet.words(section)
    sheet.claims(section)
    sheet.said(section)
