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
from app.reports.errors import CoverageMismatchError, FigureMismatchError, QuotationMismatchError
from app.reports.models import Report
from app.reports.operations import next_edition, publish, render_files
from app.submissions.models import Answer
from app.themes.models import Placement
from tests import factories
from tests.reports.corpus import filled


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


def test_files_made_beforehand_are_used_only_for_the_same_data(session, corpus, render, now):
    prepared = render_files(
        next_edition(session, corpus.consultation, now=now), lambda *_: b"early"
    )
    corpus.says("Une autre crèche.", corpus.themes[0])

    report = publish(
        session, System(), corpus.consultation, now=now, prepared=prepared, render=render
    )

    assert all(file.content != b"early" for file in report.files)


def test_files_made_beforehand_are_used(session, corpus, now):
    prepared = render_files(
        next_edition(session, corpus.consultation, now=now), lambda *_: b"early"
    )
    report = publish(session, System(), corpus.consultation, now=now, prepared=prepared)
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


def test_a_claim_that_does_not_come_out_again_is_refused(session, corpus):
    draft = build(session, corpus.consultation)
    next(claim for claim in draft.body["claims"] if claim["kind"] == "region")["count"] += 1
    with pytest.raises(FigureMismatchError):
        verify(session, draft)


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


def test_of_two_that_both_saw_no_report_one_is_given_the_others(
    session, corpus, render, now, monkeypatch
):
    from app.reports import operations

    first = publish(session, System(), corpus.consultation, now=now, render=render)
    session.commit()
    pending = operations.Pending(
        build(session, corpus.consultation),
        operations.Edition(version=1, published_at=now, sha256=first.sha256),
    )
    monkeypatch.setattr(operations, "next_edition", lambda *_, **__: pending)

    second = publish(session, System(), corpus.consultation, now=now, render=render)

    assert second.id == first.id


def test_the_command_publishes_and_writes_the_files(app, corpus, tmp_path, monkeypatch):
    import app.reports.rendering as rendering

    monkeypatch.setattr(
        rendering, "render_pdf", lambda _body, _edition, lang: f"%PDF {lang}".encode()
    )
    db.session.commit()
    slug = corpus.consultation.slug

    dry = app.test_cli_runner().invoke(
        args=["reports", "publish", slug, "--out", str(tmp_path), "--dry-run"]
    )
    assert dry.exit_code == 0, dry.output
    assert list(tmp_path.iterdir()) == []
    assert db.session.scalar(select(func.count()).select_from(Report)) == 0
    db.session.rollback()

    done = app.test_cli_runner().invoke(args=["reports", "publish", slug, "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert {path.name for path in tmp_path.iterdir()} == {
        f"synthese-{slug}-v1-fr.pdf",
        f"synthese-{slug}-v1-ar.pdf",
        f"synthese-{slug}-v1.json",
    }
    written = json.loads((tmp_path / f"synthese-{slug}-v1.json").read_text(encoding="utf-8"))
    assert written["sha256"] == digest(written["report"])
    assert "cells" not in written["report"]


def test_the_command_says_in_one_line_why_it_refuses(app, session):
    consultation = factories.ConsultationFactory()
    slug = consultation.slug
    session.commit()
    refused = app.test_cli_runner().invoke(args=["reports", "publish", slug])
    assert refused.exit_code == 1
    assert "Traceback" not in refused.output
    assert refused.output.startswith("Error: ")
