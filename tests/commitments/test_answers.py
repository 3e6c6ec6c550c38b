"""An answer to a theme: who writes it, what it must say, what is kept of it."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.commitments.answers.content import Content
from app.commitments.answers.differences import Piece, compare, history
from app.commitments.answers.errors import (
    AnswerChangedError,
    AnswerIncompleteError,
    ThemeNotReportedError,
)
from app.commitments.answers.operations import answerable, save
from app.commitments.models import ThemeAnswer
from app.core.access import Role
from app.core.audit import AppendOnlyError, AuditEntry
from app.core.db import Texts
from app.core.errors import ForbiddenError
from app.core.jobs.models import Job
from tests import factories
from tests.commitments.world import STAFF, World, merge, words
from tests.conftest import NOW


def test_a_draft_is_seen_by_nobody_and_told_to_nobody(world: World, session: Session) -> None:
    draft = Content(state="partly", text=Texts(fr="À écrire"))

    answer = world.answer(draft, is_public=False)

    assert (answer.revision, answer.published_at) == (1, None)
    assert [one.is_public for one in answer.versions] == [False]
    assert session.query(Job).filter_by(kind="commitments.letters").count() == 0


@pytest.mark.parametrize(
    ("state", "lacking"),
    [
        ("taken_up", "text"),
        ("partly", "text"),
        ("not_taken_up", "reason"),
        ("beyond_remit", "passed_to"),
    ],
)
def test_what_is_published_is_whole_in_both_languages(
    world: World, state: str, lacking: str
) -> None:
    whole = words(state=state)
    lame = Content(**{**vars(whole), lacking: Texts(fr="Seulement en français")})

    with pytest.raises(AnswerIncompleteError):
        world.answer(lame)
    assert lame.missing == [(lacking, "ar")]
    assert world.answer(whole).published_at == NOW


def test_each_save_adds_a_version_that_nothing_changes(world: World, session: Session) -> None:
    world.answer(is_public=False)
    answer = world.answer(words(fr="Nous ouvrons trente crèches."), seen=1)

    versions = [(one.revision, one.is_public, one.actor_label) for one in answer.versions]
    assert versions == [(1, False, "test"), (2, True, "test")]
    answer.versions[0].state = "partly"
    with pytest.raises(AppendOnlyError):
        session.flush()


def test_publishing_a_draft_as_it_is_makes_a_version(world: World) -> None:
    world.answer(is_public=False)

    answer = world.answer(seen=1)

    assert (answer.revision, answer.published_at) == (2, NOW)


def test_saving_the_same_twice_is_saving_it_once(world: World, session: Session) -> None:
    world.answer()

    again = world.answer()

    assert (again.revision, len(again.versions)) == (1, 1)
    assert session.query(Job).filter_by(kind="commitments.letters").count() == 1


def test_who_has_not_seen_the_last_version_does_not_write_over_it(world: World) -> None:
    world.answer()
    world.answer(words(fr="Deuxième version."), seen=1)

    with pytest.raises(AnswerChangedError):
        world.answer(words(fr="Une autre."), seen=1)


def test_two_who_begin_at_once_do_not_both_write(world: World) -> None:
    world.answer()

    with pytest.raises(AnswerChangedError):
        world.answer(words(fr="Une autre."), seen=0)


def test_a_published_answer_stays_published(world: World, session: Session) -> None:
    world.answer()

    changed = world.answer(words(fr="Nous ouvrons trente crèches."), seen=1, is_public=False)

    assert [one.is_public for one in changed.versions] == [True, True]
    with pytest.raises(AnswerIncompleteError):
        world.answer(Content(state="taken_up"), seen=2, is_public=False)


def test_a_theme_that_is_in_no_report_is_not_answered(world: World) -> None:
    other = world.corpus.theme("Nouveau", "جديد")

    with pytest.raises(ThemeNotReportedError):
        world.answer(theme=other)


def test_a_merged_theme_is_answered_by_the_one_that_holds_it(world: World) -> None:
    consultation = world.corpus.consultation
    merge(world, world.childcare, world.roads)

    assert answerable(world.session, consultation, world.childcare.id) is world.roads
    with pytest.raises(ThemeNotReportedError):
        world.answer(theme=world.childcare)


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.ADMINISTRATOR, True), (Role.ANALYST, True), (Role.COORDINATOR, False),
     (Role.OBSERVER, False)],
)  # fmt: skip
def test_analysts_and_administrators_write(world: World, role: Role, may: bool) -> None:
    person = factories.UserFactory()
    factories.grant(person, role)
    consultation = world.corpus.consultation

    def write() -> ThemeAnswer:
        """Write an answer."""
        return save(
            world.session, person, consultation, world.childcare, words(),
            seen=0, publish=True, now=NOW,
        )  # fmt: skip

    if not may:
        with pytest.raises(ForbiddenError):
            write()
        return
    answer = write()
    assert answer.versions[0].actor_id == person.id
    (entry,) = world.session.query(AuditEntry).filter_by(action="commitments.publish_answer")
    assert entry.actor_label == person.name


def test_an_analyst_of_another_consultation_does_not_write(world: World) -> None:
    person, other = factories.UserFactory(), factories.ConsultationFactory()
    factories.grant(person, Role.ANALYST, consultation=other.id)

    with pytest.raises(ForbiddenError):
        save(
            world.session, person, world.corpus.consultation, world.childcare, words(),
            seen=0, publish=True, now=NOW,
        )  # fmt: skip


def test_the_words_that_went_and_came_are_told_in_both_scripts() -> None:
    assert compare("Vingt crèches en 2022.", "Trente crèches en 2023.") == [
        Piece("removed", "Vingt"),
        Piece("added", "Trente"),
        Piece("same", " crèches en "),
        Piece("removed", "2022"),
        Piece("added", "2023"),
        Piece("same", "."),
    ]
    assert compare("نفتح عشرين حضانة", "نفتح حضانة") == [
        Piece("same", "نفتح "),
        Piece("removed", "عشرين "),
        Piece("same", "حضانة"),
    ]


def test_the_history_begins_with_the_newest_and_says_what_changed(world: World) -> None:
    world.answer()
    answer = world.answer(words(state="partly", fr="Nous ouvrons trente crèches."), seen=1)

    newest, first = history(list(answer.versions))

    assert newest.state_before == "taken_up"
    assert [(one.part, one.lang) for one in newest.changes] == [("text", "fr")]
    assert {piece.kind for change in first.changes for piece in change.pieces} == {"same"}
    assert STAFF.label == newest.version.actor_label
