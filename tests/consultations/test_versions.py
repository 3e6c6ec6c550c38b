"""Versions of a questionnaire: made, published, discarded, compared, and never changed after."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.consultations.building import operations as building
from app.consultations.building.checking import check
from app.consultations.building.content import stamp
from app.consultations.building.differences import differences
from app.consultations.building.errors import (
    NothingChangedError,
    NotPublishableError,
    PublishedVersionError,
    QuestionNotFoundError,
)
from app.consultations.building.versions import discard, draft_of, publish
from app.consultations.models import Consultation, Questionnaire, Section
from app.consultations.xlsform.operations import import_form
from app.core.access import System
from app.submissions.models import Draft, Submission
from tests.conftest import NOW
from tests.consultations.forms import cells, form, forty_questions
from tests.factories import ConsultationFactory, submission, texts
from tests.pages import CheckedClient
from tests.submissions.way import OPTIONS, Visitor

ACTOR = System("test")


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """An open consultation."""
    made: Consultation = ConsultationFactory()
    session.commit()
    return made


def drafted(session: Session, consultation: Consultation) -> Questionnaire:
    """Begin a version."""
    draft = draft_of(session, ACTOR, consultation, now=NOW)
    session.commit()
    return draft


def made_public(session: Session, consultation: Consultation) -> None:
    """Publish the version being written."""
    version = consultation.draft_questionnaire.version
    publish(session, ACTOR, consultation, version=version, accepts_remarks=True, now=NOW)
    session.commit()


def add(session: Session, consultation: Consultation, key: str, **values: Any) -> None:
    """Add a question at the end of the first section."""
    section = consultation.draft_questionnaire.sections[0]
    values = {"key": key, "kind": "short_text", "label": texts(key)} | values
    building.add_question(session, ACTOR, consultation, section.id, values, now=NOW)
    session.commit()


# --- versions -----------------------------------------------------------------------------------


def test_a_version_begins_as_a_copy_with_the_same_keys(
    session: Session, consultation: Consultation
) -> None:
    draft = drafted(session, consultation)

    assert draft_of(session, ACTOR, consultation, now=NOW) is draft
    assert [one.key for one in draft.questions] == ["place", "story"]
    assert {one.id for one in draft.questions}.isdisjoint(
        one.id for one in consultation.questionnaire.questions
    )


def test_publishing_deletes_nothing_and_answers_keep_their_version(
    session: Session, consultation: Consultation
) -> None:
    said = submission(consultation, "Un centre", values={"place": {"region": "08"}})
    drafted(session, consultation)
    add(session, consultation, "new")

    made_public(session, consultation)

    assert [one.version for one in consultation.questionnaires] == [1, 2]
    assert consultation.questionnaire.version == 2
    assert session.get(Submission, said.id).questionnaire.version == 1
    assert [answer.text for answer in said.answers if answer.text] == ["Un centre"]


def test_a_draft_begun_before_is_still_sent_under_its_own_version(
    app: Flask, session: Session, consultation: Consultation, client: CheckedClient
) -> None:
    visitor = Visitor(client, consultation.slug)
    visitor.begin()
    visitor.fill(1, actor_type="citizen", q_place_region="08")
    drafted(session, consultation)
    add(session, consultation, "needed", is_required=True)
    made_public(session, consultation)

    visitor.fill(2, q_story="Un centre")
    sent = visitor.send()

    assert sent.status_code == 303
    session.expire_all()
    assert session.query(Submission).one().questionnaire.version == 1
    Visitor(client, consultation.slug).begin()
    assert session.query(Draft).order_by(Draft.id.desc()).first().questionnaire.version == 2


def test_a_discarded_version_leaves_what_is_answered(
    session: Session, consultation: Consultation
) -> None:
    drafted(session, consultation)
    add(session, consultation, "new")

    for _press in range(2):
        discard(session, ACTOR, consultation, now=NOW)
        session.commit()

    assert consultation.draft_questionnaire is None
    assert [one.key for one in consultation.questionnaire.questions] == ["place", "story"]


def test_a_version_that_says_the_same_is_not_published(
    session: Session, consultation: Consultation
) -> None:
    drafted(session, consultation)

    with pytest.raises(NothingChangedError):
        made_public(session, consultation)


def test_versions_are_compared_question_by_question(
    session: Session, consultation: Consultation
) -> None:
    draft = drafted(session, consultation)
    add(session, consultation, "new")
    place, story = draft.questions[0], draft.questions[-1]
    building.delete_question(session, ACTOR, consultation, story.id, seen=stamp(story), now=NOW)
    values = {"key": "place", "label": texts("Where"), "is_required": False}
    building.edit_question(
        session, ACTOR, consultation, place.id, values, seen=stamp(place), now=NOW
    )

    found = differences(consultation.questionnaire, draft)

    assert [one.key for one in found.added] == ["new"]
    assert [one.key for one in found.removed] == ["story"]
    assert [(one.question.key, one.parts) for one in found.changed] == [
        ("place", ("label", "is_required"))
    ]


# --- a published version ------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["label", "delete", "add", "section", "move in", "state"])
def test_a_published_version_refuses_every_change(
    session: Session, consultation: Consultation, change: str
) -> None:
    published = consultation.questionnaire
    question = published.questions[0]
    if change == "label":
        question.label = texts("other")
    elif change == "delete":
        session.delete(question)
    elif change == "section":
        published.sections[0].minutes = 9
    elif change == "state":
        published.state, published.published_at = "draft", None
    elif change == "add":
        published.sections.append(
            Section(position=9, title=texts("More"), intro=texts(""), minutes=1)
        )
    elif change == "move in":
        draft = drafted(session, consultation)
        draft.questions[0].questionnaire_id = published.id
        draft.questions[0].key = "elsewhere"

    with pytest.raises(PublishedVersionError):
        session.flush()
    session.rollback()


def test_a_question_of_a_published_version_is_not_found_by_the_builder(
    session: Session, consultation: Consultation
) -> None:
    published = consultation.questionnaire.questions[0]
    drafted(session, consultation)

    with pytest.raises(QuestionNotFoundError):
        building.edit_question(
            session, ACTOR, consultation, published.id, {"key": "x"}, seen="", now=NOW
        )


# --- what is wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "code", "is_error"),
    [
        ({"visible_if": {"question": "story", "op": "answered"}}, "later_question", True),
        ({"visible_if": {"question": "gone", "op": "answered"}}, "unknown_question", True),
        ({"visible_if": {"question": "place", "op": "?"}}, "bad_condition", True),
        ({"kind": "ranking", "options": []}, "no_options", True),
        ({"kind": "matrix", "options": {"items": OPTIONS, "columns": []}}, "no_columns", True),
        ({"kind": "ranking", "options": [OPTIONS[0], OPTIONS[0]]}, "same_code", True),
        ({"kind": "number", "rules": {"min": 3, "max": 2}}, "limits_crossed", True),
        ({"label": {}}, "no_label", True),
        ({"label": {"fr": "Un"}}, "missing_ar", False),
        ({"label": {"ar": "واحد"}}, "missing_fr", False),
        ({"hint": {"fr": "Un"}}, "missing_ar", False),
    ],
)
def test_what_would_break_is_found_before_publishing(
    session: Session, consultation: Consultation, values: dict[str, Any], code: str, is_error: bool
) -> None:
    draft = drafted(session, consultation)
    add(session, consultation, "new", **values)

    found = check(draft)

    assert [(one.code, one.is_error, one.question.key) for one in found] == [
        (code, is_error, "new")
    ]
    if is_error:
        with pytest.raises(NotPublishableError):
            made_public(session, consultation)


# --- a form, from the file to what was said -----------------------------------------------------


def test_a_form_of_forty_questions_is_answered_in_arabic(
    app: Flask, session: Session, consultation: Consultation, client: CheckedClient
) -> None:
    content = forty_questions()
    import_form(session, ACTOR, consultation, content, now=NOW)
    session.commit()
    made_public(session, consultation)
    visitor = Visitor(client, consultation.slug, "ar")
    visitor.begin()

    visitor.fill(1, actor_type="citizen", q_accord="true")
    refused = visitor.fill(2, q_sexe="f", q_age="7")
    assert refused.status_code == 422
    assert "يجب أن يكون العمر بين 15 و110 سنوات." in refused.text
    visitor.fill(2, q_sexe="f", q_age="34", q_langues=["darija"], q_code_postal="10000")
    visitor.fill(3, q_taille="4", q_enfants="2", shown=["enfants", "scolarite", "ecole"])
    visitor.fill(
        3,
        q_taille="4",
        q_enfants="2",
        q_ecole="oui",
        q_revenu="3500,5",
        shown=["enfants", "scolarite", "ecole", "freins", "frein_autre", "aides"],
    )
    services = {
        "q-acces-acces_centre": "facile", "q-acces-acces_sante": "moyen",
        "q-acces-acces_ecole": "facile", "q-qualite-note_accueil": "4",
        "q-horaires-h_semaine": "soir",
        "q-ordre-enfance": "1", "q-ordre-femmes": "2", "q-ordre-agees": "3",
        "q-ordre-handicap": "4",
        "q-urgence": "femmes", "shown": ["pourquoi", "distance", "minutes", "transport"],
    }  # fmt: skip
    client.post(f"{visitor.base}/participate/4", data=services)
    visitor.fill(5, q_membre="non")
    visitor.fill(
        6, q_proposition="بغينا مركز قريب", q_confiance="3", shown=["obstacle", "courriel"]
    )
    sent = visitor.send()

    assert sent.status_code == 303
    session.expire_all()
    said = session.query(Submission).one()
    values = {answer.question.key: answer.value or answer.text for answer in said.answers}
    assert values["age"] == 34
    assert values["acces"]["acces_sante"] == "moyen"
    assert values["qualite"] == {"note_accueil": 4}
    assert values["ordre"][0] == "enfance"
    assert values["proposition"] == "بغينا مركز قريب"
    assert "tuteur" not in values
    assert consultation.questionnaire.version == 2


def test_commands_take_a_form_in_and_give_it_out(
    app: Flask, session: Session, consultation: Consultation, tmp_path: Any
) -> None:
    content, slug = forty_questions(), consultation.slug
    (tmp_path / "in.xlsx").write_bytes(content)
    run = app.test_cli_runner().invoke
    command = ["consultations", "xlsform"]

    dry = run(args=[*command, "import", slug, str(tmp_path / "in.xlsx"), "--dry-run"])
    assert dry.exit_code == 0, dry.output
    assert consultation.draft_questionnaire is None
    done = run(args=[*command, "import", slug, str(tmp_path / "in.xlsx")])
    assert "version 2, 44 questions." in done.output
    run(args=[*command, "export", slug, str(tmp_path / "out.xlsx")])

    assert cells((tmp_path / "out.xlsx").read_bytes()) == cells(content)
    (tmp_path / "bad.xlsx").write_bytes(form([{"type": "nothing", "name": "x", "label": "X"}]))
    bad = run(args=[*command, "import", slug, str(tmp_path / "bad.xlsx")])
    assert bad.exit_code == 2
