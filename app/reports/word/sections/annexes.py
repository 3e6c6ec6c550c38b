"""The annexes: what proves each sentence, and where the words of each quotation are."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.core.i18n import ltr, number
from app.reports.sentences import fill
from app.reports.word.proofs import proof_at, sentence_at
from app.reports.word.sections.sheet import Section, Sheet
from app.reports.word.tables import Cell, Column, Row, caption, table

#: So many contributions are named beside a sentence.
SAMPLE = 3


def write(sheet: Sheet, section: Section) -> None:
    """Add the section: it comes last in the outline or not, it proves what stands before it."""
    paper = sheet.paper
    paper.heading(1, _("Annexes"))
    sheet.words(section)
    sheet.claims(section)
    sheet.said(section)


def proofs(sheet: Sheet) -> None:
    """Add the proofs of all that was printed."""
    printed = sheet.proofs.claims
    quoted = [claim for claim in printed if claim["kind"] == "quotation"]
    stated = [claim for claim in printed if claim["kind"] != "quotation"]
    if stated:
        sheet.paper.heading(2, _("Proofs of the sentences"))
        _stated(sheet, stated)
    if quoted:
        sheet.paper.heading(2, _("Proofs of the quotations"))
        _quoted(sheet, quoted)


def _stated(sheet: Sheet, claims: list[dict[str, Any]]) -> None:
    """Add what was asked of the data for each sentence."""
    title = _("Proofs of the sentences")
    note = _(
        "The fingerprint is that of all the passages that prove the sentence; some of the "
        "contributions are named."
    )
    caption(sheet.paper, title, note)
    columns = [
        Column(_("Proof"), 0.95),
        Column(_("What was asked of the data"), 4.1),
        Column(_("Result"), 1.15),
        Column(_("Passages"), 1.05, figures=True),
        Column(_("Contributions"), 1.65),
        Column(_("Fingerprint"), 1.1),
    ]
    rows = [_proof(sheet, claim) for claim in claims]
    table(sheet.paper, columns, rows, title=title, small=True)


def _proof(sheet: Sheet, claim: dict[str, Any]) -> Row:
    """Return the row of a sentence."""
    result, evidence = claim["result"], claim["evidence"] or {}
    # Of a group too small no words are named: what proves it is then the count alone.
    evidence = evidence if evidence.get("passages") else {}
    counted: str = ""
    if isinstance(result.get("count"), int | float) and "of" in result:
        counted = fill(
            _("%(count)s of %(of)s"), count=number(result["count"]), of=number(result["of"])
        )
    numbers = list(dict.fromkeys(row[0] for row in evidence.get("sample", [])))[:SAMPLE]
    return [
        _anchor(sheet, claim),
        sheet.view.question(claim),
        counted,
        sheet.view.n(evidence["passages"]) if evidence else "",
        Markup(" ").join(ltr(one) for one in numbers),
        _fingerprint(evidence.get("sha256", "")),
    ]


def _anchor(sheet: Sheet, claim: dict[str, Any]) -> Cell:
    """Return the cell that sentences lead to, and that leads back."""
    at = sheet.proofs.numbers[claim["id"]]
    back = sheet.paper.link(sentence_at(at), str(at))
    return Cell(content=tuple(sheet.paper.bookmarked(proof_at(at), [back])))


def _fingerprint(sha256: str) -> Markup:
    """Return the beginning of a hash."""
    return Markup('<code dir="ltr">{}</code>').format(sha256[:8])


def _quoted(sheet: Sheet, claims: list[dict[str, Any]]) -> None:
    """Add where the words of each quotation are stored."""
    title = _("Proofs of the quotations")
    caption(sheet.paper, title)
    columns = [
        Column(_("Proof"), 0.6),
        Column(_("Contribution"), 1.2),
        Column(_("Question"), 1.6),
        Column(_("Characters"), 1.2, figures=True),
        Column(_("Fingerprint"), 1.2),
    ]
    rows: list[Row] = []
    for claim in claims:
        about = claim["about"]
        quotation = sheet.quotations.get(claim["id"], {})
        rows.append(
            [
                _anchor(sheet, claim),
                ltr(about["number"]),
                ltr(about["question"]),
                f"{sheet.view.n(about['start'])}–{sheet.view.n(about['end'])}",
                _fingerprint(quotation.get("sha256", "")),
            ]
        )
    table(sheet.paper, columns, rows, title=title, small=True)
