"""The fictional answers: whole, said to be fictional, given to the themes they are about."""

from __future__ import annotations

from app.commitments.answers.content import Content
from app.commitments.models import AnswerState, ThemeAnswer
from app.core.db import Texts
from app.demonstration.answers import entries, load_answers
from tests.commitments.world import STAFF, World, words
from tests.conftest import NOW


def test_every_fictional_answer_is_whole_and_says_what_it_is() -> None:
    for entry in entries():
        parts = {part: Texts(entry.get(part, {})) for part in ("text", "reason", "passed_to")}
        assert Content(state=entry["state"], **parts).missing == []
        assert "fictive" in entry["text"]["fr"]
        assert "خيالي" in entry["text"]["ar"]
    assert {entry["state"] for entry in entries()} == {str(state) for state in AnswerState}


def test_themes_are_found_by_their_words_and_answered_once(world: World) -> None:
    consultation = world.corpus.consultation

    made = [load_answers(world.session, STAFF, consultation, now=NOW) for _twice in range(2)]

    assert made == [1, 0]
    (answer,) = world.session.query(ThemeAnswer)
    assert answer.theme_id == world.childcare.id
    assert "crèches de quartier" in answer.text["fr"]


def test_an_answer_that_somebody_wrote_is_left(world: World) -> None:
    world.answer(words(fr="De la main de quelqu’un."))

    assert load_answers(world.session, STAFF, world.corpus.consultation, now=NOW) == 0
    assert world.session.query(ThemeAnswer).one().text["fr"] == "De la main de quelqu’un."
