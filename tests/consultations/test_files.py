"""A consultation's file: new kinds, conditions and validity, refused with the place named."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.consultations.errors import ConsultationFileError
from app.consultations.files import check
from tests.submissions.every_kind import EXAMPLE, every_kind


@pytest.fixture
def document() -> dict[str, Any]:
    """The example that asks every kind, as a document."""
    return dict(json.loads(EXAMPLE.read_text(encoding="utf-8")))


def question(document: dict[str, Any], key: str) -> dict[str, Any]:
    """Return a question of a document."""
    asked = [question for section in document["sections"] for question in section["questions"]]
    found: dict[str, Any] = next(question for question in asked if question["key"] == key)
    return found


def test_the_example_is_kept_as_it_says(session: Session, document: dict[str, Any]) -> None:
    kept = every_kind(session).questionnaire
    assert kept.sections[3].visible_if == document["sections"][3]["visible_if"]
    keys = [section.key for section in kept.sections]
    assert keys == ["you", "use", "priorities", "organisation"]
    children = next(one for one in kept.questions if one.key == "children")
    assert children.validity == question(document, "children")["validity"]


@pytest.mark.parametrize(("key", "change", "place"), [
    ("best", {"visible_if": {"question": "order", "is": ["care"]}}, "/2/questions/3/visible_if"),
    ("best", {"visible_if": {"question": "used", "op": "~", "value": 1}},
     "/2/questions/3/visible_if"),
    ("children", {"validity": {"message": {"fr": "Non"}}}, "/2/questions/7/validity"),
    ("children", {"validity": {"when": {"question": "why", "op": "answered"}}},
     "/2/questions/7/validity/when"),
    ("order", {"options": []}, "/3/questions/1/options"),
    ("order", {"options": [{"code": "a", "label": {"fr": "A"}}] * 2}, "/3/questions/1/options/2"),
    ("times", {"options": {"items": [{"code": "a", "label": {"fr": "A"}}]}},
     "/2/questions/4/options/columns"),
    ("points", {"rules": {"sum": 100}}, "/3/questions/2/rules"),
    ("since", {"options": [{"code": "a", "label": {"fr": "A"}}]}, "/2/questions/5/options"),
    ("memo", {"kind": "upload"}, "/4/questions/2"),
])  # fmt: skip
def test_what_is_wrong_is_refused_with_its_place(
    document: dict[str, Any], key: str, change: dict[str, Any], place: str
) -> None:
    question(document, key).update(change)
    with pytest.raises(ConsultationFileError) as refusal:
        check(document)
    assert refusal.value.values["place"] == f"/sections{place}"


@pytest.mark.parametrize("condition", [{"question": "why", "op": "answered"}, {"any": []}, [], {}])
def test_a_section_waits_for_earlier_answers_alone(
    document: dict[str, Any], condition: Any
) -> None:
    changed = copy.deepcopy(document)
    changed["sections"][1]["visible_if"] = condition
    with pytest.raises(ConsultationFileError) as refusal:
        check(changed)
    assert refusal.value.values["place"] == "/sections/2/visible_if"
