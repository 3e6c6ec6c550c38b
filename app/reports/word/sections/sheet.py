"""What every section is written with: the document, the body, and how claims and words look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from app.core.i18n import ltr
from app.reports import labels
from app.reports.charts import Chart, charts_of, pngs
from app.reports.claims.making.themes import PROPOSAL
from app.reports.claims.wording import bare
from app.reports.operations import Edition
from app.reports.presentation import View
from app.reports.sentences import fill
from app.reports.word import pictures, tables
from app.reports.word.narrative import paragraphs
from app.reports.word.paper import Paper
from app.reports.word.proofs import Proofs
from app.reports.word.runs import Piece, direction, pieces, run, runs
from app.reports.word.xml import Element

Section = dict[str, Any]
Quotation = dict[str, Any]


@dataclass
class Sheet:
    """A report while it is written.

    :ivar view: the body in the words of the document's language.
    :ivar proofs: the numbers of the proofs given so far.
    """

    paper: Paper
    view: View
    edition: Edition
    proofs: Proofs = field(default_factory=Proofs)

    @property
    def body(self) -> dict[str, Any]:
        """The report's body."""
        return self.view.body

    @cached_property
    def quotations(self) -> dict[str, Quotation]:
        """The quotations by the identifiers of their claims."""
        found = [q for theme in self.body["themes"] for q in theme["quotations"]]
        for part in ("minority", "regions"):
            found += [q for row in self.body.get(part) or [] for q in row.get("quotations", [])]
        return {f"quote.{q['answer']}.{q['start']}": q for q in reversed(found)}

    @cached_property
    def charts(self) -> dict[str, Chart]:
        """The charts by their identifiers."""
        return charts_of(self.body, self.paper.lang)

    @cached_property
    def drawings(self) -> dict[str, bytes]:
        """The charts' pictures, made together: one is drawn while another is painted."""
        return pngs(self.charts.values(), scale=1.75)

    # What sections are made of

    def words(self, section: Section) -> None:
        """Add what people wrote themselves, in paragraphs."""
        for content in paragraphs(self.paper, self.proofs, section, self.view.claims):
            self.paper.add(self.paper.paragraph("BodyText", *content))

    def claims(self, section: Section, style: str = "ListBullet") -> None:
        """Add the sentences of a section, each with the number of its proof."""
        for identity in section["claims"]:
            claim = self.view.claims.get(identity)
            if claim is not None:
                text = claim["sentence"][self.paper.lang]
                number = self.proofs.mark(self.paper, claim)
                self.paper.add(self.paper.paragraph(style, *self.paper.text(text), *number))

    def said(self, section: Section) -> None:
        """Add the quotations of a section; the first one stands out."""
        lead = True
        for identity in section["quotations"]:
            quotation = self.quotations.get(identity)
            if quotation is not None:
                self.quote(quotation, lead=lead)
                lead = False

    def quote(self, quotation: Quotation, *, lead: bool = False) -> None:
        """Add words as they were written, in their language, with who said them below."""
        reason = quotation.get("withheld")
        if reason:
            self.paper.say("Note", labels.withheld_reason(reason))
            return
        code, text = quotation["language"], quotation["text"]
        rtl = direction(code, text)
        style = "IntenseQuote" if lead else "Quote"
        self.paper.add(self.paper.paragraph(style, *self._quoted(quotation), rtl=rtl))
        number = fill(" %(number)s", number=ltr(quotation["number"]))
        content = [*self._nature(quotation)]
        content += [*self.paper.text(self.view.who(quotation)), *self.paper.text(number)]
        claim = self.view.claims.get(f"quote.{quotation['answer']}.{quotation['start']}")
        if claim is not None:
            content += self.proofs.mark(self.paper, claim)
        self.paper.add(self.paper.paragraph("Speaker", *content, align=self._far(rtl=rtl)))

    def _nature(self, quotation: Quotation) -> Iterator[Element]:
        """Yield the framed label of words that propose something; older reports know no natures."""
        if quotation.get("nature") == PROPOSAL:
            # Between frame and word; LibreOffice leaves unbreakable spaces without a frame.
            yield from self.paper.text(f" {_('Proposal')} ", "Proposal")
            yield from self.paper.text("\u2002")

    def _far(self, *, rtl: bool) -> str:
        """Return the alignment of the line below words that run against the document."""
        return "right" if rtl != self.paper.rtl else ""

    def _quoted(self, quotation: Quotation) -> list[Element]:
        """Return the words between guillemets, those that prove most under the pen."""
        code, text = quotation["language"], quotation["text"]
        rtl = direction(code, text)
        gap = "" if rtl else "\u202f"
        before, under, after = self.view.pieces(quotation)
        return [
            run(Piece(f"«{gap}", code, rtl, "Guillemets")),
            *runs(pieces(before, code)),
            *runs(pieces(under, code, "Evidence")),
            *runs(pieces(after, code)),
            run(Piece(f"{gap}»", code, rtl, "Guillemets")),
        ]

    # Charts, and tables that come in several sections

    def chart(self, identity: str, *, width: float = 16.4) -> int:
        """Add a chart under its sentence; return its number, 0 where there is none.

        :param width: in centimetres.
        """
        chart = self.charts.get(identity)
        if chart is None:
            return 0
        title = bare(chart.title)
        number = tables.figure_caption(self.paper, title)
        pictures.picture(
            self.paper,
            self.drawings[identity],
            bare(chart.alt),
            width=round(width * pictures.CM),
            title=title,
        )
        return number

    def plain_table(
        self,
        title: str,
        heads: list[str],
        rows: list[list[str | tables.Cell]],
        *,
        foot: list[str | tables.Cell] | None = None,
        note: str = "",
        after: str = "",
        charted: int = 0,
    ) -> None:
        """Add a table whose first column holds names and whose others hold figures.

        :param charted: the number of the chart that has shown the same; the table is then small.
        """
        tables.caption(self.paper, title, note, figure=charted)
        columns = [tables.Column(heads[0], 2.6)]
        columns += [tables.Column(head, figures=True) for head in heads[1:]]
        tables.table(
            self.paper,
            columns,
            rows,
            foot=foot,
            title=_plain(title),
            after=after,
            small=bool(charted),
        )

    def total(self, *cells: str) -> list[str | tables.Cell]:
        """Return the last row of a table."""
        return [_("Total"), *cells]


def _plain(text: str) -> str:
    """Return a title without markup."""
    striptags = getattr(text, "striptags", None)
    return str(striptags() if striptags else text)
