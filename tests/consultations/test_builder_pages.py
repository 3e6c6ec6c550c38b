"""The builder in the browser: versions, sections, questions, previews, form files."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.building.content import stamp
from app.consultations.building.versions import draft_of
from app.consultations.models import Consultation, Question
from app.core.access import Role, System
from app.core.audit import AuditEntry
from tests.conftest import NOW
from tests.consultations.forms import cells, form, forty_questions
from tests.factories import ConsultationFactory, texts
from tests.pages import CheckedClient

ROW = "visible_rows-0-"


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """A consultation whose second version is being written."""
    made: Consultation = ConsultationFactory()
    draft_of(session, System("test"), made, now=NOW)
    session.commit()
    return made


@pytest.fixture
def writer(client: CheckedClient, sign_in: Callable[..., Any]) -> CheckedClient:
    """A signed-in analyst's browser."""
    sign_in(client, Role.ANALYST)
    return client


def base(consultation: Consultation, lang: str = "en") -> str:
    """Return the address of the builder."""
    return f"/{lang}/staff/consultations/{consultation.slug}/questionnaire"


def asked(session: Session, consultation: Consultation, key: str) -> Question:
    """Return a question of the version being written."""
    session.expire_all()
    draft = consultation.draft_questionnaire
    assert draft is not None
    return next(one for one in draft.questions if one.key == key)


def sent(question: Question, **more: Any) -> dict[str, Any]:
    """Return what a question's form would send."""
    return {
        "seen": stamp(question),
        "kind": question.kind,
        "key": question.key,
        "label_fr": question.label.get("fr", ""),
        "label_ar": question.label.get("ar", ""),
        **more,
    }


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_every_page_opens_in_every_language(
    session: Session, consultation: Consultation, writer: CheckedClient, lang: str
) -> None:
    draft = consultation.draft_questionnaire
    here = base(consultation, lang)
    pages = [
        here,
        f"{here}/sections/new",
        f"{here}/sections/{draft.sections[0].id}",
        f"{here}/sections/{draft.sections[0].id}/questions/new?kind=matrix",
        *(f"{here}/questions/{question.id}" for question in draft.questions),
        *(f"{here}/{draft.version}/preview/{step}" for step in (1, 2)),
    ]

    assert [writer.get(page).status_code for page in pages] == [200] * len(pages)


@pytest.mark.parametrize("kind", ["single_choice", "multiple_choice", "scale", "matrix", "ranking",
                                  "budget", "number", "date", "short_text", "long_text", "file",
                                  "territory", "organisation", "consent", "note"])  # fmt: skip
def test_a_question_of_every_kind_is_added_and_shown(
    session: Session, consultation: Consultation, writer: CheckedClient, kind: str
) -> None:
    section = consultation.draft_questionnaire.sections[1]
    data = {
        "kind": kind, "label_fr": "Où allez-vous ?", "label_ar": "إلى أين؟", "is_required": "y",
        "options-0-fr": "Au centre", "options-0-ar": "إلى المركز", "options-0-code": "",
        "options-1-fr": "Ailleurs", "options-1-ar": "مكان آخر", "options-1-code": "other",
        "options-1-is_open": "y", "columns-0-fr": "Oui", "columns-0-ar": "نعم",
        "low_fr": "Peu", "low_ar": "قليلا", "high_fr": "Beaucoup", "high_ar": "كثيرا",
        "min_choices": "1", "max_choices": "2", "total": "50", "max_length": "90",
        "min": "2020-01-01" if kind == "date" else "3",
    }  # fmt: skip

    answer = writer.post(f"{base(consultation)}/sections/{section.id}/questions/new", data=data)

    assert answer.status_code == 303, answer.text
    question = asked(session, consultation, "ou_allez_vous")
    assert question.kind == kind
    if kind == "single_choice":
        assert question.options == [
            {"code": "au_centre", "label": {"fr": "Au centre", "ar": "إلى المركز"}},
            {"code": "other", "label": {"fr": "Ailleurs", "ar": "مكان آخر"}, "is_open": True},
        ]
    number = consultation.draft_questionnaire.version
    assert "Où allez-vous" in writer.get(f"{base(consultation, 'fr')}/{number}/preview/2").text
    edited = writer.get(f"{base(consultation)}/questions/{question.id}")
    assert "إلى أين؟" in edited.text


