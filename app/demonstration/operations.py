"""Loading the demonstration; everything here can be done again without doubling anything."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import as_file, files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.operations import Scope, create_person
from app.accounts.queries import with_email
from app.consultations.files import read
from app.consultations.models import Consultation, Question
from app.consultations.operations import load_consultation
from app.core.access import Actor, Role
from app.demonstration.corpus import joined, lines
from app.submissions.models import Answer, Channel, Consent, Submission
from app.submissions.receipts import new_code

SOURCE = "demonstration"
PASSWORD = "tachawor-demo-2022"  # noqa: S105  known to all: only demonstrations take it

#: Role and scope of each account, with the person's invented name.
PEOPLE = (
    ("admin@demo.example", "Salma El Idrissi", Role.ADMINISTRATOR, None),
    ("analyste@demo.example", "Nadia Bennani", Role.ANALYST, None),
    ("coordination@demo.example", "Hassan Aït Lahcen", Role.COORDINATOR, "08"),
    ("moderation@demo.example", "Karim Tazi", Role.MODERATOR, None),
    ("saisie@demo.example", "Imane Cherkaoui", Role.DATA_ENTRY, "08"),
    ("observation@demo.example", "Youssef Alaoui", Role.OBSERVER, None),
)


def load_people(session: Session, actor: Actor, *, password_hash: str, now: datetime) -> int:
    """Make the accounts that are not there yet, one for each role; return how many were made."""
    made = 0
    for email, name, role, region in PEOPLE:
        if session.scalars(with_email(email)).first() is None:
            create_person(
                session,
                actor,
                email=email,
                name=name,
                password_hash=password_hash,
                scopes=[Scope(role, region)],
                now=now,
            )
            made += 1
    return made


def load_fictional_consultation(session: Session, actor: Actor, *, now: datetime) -> Consultation:
    """Load the consultation on the 2021-2026 strategy."""
    with as_file(files("app.demonstration").joinpath("data", "consultation.json")) as path:
        consultation, _ = load_consultation(session, actor, read(path), now=now)
    return consultation


def load_submissions(session: Session, consultation: Consultation) -> int:
    """Add the corpus' submissions that are not there yet, flushed; return how many were added."""
    known = set(
        session.scalars(
            select(Submission.source_id).where(
                Submission.consultation_id == consultation.id, Submission.source == SOURCE
            )
        )
    )
    questions = {question.key: question for question in consultation.questionnaire.questions}
    rows = [line for line in lines() if line["id"] not in known]
    rows.sort(key=lambda line: (line["submitted_at"], line["id"]))
    session.add_all(_submission(consultation, questions, line) for line in rows)
    session.flush()
    return len(rows)


def _submission(
    consultation: Consultation, questions: dict[str, Question], line: dict[str, Any]
) -> Submission:
    """Make a submission from its line."""
    at = datetime.fromisoformat(line["submitted_at"])
    lang = "ar" if line["language"] in {"ar", "ar-MA"} else "fr"
    submission = Submission(
        consultation_id=consultation.id,
        questionnaire_id=consultation.questionnaire.id,
        channel=Channel.WEB,
        lang=lang,
        actor_type=line["actor_type"],
        organisation=line["organisation"] or "",
        region_code=line["region"],
        province_code=line["province"],
        commune_code=line["commune"],
        receipt_code=new_code(),
        idempotency_key=f"{SOURCE}:{consultation.slug}:{line['id']}",
        source=SOURCE,
        source_id=line["id"],
        submitted_at=at,
    )
    place = {"region": line["region"], "province": line["province"], "commune": line["commune"]}
    values = {"place": place} | line["choices"]
    texts = {key: joined(segments)[0] for key, segments in line["answers"].items()}
    for key, question in questions.items():
        if key in texts:
            submission.answers.append(Answer(question_id=question.id, text=texts[key]))
        elif key in values and isinstance(values[key], str) and question.kind == "short_text":
            submission.answers.append(Answer(question_id=question.id, text=values[key]))
        elif key in values:
            submission.answers.append(Answer(question_id=question.id, value=values[key]))
    submission.consent = Consent(notice_id=consultation.notice.id, lang=lang, given_at=at)
    return submission


def find_analyst(session: Session) -> User:
    """Return the demonstration's analyst."""
    return session.scalars(with_email("analyste@demo.example")).one()
