"""Files as answers: attached without a script, sent, read with the answers, downloaded by few."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.consultations.models import Consultation
from app.core.access import Role
from app.core.db import db
from app.core.files import operations as files
from app.core.files.models import StoredFile
from app.core.jobs import Job, run
from app.submissions.attachments.queries import page_of
from app.submissions.models import Answer, Attachment, Draft, Submission
from app.themes.corpus import read_corpus
from tests.factories import ConsultationFactory, add_section
from tests.files import made
from tests.pages import CheckedClient

MEMO = "q-memo-upload"


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """A consultation that asks for a memorandum in its third section."""
    one: Consultation = ConsultationFactory()
    add_section(
        one.questionnaire,
        "Memorandum",
        [
            {"key": "memo", "kind": "file", "is_required": True, "rules": {"max_size": 0.4}},
            {"key": "note", "kind": "short_text"},
        ],
    )
    session.commit()
    return one


class Sender:
    """Someone who answers with a file, without a script."""

    def __init__(self, client: CheckedClient, slug: str) -> None:
        self.client, self.base = client, f"/fr/consultations/{slug}/participate"

    def until_memo(self) -> None:
        """Answer the sections before the file's."""
        self.client.post(self.base)
        self.client.post(
            f"{self.base}/1",
            data={
                "actor_type": "association",
                "organisation": "Amal",
                "q-place-region": "08",
                "shown": "organisation",
            },
        )
        self.client.post(f"{self.base}/2", data={"q-story": "La route."})

    def post(
        self, data: bytes | None = None, name: str = "mémoire.pdf", **more: str
    ) -> TestResponse:
        """Send the section of the file."""
        sent: dict[str, Any] = {"go": "next", **more}
        if data is not None:
            sent[MEMO] = (io.BytesIO(data), name)
        return self.client.post(f"{self.base}/3", data=sent, content_type="multipart/form-data")

    def send(self) -> Submission:
        """Agree and send."""
        notice = db.session.scalars(select(Submission.id)).all()
        assert notice == []
        from app.consultations.models import PrivacyNotice

        shown = db.session.scalars(select(PrivacyNotice.id)).one()
        db.session.rollback()
        answer = self.client.post(f"{self.base}/send", data={"notice": shown, "agree": "y"})
        assert answer.status_code == 303, answer.text
        return db.session.scalars(select(Submission)).one()


@pytest.fixture
def sender(client: CheckedClient, consultation: Consultation) -> Sender:
    """Someone at the section of the file."""
    one = Sender(client, consultation.slug)
    one.until_memo()
    return one


def test_a_file_is_attached_shown_replaced_and_taken_off(sender: Sender, session: Session) -> None:
    page = sender.client.get(f"{sender.base}/3").text
    assert 'enctype="multipart/form-data"' in page
    assert "0,4" in page
    assert sender.post(made.pdf("Une."), go="attach:memo").status_code == 303
    assert "mémoire.pdf" in sender.client.get(f"{sender.base}/3").text
    sender.post(b"Deux.", "autre.txt", go="attach:memo", **{"q-note": "gardée"})
    page = sender.client.get(f"{sender.base}/3").text
    assert "autre.txt" in page
    assert "mémoire.pdf" not in page
    assert "gardée" in page
    assert len(session.scalars(select(Attachment)).all()) == 1
    sender.post(go="detach:memo")
    assert "autre.txt" not in sender.client.get(f"{sender.base}/3").text
    assert all(file.deleted_at for file in session.scalars(select(StoredFile)))


def test_a_refused_file_is_said_at_its_question_and_loses_nothing(
    sender: Sender, session: Session
) -> None:
    answer = sender.post(made.program(), "facture.pdf", **{"q-note": "gardée"})
    assert answer.status_code == 422
    assert 'href="#q-memo"' in answer.text
    assert "gardée" in answer.text
    too_large = sender.post(b"a" * 430_000, "a.txt")
    assert too_large.status_code == 422
    assert session.scalars(select(StoredFile)).all() == []
    assert session.scalars(select(Draft)).one().values["note"] in {"gardée", ""}


def test_several_saves_keep_the_file_and_a_form_cannot_name_another(
    sender: Sender, session: Session
) -> None:
    sender.post(made.pdf("Une."))
    token = session.scalars(select(StoredFile.token)).one()
    session.rollback()
    sender.post(**{"q-memo": "another token", "q-memo-file": "x"})
    sender.post(go="save")
    assert session.scalars(select(Draft)).one().values["memo"]["file"] == token