def test_a_condition_of_several_rows_is_kept_and_shown_again(
    session: Session, consultation: Consultation, writer: CheckedClient
) -> None:
    story = asked(session, consultation, "story")
    data = sent(story) | {
        "visible_join": "any",
        f"{ROW}subject": "actor_type", f"{ROW}operator": "is", f"{ROW}value": "association, ngo",
        "visible_rows-1-subject": "actor_type", "visible_rows-1-operator": "not",
        "visible_rows-1-value": "citizen",
        "valid_join": "all", "valid_rows-0-subject": ".",
        "valid_rows-0-operator": "length>=", "valid_rows-0-value": "20",
        "message_fr": "Dites-en plus.", "message_ar": "زد قليلا.",
    }  # fmt: skip

    answer = writer.post(f"{base(consultation)}/questions/{story.id}", data=data)

    assert answer.status_code == 303, answer.text
    story = asked(session, consultation, "story")
    assert story.visible_if == {
        "any": [{"actor_type": ["association", "ngo"]}, {"not": {"actor_type": ["citizen"]}}]
    }
    assert story.validity == {
        "when": {"question": "story", "length": ">=", "value": 20},
        "message": {"fr": "Dites-en plus.", "ar": "زد قليلا."},
    }
    page = writer.get(f"{base(consultation)}/questions/{story.id}").text
    assert "association, ngo" in page
    assert 'value="20"' in page


def test_a_nested_condition_is_shown_in_words_and_kept(
    session: Session, consultation: Consultation, writer: CheckedClient
) -> None:
    tree = {
        "any": [
            {"all": [{"actor_type": ["citizen"]}, {"question": "place", "op": "answered"}]},
            {"actor_type": ["ngo"]},
        ]
    }
    story = asked(session, consultation, "story")
    story.visible_if = tree
    session.commit()
    page = writer.get(f"{base(consultation)}/questions/{story.id}").text
    assert "one answers as citizen and" in page

    data = sent(story, visible_keep="y", label_fr="Autrement")
    writer.post(f"{base(consultation)}/questions/{story.id}", data=data)

    assert asked(session, consultation, "story").visible_if == tree
    assert asked(session, consultation, "story").label["fr"] == "Autrement"


def test_a_row_is_added_without_losing_what_was_typed(
    session: Session, consultation: Consultation, writer: CheckedClient
) -> None:
    section = consultation.draft_questionnaire.sections[0]
    data = {"kind": "ranking", "label_fr": "Classez", "options-0-fr": "Un", "go": "add:options"}

    page = writer.post(f"{base(consultation)}/sections/{section.id}/questions/new", data=data)

    assert page.status_code == 200
    assert 'name="options-1-fr"' in page.text
    assert 'value="Un"' in page.text
    assert "Classez" in page.text
    assert len(consultation.draft_questionnaire.questions) == 2


def test_rows_change_places(
    session: Session, consultation: Consultation, writer: CheckedClient
) -> None:
    section = consultation.draft_questionnaire.sections[0]
    data = {
        "kind": "ranking", "options-0-fr": "Un", "options-1-fr": "Deux", "go": "up:options:1",
    }  # fmt: skip

    page = writer.post(f"{base(consultation)}/sections/{section.id}/questions/new", data=data).text

    assert page.index('value="Deux"') < page.index('value="Un"')


def test_two_people_who_edit_one_question_are_told(
    session: Session, consultation: Consultation, writer: CheckedClient
) -> None:
    story = asked(session, consultation, "story")
    first, second = sent(story, label_fr="La première"), sent(story, label_fr="La seconde")
    address = f"{base(consultation)}/questions/{story.id}"
    assert writer.post(address, data=first).status_code == 303

    refused = writer.post(address, data=second)

    assert refused.status_code == 409
    assert "La seconde" in refused.text
    assert "La première" in refused.text or "story (en)" in refused.text
    assert asked(session, consultation, "story").label["fr"] == "La première"
    again = second | {"seen": stamp(asked(session, consultation, "story"))}
    assert writer.post(address, data=again).status_code == 303
    assert asked(session, consultation, "story").label["fr"] == "La seconde"


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    session: Session, consultation: Consultation, writer: CheckedClient
) -> None:
    section = consultation.draft_questionnaire.sections[0]
    data = {
        "kind": "number", "key": "place", "label_fr": "Combien ?", "min": "beaucoup",
        f"{ROW}subject": "place", f"{ROW}operator": "is", f"{ROW}value": "",
    }  # fmt: skip
    address = f"{base(consultation)}/sections/{section.id}/questions/new"

    refused = writer.post(address, data=data)

    assert refused.status_code == 422
    assert "Give a number." in refused.text
    assert "Give the value to compare with." in refused.text
    assert "beaucoup" in refused.text
    taken = writer.post(address, data={"kind": "number", "key": "place", "label_fr": "Combien ?"})
    assert taken.status_code == 422
    assert "Another question has the key" in taken.text


