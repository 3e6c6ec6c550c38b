"""Staff read what came in within their regions and consultations, and find it again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.core.access import Role
from app.core.text import clean_text, fold
from app.submissions import queries
from app.submissions.models import Answer, Submission
from app.submissions.queries import Filter, Scope
from tests.conftest import NOW
from tests.factories import ConsultationFactory, submission
from tests.pages import CheckedClient
from tests.statements import counted_statements
from tests.submissions.way import Visitor, rich_consultation

SignIn = Callable[..., int]


def numbers(page: str) -> list[str]:
    """Return the numbers of the submissions that a list shows."""
    return [part.split("<")[0] for part in page.split('dir="ltr">S-')[1:]]


def address(consultation: Any, **arguments: str) -> str:
    """Return the address of a list."""
    query = "&".join(f"{name}={value}" for name, value in arguments.items())
    return f"/en/staff/consultations/{consultation.slug}/submissions?{query}"


# --- access


@pytest.mark.parametrize("role", list(Role))
def test_every_member_of_staff_reads_within_the_whole_country(
    session: Session, client: CheckedClient, sign_in: SignIn, role: Role
) -> None:
    consultation = ConsultationFactory()
    row = submission(consultation, "un texte")
    session.commit()
    sign_in(client, role)
    base = f"/en/staff/consultations/{consultation.slug}"
    for path in (f"{base}/submissions", f"{base}/collection", f"/en/staff/submissions/{row.id}"):
        assert client.get(path).status_code == 200


def test_a_visitor_is_sent_to_the_sign_in_page(session: Session, client: CheckedClient) -> None:
    consultation = ConsultationFactory()
    row = submission(consultation, "un texte")
    session.commit()
    for path in (address(consultation), f"/en/staff/submissions/{row.id}"):
        assert "/sign-in" in client.get(path).location


def test_a_coordinator_reads_one_region_and_not_the_next(
    session: Session, client: CheckedClient, sign_in: SignIn
) -> None:
    consultation = ConsultationFactory()
    own = submission(consultation, "ici", region_code="08")
    other = submission(consultation, "ailleurs", region_code="01")
    nowhere = submission(consultation, "sans lieu", region_code=None)
    session.commit()
    sign_in(client, Role.COORDINATOR, region="08")
    codes = [
        client.get(f"/en/staff/submissions/{row.id}").status_code for row in (own, other, nowhere)
    ]
    assert codes == [200, 403, 403]
    page = client.get(address(consultation)).text
    assert numbers(page) == [own.public_number.removeprefix("S-")]
    assert 'value="01"' not in page
    assert numbers(client.get(address(consultation, region="01")).text) == []
    assert numbers(client.get(address(consultation, words="ailleurs")).text) == []


def test_a_role_in_one_consultation_opens_no_other(
    session: Session, client: CheckedClient, sign_in: SignIn
) -> None:
    own, other = ConsultationFactory(), ConsultationFactory()
    row = submission(other, "un texte")
    own_id = own.id
    session.commit()
    sign_in(client, Role.ANALYST, consultation=own_id)
    assert client.get(address(own)).status_code == 200
    for path in (
        address(other),
        f"/en/staff/consultations/{other.slug}/collection",
        f"/en/staff/submissions/{row.id}",
    ):
        assert client.get(path).status_code == 403


def test_regions_of_another_consultation_s_grant_do_not_count(
    session: Session, client: CheckedClient, sign_in: SignIn
) -> None:
    own, other = ConsultationFactory(), ConsultationFactory()
    own_id = own.id
    session.commit()
    sign_in(client, Role.COORDINATOR, region="08", consultation=own_id)
    assert client.get(address(own)).status_code == 200
    assert client.get(address(other)).status_code == 403


# --- one submission


def test_a_submission_is_shown_whole(
    session: Session, client: CheckedClient, sign_in: SignIn
) -> None:
    consultation = rich_consultation()
    visitor = Visitor(client, consultation.slug, "ar")
    visitor.answer_all("كل شيء بعيد.\nVraiment <loin>.")
    visitor.send()
    session.rollback()  # sign_in writes in a session of its own
    sign_in(client, Role.OBSERVER)
    sent = session.scalars(select(Submission)).one()
    page = client.get(f"/en/staff/submissions/{sent.id}").text
    page = unescape(re.sub(r"</?span[^>]*>", "", page))  # Arabic words are marked as such
    for part in (
        "كل شيء بعيد.\nVraiment <loin>.",
        "option a (en)",
        "Drâa-Tafilalet",
        "العربية",
        "Online",
        'version <bdi dir="ltr">1</bdi>',
    ):
        assert part in page
    assert sent.receipt_code not in page  # the contributor's key is not the staff's


def test_an_imported_submission_says_where_it_comes_from(
    session: Session, client: CheckedClient, sign_in: SignIn
) -> None:
    row = submission(
        ConsultationFactory(),
        "un texte",
        channel="import",
        lang="und",
        source="terrain",
        source_id="42",
        source_row={"Colonne à part": "valeur à part"},
    )
    row.consent = None
    session.commit()
    sign_in(client, Role.ANALYST)
    page = client.get(f"/en/staff/submissions/{row.id}").text
    for part in ("terrain", "42", "Colonne à part", "valeur à part", "None recorded here"):
        assert part in page


def test_an_unknown_submission_is_not_found(
    session: Session, client: CheckedClient, sign_in: SignIn
) -> None:
    sign_in(client, Role.ANALYST)
    for number in (999, 10**30):
        page = client.get(f"/en/staff/submissions/{number}", unchecked=True)
        assert page.status_code == 404


# --- the list


def test_a_list_is_read_to_its_end_and_back_without_loss(
    session: Session, client: CheckedClient, sign_in: SignIn
) -> None:
    consultation = ConsultationFactory()
    rows = [
        submission(consultation, f"n {n}", submitted_at=NOW - timedelta(days=n // 4))
        for n in range(60)
    ]
    session.commit()
    sign_in(client, Role.ANALYST)
    wanted = [
        row.public_number.removeprefix("S-")
        for row in sorted(rows, key=lambda row: (row.submitted_at, row.id), reverse=True)
    ]

    def walk(path: str, relation: str) -> list[list[str]]:
        """Follow a link from page to page."""
        pages = []
        while path:
            page = unescape(client.get(path).text)
            pages.append(numbers(page))
            link = page.split(f'rel="{relation}" href="')
            path = link[1].split('"')[0] if len(link) > 1 else ""
            last["page"] = page
        return pages

    last: dict[str, str] = {}
    forth = walk(address(consultation), "next")
    assert [len(page) for page in forth] == [25, 25, 10]
    assert [number for page in forth for number in page] == wanted
    newer = last["page"].split('rel="prev" href="')[1].split('"')[0]
    back = walk(newer, "prev")
    assert back == [forth[1], forth[0]]


def test_filters_narrow_the_list_and_stay_in_its_links(
    session: Session, client: CheckedClient, sign_in: SignIn
) -> None:
    consultation = ConsultationFactory()
    for n in range(30):
        submission(
            consultation,
            "x",
            region_code="08",
            actor_type="association",
            organisation=f"Association {n}",
        )
        submission(consultation, "x", region_code="01", channel="import")
    session.commit()
    sign_in(client, Role.ANALYST)
    page = unescape(client.get(address(consultation, region="08", actor_type="association")).text)
    assert "30</bdi> submissions found" in page
    assert "older_than=" in page
    assert "region=08&actor_type=association" in page
    assert "30</bdi> submissions found" in client.get(address(consultation, channel="import")).text
    nothing = client.get(address(consultation, region="08", channel="import")).text
    assert "No submission passes these filters." in nothing


@pytest.mark.parametrize(
    "bad",
    [
        {"older_than": "x"},
        {"newer_than": "99999999999999999999"},
        {"region": "%27"},
        {"words": "s-99999999999999999999"},
        {"older_than": "999999"},
        {"words": "%25_%5C"},
        {"actor_type": "king"},
    ],
)
def test_odd_addresses_are_answered_calmly(
    session: Session, client: CheckedClient, sign_in: SignIn, bad: dict[str, str]
) -> None:
    consultation = ConsultationFactory()
    submission(consultation, "x")
    session.commit()
    sign_in(client, Role.ANALYST)
    assert client.get(address(consultation, **bad)).status_code == 200


# --- search


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("L’ÉDUCATRICE spécialisée", "l'educatrice SPECIALISEE"),
        ("مؤسسة الرعاية الاجتماعيّة", "موسسه الرعايه الإجتماعية"),
        ("المستشفى بعيد", "المستشفي"),
        ("المـــركز", "مركز"),
        ("ڭاع الناس", "كاع"),
        ("العدد ١٢٠ طفلا", "120"),
        ("Un cœur", "coeur"),
        ("100 % des cas", "100 %"),
    ],
)
def test_a_search_folds_accents_case_and_arabic_variants(
    session: Session, said: str, words: str
) -> None:
    consultation = ConsultationFactory()
    row = submission(consultation, said)
    submission(consultation, "tout autre chose, شيء آخر")
    found = session.scalars(
        queries.listed(Scope(consultation.id), Filter(words=words), limit=10)
    ).all()
    assert found == [row]


def test_every_word_must_occur_in_a_text_or_in_the_organisation_s_name(session: Session) -> None:
    consultation = ConsultationFactory()
    row = submission(
        consultation, "un centre fermé", actor_type="association", organisation="Tafoukt de Zagora"
    )
    scope = Scope(consultation.id)

    def found(words: str) -> list[Submission]:
        """Search."""
        return list(session.scalars(queries.listed(scope, Filter(words=words), limit=10)))

    assert found("ferme tafoukt") == [row]
    assert found("ferme rabat") == []
    assert found(row.public_number) == [row]
    assert found("100%") == []
    assert found("c_ntre") == []


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_and_case_never_matters(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text.upper().lower()) == fold(fold(text.upper()))


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


def test_rows_inserted_in_bulk_are_found_too(session: Session) -> None:
    consultation = ConsultationFactory()
    row = submission(consultation)
    story = consultation.questionnaire.questions[1]
    session.execute(
        insert(Answer),
        [
            {"submission_id": row.id, "question_id": story.id, "text": "Écrit en bloc"},
        ],
    )
    assert session.scalar(select(Answer.folded)) == "ecrit en bloc"


def test_ten_thousand_rows_are_searched_and_paged_in_few_statements(
    session: Session, client: CheckedClient, sign_in: SignIn
) -> None:
    consultation = ConsultationFactory()
    story = consultation.questionnaire.questions[1].id
    common = {
        "consultation_id": consultation.id,
        "questionnaire_id": consultation.questionnaire.id,
        "channel": "import",
        "lang": "und",
        "actor_type": "citizen",
        "submitted_at": NOW,
        "source_row": {},
        "organisation": "",
    }
    alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
    session.execute(
        insert(Submission),
        [
            {
                **common,
                "idempotency_key": f"k{n}",
                "region_code": f"{n % 12 + 1:02}",
                "receipt_code": "".join(alphabet[n // 31**p % 31] for p in range(8)),
            }
            for n in range(10_000)
        ],
    )
    ids = session.scalars(select(Submission.id).order_by(Submission.id)).all()
    text = "Le centre de la commune reste fermé faute d’éducatrice, et la route est longue. " * 6
    session.execute(
        insert(Answer),
        [
            {"submission_id": id_, "question_id": story, "text": f"{text} n{place}"}
            for place, id_ in enumerate(ids)
        ],
    )
    session.commit()
    sign_in(client, Role.ANALYST)
    for path in (
        address(consultation),
        address(consultation, words="n4321"),
        address(consultation, words="educatrice", region="08"),
        address(consultation, words="introuvable"),
        f"/en/staff/consultations/{consultation.slug}/collection",
    ):
        with counted_statements() as statements:
            assert client.get(path).status_code == 200
        assert len(statements) < 40, path
