"""One of each thing that an address can name, for tests that walk every route."""

from __future__ import annotations

from datetime import timedelta
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
from app.meetings.models import Meeting, MinutePoint, MinutesState
from app.reports.models import Report
from app.submissions.models import (
    DataRequest,
    ImportBatch,
    ModerationCase,
    PaperForm,
    PaperRun,
    Redaction,
    SavedMapping,
    Submission,
)
from app.themes.codebook.exporting import EXPORT
from app.themes.codebook.importing import CHECK
from app.themes.models import (
    AnalysisRun,
    CodingItem,
    CodingRound,
    Passage,
    PassageState,
    Proposal,
    Theme,
    ThemeEvent,
)
from tests import factories
from tests.conftest import NOW
from tests.reports.publishing import publish

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
        factories.placement(
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


def coding_round(run: AnalysisRun) -> CodingRound:
    """Add a coding round of one passage."""
    people = [factories.UserFactory(), factories.UserFactory()]
    passage = db.session.query(Passage).first()
    made = CodingRound(
        consultation_id=run.consultation_id,
        run_id=run.id,
        size=1,
        seed=1,
        first_coder_id=people[0].id,
        second_coder_id=people[1].id,
        created_at=NOW,
        items=[CodingItem(passage_id=passage.id, position=1, machine_state="off_topic")],
    )
    db.session.add(made)
    db.session.flush()
    return made


def codebook_job(consultation: Consultation, kind: str) -> Job:
    """Add a job of the codebook that nobody has begun."""
    payload = {"consultation_id": consultation.id, "kind": "project.qdpx", "lang": "fr"}
    job = Job(kind=kind, payload=payload, created_at=NOW)
    db.session.add(job)
    db.session.commit()
    return job


def published(consultation: Consultation) -> Report:
    """Publish the consultation's report with empty files."""
    return publish(
        db.session(), System("test"), consultation, now=NOW, render=lambda _b, _e, _l: b"%PDF-1.7\n"
    )


def settled_meeting(consultation: Consultation) -> Meeting:
    """Add a meeting whose minutes, of one point, are settled."""
    meeting = Meeting(
        consultation_id=consultation.id,
        region_code="08",
        title=factories.texts("Meeting"),
        starts_at=NOW - timedelta(days=9),
        ends_at=NOW - timedelta(days=9, hours=-6),
        place=Texts(fr="Errachidia"),
        room=Texts(),
        address=Texts(),
        minutes_state=MinutesState.SETTLED,
        contest_until=NOW - timedelta(days=1),
        settled_at=NOW,
        created_at=NOW,
    )
    db.session.add(meeting)
    db.session.flush()
    meeting.points.append(
        MinutePoint(position=1, speaker="plenary", text=WORDS, question_key="story", typed_at=NOW)
    )
    db.session.flush()
    return meeting


def decided(run: AnalysisRun, theme: Theme) -> dict[str, Any]:
    """Add a decision on a theme, a proposal, and a division that was asked for."""
    decision = ThemeEvent(
        consultation_id=theme.consultation_id,
        theme_id=theme.id,
        kind="validate",
        payload={"is_validated": True},
        actor_label="test",
        at=NOW,
    )
    proposal = Proposal(
        consultation_id=theme.consultation_id,
        run_id=run.id,
        kind="rename",
        theme_id=theme.id,
        payload={"name": {"fr": "Le trajet", "ar": "الطريق"}, "figures": {"overlap": 0.5}},
        fingerprint="0" * 64,
        created_at=NOW,
    )
    division = Job(
        kind="themes.divide",
        payload={"consultation_id": theme.consultation_id, "theme_id": theme.id},
        created_at=NOW,
    )
    db.session.add_all([decision, proposal, division])
    db.session.flush()
    return {"decision": decision, "proposal": proposal, "division": division}


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
    paper = PaperRun(
        consultation_id=consultation.id,
        questionnaire_id=consultation.questionnaire.id,
        lang="fr",
        n_copies=1,
        created_at=NOW,
        copies=[PaperForm(number=1, code="ABCD2345")],
    )
    db.session.add(paper)
    person = factories.UserFactory()
    draft = draft_of(db.session(), System("test"), consultation, now=NOW)
    organisation = factories.OrganisationFactory()
    mandate = factories.mandate(organisation, person)
    meeting = settled_meeting(consultation)
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
    coded = coding_round(run)
    measure = factories.measure(consultation)
    db.session.commit()
    return {
        "consultation": consultation,
        "document": consultation.documents[0],
        "submission": said,
        "run": run,
        "theme": theme,
        "passage": db.session.query(Passage).filter_by(submission_id=said.id).first(),
        "round": coded,
        **decided(run, theme),
        "report": report,
        "batch": batch,
        "mapping": mapping,
        "partner": partner,
        "request": asked,
        "case": case,
        "mask": mask,
        "paper": paper,
        "person": person,
        "section": draft.sections[0],
        "question": draft.questions[0],
        "organisation": organisation,
        "mandate": mandate,
        "letter": letter,
        "measure": measure,
        "meeting": meeting,
        "point": meeting.points[0],
        "export": codebook_job(consultation, EXPORT),
        "look": codebook_job(consultation, CHECK),
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
    "submissions.paper_run": "paper",
    "submissions.paper_pdf": "paper",
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
    "themes.who": "theme",
    "themes.rename": "theme",
    "themes.merge": "theme",
    "themes.exclude": "theme",
    "themes.restore": "theme",
    "themes.workbench_passage": "passage",
    "themes.workbench_theme": "theme",
    "themes.round": "round",
    "themes.round_close": "round",
    "themes.round_apply": "round",
    "themes.coding": "round",
    "themes.code": "round",
    "themes.describe": "theme",
    "themes.attach": "theme",
    "themes.validate": "theme",
    "themes.split": "theme",
    "themes.card_pin": "theme",
    "themes.card_unpin": "theme",
    "themes.divide": "theme",
    "themes.division": "division",
    "themes.division_progress": "division",
    "themes.undo": "decision",
    "themes.accept": "proposal",
    "themes.refuse": "proposal",
    "themes.compare": "run",
    "themes.export": "export",
    "themes.export_progress": "export",
    "themes.export_file": "export",
    "themes.import_plan": "look",
    "themes.import_looking": "look",
    "themes.import_decide": "look",
    "reports.theme": "theme",
    "commitments.answer": "theme",
    "commitments.save_answer": "theme",
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
    "meetings.show": "meeting",
    "meetings.register": "meeting",
    "meetings.event": "meeting",
    "meetings.minutes": "meeting",
    "meetings.board": "meeting",
    "meetings.edit": "meeting",
    "meetings.cancel": "meeting",
    "meetings.invitations": "meeting",
    "meetings.invite_organisations": "meeting",
    "meetings.invite_addresses": "meeting",
    "meetings.remind": "meeting",
    "meetings.resend": "meeting",
    "meetings.attendance": "meeting",
    "meetings.note": "meeting",
    "meetings.add_person": "meeting",
    "meetings.import_list": "meeting",
    "meetings.sheet": "meeting",
    "meetings.points": "meeting",
    "meetings.add_point": "meeting",
    "meetings.read_document": "meeting",
    "meetings.keep_found": "meeting",
    "meetings.circulate": "meeting",
    "meetings.settle": "meeting",
    "meetings.edit_point": "point",
    "meetings.move_point": "point",
    "meetings.remove_point": "point",
    "meetings.decide": "point",
    "commitments.measure": "measure",
    "commitments.measure_document": "measure",
    "commitments.tracked": "measure",
    "commitments.measure_follow": "measure",
    "commitments.measure_edit": "measure",
    "commitments.measure_themes": "measure",
    "commitments.measure_passages": "measure",
    "commitments.measure_documents": "measure",
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
        "number": 1,
        "verb": "approve",
        "section": "summary",
        "mask": made["mask"].id,
        "filename": "css/base.css",
        "kind": "json",
        "name": "themes.csv",
        "claim_id": made["report"].body["claims"][0]["id"],
    }
    if endpoint in NUMBERED:
        known["id"] = made[NUMBERED[endpoint]].id
    if endpoint == "commitments.measures_export":
        known["kind"] = "csv"
    if endpoint in {"reports.chart", "reports.preview_chart"}:
        known |= {"name": "participation.weeks", "kind": "svg"}
    if endpoint == "themes.codebook_file":
        known["kind"] = "themes.xlsx"
    if endpoint == "themes.export_start":
        known["kind"] = "project.qdpx"
    if endpoint == "rest.questionnaire":
        known["version"] = made["consultation"].questionnaire.version
    if endpoint == "reports.download":
        known["kind"] = "pdf"
    names = {name for rule in app.url_map.iter_rules(endpoint) for name in rule.arguments}
    missing = names - known.keys()
    assert not missing, f"{endpoint}: say what {missing} name in tests/architecture/things.py"
    return {name: known[name] for name in names}