def test_questions_move_within_and_between_sections(
    session: Session, consultation: Consultation, writer: CheckedClient
) -> None:
    first, second = consultation.draft_questionnaire.sections
    story = asked(session, consultation, "story")
    address = f"{base(consultation)}/questions/{story.id}/move"

    for _press in range(2):
        moved = writer.post(address, data={"section": first.id, "position": 1})

    assert moved.status_code == 303
    session.expire_all()
    assert [one.key for one in consultation.draft_questionnaire.sections[0].questions] == [
        "story",
        "place",
    ]
    assert not consultation.draft_questionnaire.sections[1].questions
    writer.post(f"{base(consultation)}/sections/{second.id}/delete")
    session.expire_all()
    assert len(consultation.draft_questionnaire.sections) == 1


def test_sections_are_added_once_and_moved(
    session: Session, consultation: Consultation, writer: CheckedClient
) -> None:
    data = {"title_fr": "Idées", "title_ar": "أفكار", "minutes": "3", "seen": "3"}
    for _press in range(2):
        writer.post(f"{base(consultation)}/sections/new", data=data)
    session.expire_all()
    sections = consultation.draft_questionnaire.sections
    assert [one.title.get("fr") for one in sections] == ["You (fr)", "Around you (fr)", "Idées"]

    writer.post(f"{base(consultation)}/sections/{sections[2].id}/move", data={"position": "1"})

    session.expire_all()
    sections = consultation.draft_questionnaire.sections
    assert [one.title.get("fr") for one in sections] == ["Idées", "You (fr)", "Around you (fr)"]


def test_remarks_have_to_be_accepted_and_errors_mended(
    session: Session, consultation: Consultation, writer: CheckedClient
) -> None:
    story = asked(session, consultation, "story")
    story.label = texts("x") | {"ar": ""}
    session.commit()
    publish = {"decision": "publish", "version": "2"}

    refused = writer.post(base(consultation), data=publish)

    assert refused.status_code == 422
    assert "The Arabic is missing" in refused.text
    story = asked(session, consultation, "story")
    story.kind, story.options = "ranking", []
    session.commit()
    assert writer.post(base(consultation), data=publish | {"accept": "y"}).status_code == 422
    story = asked(session, consultation, "story")
    story.kind = "long_text"
    session.commit()
    assert writer.post(base(consultation), data=publish | {"accept": "y"}).status_code == 303
    session.expire_all()
    assert consultation.questionnaire.version == 2
    assert writer.post(base(consultation), data=publish).status_code == 303
    assert "publish_version" in str(session.scalars(select(AuditEntry.action)).all())


def test_a_form_file_goes_in_and_comes_out_equal(
    session: Session, consultation: Consultation, writer: CheckedClient
) -> None:
    content = forty_questions()
    data = {"file": (io.BytesIO(content), "form.xlsx")}

    taken = writer.post(f"{base(consultation)}/xlsform", data=data, follow_redirects=True)

    assert taken.status_code == 200
    assert "44 questions were taken into version 2." in taken.text
    assert "is not collected here" in taken.text
    out = writer.get(f"{base(consultation)}/2.xlsx")
    assert cells(out.data) == cells(content)
    for step in range(1, 7):
        for lang in ("fr", "ar"):
            page = writer.get(f"{base(consultation, lang)}/2/preview/{step}")
            assert page.status_code == 200


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 nothing", b"\xd0\xcf\x11\xe0 nothing", b"a,b\n", b"\xff\xfe\x00"],
)
def test_what_is_no_form_is_refused(
    consultation: Consultation, writer: CheckedClient, content: bytes
) -> None:
    data = {"file": (io.BytesIO(content), "form.xlsx")}

    refused = writer.post(f"{base(consultation)}/xlsform", data=data)

    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text


def test_a_form_that_others_refuse_is_refused_with_their_reason(
    session: Session, consultation: Consultation, writer: CheckedClient
) -> None:
    content = form([{"type": "text", "name": "a", "label": "A", "relevant": "${nobody} = 1"}])
    data = {"file": (io.BytesIO(content), "form.xlsx")}

    refused = writer.post(f"{base(consultation)}/xlsform", data=data)

    assert refused.status_code == 422
    assert "nobody" in refused.text
    assert asked(session, consultation, "story")


def test_an_analyst_of_another_consultation_is_refused(
    session: Session,
    consultation: Consultation,
    client: CheckedClient,
    sign_in: Callable[..., Any],
) -> None:
    other = ConsultationFactory()
    sign_in(client, Role.ANALYST, consultation=other.id)

    assert client.get(base(consultation)).status_code == 403
    assert client.get(f"{base(consultation)}/1.xlsx").status_code == 403
    assert client.get(f"{base(consultation)}/1/preview/1").status_code == 403
