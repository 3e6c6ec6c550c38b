"""The contents: a field that the word processor brings up to date, filled beforehand.

Page numbers are known to the word processor alone, and only once it has laid the pages out with
the faces that it has: any number written here could be wrong, which is worse than none. Marking the
field as stale, or asking in the settings for fields to be updated, would make Word ask each reader
at each opening whether to update fields "that may refer to other files": a warning on a ministry's
report, answered No by default, and that protected view never gets to. So the file opens without a
question: its lines lead to their headings, and the first one says how to have page numbers. It is
part of what the field shows, so the update that brings the numbers takes it away.
"""

from __future__ import annotations

from flask_babel import gettext as _

from app.reports.word.paper import Heading, Paper
from app.reports.word.xml import Element, make

#: Levels of headings that are named.
LEVELS = 2


def contents(paper: Paper) -> None:
    """Add the contents from the headings there are, as the block that Word updates by a button."""
    lines = [heading for heading in paper.headings if heading.level <= LEVELS]
    field = rf'TOC \o "1-{LEVELS}" \h \z \u'
    how = _(
        "Page numbers appear once the word processor has updated these contents (right click, "
        "“Update field”)."
    )
    gallery = make(
        "docPartObj", make("docPartGallery", val="Table of Contents"), make("docPartUnique")
    )
    paper.add(
        make(
            "sdt",
            make("sdtPr", gallery),
            make(
                "sdtContent",
                paper.paragraph("TOCHeading", *paper.text(_("Contents"))),
                paper.paragraph("Note", *paper.field_start(field), *paper.text(how)),
                *(
                    paper.paragraph(f"TOC{heading.level}", _entry(paper, heading))
                    for heading in lines
                ),
                paper.paragraph("TableEnd", paper.field_end()),
            ),
        )
    )


def _entry(paper: Paper, heading: Heading) -> Element:
    """Return a line that leads to its heading."""
    return make("hyperlink", *paper.text(heading.text), anchor=heading.bookmark, history="1")
