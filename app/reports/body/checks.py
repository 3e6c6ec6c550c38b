"""Before a body is published, everything in it is proved again from the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.core.i18n import language
from app.reports import queries
from app.reports.body.build import Draft, compose
from app.reports.body.canonical import digest
from app.reports.body.corpus import read
from app.reports.body.ground import ground_of
from app.reports.claims.dataset import Dataset
from app.reports.claims.loading import Spot, altered
from app.reports.claims.making.quotations import all_of
from app.reports.claims.narrative import flags
from app.reports.claims.proving import prove
from app.reports.claims.wording import bare
from app.reports.errors import (
    ClaimMismatchError,
    CoverageMismatchError,
    FigureMismatchError,
    NarrativeUnprovenError,
    QuotationMismatchError,
)
from app.submissions.masking import masks_of
from app.themes.models import AnalysisRun

#: Parts of a body as their readers call them.
PARTS: dict[str, Any] = {
    "consultation": _l("The consultation"),
    "participation": _l("Who took part"),
    "coverage": _l("Nothing is lost"),
    "groups": _l("Groups"),
    "themes": _l("The themes"),
    "minority": _l("Minority positions"),
    "excluded": _l("Themes left out, and why"),
    "set_aside": _l("Passages left out one by one, and why"),
    "method": _l("How this report is made"),
    "regions": _l("Region sheets"),
}

#: What of a claim can come out different; a value goes by its own name.
WHAT: dict[str, Any] = {
    "count": _l("Count"),
    "of": _l("Out of"),
    "evidence": _l("Evidence"),
    "sentence": _l("Sentence"),
    "query": _l("Question"),
    "words": _l("Exact words"),
}


@dataclass(frozen=True)
class Proof:
    """What a body was proved by, for whoever writes it down in the same transaction.

    :ivar sha256: hash of the body that was proved, and of no other.
    :ivar ground: what the dataset stood on when it was read.
    """

    run_id: int
    sha256: str
    ground: str
    data: Dataset

    def holds(self, session: Session, run: AnalysisRun, body: dict[str, Any]) -> bool:
        """Tell whether it proves exactly this body, and nothing it was read from has moved."""
        return (self.run_id, self.sha256, self.ground) == (
            run.id,
            digest(body),
            ground_of(session, run),
        )


def verify(session: Session, draft: Draft) -> Proof:
    """Check the sum, every quotation, every count, every claim and every word of one's own.

    :returns: the proof, with the dataset that every claim was asked of.
    :raises CoverageMismatchError: if the states are not all the passages of the run.
    :raises QuotationMismatchError: if a quotation is not a slice of the stored answer any more.
    :raises FigureMismatchError: if a count made in another way differs, or any figure of a table
        or chart: its part is named.
    :raises ClaimMismatchError: if a claim does not come out again, or rests on a passage whose
        words are not those that were analysed: its sentence is named.
    :raises NarrativeUnprovenError: if free words say a figure without a claim behind it.
    """
    run = session.get_one(AnalysisRun, draft.run_id)
    # First, so that whatever moves while the dataset is read makes another ground.
    ground = ground_of(session, run)
    _coverage(session, draft)
    _quotations(session, draft.body)
    _figures(session, draft)
    rebuilt, data = compose(session, read(session, run.consultation, run))
    _words(draft.body, data, altered(session, run))
    _claims(draft.body, data)
    _parts(draft.body, rebuilt)
    _same_claims(draft.body, rebuilt)
    _narrative(draft.body)
    return Proof(run.id, draft.sha256, ground, data)


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
    quotations = list(all_of(body))
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
    """Contributors and voices are counted again by the database itself."""
    body, run_id = draft.body, draft.run_id
    _same(
        PARTS["participation"],
        body["participation"]["analysed"],
        session.scalar(queries.contributors(run_id)),
    )
    members = {theme["id"]: [theme["id"], *theme["merged"]] for theme in body["themes"]}
    for theme in body["themes"]:
        counted = session.scalar(queries.voices(run_id, members[theme["id"]]))
        _same(_named(theme["name"]), theme["voices"], counted)


def _named(names: dict[str, str]) -> str:
    """Return a name in the reader's language, else in French."""
    return names.get(language().code) or names["fr"] or names["ar"]


