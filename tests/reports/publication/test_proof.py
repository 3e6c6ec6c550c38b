"""A proof is handed over to the open data of the same body while nothing has moved, only then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.access import System
from app.reports.body import Draft, build
from app.reports.body.checks import Proof, verify
from app.reports.publishing import freezing
from app.reports.publishing.errors import OpenDataMismatchError
from app.reports.publishing.freezing import freeze
from app.reports.publishing.opening import open_archive
from app.reports.publishing.packing import Version, files_of
from app.submissions.models import Redaction, Submission
from app.themes.models import Passage, Placement
from tests.conftest import NOW
from tests.reports.corpus import Analysed
from tests.reports.publication.conftest import Copy, content
from tests.reports.publishing import publish


@pytest.fixture
def proven(session: Session, corpus: Analysed) -> tuple[Draft, Proof]:
    """A body and its proof."""
    corpus.consultation.publishes_words = True
    draft = build(session, corpus.consultation)
    return draft, verify(session, draft)


def first_passage(session: Session) -> Passage:
    """Return a passage that is in a theme and quoted."""
    return session.scalars(select(Passage).order_by(Passage.id).limit(1)).one()


def frozen_files(session: Session, corpus: Analysed, draft: Draft, proof: Proof | None) -> Any:
    """Return the files of the open data."""
    found = freeze(session, corpus.consultation, draft.run_id, draft.body, proof)
    return files_of(found, Version(1, "1.0", NOW, draft.sha256))


def test_what_a_proof_hands_over_gives_the_same_files_and_is_read_once(
    session: Session,
    corpus: Analysed,
    proven: tuple[Draft, Proof],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draft, proof = proven
    anew = frozen_files(session, corpus, draft, None)
    monkeypatch.setattr(freezing, "compose", unwanted)
    assert frozen_files(session, corpus, draft, proof) == anew


def unwanted(*_arguments: Any) -> Any:
    """Fail."""
    raise AssertionError("the dataset was read again")


def test_publishing_reads_the_dataset_once_in_its_transaction(
    session: Session, corpus: Analysed, render: Any, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freezing, "compose", unwanted)
    report = publish(session, System(), corpus.consultation, now=now, render=render)
    assert Copy(open_archive(content(report, "zip"), "zip")).rows("passages")


def withdraw_one(session: Session, passage: Passage) -> None:
    """Take a contribution back."""
    session.get_one(Submission, passage.submission_id).state = "withdrawn"


def hide_one(session: Session, passage: Passage) -> None:
    """Keep a contribution from being quoted."""
    session.get_one(Submission, passage.submission_id).hidden_reason = "insult"


def mask_one(session: Session, passage: Passage) -> None:
    """Mask words of a passage."""
    session.add(
        Redaction(
            answer_id=passage.answer_id, start=0, end=4, kind="name", source="staff", created_at=NOW
        )
    )


def set_one_aside(session: Session, passage: Passage) -> None:
    """Take a passage out of its theme."""
    row = session.scalars(select(Placement).where(Placement.passage_id == passage.id)).one()
    row.state = "to_arbitrate"


def place_one_elsewhere(session: Session, passage: Passage) -> None:
    """Say that somebody is of another region."""
    session.get_one(Submission, passage.submission_id).region_code = "01"


@pytest.mark.parametrize(
    "move", [withdraw_one, hide_one, mask_one, set_one_aside, place_one_elsewhere]
)
def test_a_proof_does_not_hold_once_what_it_was_read_from_has_moved(
    session: Session,
    corpus: Analysed,
    proven: tuple[Draft, Proof],
    monkeypatch: pytest.MonkeyPatch,
    move: Callable[[Session, Passage], None],
) -> None:
    draft, proof = proven
    move(session, first_passage(session))
    session.flush()
    monkeypatch.setattr(freezing, "compose", unwanted)
    with pytest.raises(AssertionError, match="read again"):
        freeze(session, corpus.consultation, draft.run_id, draft.body, proof)


def test_what_moves_between_the_proof_and_the_files_is_not_published(
    session: Session, corpus: Analysed, proven: tuple[Draft, Proof]
) -> None:
    draft, proof = proven
    withdraw_one(session, first_passage(session))
    session.flush()
    with pytest.raises(OpenDataMismatchError):
        freezing.open_data(
            session,
            corpus.consultation,
            draft.run_id,
            draft.body,
            version=1,
            label="1.0",
            published_at=NOW,
            sha256=draft.sha256,
            proof=proof,
        )


def test_a_proof_is_of_no_other_body(
    session: Session, corpus: Analysed, proven: tuple[Draft, Proof], monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, proof = proven
    other = draft.body | {"format": 3}
    monkeypatch.setattr(freezing, "compose", unwanted)
    with pytest.raises(AssertionError, match="read again"):
        freeze(session, corpus.consultation, draft.run_id, other, proof)
