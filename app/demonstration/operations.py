"""Loading the demonstration; everything here can be done again without doubling anything."""

from __future__ import annotations

from datetime import date, datetime, time
from importlib.resources import as_file, files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.operations import Scope, create_person, set_password
from app.accounts.queries import with_email
from app.consultations.files import read
from app.consultations.models import Consultation, Question
from app.consultations.operations import load_consultation
from app.core.access import Actor, Role
from app.core.db import Texts
from app.demonstration.corpus import joined, lines
from app.meetings.operations.preparing import create_regional
from app.organisations.mandates import Term, civil_day, invite
from app.organisations.models import MandateRole, Organisation, OrganisationState
from app.organisations.operations import Details, Reach, decide, register
from app.submissions.dashboard.targets import proposed, set_targets, targets_of
from app.submissions.models import Answer, Channel, Consent, Submission
from app.submissions.receipts import new_code
from app.territories.queries import all_regions

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

#: Fictional organisations: names, type, region, province, whether verified.
ORGANISATIONS = (
    (
        "Association Ighrem pour la solidarité",
        "جمعية إغرم للتضامن",
        "association",
        "08",
        "08.401",
        True,
    ),
    (
        "Coopérative Tafoukt des femmes de l’oasis",
        "تعاونية تافوكت لنساء الواحة",
        "cooperative",
        "08",
        None,
        True,
    ),
    ("Réseau Amal pour l’inclusion", "شبكة أمل للإدماج", "association", "06", "06.141", True),
    (
        "Conseil de la jeunesse de l’Oriental",
        "مجلس شباب الشرق",
        "consultative_body",
        "02",
        None,
        False,
    ),
)

#: Who acts for the first of them: address, name, role, function.
HOLDERS = (
    ("signataire@demo.example", "Amina Ouzzine", MandateRole.SIGNATORY, "Présidente"),
    ("deleguee@demo.example", "Hind Berrada", MandateRole.DELEGATE, "Chargée de projet"),
    ("membre@demo.example", "Omar Sabri", MandateRole.MEMBER, "Adhérent"),
)


#: Submissions that the fictional ministry hopes for, and how they are shared among actors.
N_WANTED = 700
WEIGHTS = {
    "citizens": 0.5,
    "associations": 0.25,
    "elected": 0.08,
    "state": 0.08,
    "social": 0.03,
    "academia": 0.04,
    "private": 0.02,
}


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


def load_organisations(session: Session, actor: Actor, *, password_hash: str, now: datetime) -> int:
    """Enter the fictional organisations that are not there yet, flushed; return how many were."""
    made = 0
    for number, (french, arabic, kind, region, province, is_verified) in enumerate(
        ORGANISATIONS, 1
    ):
        known = select(Organisation).where(
            Organisation.source == SOURCE, Organisation.source_id == str(number)
        )
        if session.scalars(known).first() is not None:
            continue
        entered = register(
            session,
            actor,
            Details(
                name=Texts(fr=french, ar=arabic),
                actor_type=kind,
                region=region,
                province=province,
                reach=Reach(person="Amina Ouzzine", email=f"contact{number}@demo.example"),
            ),
            now=now,
            source=SOURCE,
            source_id=str(number),
        )
        if is_verified:
            state = OrganisationState.VERIFIED
            decide(session, actor, entered, state, reason="Exemple fictif", now=now)
        if number == 1:
            _give_mandates(session, actor, entered, password_hash=password_hash, now=now)
        made += 1
    return made


def _give_mandates(
    session: Session, actor: Actor, entered: Organisation, *, password_hash: str, now: datetime
) -> None:
    """Give the first organisation its people, with the password that everybody knows."""
    for email, name, role, title in HOLDERS:
        term = Term(role=role, begins_on=civil_day(now), title=title)
        held = invite(session, actor, entered, email=email, name=name, term=term, now=now)
        if not held.user.password:
            set_password(session, actor, held.user, password_hash=password_hash, now=now)


def load_fictional_consultation(session: Session, actor: Actor, *, now: datetime) -> Consultation:
    """Load the consultation on the 2021-2026 strategy."""
    with as_file(files("app.demonstration").joinpath("data", "consultation.json")) as path:
        consultation, _ = load_consultation(session, actor, read(path), now=now)
    return consultation


def load_plan(session: Session, actor: Actor, consultation: Consultation, *, now: datetime) -> None:
    """Announce the regional meetings and set targets, flushed; what is there stays as it is."""
    create_regional(
        session,
        actor,
        consultation,
        first_on=date(2022, 1, 31),
        every_days=1,
        begins=time(9, 30),
        ends=time(16, 0),
        capacity=120,
        is_open=True,
        now=now,
    )
    if not targets_of(session, consultation.id):
        regions = list(consultation.regions or session.scalars(all_regions()))
        set_targets(session, actor, consultation, proposed(N_WANTED, regions, WEIGHTS), now=now)


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
