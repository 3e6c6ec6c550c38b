"""The open data of a version, from the tables of the database, in the transaction that publishes.

The files are read back and every claim is asked of them before anything is written: what does not
prove the report is not published.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation, Question
from app.reports.body.build import compose
from app.reports.body.checks import Proof
from app.reports.body.corpus import read
from app.reports.claims.loading import Hashes, number_of
from app.reports.claims.reducing import reduce
from app.reports.publishing.closed import answer_rows, question_rows
from app.reports.publishing.errors import OpenDataMismatchError
from app.reports.publishing.packing import Version, files_of, packed
from app.reports.publishing.reading import CLAIMS
from app.reports.publishing.tables import Frozen, Place
from app.reports.publishing.verifying import examined
from app.submissions.models import Answer
from app.themes.models import AnalysisRun, Passage
from app.themes.queries import placed


def open_data(
    session: Session,
    consultation: Consultation,
    run_id: int,
    body: dict[str, Any],
    *,
    version: int,
    label: str,
    published_at: datetime,
    sha256: str,
    proof: Proof | None = None,
) -> dict[str, bytes]:
    """Return the files of a version's open data, by kind.

    :param proof: of this body, made in this transaction.
    :raises OpenDataMismatchError: if they do not prove the report.
    """
    frozen = freeze(session, consultation, run_id, body, proof)
    found = files_of(frozen, Version(version, label, published_at, sha256))
    for wrong in examined(found).problems:
        raise OpenDataMismatchError(what=wrong.line())
    return {"zip": packed(found, published_at), "claims": found[CLAIMS]}


def freeze(
    session: Session,
    consultation: Consultation,
    run_id: int,
    body: dict[str, Any],
    proof: Proof | None = None,
) -> Frozen:
    """Read all that the open data hold; the dataset of a proof that holds is not read again."""
    run = session.get_one(AnalysisRun, run_id)
    if proof is not None and proof.holds(session, run, body):
        data = proof.data
    else:
        _body, data = compose(session, read(session, consultation, run))
    return Frozen(
        body=body,
        data=reduce(data),
        words=words_of(session, consultation, run, body),
        questions=question_rows(consultation),
        answers=answer_rows(session, consultation),
    )


def words_of(
    session: Session, consultation: Consultation, run: AnalysisRun, body: Mapping[str, Any]
) -> dict[Place, str]:
    """Return the words that may be published: all, or only those that the report quotes.

    What moderation hides, and what may hold personal data, is nowhere among them.
    """
    facts = placed(run)
    rows = session.execute(
        select(
            facts.c.submission_id,
            facts.c.answer_id,
            facts.c.start,
            facts.c.end,
            facts.c.may_be_shown,
            Question.key,
            Answer.text.label("whole"),
        )
        .join(Passage, Passage.id == facts.c.passage_id)
        .join(Answer, Answer.id == facts.c.answer_id)
        .join(Question, Question.id == Answer.question_id)
    ).all()
    shown, quoted = Hashes(session, rows), set(quoted_in(body))
    found = {}
    for row in rows:
        place = number_of(row.submission_id), row.key, row.start, row.end
        if consultation.publishes_words or place in quoted:
            found[place] = shown.words(row)
    return {place: words for place, words in found.items() if words}


def quoted_in(body: Mapping[str, Any]) -> list[Place]:
    """Return where the words that a report quotes are."""
    return [
        (about["number"], about["question"], about["start"], about["end"])
        for claim in body["claims"]
        if claim["kind"] == "quotation"
        for about in [claim["about"]]
    ]
