"""A consultation that asks everything there is to ask, and someone who answers it."""

from __future__ import annotations

import re
from typing import Any

from werkzeug.test import TestResponse

from app.consultations.models import Consultation
from app.core.db import db
from tests.factories import ConsultationFactory, add_section, texts
from tests.pages import CheckedClient

OPTIONS = [{"code": code, "label": texts(f"option {code}")} for code in ("a", "b", "c", "other")]
SCALE = {
    "items": [{"code": code, "label": texts(f"item {code}")} for code in ("x", "y")],
    "low": texts("low"), "high": texts("high"),
}


def rich_consultation(**columns: Any) -> Consultation:
    """Make one: after ``place`` and ``story``, a section of each kind and one for associations."""
    consultation: Consultation = ConsultationFactory(**columns)
    questionnaire = consultation.questionnaire
    add_section(questionnaire, "Choices", [
        {"key": "many", "kind": "multiple_choice", "options": OPTIONS,
         "rules": {"max_choices": 2}},
        {"key": "other", "kind": "short_text", "is_required": True,
         "visible_if": {"question": "many", "is": ["other"]}},
        {"key": "one", "kind": "single_choice", "options": OPTIONS},
        {"key": "ease", "kind": "scale", "options": SCALE, "is_required": True},
        {"key": "people", "kind": "number", "rules": {"min": 0, "max": 100}},
    ])
    add_section(questionnaire, "Associations", [
        {"key": "members", "kind": "number", "visible_if": {"actor_type": ["association"]}},
    ])
    db.session.commit()
    return consultation


class Visitor:
    """Someone who answers, without a script."""

    def __init__(self, client: CheckedClient, slug: str, lang: str = "en") -> None:
        self.client = client
        self.base = f"/{lang}/consultations/{slug}"

    def get(self, path: str = "") -> TestResponse:
        """Open a page of answering."""
        return self.client.get(f"{self.base}/participate{path}")

    def begin(self) -> TestResponse:
        """Press "Begin"."""
        return self.client.post(f"{self.base}/participate")

    def fill(self, step: int, **values: Any) -> TestResponse:
        """Send a section; ``q_story`` is the field ``q-story``."""
        data = {name.replace("_", "-") if name.startswith("q_") else name: value
                for name, value in values.items()}
        return self.client.post(f"{self.base}/participate/{step}", data=data)

    def notice(self) -> str:
        """Return the notice that the check shows."""
        found = re.search(r'name="notice" value="(\d+)"', self.get("/check").text)
        assert found, "the check offers nothing to send"
        return found[1]

    def send(self, **values: Any) -> TestResponse:
        """Agree and send."""
        data = {"notice": self.notice(), "agree": "y"} | values
        return self.client.post(f"{self.base}/participate/send", data=data)

    def answer_all(self, story: str = "Un centre ouvert tous les jours.") -> None:
        """Answer every step as a citizen would."""
        self.begin()
        self.fill(1, actor_type="citizen", q_place_region="08", q_place_province="08.401")
        self.fill(2, q_story=story)
        self.fill(3, q_many=["a"], q_ease_x="5", q_ease_y="0")
