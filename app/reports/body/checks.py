"""Before a body is published, everything in it is proved again from the tables."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from app.reports import queries
from app.reports.body.build import Draft
from app.reports.errors import CoverageMismatchError, FigureMismatchError, QuotationMismatchError
from app.submissions.masking import masks_of


def verify(session: Session, draft: Draft) -> None:
    """Check the sum, every quotation and every count against the database.

    :raises CoverageMismatchError: if the states are not all the passages of the run.
    :raises QuotationMismatchError: if a quotation is not a slice of the stored answer any more.
    :raises FigureMismatchError: if a count made in another way differs.
    """
    _coverage(session, draft)
    _quotations(session, draft.body)
    _figures(session, draft)


def _coverage(session: Session, draft: Draft) -> None:
    """The states must add up to the passages, and what is printed to 100."""
    coverage = draft.body["coverage"]
    counted = sum(row["count"] for row in coverage["states"])
    total = session.scalar(queries.passages_in(draft.run_id))
    printed = sum(row["tenths"] for row in coverage["states"])
    if counted != total or coverage["total"] != total or printed != 1000:
        raise CoverageMismatchError(counted=counted, total=total)


def _quotations(session: Session, body: dict[str, Any]) -> None:
    """Each quotation must be the stored answer's words, letter for letter, masks applied."""
    quotations = [q for theme in body["themes"] for q in theme["quotations"]]
    rows = session.execute(queries.stored_slices({q["answer"] for q in quotations}))
    stored = {row.id: row.text or "" for row in rows}
    masks = masks_of(session, stored)
    for quotation in quotations:
        start = quotation["start"]
        words = stored.get(quotation["answer"], "")[start : quotation["end"]]
        words = masks.words(quotation["answer"], words, start)
        if words != quotation["text"] or sha256(words.encode()).hexdigest() != quotation["sha256"]:
            raise QuotationMismatchError(
                number=quotation["number"],
                answer=quotation["answer"],
                start=quotation["start"],
                end=quotation["end"],
            )


def _figures(session: Session, draft: Draft) -> None:
    """Contributors, voices and the groups in claims are counted again by the database."""
    body, run_id = draft.body, draft.run_id
    _same(
        "contributors",
        body["participation"]["analysed"],
        session.scalar(queries.contributors(run_id)),
    )
    members = {theme["id"]: [theme["id"], *theme["merged"]] for theme in body["themes"]}
    for theme in body["themes"]:
        counted = session.scalar(queries.voices(run_id, members[theme["id"]]))
        _same(theme["name"]["fr"], theme["voices"], counted)
    for claim in body["claims"]:
        if claim["kind"] in {"region", "actor_type"}:
            part = {claim["kind"]: claim["code"]}
            counted = session.scalar(queries.voices(run_id, members[claim["themes"][0]], **part))
            _same(f"{claim['kind']} {claim['code']}", claim["count"], counted)
            counted = session.scalar(queries.contributors(run_id, **part))
            _same(f"{claim['kind']} {claim['code']}", claim["of"], counted)


def _same(figure: str, written: int, counted: int | None) -> None:
    """Refuse a difference."""
    if written != counted:
        raise FigureMismatchError(figure=figure, written=written, counted=counted)
