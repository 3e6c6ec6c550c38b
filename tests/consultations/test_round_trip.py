"""Forms go in and come out again: unchanged if nothing was edited, usable if something was."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.consultations.building import operations as building
from app.consultations.building.content import content_of, stamp
from app.consultations.building.versions import draft_of, publish
from app.consultations.models import Consultation, Question, Questionnaire
from app.consultations.xlsform.operations import export_form, import_form, validate
from app.core.access import System
from app.submissions.models import Submission
from tests.conftest import NOW
from tests.consultations.forms import AR, FR, cells, form, forty_questions
from tests.factories import ConsultationFactory, add_section, texts
from tests.submissions.way import OPTIONS, SCALE

ACTOR = System("test")


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """A consultation to put forms into."""
    made: Consultation = ConsultationFactory()
    session.commit()
    return made


def taken_in(session: Session, consultation: Consultation, content: bytes) -> Questionnaire:
    """Take a form in and read it from the database again."""
    draft, _form = import_form(session, ACTOR, consultation, content, now=NOW)
    session.commit()
    session.expire_all()
    return draft


def given_out(session: Session, consultation: Consultation) -> bytes:
    """Give the version being written out."""
    draft = consultation.draft_questionnaire
    assert draft is not None
    content = export_form(session, consultation, draft)
    validate(content)
    return content


def meaning(version: Questionnaire) -> list[Any]:
    """Return what a version asks."""
    return [
        {name: value for name, value in content_of(question).items() if name != "axis_id"}
        for question in version.questions
    ]


def one(version: Questionnaire, key: str) -> Question:
    """Return a question of a version."""
    return next(question for question in version.questions if question.key == key)


def edit(session: Session, consultation: Consultation, of: str, **values: Any) -> None:
    """Change a question as the builder does."""
    question = one(consultation.draft_questionnaire, of)  # type: ignore[arg-type]
    values = content_of(question) | values
    building.edit_question(
        session, ACTOR, consultation, question.id, values, seen=stamp(question), now=NOW
    )
    session.commit()


# --- unchanged ----------------------------------------------------------------------------------


def test_a_form_of_forty_questions_comes_out_equal(
    session: Session, consultation: Consultation
) -> None:
    content = forty_questions()

    draft = taken_in(session, consultation, content)

    assert len([one for one in draft.questions if one.kind != "note"]) == 40
    assert cells(given_out(session, consultation)) == cells(content)


def test_it_comes_out_equal_of_a_later_version_too(
    session: Session, consultation: Consultation
) -> None:
    content = forty_questions()
    taken_in(session, consultation, content)
    version = consultation.draft_questionnaire
    publish(session, ACTOR, consultation, version=version.version, accepts_remarks=True, now=NOW)
    session.commit()

    draft_of(session, ACTOR, consultation, now=NOW)
    session.commit()

    assert cells(given_out(session, consultation)) == cells(content)


def test_everything_that_has_no_effect_is_named_and_kept(
    session: Session, consultation: Consultation
) -> None:
    content = form(
        [
            {"type": "start", "name": "start"},
            {"type": "integer", "name": "age", "label": "Age", "default": 3, "read_only": "no"},
            {"type": "begin_repeat", "name": "people", "label": "People"},
            {"type": "text", "name": "who", "label": "Who"},
            {"type": "end_repeat"},
            {"type": "geopoint", "name": "here", "label": "Here"},
            {"type": "calculate", "name": "twice", "calculation": "${age} * 2"},
            {"type": "text", "name": "a", "label": "Of ${age} years", "relevant": "${age} + 1 > 3"},
            {"type": "select_one towns", "name": "town", "label": "Town",
             "choice_filter": "region = 'x'"},
            {"type": "time", "name": "hour", "label": "Hour", "constraint": ". != '' and true()"},
            {"type": "text", "name": "b", "label": "B", "required": "${age} > 3"},
            {"type": "select_one_from_file cities.csv", "name": "f", "label": "F"},
        ],
        [{"list_name": "towns", "name": "z", "label": "Z", "region": "x"}],
    )  # fmt: skip

    draft, read = import_form(session, ACTOR, consultation, content, now=NOW)

    assert {(remark.row, remark.column, remark.code) for remark in read.remarks} == {
        (2, "type", "metadata"),
        (3, "default", "no_effect"),
        (3, "read_only", "no_effect"),
        (4, "type", "repeated"),
        (5, "type", "repeated"),
        (6, "type", "repeated"),
        (7, "type", "not_asked"),
        (8, "type", "calculated"),
        (9, "relevant", "relevant"),
        (9, "label", "reference"),
        (10, "choice_filter", "choice_filter"),
        (11, "type", "as_text"),
        (12, "required", "required"),
        (13, "type", "not_asked"),
    }
    assert [question.key for question in draft.questions] == ["age", "a", "town", "hour", "b"]
    session.commit()
    session.expire_all()
    assert cells(given_out(session, consultation)) == cells(content)


def test_inner_groups_hand_their_condition_down(
    session: Session, consultation: Consultation
) -> None:
    content = form(
        [
            {"type": "begin_group", "name": "out", "label": "Out"},
            {"type": "integer", "name": "n", "label": "N"},
            {"type": "begin group", "name": "in", "relevant": "${n} > 1"},
            {"type": "text", "name": "a", "label": "A"},
            {"type": "text", "name": "b", "label": "B", "relevant": "${a} != ''"},
            {"type": "end group"},
            {"type": "end_group"},
        ]
    )

    draft = taken_in(session, consultation, content)

    assert one(draft, "b").visible_if == {
        "all": [
            {"question": "n", "op": ">", "value": 1},
            {"question": "a", "op": "answered"},
        ]
    }
    assert cells(given_out(session, consultation)) == cells(content)


# --- edited -------------------------------------------------------------------------------------


def test_an_edited_label_changes_one_cell(session: Session, consultation: Consultation) -> None:
    content = forty_questions()
    taken_in(session, consultation, content)

    edit(session, consultation, "revenu", label={"fr": "Revenu", "ar": "الدخل"})

    before, after = cells(content)["survey"], cells(given_out(session, consultation))["survey"]
    changed = [
        (row[1], heading, new)
        for row, other in zip(before, after, strict=True)
        for heading, old, new in zip(before[0], row, other, strict=True)
        if old != new
    ]
    assert changed == [("revenu", FR, "Revenu"), ("revenu", AR, "الدخل")]


def test_a_question_moved_out_of_an_inner_group_keeps_its_condition(
    session: Session, consultation: Consultation
) -> None:
    taken_in(session, consultation, forty_questions())
    draft = consultation.draft_questionnaire
    question = one(draft, "ecole")
    kept = question.visible_if
    building.move_question(
        session,
        ACTOR,
        consultation,
        question.id,
        section_id=draft.sections[-1].id,
        position=1,
        now=NOW,
    )
    session.commit()

    again = taken_in(session, consultation, given_out(session, consultation))

    assert one(again, "ecole").visible_if == kept
    assert one(again, "freins").visible_if["all"][0] == {
        "question": "enfants",
        "op": ">=",
        "value": 1,
    }


def test_edited_options_get_a_list_of_their_own(
    session: Session, consultation: Consultation
) -> None:
    taken_in(session, consultation, forty_questions())
    options = [*one(consultation.draft_questionnaire, "membre").options]
    options.append({"code": "jadis", "label": {"fr": "Autrefois", "ar": "سابقا"}})

    edit(session, consultation, "membre", options=options)
    again = taken_in(session, consultation, given_out(session, consultation))

    assert [one["code"] for one in one(again, "membre").options] == ["oui", "non", "jadis"]
    assert [one["code"] for one in one(again, "recontact").options] == ["oui", "non"]


def test_a_new_name_reaches_the_conditions_that_speak_of_it(
    session: Session, consultation: Consultation
) -> None:
    taken_in(session, consultation, forty_questions())

    edit(session, consultation, "membre", key="est_membre")
    sheet = cells(given_out(session, consultation))["survey"]

    relevant = sheet[0].index("relevant")
    assert not [row for row in sheet if "${membre}" in str(row[relevant])]
    assert [row for row in sheet if "${est_membre}" in str(row[relevant])]


def test_every_kind_that_forms_lack_comes_back_as_what_it_was(
    session: Session, consultation: Consultation
) -> None:
    draft = draft_of(session, ACTOR, consultation, now=NOW)
    add_section(draft, "All", [
        {"key": "points", "kind": "budget", "options": OPTIONS[:3], "rules": {"total": 100},
         "is_required": True},
        {"key": "ease", "kind": "scale", "options": SCALE, "is_required": True},
        {"key": "grid", "kind": "matrix",
         "options": {"items": OPTIONS[:2], "columns": OPTIONS[2:]}},
        {"key": "who", "kind": "organisation"},
        {"key": "rank", "kind": "ranking", "options": OPTIONS, "rules": {"randomise": True}},
        {"key": "many", "kind": "multiple_choice", "rules": {"max_choices": 2, "min_choices": 1},
         "options": [*OPTIONS[:2], {**OPTIONS[3], "is_open": True}]},
        {"key": "day", "kind": "date", "rules": {"min": "2020-01-01"}},
        {"key": "agree", "kind": "consent", "is_required": True},
        {"key": "memo", "kind": "file", "rules": {"types": ["pdf"], "max_size": 5}},
        {"key": "read", "kind": "note"},
        {"key": "last", "kind": "short_text", "visible_if": {"all": [
            {"actor_type": ["association"]},
            {"question": "points", "item": "a", "op": ">", "value": 10},
            {"question": "ease", "item": "x", "is": ["5"]}]},
         "validity": {"when": {"question": "last", "op": "!=", "value": "l'\"x\""},
                      "message": texts("No")}},
    ])  # fmt: skip
    session.commit()
    session.expire_all()
    before = meaning(consultation.draft_questionnaire)

    content = given_out(session, consultation)
    again = taken_in(session, consultation, content)

    assert meaning(again) == before
    assert cells(given_out(session, consultation)) == cells(content)


def test_nothing_that_was_sent_is_touched(session: Session, consultation: Consultation) -> None:
    version = consultation.questionnaire
    asked = meaning(version)

    taken_in(session, consultation, forty_questions())

    assert meaning(consultation.questionnaire) == asked
    assert session.query(Submission).count() == 0
