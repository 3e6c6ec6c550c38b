"""Personal data is masked in what is shown; people decide about the rest, once, and say why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import Role, System
from app.core.audit import AuditEntry
from app.core.mail import Letter
from app.submissions.masking import Spot, covered, masks_of
from app.submissions.models import Contact, ModerationCase, Redaction, Submission
from app.submissions.models.care import CaseReason, CaseSource, CaseState
from app.submissions.moderation import errors, operations
from app.submissions.moderation.screening import screen
from tests import factories
from tests.conftest import NOW
from tests.pages import CheckedClient

PERSONAL = "Appelez Mme Fatima Alaoui au 06 61 23 45 67, le centre est fermé."
MODERATOR = System("moderator")


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """A consultation."""
    made: Consultation = factories.ConsultationFactory()
    return made


@pytest.fixture
def said(session: Session, consultation: Consultation) -> Submission:
    """A submission with a name and a telephone number, screened."""
    row = factories.submission(consultation, PERSONAL)
    screen(session, [row], now=NOW)
    session.commit()
    return row


def case_of(session: Session, said: Submission) -> ModerationCase:
    """Return the machine's case."""
    return session.scalars(select(ModerationCase).filter_by(submission_id=said.id)).one()


def public_words(session: Session, said: Submission) -> str:
    """Return a submission's text as it may be shown."""
    answer = said.answers[0]
    return masks_of(session, [answer.id]).words(answer.id, answer.text or "")


# --- masks --------------------------------------------------------------------------------------


def test_screening_masks_names_and_numbers_and_opens_one_case(
    session: Session, said: Submission
) -> None:
    shown = public_words(session, said)

    assert "Alaoui" not in shown
    assert "61 23" not in shown
    assert shown.endswith("le centre est fermé.")
    assert said.answers[0].text == PERSONAL
    assert case_of(session, said).source == CaseSource.MACHINE


def test_screening_again_adds_nothing(session: Session, said: Submission) -> None:
    before = session.scalar(select(func.count(Redaction.id)))
    screen(session, [said], now=NOW)

    assert session.scalar(select(func.count(Redaction.id))) == before
    case_of(session, said)


def test_words_that_nothing_has_screened_yet_are_masked_all_the_same(
    session: Session, consultation: Consultation
) -> None:
    row = factories.submission(consultation, PERSONAL)

    assert "61 23" not in public_words(session, row)


def test_a_corrected_text_is_masked_before_it_is_screened_again(
    session: Session, said: Submission
) -> None:
    said.answers[0].text = "Mon numéro est le 06 99 88 77 66."
    said.version += 1
    session.flush()

    assert "99 88" not in public_words(session, said)


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(0, 70), st.integers(1, 20)), max_size=5),
    st.integers(0, 20),
)
def test_what_a_spot_covers_is_never_left(
    text: str, stretches: list[tuple[int, int]], at: int
) -> None:
    spots = [Spot(start, start + length, "name") for start, length in stretches]
    words = text[at:]
    hidden = {i for spot in spots for i in range(spot.start, spot.end)}
    left = "".join(sign for i, sign in enumerate(text) if i >= at and i not in hidden)

    shown = covered(words, spots, at=at)

    for label in ("[nom]", "[اسم]"):
        shown = shown.replace(label, "")
    assert shown == left or "[" in text


# --- decisions ----------------------------------------------------------------------------------


def test_keeping_lifts_the_machines_masks_and_they_do_not_come_back(
    session: Session, said: Submission
) -> None:
    operations.decide(session, MODERATOR, case_of(session, said), CaseState.KEPT, now=NOW)
    said.screened_version = 0
    screen(session, [said], now=NOW)

    assert public_words(session, said) == PERSONAL
    assert case_of(session, said).state == CaseState.KEPT


def test_masking_covers_the_words_given_wherever_they_stand(
    session: Session, said: Submission
) -> None:
    operations.decide(
        session,
        MODERATOR,
        case_of(session, said),
        CaseState.MASKED,
        explanation="Un lieu.",
        words=["le centre"],
        now=NOW,
    )

    assert "le centre" not in public_words(session, said)
    assert "[passage masqué]" in public_words(session, said)


def test_words_that_are_nowhere_are_refused(session: Session, said: Submission) -> None:
    with pytest.raises(errors.WordsNotFoundError):
        operations.mask_words(session, MODERATOR, said, "jamais dit", now=NOW)


def test_hiding_wants_a_word_for_the_author(session: Session, said: Submission) -> None:
    case = operations.open_case(
        session, said, reason=CaseReason.INSULT, source=CaseSource.PUBLIC, now=NOW
    )
    with pytest.raises(errors.ExplanationMissingError):
        operations.decide(session, MODERATOR, case, CaseState.HIDDEN, now=NOW)
    operations.decide(
        session, MODERATOR, case, CaseState.HIDDEN, explanation="Une insulte.", now=NOW
    )

    assert said.hidden_reason == CaseReason.INSULT


