"""The contents: a field that the word processor brings up to date, filled beforehand."""

from __future__ import annotations

from flask_babel import gettext as _

from app.reports.word.paper import Heading, Paper
from app.reports.word.xml import Element, make

#: Levels of headings that are named.
LEVELS = 2


def contents(paper: Paper) -> None:
    """Add the contents from the headings there are."""
    paper.say("TOCHeading", _("Contents"))
    named = [heading for heading in paper.headings if heading.level <= LEVELS]
    for i, heading in enumerate(named):
        content = [_entry(paper, heading)]
        if not i:
            field = rf'TOC \o "1-{LEVELS}" \h \z \u'
            content = [*paper.field_start(field, stale=True), *content]
        if i == len(named) - 1:
            content.append(paper.field_end())
        paper.add(paper.paragraph(f"TOC{heading.level}", *content))


def _entry(paper: Paper, heading: Heading) -> Element:
    """Return a line that leads to its heading.

    Pages are known to the word processor alone: it adds them when it makes the field anew.
    """
    return make("hyperlink", *paper.text(heading.text), anchor=heading.bookmark, history="1")
