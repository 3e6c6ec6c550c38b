"""One of each thing that an address can name, for tests that walk every route."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from flask import Flask

from app.api.models import Partner
from app.consultations.building.versions import draft_of
from app.consultations.models import Consultation, Document
from app.core.access import System
from app.core.db import Texts, db
from app.core.jobs import Job, JobState
from app.core.mail import post
from app.reports.models import Report
from app.reports.operations import publish
from app.submissions.models import (
    DataRequest,
    ImportBatch,
    ModerationCase,
    Redaction,
    SavedMapping,
    Submission,
)
from app.themes.models import AnalysisRun, Passage, PassageState, Placement, Theme
from tests import factories
from tests.conftest import NOW

WORDS = "The nearest centre is forty kilometres away, and the bus comes once a week."


def analysed(consultation: Consultation, said: Submission) -> tuple[AnalysisRun, Theme]:
    """Add a finished run that placed the submission's text in one theme."""
    job = Job(
        kind="themes.analyse",
        payload={},
        state=JobState.DONE,
        created_at=NOW,
        finished_at=NOW,
        progress=1.0,
    )
    db.session.add(job)
    db.session.flush()
    run = AnalysisRun(
        consultation_id=consultation.id,
        job_id=job.id,
        options={"seed": 0},
        n_submissions=1,
        n_passages=1,
        started_at=NOW,
        finished_at=NOW,
        engine="nlp 1",
        fingerprint="f" * 64,
    )
    db.session.add(run)
    db.session.flush()
    theme = Theme(
        consultation_id=consultation.id,
        name=Texts(fr="La distance", ar="بعد المسافة"),
        keywords={"fr": ["distance"], "ar": ["المسافة"]},
        first_run_id=run.id,
        last_run_id=run.id,
        stability=0.9,
        created_at=NOW,
    )
    answer = said.answers[0]
    text = answer.text or ""
    passage = Passage(
        submission_id=said.id,
        answer_id=answer.id,
        start=0,
        end=len(text),
        language="fr",
        sha256=sha256(text.encode()).hexdigest(),
    )
    db.session.add_all([theme, passage])
    db.session.flush()
    db.session.add(
        Placement(
            run_id=run.id,
            passage_id=passage.id,
            state=PassageState.IN_THEME,
            theme_id=theme.id,
            margin=0.8,
            quotation_rank=0,
        )
    )
    db.session.flush()
    return run, theme


def published(consultation: Consultation) -> Report:
    """Publish the consultation's report with empty files."""
    return publish(
        db.session, System("test"), consultation, now=NOW, render=lambda _b, _e, _l: b"%PDF-1.7\n"
    )


def things() -> dict[str, Any]:
    """Make one of each and return what names them in addresses."""
    consultation = factories.ConsultationFactory()
    consultation.documents.append(
        Document(
            position=1,
            title=factories.texts("Note"),
            body=factories.texts("Text"),
            published_on=factories.TODAY,
        )
    )
    said = factories.submission(consultation, WORDS)
    run, theme = analysed(consultation, said)
    report = published(consultation)
    batch = ImportBatch(
        consultation_id=consultation.id,
        file_name="answers.csv",
        sha256="0" * 64,
        mapping={},
        n_rows=0,
        n_added=0,
        n_known=0,
        n_refused=0,
        created_at=NOW,
    )
    mapping = SavedMapping(
        consultation_id=consultation.id,
        name="Telephones",
        source="kobo",
        mapping={"columns": {"text": "story"}},
        header=["text"],
        created_at=NOW,
        updated_at=NOW,
    )
    db.session.add_all([batch, mapping])
    db.session.flush()
    partner = Partner(
        name="A federation",
        consultation_id=consultation.id,
        token_hash="0" * 64,
        token_start="tcw_000000",
        created_at=NOW,
    )
    db.session.add(partner)
    asked = DataRequest(submission_id=said.id, kind="access", made_at=NOW, due_at=NOW)
    db.session.add(asked)
    case = ModerationCase(
        submission_id=said.id, reason="personal_data", source="machine", opened_at=NOW
    )
    mask = Redaction(
        answer_id=said.answers[0].id,
        start=0,
        end=3,
        kind="name",
        source="machine",
        created_at=NOW,
    )
    db.session.add_all([case, mask])
    person = factories.UserFactory()
    draft = draft_of(db.session(), System("test"), consultation, now=NOW)
    organisation = factories.OrganisationFactory()
    mandate = factories.mandate(organisation, person)
    letter = post(
        db.session,
        key="test.thing",
        kind="test.thing",
        to="someone@example.org",
        subject="A letter",
        body="Its words.",
        lang="fr",
        now=NOW,
    )
    db.session.commit()
    return {
        "consultation": consultation,
        "document": consultation.documents[0],
        "submission": said,
        "run": run,
        "theme": theme,
        "report": report,
        "batch": batch,
        "mapping": mapping,
        "partner": partner,
        "request": asked,
        "case": case,
        "mask": mask,
        "person": person,
        "section": draft.sections[0],
        "question": draft.questions[0],
        "organisation": organisation,
        "mandate": mandate,
        "letter": letter,
    }


