"""Who is told that something became of their words: once, in their language, until stopped."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.commitments.answers import letters
from app.commitments.answers.telling import tell_of_answer, tell_of_measure
from app.commitments.models import MeasurePassage
from app.core.jobs import Job
from app.core.mail import LetterState, post
from app.submissions.afterwards.contacts import delete_contact, keep_contact
from app.submissions.afterwards.forgetting import erase_everything
from app.submissions.afterwards.operations import withdraw
from app.submissions.models import Contact, SubmissionState
from app.submissions.retention.operations import LETTERS_KEPT, purge_some
from app.themes.models import Passage
from tests.commitments.world import STAFF, World, merge, words
from tests.conftest import NOW
from tests.mail_server import PostOffice, one_click_in
from tests.mail_server import words as words_of
from tests.pages import CheckedClient


def test_an_answer_is_told_once_to_each_in_their_language(world: World, app: Flask) -> None:
    french, arabic, silent = world.speakers(world.childcare)[:3]
    world.contact(french, "f@example.org")
    world.contact(arabic, "k@example.org", "ar")
    world.contact(silent, "", phone="0600000000")
    world.contact(world.speakers(world.roads)[0], "roads@example.org")
    answer = world.answer()

    one, two = world.write_letters(app)

    assert [one.recipient, two.recipient] == ["f@example.org", "k@example.org"]
    assert one.key == f"answer:{answer.id}:1:{french.id}"
    assert one.kind == "submissions.answer"
    assert f"/fr/my-contribution/{french.receipt_code}\n" in one.body
    assert one.body.endswith(f"/fr/my-contribution/{french.receipt_code}/letters")
    assert (two.lang, f"/ar/my-contribution/{arabic.receipt_code}\n" in two.body) == ("ar", True)
    assert one.subject == "Le ministère a répondu à un thème de votre contribution"
    assert "أجابت الوزارة" in two.subject


def test_a_letter_says_neither_the_theme_nor_the_words(world: World, app: Flask) -> None:
    said = world.speakers(world.childcare)[0]
    world.contact(said, "f@example.org")
    world.answer()

    (letter,) = world.write_letters(app)

    for words_of_theirs in (said.answers[0].text or "", *world.childcare.name.values(), "crèche"):
        assert words_of_theirs not in letter.subject + letter.body


def test_several_passages_in_a_theme_make_one_letter(world: World, app: Flask) -> None:
    said = world.speakers(world.childcare)[0]
    world.corpus.place(said, 0, 8, world.childcare)
    world.contact(said, "f@example.org")
    world.answer()

    assert len(world.write_letters(app)) == 1


def test_each_change_is_told_and_an_outdated_one_is_not(world: World, app: Flask) -> None:
    world.contact(world.speakers(world.childcare)[0], "f@example.org")
    world.answer()
    world.write_letters(app)
    world.answer(words(fr="Deuxième."), seen=1)
    world.answer(words(fr="Troisième."), seen=2)

    first, last = world.write_letters(app)

    assert [one.key.split(":")[2] for one in (first, last)] == ["1", "3"]
    assert last.subject == "Le ministère a modifié sa réponse à un thème de votre contribution"


def test_a_job_done_twice_writes_once(
    world: World, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "BATCH", 2)
    for number, said in enumerate(world.speakers(world.childcare)[:5]):
        world.contact(said, f"n{number}@example.org")
    answer = world.answer()
    assert len(world.write_letters(app)) == 5

    tell_of_answer(world.session, STAFF, answer, now=NOW)

    assert len(world.write_letters(app)) == 5
    done = world.session.query(Job).filter_by(kind="commitments.letters", state="done")
    assert done.count() == 2


def test_a_draft_is_not_told(world: World, app: Flask) -> None:
    world.contact(world.speakers(world.childcare)[0], "f@example.org")

    world.answer(is_public=False)

    assert world.write_letters(app) == []


def test_those_who_signed_a_copy_are_told(world: World, app: Flask) -> None:
    (copy, *_others) = world.speakers(world.childcare, "copy")
    world.contact(copy, "copy@example.org")
    waiting = world.speakers(world.childcare, "to_arbitrate")[0]
    world.contact(waiting, "nowhere@example.org")
    world.answer()

    assert [one.recipient for one in world.write_letters(app)] == ["copy@example.org"]


def test_those_of_a_merged_theme_are_told_by_the_one_that_holds_it(
    world: World, app: Flask
) -> None:
    world.contact(world.speakers(world.childcare)[0], "f@example.org")
    world.contact(world.speakers(world.corpus.themes[2])[0], "bus@example.org")
    merge(world, world.childcare, world.roads)
    world.answer(theme=world.roads)

    told = {one.recipient for one in world.write_letters(app)}

    assert told == {"f@example.org", "bus@example.org"}


def test_the_withdrawn_the_erased_and_the_stopped_are_not_told(world: World, app: Flask) -> None:
    gone, erased, stopped = world.speakers(world.childcare)[:3]
    for number, said in enumerate((gone, erased, stopped)):
        world.contact(said, f"n{number}@example.org")
    withdraw(world.session, gone, actor=STAFF, now=NOW)
    erase_everything(world.session, erased, actor=STAFF, now=NOW)
    assert letters.stop(world.session, stopped, now=NOW)
    world.answer()

    assert erased.state == SubmissionState.ERASED
    assert world.write_letters(app) == []


def test_a_letter_goes_with_the_contact(world: World, app: Flask) -> None:
    said = world.speakers(world.childcare)[0]
    world.contact(said, "f@example.org")
    world.answer()
    assert world.write_letters(app)

    delete_contact(world.session, said)

    assert world.letters() == []


def test_letters_that_left_are_purged_after_a_month(world: World, app: Flask) -> None:
    world.contact(world.speakers(world.childcare)[0], "f@example.org")
    world.answer()
    (letter,) = world.write_letters(app)
    letter.state, letter.sent_at, letter.next_try_at = LetterState.SENT, NOW, None
    world.session.commit()

    assert not purge_some(world.session, STAFF, now=NOW + timedelta(days=1))
    assert purge_some(world.session, STAFF, now=NOW + LETTERS_KEPT).letters == 1
    assert world.letters() == []


@pytest.mark.parametrize("tie", ["theme", "passage"])
def test_a_measure_is_told_to_those_whose_words_it_answers(
    world: World, app: Flask, tie: str
) -> None:
    said = world.speakers(world.childcare)[0]
    world.contact(said, "f@example.org", "ar")
    measure = world.measure(*([world.childcare] if tie == "theme" else []))
    if tie == "passage":
        passage = world.session.scalars(
            select(Passage).where(Passage.submission_id == said.id)
        ).one()
        world.session.add(MeasurePassage(measure_id=measure.id, passage_id=passage.id))

    for _twice in range(2):
        tell_of_measure(world.session, STAFF, measure, now=NOW)
    (letter,) = world.write_letters(app)

    assert letter.key == f"measure:{measure.id}:1:{said.id}"
    assert (letter.kind, letter.lang) == ("submissions.measure", "ar")
    assert "حضانة" not in letter.subject + letter.body


def test_a_measure_that_is_not_public_is_not_told(world: World, app: Flask) -> None:
    world.contact(world.speakers(world.childcare)[0], "f@example.org")
    hidden = world.measure(world.childcare, is_public=False)

    assert tell_of_measure(world.session, STAFF, hidden, now=NOW) is None
    assert world.write_letters(app) == []


def test_following_the_link_stops_nothing_and_the_button_does(
    world: World, app: Flask, client: CheckedClient, session: Session
) -> None:
    said = world.speakers(world.childcare)[0]
    contact = world.contact(said, "f@example.org")
    code = said.receipt_code
    world.answer()
    world.write_letters(app)
    post(session, key="other:1", kind="submissions.request", to="f@example.org",
         subject="x", body="x", lang="fr", now=NOW)  # fmt: skip

    page = client.get(f"/fr/my-contribution/{code}/letters")
    assert "Arrêter les lettres" in page.text
    session.expire_all()
    assert contact.stopped_at is None
    for _twice in range(2):
        answer = client.post(f"/fr/my-contribution/{code}/letters", data={"go": "stop"})
        assert answer.status_code == 303
    session.expire_all()

    assert contact.stopped_at == NOW
    assert [one.kind for one in world.letters()] == ["submissions.request"]
    assert "لا تُرسل إليكم أي رسالة" in client.get(f"/ar/my-contribution/{code}/letters").text


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_a_mail_program_stops_the_letters_by_one_click_without_a_session(
    world: World,
    app: Flask,
    session: Session,
    office: PostOffice,
    unproven: CheckedClient,
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
) -> None:
    monkeypatch.setitem(app.config, "PUBLIC_URL", "https://tachawor.example")
    said, other = world.speakers(world.childcare)[:2]
    contact = world.contact(said, "f@example.org", lang)
    spared = world.contact(other, "g@example.org")
    world.answer()
    world.write_letters(app)
    app.test_cli_runner().invoke(args=["mail", "send"])
    [message] = office.to("f@example.org")
    path, form = one_click_in(message)
    assert words_of(message).endswith(f"https://tachawor.example{path}\n")
    world.answer(words(fr="Autre chose."), seen=1)
    assert len(world.write_letters(app)) == 4

    first = unproven.post(path, data=form)
    second = unproven.post(path, data=form)
    wrong = unproven.post(path.replace(said.receipt_code, "ABCD2345"), data=form)

    session.expire_all()
    assert (contact.stopped_at, spared.stopped_at) == (NOW, None)
    # What has left stays; what waited for the one is gone.
    assert [one.recipient for one in world.letters()] == [
        "f@example.org", "g@example.org", "g@example.org"
    ]  # fmt: skip
    assert {(one.status_code, one.data) for one in (first, second, wrong)} == {(200, first.data)}


def test_one_click_tells_nothing_of_a_contribution_erased_or_without_an_address(
    world: World, session: Session, unproven: CheckedClient
) -> None:
    erased, silent = world.speakers(world.childcare)[:2]
    paths = [f"/fr/my-contribution/{one.receipt_code}/letters" for one in (erased, silent)]
    world.contact(erased, "f@example.org")
    erase_everything(session, erased, actor=STAFF, now=NOW)
    session.commit()

    form = {"List-Unsubscribe": "One-Click"}
    answers = [unproven.post(path, data=form) for path in paths]

    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].data == answers[1].data


def test_letters_come_again_when_asked_for(
    world: World, client: CheckedClient, session: Session
) -> None:
    said = world.speakers(world.childcare)[0]
    contact = world.contact(said, "f@example.org", stopped_at=NOW)

    client.post(f"/ar/my-contribution/{said.receipt_code}/letters", data={"go": "again"})

    session.expire_all()
    assert contact.stopped_at is None


def test_leaving_a_contact_again_asks_to_be_told(world: World, session: Session) -> None:
    said = world.speakers(world.childcare)[0]
    contact = world.contact(said, "f@example.org", stopped_at=NOW)

    keep_contact(session, said, email="f@example.org", phone="", lang="fr", now=NOW)

    assert contact.stopped_at is None
    assert session.query(Contact).count() == 1


def test_a_code_that_opens_nothing_stops_nothing(client: CheckedClient) -> None:
    assert client.post("/fr/my-contribution/ABCD2345/letters").status_code == 404
