"""Publishing: once, checked, and never twice the same."""

import json
import threading
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from app.core.access import Role, System
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import ForbiddenError
from app.reports.body import build, digest
from app.reports.body.checks import verify
from app.reports.drafting import operations as drafting
from app.reports.errors import (
    CoverageMismatchError,
    DraftChangedError,
    FigureMismatchError,
    NotApprovedError,
    PublishedMeanwhileError,
    QuotationMismatchError,
)
from app.reports.models import Report, ReportDraft
from app.reports.operations import next_edition, render_files
from app.reports.operations import publish as publish_draft
from app.submissions.models import Answer
from app.themes.models import Placement
from tests import factories
from tests.reports.corpus import filled
from tests.reports.publishing import approved, approver, publish


def test_the_first_publication_is_version_one_with_its_files(session, corpus, render, now):
    report = publish(session, System(), corpus.consultation, now=now, render=render)

    assert report.version == 1
    assert report.published_at == now
    assert report.sha256 == digest(report.body)
    pdf = {file.lang: file for file in report.files if file.kind == "pdf"}
    assert set(pdf) == {"fr", "ar"}
    assert all(
        sha256(f.content).hexdigest() == f.sha256 and f.size == len(f.content) for f in report.files
    )
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "reports.publish")).one()
    assert entry.detail["sha256"] == report.sha256


def test_what_has_not_changed_is_not_published_again(session, corpus, render, now):
    first = publish(session, System(), corpus.consultation, now=now, render=render)
    second = publish(
        session, System(), corpus.consultation, now=now + timedelta(days=1), render=render
    )
    assert second.id == first.id
    assert session.scalar(select(func.count()).select_from(Report)) == 1


def test_a_change_makes_a_new_version_and_leaves_the_old_one(session, corpus, render, now):
    first = publish(session, System(), corpus.consultation, now=now, render=render)
    before = digest(first.body)
    corpus.themes[0].name = {"fr": "Garde d’enfants", "ar": "حضانة الأطفال"}

    second = publish(session, System(), corpus.consultation, now=now, render=render)

    assert second.version == 2
    assert second.body["themes"][0]["name"]["fr"] == "Garde d’enfants"
    session.expire(first)
    assert digest(first.body) == before == first.sha256


def test_files_made_beforehand_are_used_only_for_the_same_edition(session, corpus, render, now):
    draft = approved(session, System(), corpus.consultation, now=now)
    edition = next_edition(session, draft, now=now)
    prepared = render_files(draft.body, edition, {"pdf": lambda *_: b"early"})

    later = now + timedelta(minutes=1)
    report = publish_draft(
        session, System(), draft, now=later, prepared=prepared, make={"pdf": render}
    )

    assert all(file.content != b"early" for file in report.files)


def test_files_made_beforehand_are_used(session, corpus, now):
    draft = approved(session, System(), corpus.consultation, now=now)
    edition = next_edition(session, draft, now=now)
    prepared = render_files(draft.body, edition, {"pdf": lambda *_: b"early"})

    report = publish_draft(session, System(), draft, now=now, prepared=prepared)

    assert [file.content for file in report.files if file.kind == "pdf"] == [b"early", b"early"]


def test_only_analysts_and_administrators_of_the_consultation_publish(session, corpus, render, now):
    other = factories.ConsultationFactory()
    for role, scope, may in (
        (Role.ANALYST, None, True),
        (Role.ANALYST, other.id, False),
        (Role.OBSERVER, None, False),
    ):
        user = factories.UserFactory()
        factories.grant(user, role, consultation=scope)
        if may:
            publish(session, user, corpus.consultation, now=now, render=render)
        else:
            with pytest.raises(ForbiddenError):
                publish(session, user, corpus.consultation, now=now, render=render)