def _words(body: dict[str, Any], data: Dataset, spots: set[Spot]) -> None:
    """No claim may rest on words that are not those that were analysed.

    Of the claims that do, the one that fewest passages prove is named.
    """
    if not spots:
        return
    resting = [
        claim
        for claim in body["claims"]
        if claim["evidence"] is not None
        and any(said.place in spots for said in data.proof(claim["evidence"]["query"]))
    ]
    for claim in sorted(resting, key=lambda one: int(one["evidence"]["passages"]))[:1]:
        raise ClaimMismatchError(
            claim=claim["id"],
            sentence=_sentence(claim),
            what=WHAT["words"],
            written=claim["evidence"]["sha256"][:16],
            found=", ".join(f"{spot[0]} ({spot[2]}–{spot[3]})" for spot in sorted(spots)[:3]),
        )


def _sentence(claim: dict[str, Any]) -> str:
    """Return a claim's sentence in the reader's language, as far as reports are written in it."""
    sentence = claim["sentence"]
    return bare(sentence.get(language().code) or sentence.get("fr") or "")


def _claims(body: dict[str, Any], data: Dataset) -> None:
    """Every claim is asked again; the first that comes out different is named."""
    lang = language().code if language().code in {"fr", "ar"} else "fr"
    for found in prove(body, data, lang=lang):
        raise ClaimMismatchError(
            claim=found.claim,
            sentence=found.sentence,
            what=WHAT.get(found.what, found.what),
            written=str(found.written),
            found=str(found.found),
        )


def _same_claims(body: dict[str, Any], rebuilt: dict[str, Any]) -> None:
    """The claims must be those that the record makes: none lost, added or asked otherwise."""
    before = {claim["id"]: claim for claim in body["claims"]}
    after = {claim["id"]: claim for claim in rebuilt["claims"]}
    for identity in [*before, *(i for i in after if i not in before)]:
        was, now = before.get(identity), after.get(identity)
        if was == now:
            continue
        asked, ask = (claim["queries"] if claim else None for claim in (was, now))
        raise ClaimMismatchError(
            claim=identity,
            sentence=_sentence(was or now or {"sentence": {}}),
            what=WHAT["query"] if asked != ask else WHAT["evidence"],
            written=str(asked if asked != ask else was),
            found=str(ask if asked != ask else now),
        )


def _parts(body: dict[str, Any], rebuilt: dict[str, Any]) -> None:
    """Every figure of every table and chart must come out again; what differs is named."""
    for part in [*rebuilt, *(part for part in body if part not in rebuilt)]:
        if part in {"claims", "sections"}:
            continue
        for path, written, found in _differences(body.get(part), rebuilt.get(part)):
            raise FigureMismatchError(
                figure=": ".join(str(word) for word in _where(body, part, path)),
                written=str(written),
                counted=str(found),
            )


def _where(body: dict[str, Any], part: str, path: list[Any]) -> Iterator[Any]:
    """Yield what a figure is called: its part, the theme or region it is of, its place there."""
    yield PARTS.get(part, part)
    rows = body.get(part)
    if part == "themes" and isinstance(rows, list) and path and path[0] < len(rows):
        yield _named(rows[path[0]]["name"])
        path = path[1:]
    if path:
        yield ".".join(str(step) for step in path)


def _differences(written: Any, found: Any) -> Iterator[tuple[list[Any], Any, Any]]:
    """Yield where two values differ: the path, and both."""
    if isinstance(written, dict) and isinstance(found, dict):
        steps: list[Any] = sorted(written.keys() | found.keys())
        pairs = [(step, written.get(step), found.get(step)) for step in steps]
    elif isinstance(written, list) and isinstance(found, list) and len(written) == len(found):
        pairs = [(i, a, b) for i, (a, b) in enumerate(zip(written, found, strict=True))]
    else:
        if written != found:
            yield [], written, found
        return
    for step, a, b in pairs:
        for path, was, now in _differences(a, b):
            yield [step, *path], was, now


def _narrative(body: dict[str, Any]) -> None:
    """Free words must not say a figure without a claim behind it."""
    for flag in flags(body):
        raise NarrativeUnprovenError(sentence=flag.sentence, found=flag.found)


def _same(figure: object, written: int, counted: int | None) -> None:
    """Refuse a difference."""
    if written != counted:
        raise FigureMismatchError(figure=figure, written=written, counted=counted)