#: For endpoints whose number is not that of a consultation, what the number names.
NUMBERED = {
    "consultations.section_edit": "section",
    "consultations.section_move": "section",
    "consultations.section_delete": "section",
    "consultations.question_new": "section",
    "consultations.question_edit": "question",
    "consultations.question_move": "question",
    "consultations.question_delete": "question",
    "consultations.document": "document",
    "submissions.show": "submission",
    "submissions.read_contact": "submission",
    "submissions.staff_versions": "submission",
    "submissions.request": "request",
    "submissions.answer_request": "request",
    "submissions.staff_report": "submission",
    "submissions.staff_report_send": "submission",
    "submissions.original": "submission",
    "submissions.report_words": "submission",
    "submissions.report_words_send": "submission",
    "submissions.moderation_case": "case",
    "submissions.moderation_decide": "case",
    "submissions.moderation_mask": "case",
    "submissions.import_report": "batch",
    "submissions.import_report_refused": "batch",
    "submissions.import_progress": "batch",
    "submissions.import_stop": "batch",
    "submissions.import_receipts": "batch",
    "submissions.import_mapping": "mapping",
    "submissions.import_mapping_rename": "mapping",
    "submissions.import_mapping_delete": "mapping",
    "api.partner_revoke": "partner",
    "themes.run": "run",
    "themes.progress": "run",
    "themes.show": "theme",
    "themes.rename": "theme",
    "themes.merge": "theme",
    "themes.exclude": "theme",
    "themes.restore": "theme",
    "reports.theme": "theme",
    "organisations.show": "organisation",
    "organisations.edit": "organisation",
    "organisations.decide": "organisation",
    "organisations.merge": "organisation",
    "organisations.people": "organisation",
    "organisations.invite": "organisation",
    "organisations.mandate": "organisation",
    "submissions.position": "organisation",
    "submissions.position_begin": "organisation",
    "submissions.position_section": "organisation",
    "submissions.position_comment": "organisation",
    "submissions.position_resolve": "organisation",
    "submissions.position_move": "organisation",
    "submissions.position_sign": "organisation",
    "mail.show": "letter",
    "mail.retry": "letter",
}


def arguments_for(app: Flask, endpoint: str, made: dict[str, Any]) -> dict[str, Any]:
    """Return arguments with which the endpoint finds something among :func:`things`."""
    known: dict[str, Any] = {
        "lang": "fr",
        "slug": made["consultation"].slug,
        "step": 1,
        "code": made["submission"].receipt_code,
        "token": "unknown",
        "version": made["report"].version,
        "language": "fr",
        "province": "08.401",
        "identity": made["person"].id,
        "mandate_id": made["mandate"].id,
        "comment": 1,
        "verb": "approve",
        "mask": made["mask"].id,
        "filename": "css/base.css",
        "kind": "json",
    }
    if endpoint in NUMBERED:
        known["id"] = made[NUMBERED[endpoint]].id
    if endpoint == "rest.questionnaire":
        known["version"] = made["consultation"].questionnaire.version
    names = {name for rule in app.url_map.iter_rules(endpoint) for name in rule.arguments}
    missing = names - known.keys()
    assert not missing, f"{endpoint}: say what {missing} name in tests/architecture/things.py"
    return {name: known[name] for name in names}