def test_an_answer_changed_after_the_analysis_stops_the_publication(session, corpus, render, now):
    quoted = build(session, corpus.consultation).body["themes"][0]["quotations"][0]
    answer = session.get(Answer, quoted["answer"])
    answer.text = "X" + answer.text[1:]
    session.flush()

    with pytest.raises(QuotationMismatchError) as refusal:
        publish(session, System(), corpus.consultation, now=now, render=render)

    assert refusal.value.values["answer"] == answer.id
    assert session.scalar(select(func.count()).select_from(Report)) == 0


def test_a_quotation_that_is_not_the_stored_words_is_refused(session, corpus):
    draft = build(session, corpus.consultation)
    draft.body["themes"][0]["quotations"][0]["text"] += " !"
    with pytest.raises(QuotationMismatchError):
        verify(session, draft)


def test_a_passage_missing_from_the_sum_is_refused(session, corpus):
    draft = build(session, corpus.consultation)
    session.delete(session.scalars(select(Placement).limit(1)).one())
    session.flush()
    with pytest.raises(CoverageMismatchError):
        verify(session, draft)


@pytest.mark.parametrize("field", ["voices"])
def test_a_figure_that_does_not_come_out_again_is_refused(session, corpus, field):
    draft = build(session, corpus.consultation)
    draft.body["themes"][0][field] += 1
    with pytest.raises(FigureMismatchError) as refusal:
        verify(session, draft)
    assert refusal.value.values["counted"] == 12


def test_two_clicks_at_once_make_one_version(app, render, now):
    with app.app_context():
        consultation = filled(db.session).consultation
        consultation_id = consultation.id
        db.session.commit()
    gate, outcomes = threading.Barrier(2), []

    def click() -> None:
        from app.consultations.models import Consultation

        with app.app_context():
            gate.wait()
            mine = db.session.get(Consultation, consultation_id)
            outcomes.append(publish(db.session, System(), mine, now=now, render=render).version)
            db.session.commit()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert outcomes == [1, 1]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Report)) == 1


def test_of_two_that_both_saw_no_report_the_second_is_told(
    session, corpus, render, now, monkeypatch
):
    from app.reports import operations

    publish(session, System(), corpus.consultation, now=now, render=render)
    corpus.says("Encore une crèche.", corpus.themes[0])
    draft = approved(session, System(), corpus.consultation, now=now)
    seen = operations.Edition(version=1, label="1.0", published_at=now, sha256=draft.sha256)
    proof = operations.verify(session, operations.as_built(draft))
    monkeypatch.setattr(operations, "proved", lambda *_, **__: (seen, proof))

    with pytest.raises(PublishedMeanwhileError):
        publish_draft(session, System(), draft, now=now, make={"pdf": render})

    assert session.scalar(select(func.count()).select_from(Report)) == 1


def test_what_fewer_than_two_people_approved_is_not_published(session, corpus, render, now):
    draft = drafting.start(session, System(), corpus.consultation, now=now)
    person = approver()
    for _twice in range(2):
        drafting.approve(session, person, draft, sha256=draft.sha256, now=now)

    with pytest.raises(NotApprovedError) as refusal:
        publish_draft(session, System(), draft, now=now, make={"pdf": render})

    assert refusal.value.values["count"] == 1


def test_a_draft_changed_behind_its_approvals_is_not_published(session, corpus, render, now):
    draft = approved(session, System(), corpus.consultation, now=now)
    body = json.loads(json.dumps(draft.body))
    body["participation"]["submissions"] += 1
    draft.body = body
    session.flush()

    with pytest.raises(DraftChangedError):
        publish_draft(session, System(), draft, now=now, make={"pdf": render})


def test_late_answers_make_the_next_whole_version_and_words_the_next_part(
    session, corpus, render, now
):
    first = publish(session, System(), corpus.consultation, now=now, render=render)
    draft = drafting.start(session, System(), corpus.consultation, now=now)
    words = {"narrative": {"summary": {"fr": "Merci à toutes et à tous.", "ar": "شكرا."}}}
    drafting.change(
        session,
        System(),
        draft,
        lambda *_: words,
        seen=draft.revision,
        now=now + timedelta(days=1),
    )
    for _each in range(2):
        drafting.approve(session, approver(), draft, sha256=draft.sha256, now=now)
    second = publish_draft(session, System(), draft, now=now, make={"pdf": render})
    corpus.says("Encore une crèche.", corpus.themes[0])
    third = publish(session, System(), corpus.consultation, now=now, render=render)

    assert [report.label for report in (first, second, third)] == ["1.0", "1.1", "2.0"]
    assert list(third.changes["submissions"]) == [30, 31]