def test_the_words_of_the_file_are_the_answer_and_go_to_the_analysis(
    sender: Sender, session: Session, consultation: Consultation
) -> None:
    sender.post(made.pdf(*made.FRENCH))
    assert "mémoire.pdf" in sender.client.get(f"{sender.base}/check").text
    submission = sender.send()
    attachment = session.scalars(select(Attachment)).one()
    assert (attachment.submission_id, attachment.draft_id) == (submission.id, None)
    answer = next(one for one in submission.answers if one.question.key == "memo")
    assert answer.text is not None
    assert answer.text.split("\n\n") == list(made.FRENCH)
    assert page_of(session, answer, 0) == 1
    assert page_of(session, answer, answer.text.index("Nous")) == 2
    assert answer.text in {text.text for text in read_corpus(session, consultation.id).texts}


def test_a_scan_is_kept_by_its_name(sender: Sender, session: Session) -> None:
    sender.post(made.pdf(""))
    submission = sender.send()
    answer = next(one for one in submission.answers if one.question.key == "memo")
    assert (answer.text, answer.value) == (None, {"file": "mémoire.pdf"})


def test_a_required_file_is_asked_for(sender: Sender) -> None:
    assert sender.post().status_code == 422


def test_the_contributor_downloads_by_the_code_and_nobody_by_a_wrong_one(
    sender: Sender, session: Session
) -> None:
    data = made.scripted_pdf("Bonjour.")
    sender.post(data)
    submission = sender.send()
    token = session.scalars(select(StoredFile.token)).one()
    base = "/fr/my-contribution"
    page = sender.client.get(f"{base}/{submission.receipt_code}")
    assert f"{submission.receipt_code}/files/{token}" in page.text
    with sender.client.get(f"{base}/{submission.receipt_code}/files/{token}") as answer:
        assert answer.data == data
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
    assert sender.client.get(f"{base}/ABCDEFGH/files/{token}").status_code == 404
    assert sender.client.get(f"{base}/{submission.receipt_code}/files/other").status_code == 404


@pytest.mark.parametrize(
    ("role", "region", "status"),
    [
        (Role.ANALYST, None, 200),
        (Role.MODERATOR, "08", 200),
        (Role.MODERATOR, "01", 403),
        (Role.OBSERVER, None, 403),
        (Role.DATA_ENTRY, None, 403),
    ],
)
def test_staff_of_the_region_who_may_see_originals_download(
    sender: Sender,
    session: Session,
    sign_in: Callable[..., Any],
    role: Role,
    region: str | None,
    status: int,
) -> None:
    sender.post(made.pdf("Bonjour."))
    submission = sender.send()
    token, identity = session.scalars(select(StoredFile.token)).one(), submission.id
    sign_in(sender.client, role, region=region)
    with sender.client.get(f"/fr/staff/attachments/{token}") as answer:
        assert answer.status_code == status
    if region in {None, "08"}:
        page = sender.client.get(f"/fr/staff/submissions/{identity}").text
        assert "mémoire.pdf" in page
        assert (f"attachments/{token}" in page) == (status == 200)


def test_the_file_of_a_draft_is_nobodys_business(
    sender: Sender, session: Session, sign_in: Callable[..., Any]
) -> None:
    sender.post(made.pdf("Bonjour."))
    token = session.scalars(select(StoredFile.token)).one()
    sign_in(sender.client, Role.ADMINISTRATOR)
    assert sender.client.get(f"/fr/staff/attachments/{token}").status_code == 404


def test_words_read_by_the_job_reach_an_answer_already_sent(
    sender: Sender, session: Session, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(*_arguments: Any, **_more: Any) -> None:
        """Never end."""
        raise files.TakesTooLongError

    with monkeypatch.context() as patch:
        patch.setattr(files, "read_text", too_long)
        sender.post(made.pdf("Bonjour à tous."))
    submission = sender.send()
    answer = next(one for one in submission.answers if one.question.key == "memo")
    assert answer.value == {"file": "mémoire.pdf"}
    identity = answer.id
    job = session.scalars(select(Job.id).where(Job.kind == "submissions.read_file")).one()
    session.rollback()
    assert run(app, job)
    row = session.get_one(Answer, identity, populate_existing=True)
    assert (row.text, row.value, row.folded) == ("Bonjour à tous.", None, "bonjour a tous.")