def test_the_second_of_two_moderators_is_told(session: Session, said: Submission) -> None:
    case = case_of(session, said)
    operations.decide(session, MODERATOR, case, CaseState.MASKED, now=NOW)

    with pytest.raises(errors.AlreadyDecidedError):
        operations.decide(session, MODERATOR, case, CaseState.KEPT, now=NOW)
    assert case.state == CaseState.MASKED


def test_pointing_twice_for_the_same_reason_is_one_case(session: Session, said: Submission) -> None:
    cases = [
        operations.open_case(
            session, said, reason=CaseReason.OTHER, source=CaseSource.PUBLIC, now=NOW
        )
        for _ in range(2)
    ]

    assert cases[0] is cases[1]


# --- pages --------------------------------------------------------------------------------------


def test_staff_read_masked_words_and_the_original_is_asked_for_and_logged(
    client: CheckedClient, sign_in: Callable[..., Any], session: Session, said: Submission
) -> None:
    sign_in(client, Role.ANALYST)
    page = client.get(f"/fr/staff/submissions/{said.id}").text
    original = client.post(f"/fr/staff/submissions/{said.id}/original").text

    assert "61 23" not in page
    assert "[téléphone]" in page
    assert "06 61 23 45 67" in original
    logged = select(AuditEntry).where(AuditEntry.action == "moderation.see_original")
    assert session.scalars(logged).one().target_id == str(said.id)


def test_an_observer_never_sees_the_original(
    client: CheckedClient, sign_in: Callable[..., Any], said: Submission
) -> None:
    sign_in(client, Role.OBSERVER)

    assert client.post(f"/fr/staff/submissions/{said.id}/original").status_code == 403
    slug = said.consultation.slug
    assert "Alaoui" not in client.get(f"/fr/staff/consultations/{slug}/submissions").text


def test_a_coordinator_decides_in_the_region_alone(
    client: CheckedClient, sign_in: Callable[..., Any], session: Session, said: Submission
) -> None:
    elsewhere = factories.submission(said.consultation, PERSONAL, region_code="06")
    screen(session, [elsewhere], now=NOW)
    session.commit()
    case, other = case_of(session, said).id, case_of(session, elsewhere).id
    sign_in(client, Role.COORDINATOR, region="08")

    queue = client.get(f"/fr/staff/consultations/{said.consultation.slug}/moderation").text
    assert said.public_number in queue
    assert elsewhere.public_number not in queue
    assert client.get(f"/fr/staff/moderation/{other}").status_code == 403
    assert client.get(f"/fr/staff/moderation/{case}").status_code == 200


def test_a_decision_is_told_to_its_author_by_code_and_by_letter(
    client: CheckedClient, sign_in: Callable[..., Any], session: Session, said: Submission
) -> None:
    contact = Contact(submission_id=said.id, email="fatima@example.org", lang="ar", given_at=NOW)
    session.add(contact)
    case = operations.open_case(
        session, said, reason=CaseReason.INSULT, source=CaseSource.STAFF, now=NOW
    )
    session.commit()
    sign_in(client, Role.MODERATOR)

    answer = client.post(
        f"/fr/staff/moderation/{case.id}",
        data={"state": "hidden", "explanation": "لا نعرض الإهانات."},
    )

    assert answer.status_code == 303
    letter = session.scalars(select(Letter)).one()
    assert (letter.recipient, letter.lang) == ("fatima@example.org", "ar")
    assert "لا نعرض الإهانات." in letter.body
    assert said.receipt_code in letter.body
    page = client.get(f"/ar/my-contribution/{said.receipt_code}").text
    assert "لا نعرض الإهانات." in page
    assert "06 61 23 45 67" in page


def test_a_refused_decision_keeps_what_was_typed(
    client: CheckedClient, sign_in: Callable[..., Any], session: Session, said: Submission
) -> None:
    sign_in(client, Role.MODERATOR)
    answer = client.post(
        f"/fr/staff/moderation/{case_of(session, said).id}",
        data={"state": "masked", "words": "jamais dit", "explanation": "Parce que."},
    )

    assert answer.status_code == 422
    assert "jamais dit" in answer.text
    assert "Parce que." in answer.text
    session.expire_all()
    assert case_of(session, said).state == CaseState.OPEN


def test_the_machines_masks_are_accepted_together(
    client: CheckedClient, sign_in: Callable[..., Any], session: Session, said: Submission
) -> None:
    sign_in(client, Role.MODERATOR)
    slug = said.consultation.slug
    client.post(
        f"/fr/staff/consultations/{slug}/moderation/accept",
        data={"case": [str(case_of(session, said).id)]},
    )
    session.expire_all()

    assert case_of(session, said).state == CaseState.MASKED


def test_a_reader_points_at_quoted_words_without_signing_in(
    client: CheckedClient, session: Session, said: Submission
) -> None:
    path = f"/ar/consultations/{said.consultation.slug}/words/{said.id}"
    assert PERSONAL[:20] not in client.get(path).text
    assert client.post(path, data={}).status_code == 422
    client.post(path, data={"reason": "hatred", "note": "Ces mots appellent à la violence."})

    found = session.scalars(select(ModerationCase).filter_by(reason="hatred")).one()
    assert (found.source, found.opened_by_id) == (CaseSource.PUBLIC, None)