@pytest.fixture
def people(session):
    """The addresses of two people who may approve."""
    found = [approver().email for _each in range(2)]
    session.commit()
    return [word for email in found for word in ("--approved-by", email)]


def test_the_command_publishes_and_writes_the_files(app, corpus, people, tmp_path, monkeypatch):
    from app.reports import operations

    monkeypatch.setattr(
        operations,
        "renderers",
        lambda: {"pdf": lambda _body, _edition, lang: f"%PDF {lang}".encode()},
    )
    db.session.commit()
    slug = corpus.consultation.slug
    command = ["reports", "publish", slug, *people, "--out", str(tmp_path)]

    dry = app.test_cli_runner().invoke(args=[*command, "--dry-run"])
    assert dry.exit_code == 0, dry.output
    assert list(tmp_path.iterdir()) == []
    assert db.session.scalar(select(func.count()).select_from(Report)) == 0
    db.session.rollback()

    done = app.test_cli_runner().invoke(args=command)
    assert done.exit_code == 0, done.output
    assert {path.name for path in tmp_path.iterdir()} == {
        f"synthese-{slug}-v1-fr.pdf",
        f"synthese-{slug}-v1-ar.pdf",
        f"synthese-{slug}-v1.json",
    }
    written = json.loads((tmp_path / f"synthese-{slug}-v1.json").read_text(encoding="utf-8"))
    assert written["sha256"] == digest(written["report"])
    assert "cells" not in written["report"]


def test_the_command_says_in_one_line_why_it_refuses(app, session, people):
    slug = factories.ConsultationFactory().slug
    session.commit()
    refused = app.test_cli_runner().invoke(args=["reports", "publish", slug, *people])
    assert refused.exit_code == 2
    assert "Traceback" not in refused.output
    assert refused.output.startswith("Error: ")


def test_the_same_person_twice_is_one_person(app, corpus, people):
    slug = corpus.consultation.slug
    db.session.commit()
    twice = [*people[:2], *people[:2]]
    refused = app.test_cli_runner().invoke(args=["reports", "publish", slug, *twice])
    assert refused.exit_code == 2
    assert "2 different people have to approve" in refused.output
    assert db.session.scalar(select(func.count()).select_from(ReportDraft)) == 0


def test_an_approver_without_a_role_here_is_refused(app, corpus, people):
    stranger = factories.UserFactory()
    slug, email = corpus.consultation.slug, stranger.email
    db.session.commit()
    refused = app.test_cli_runner().invoke(
        args=["reports", "publish", slug, *people[:2], "--approved-by", email]
    )
    assert refused.exit_code == 2
    assert "Traceback" not in refused.output
    assert db.session.scalar(select(func.count()).select_from(Report)) == 0


def test_the_command_writes_the_first_draft_and_renews_the_open_one(app, corpus):
    slug = corpus.consultation.slug
    db.session.commit()
    run = app.test_cli_runner().invoke

    dry = run(args=["reports", "draft", slug, "--dry-run"])
    assert "Nothing was written" in dry.output
    assert db.session.scalar(select(func.count()).select_from(ReportDraft)) == 0
    db.session.rollback()

    first = run(args=["reports", "draft", slug])
    again = run(args=["reports", "draft", slug])

    assert first.exit_code == again.exit_code == 0, first.output + again.output
    db.session.rollback()
    draft = db.session.scalars(select(ReportDraft)).one()
    assert draft.revision == 2
    assert f"{len(draft.body['sections'])} sections" in again.output
