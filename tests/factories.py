"""One factory for each model that tests make by hand; all use the application's session."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.alchemy import SQLAlchemyModelFactory
from sqlalchemy import select

from app.accounts.models import Grant, Role, User
from app.commitments.measures.details import Details
from app.commitments.measures.operations import create as create_measure
from app.commitments.models import Measure, MeasureState
from app.consultations.models import (
    Consultation,
    PrivacyNotice,
    Question,
    Questionnaire,
    QuestionnaireState,
    Section,
)
from app.core.access import Role as RoleName
from app.core.access import System
from app.core.db import Texts, db
from app.organisations.models import (
    Mandate,
    MandateRole,
    Organisation,
    OrganisationState,
)
from app.submissions.models import Answer, Channel, Consent, Submission
from app.territories.models import Region
from app.themes.models import Placement

EARLIER = datetime(2021, 12, 18, tzinfo=UTC)
LATER = datetime(2022, 2, 19, tzinfo=UTC)


def texts(word: str) -> Texts:
    """Return a text in the three languages, recognisable in each."""
    return Texts(fr=f"{word} (fr)", ar=f"{word} (ar)", en=f"{word} (en)")


class Factory(SQLAlchemyModelFactory):
    """Flushes into the application's session."""

    class Meta:
        """Options."""

        abstract = True
        sqlalchemy_session_factory = staticmethod(lambda: db.session)
        sqlalchemy_session_persistence = "flush"


class UserFactory(Factory):
    """A member of staff without any role yet."""

    class Meta:
        """Options."""

        model = User

    email = factory.Sequence(lambda n: f"person{n}-{secrets.token_hex(4)}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = "{plaintext}a long enough password"
    active = True
    fs_uniquifier = factory.LazyFunction(lambda: secrets.token_hex(32))
    create_datetime = EARLIER


def grant(
    user: User, role: RoleName, *, region: str | None = None, consultation: int | None = None
) -> Grant:
    """Give a person a role, with a scope or without."""
    row = db.session.scalars(select(Role).where(Role.name == role.value)).one()
    granted = Grant(
        user_id=user.id, role_id=row.id, region_code=region, consultation_id=consultation
    )
    user.grants.append(granted)
    db.session.flush()
    return granted


def admin() -> User:
    """Make an administrator of everything."""
    user: User = UserFactory()
    grant(user, RoleName.ADMINISTRATOR)
    return user


class ConsultationFactory(Factory):
    """An open consultation in all regions, with a notice and a questionnaire of one long text.

    Its questions' keys: ``place`` (territory), ``story`` (long text).
    """

    class Meta:
        """Options."""

        model = Consultation

    slug = factory.Sequence(lambda n: f"consultation-{n}")
    title = factory.LazyFunction(lambda: texts("What solidarity"))
    summary = factory.LazyFunction(lambda: texts("Summary"))
    purpose = factory.LazyFunction(lambda: texts("Purpose"))
    who_may_answer = factory.LazyFunction(lambda: texts("Everyone"))
    outcome = factory.LazyFunction(lambda: texts("A report"))
    opens_at = EARLIER
    closes_at = LATER
    created_at = EARLIER

    @factory.post_generation
    def parts(obj: Any, create: bool, extracted: Any, **_more: Any) -> None:  # noqa: N805
        """Add regions, notice and questionnaire."""
        if not create:
            return
        obj.regions = list(db.session.scalars(select(Region).order_by(Region.code)))
        obj.notices.append(
            PrivacyNotice(
                version=1, body=texts("Notice"), statement=texts("I agree"), published_at=EARLIER
            )
        )
        questionnaire = Questionnaire(
            version=1,
            state=QuestionnaireState.PUBLISHED,
            created_at=EARLIER,
            published_at=EARLIER,
        )
        obj.questionnaires.append(questionnaire)
        db.session.flush()
        add_section(
            questionnaire, "You", [{"key": "place", "kind": "territory", "is_required": True}]
        )
        add_section(
            questionnaire,
            "Around you",
            [{"key": "story", "kind": "long_text", "rules": {"max_length": 3000}}],
        )


def add_section(
    questionnaire: Questionnaire, title: str, questions: list[dict[str, Any]]
) -> Section:
    """Add a section with its questions to a questionnaire."""
    section = Section(
        position=len(questionnaire.sections) + 1, title=texts(title), intro=Texts(), minutes=2
    )
    questionnaire.sections.append(section)
    db.session.flush()
    for position, values in enumerate(questions, 1):
        section.questions.append(
            Question(
                questionnaire_id=questionnaire.id,
                position=position,
                **{"label": texts(values["key"]), "hint": Texts(), "options": [], "rules": {}}
                | values,
            )
        )
    db.session.flush()
    return section


class OrganisationFactory(Factory):
    """A verified association of Casablanca-Settat."""

    class Meta:
        """Options."""

        model = Organisation

    name = factory.Sequence(lambda n: Texts(fr=f"Association numéro {n}", ar=f"جمعية رقم {n}"))
    actor_type = "association"
    region_code = "06"
    state = OrganisationState.VERIFIED
    decided_at = EARLIER
    created_at = EARLIER


def mandate(
    organisation: Organisation,
    user: User,
    role: MandateRole = MandateRole.DELEGATE,
    **columns: Any,
) -> Mandate:
    """Give a person a mandate that stands."""
    row = Mandate(
        **{
            "organisation_id": organisation.id,
            "user_id": user.id,
            "role": role,
            "title": "Présidente",
            "begins_on": date(2021, 12, 1),
            "created_at": EARLIER,
        }
        | columns
    )
    db.session.add(row)
    db.session.flush()
    db.session.refresh(organisation)
    return row


def measure(consultation: Consultation, **columns: Any) -> Measure:
    """Write down a public measure for the whole country, under way, as an event of its own."""
    details = Details(
        **{"title": Texts(fr="Une mesure", ar="تدبير"), "state": MeasureState.UNDER_WAY} | columns
    )
    actor, at = System("test"), datetime(2022, 1, 20, 9, tzinfo=UTC)
    return create_measure(db.session(), actor, consultation, details, now=at).measure


def submission(
    consultation: Consultation,
    text: str = "",
    *,
    number: int | None = None,
    values: dict[str, Any] | None = None,
    **columns: Any,
) -> Submission:
    """Add a submission that answers ``story`` with ``text``, other questions with ``values``."""
    questions = {question.key: question for question in consultation.questionnaire.questions}
    code = "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(8))
    row = Submission(
        **{
            "consultation_id": consultation.id,
            "questionnaire_id": consultation.questionnaire.id,
            "channel": Channel.WEB,
            "lang": "fr",
            "actor_type": "citizen",
            "receipt_code": code,
            "idempotency_key": secrets.token_hex(16),
            "submitted_at": EARLIER,
            "region_code": "08",
        }
        | columns
    )
    if text:
        row.answers.append(Answer(question_id=questions["story"].id, text=text))
    for key, value in (values or {}).items():
        row.answers.append(Answer(question_id=questions[key].id, value=value))
    row.consent = Consent(notice_id=consultation.notice.id, lang="fr", given_at=EARLIER)
    db.session.add(row)
    db.session.flush()
    return row


TODAY = date(2022, 1, 20)


def placement(**values: Any) -> Placement:
    """Return a placement, not added: found where it is, unless something else is said."""
    found = "in_theme" if values["state"] == "excluded" else values["state"]
    theme_id = values.get("theme_id")
    return Placement(
        **{"found_state": found, "found_theme_id": theme_id, "found_rank": None} | values
    )
