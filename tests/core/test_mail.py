"""Letters: both scripts arrive, sent once, tried again, given up with the server's answer."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.access import Role
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.jobs import Job
from app.core.jobs.control import JobLostError
from app.core.jobs.operations import run
from app.core.jobs.queue import sweep
from app.core.mail import Letter, delivery, outbox, post, post_all, public_url, written
from app.core.mail.delivery import BATCH, MailServer, Sent, send_due
from app.core.mail.operations import DELAYS, LEASE, OUTAGE, claim
from tests.mail_server import PostOffice, free_port, words

ARABIC = "السلام عليكم،\n\nينعقد اللقاء يوم 14 فبراير 2022.\nhttps://example.org/ar/x\n\n2022 سنة"


def write(session: Session, now: datetime, key: str = "test:1", **values: Any) -> Letter:
    """Put a letter into the outbox, committed."""
    letter = post(
        session,
        **{
            "key": key,
            "kind": "test.letter",
            "to": "someone@example.org",
            "subject": "Réunion à Marrakech : votre avis",
            "body": "Bonjour,\n\nÀ bientôt à la réunion.",
            "lang": "fr",
            "now": now,
        }
        | values,
    )
    session.commit()
    return letter


def letter(number: int, now: datetime) -> dict[str, Any]:
    """Return one letter of many."""
    return written(
        key=f"many:{number}",
        kind="test.letter",
        to=f"person{number}@example.org",
        subject="Encore une",
        body="Bonjour.",
        lang="fr",
        now=now,
    )


def send(app: Flask) -> Sent:
    """Send what is due at the application's time."""
    server = MailServer.of(app.config)
    assert server is not None
    return send_due(db.session(), server, now=clock.now)


def read(session: Session, letter_id: int) -> Letter:
    """Read a letter anew."""
    session.rollback()
    return session.get_one(Letter, letter_id, populate_existing=True)


def at(app: Flask, instant: datetime) -> None:
    """Set the application's clock."""
    app.extensions["clock"] = lambda: instant


def test_a_french_letter_arrives_as_it_was_written(
    app: Flask, session: Session, now: datetime, office: PostOffice
) -> None:
    letter = write(session, now)

    done = send(app)

    [message] = office.messages
    assert done == Sent(n_sent=1)
    assert message["Subject"] == "Réunion à Marrakech : votre avis"
    assert words(message) == "Bonjour,\n\nÀ bientôt à la réunion.\n"
    assert message["Content-Language"] == "fr"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"] == "Tachawor <no-reply@tachawor.example>"
    assert message["Message-ID"].endswith("@tachawor.example>")
    assert (read(session, letter.id).state, letter.sent_at) == ("sent", now)


def test_an_arabic_letter_keeps_every_letter_and_runs_from_the_right(
    app: Flask, session: Session, now: datetime, office: PostOffice
) -> None:
    write(session, now, lang="ar", subject="دعوة إلى لقاء جهوي", body=ARABIC)

    send(app)

    [message] = office.messages
    lines = words(message).rstrip("\n").split("\n")
    assert message["Subject"] == "دعوة إلى لقاء جهوي"
    assert "\n".join(lines).replace("\u200f", "") == ARABIC
    assert [line[:1] == "\u200f" for line in lines] == [True, False, True, False, False, True]
    assert max(map(len, message.as_bytes().split(b"\n"))) <= 79


def test_a_calendar_is_enclosed_with_its_method(
    app: Flask, session: Session, now: datetime, office: PostOffice
) -> None:
    calendar = "BEGIN:VCALENDAR\r\nSUMMARY:لقاء\r\nEND:VCALENDAR\r\n".encode()
    enclosure = {
        "name": "meeting.ics",
        "type": "text/calendar; method=REQUEST; charset=utf-8",
        "content": b64encode(calendar).decode(),
    }
    write(session, now, enclosures=[enclosure])

    send(app)

    [part] = office.messages[0].iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part["Content-Type"].params["method"] == "REQUEST"
    assert part.get_filename() == "meeting.ics"
    assert part.get_payload(decode=True) == calendar


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_letter_that_can_be_left_says_so_to_mail_programs(
    app: Flask, session: Session, now: datetime, office: PostOffice, lang: str
) -> None:
    address = f"https://tachawor.example/{lang}/reports/subscriptions/{'x' * 60}/end"
    body = f"Pour ne plus recevoir ces lettres :\n\n{address}"
    write(session, now, kind="submissions.answer", body=body, lang=lang)

    send(app)

    [message] = office.messages
    assert message["List-Unsubscribe"] == f"<{address}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    ("kind", "address", "said"),
    [
        # RFC 8058 wants https for one click.
        ("reports.version", "http://localhost:8000/end", ("<http://localhost:8000/end>", None)),
        ("reports.confirm", "https://tachawor.example/confirm", (None, None)),
        ("submissions.measure", "Bien à vous", (None, None)),
    ],
)
def test_other_letters_promise_nothing_that_they_cannot_keep(
    app: Flask,
    session: Session,
    now: datetime,
    office: PostOffice,
    kind: str,
    address: str,
    said: tuple[str | None, str | None],
) -> None:
    write(session, now, kind=kind, body=f"Bonjour,\n\n{address}\n")

    send(app)

    [message] = office.messages
    assert (message["List-Unsubscribe"], message["List-Unsubscribe-Post"]) == said


def test_what_is_posted_twice_is_sent_once(
    app: Flask, session: Session, now: datetime, office: PostOffice
) -> None:
    write(session, now)
    write(session, now)

    send(app)
    again = send(app)

    assert len(office.messages) == 1
    assert again == Sent()


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """Count SQL statements by their first word, and commits."""
    counts: Counter[str] = Counter()

    def statement(_connection: Any, _cursor: Any, words: str, *_more: Any) -> None:
        """Count a statement."""
        counts[words.split(maxsplit=1)[0]] += 1

    def commit(_connection: Any) -> None:
        """Count a commit."""
        counts["COMMIT"] += 1

    event.listen(db.engine, "before_cursor_execute", statement)
    event.listen(db.engine, "commit", commit)
    try:
        yield counts
    finally:
        event.remove(db.engine, "before_cursor_execute", statement)
        event.remove(db.engine, "commit", commit)


def test_hundreds_are_posted_by_few_statements_and_those_known_stay_as_they_are(
    app: Flask, session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MANY", 100)
    write(session, now, "many:7", subject="La première")

    with counting() as counts:
        post_all(session, [letter(number % 250, now) for number in range(300)])
        session.commit()

    rows = session.scalars(select(Letter).order_by(Letter.id)).all()
    assert sorted(one.key for one in rows) == sorted(f"many:{number}" for number in range(250))
    assert next(one for one in rows if one.key == "many:7").subject == "La première"
    assert (counts["SELECT"], counts["INSERT"], counts["COMMIT"]) == (3, 3, 1)


def test_of_the_same_letters_posted_at_once_each_is_kept_once(
    app: Flask, session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(session, now, "many:1", subject="La première")
    # As if the other had not committed yet when it was looked up.
    monkeypatch.setattr(outbox, "_known", lambda *_arguments: set())

    post_all(session, [letter(number, now) for number in range(3)])
    session.commit()

    rows = session.scalars(select(Letter).order_by(Letter.key)).all()
    assert [one.key for one in rows] == ["many:0", "many:1", "many:2"]
    assert rows[1].subject == "La première"


def test_a_letter_forgotten_while_it_is_sent_stops_nobody(
    app: Flask, session: Session, now: datetime, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = write(session, now).id, write(session, now, "test:2", to="o@example.org").id
    hand_over = delivery._hand_over

    def forgetting(*arguments: Any) -> Any:
        """Let the contact's letters be forgotten while the server is spoken to."""
        session.execute(delete(Letter).where(Letter.id == first))
        session.commit()
        return hand_over(*arguments)

    monkeypatch.setattr(delivery, "_hand_over", forgetting)

    assert send(app) == Sent(n_sent=2)
    assert [one.id for one in session.scalars(select(Letter))] == [second]


def test_a_letter_takes_two_statements_and_a_commit_and_a_connection_serves_a_hundred(
    app: Flask, session: Session, now: datetime, office: PostOffice
) -> None:
    post_all(session, [letter(number, now) for number in range(BATCH + 1)])
    session.commit()

    with counting() as counts:
        assert send(app) == Sent(n_sent=BATCH + 1)

    assert (counts["SELECT"], counts["UPDATE"]) == (1, 2 * (BATCH + 1))
    # One to begin with, one before each letter, one at the end of each connection.
    assert counts["COMMIT"] == 1 + (BATCH + 1) + 2
    assert office.n_connections == 2


def test_who_loses_the_job_has_written_which_letters_left(
    app: Flask, session: Session, now: datetime, office: PostOffice
) -> None:
    post_all(session, [letter(number, now) for number in range(3)])
    session.commit()

    def lost(done: int, _all: int) -> None:
        """Lose the job before the second letter."""
        if done == 2:
            raise JobLostError(1)

    server = MailServer.of(app.config)
    assert server is not None
    with pytest.raises(JobLostError):
        send_due(db.session(), server, now=clock.now, report=lost)

    session.rollback()
    states = session.scalars(select(Letter.state).order_by(Letter.id)).all()
    assert states == ["sent", "waiting", "waiting"]
    assert len(office.messages) == 1


def test_a_refusal_for_now_is_tried_again_later(
    app: Flask, session: Session, now: datetime, office: PostOffice
) -> None:
    office.answers["someone@example.org"] = ["451 Try again later"]
    letter = write(session, now)

    refused = send(app)
    too_early = send(app)
    at(app, now + DELAYS[0])
    sent = send(app)

    assert refused == Sent(n_put_off=1)
    assert too_early == Sent()
    assert sent == Sent(n_sent=1)
    assert read(session, letter.id).n_tries == 2
    assert letter.error == ""


def test_a_refusal_for_good_is_kept_with_the_servers_answer(
    app: Flask, session: Session, now: datetime, office: PostOffice
) -> None:
    office.answers["someone@example.org"] = ["550 No such user here"]
    letter = write(session, now)
    other = write(session, now, "test:2", to="other@example.org")

    done = send(app)

    assert done == Sent(n_sent=1, n_given_up=1)
    assert (read(session, letter.id).state, letter.error) == ("failed", "550 No such user here")
    assert read(session, other.id).state == "sent"


def test_a_letter_refused_for_now_too_many_times_is_given_up(
    app: Flask, session: Session, now: datetime, office: PostOffice
) -> None:
    office.on_content = ["452 Full"] * 20
    letter = write(session, now)
    instant = now

    for _ in range(len(DELAYS) + 1):
        at(app, instant)
        send(app)
        instant += DELAYS[-1]

    assert (read(session, letter.id).state, letter.error) == ("failed", "452 Full")
    assert letter.n_tries == len(DELAYS) + 1


def test_an_address_that_is_none_is_given_up_and_the_others_leave(
    app: Flask, session: Session, now: datetime, office: PostOffice
) -> None:
    letter = write(session, now, to="not an address")
    write(session, now, "test:2")

    done = send(app)

    assert done == Sent(n_sent=1, n_given_up=1)
    assert read(session, letter.id).state == "failed"


def test_while_the_server_is_away_letters_wait_and_lose_no_try(
    app: Flask, session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SMTP_HOST", "127.0.0.1")
    monkeypatch.setitem(app.config, "SMTP_PORT", free_port())
    letter = write(session, now)

    done = send(app)

    assert "ConnectionRefusedError" in done.outage
    assert (read(session, letter.id).state, letter.n_tries) == ("waiting", 0)
    assert letter.next_try_at == now + OUTAGE
    assert "ConnectionRefusedError" in letter.error


def test_two_senders_at_once_send_each_letter_once(
    app: Flask, session: Session, now: datetime, office: PostOffice
) -> None:
    for number in range(30):
        write(session, now, f"test:{number}", to=f"person{number}@example.org")
    session.remove()  # type: ignore[attr-defined]
    gate = threading.Barrier(3)
    done: list[Sent] = []

    def work() -> None:
        with app.app_context():
            gate.wait()
            done.append(send(app))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(one.n_sent for one in done) == 30
    assert len({message["To"] for message in office.messages}) == len(office.messages) == 30


def test_a_letter_whose_sender_died_leaves_again_under_the_same_name(
    app: Flask, session: Session, now: datetime, office: PostOffice
) -> None:
    letter = write(session, now)
    send(app)
    # As if the machine had stopped before it was written that the letter was sent.
    letter = read(session, letter.id)
    letter.state, letter.sent_at, letter.next_try_at = "waiting", None, now
    session.commit()
    assert claim(session, letter.id, now=now)
    session.commit()

    while_held = send(app)
    at(app, now + LEASE)
    after = send(app)

    assert (while_held, after) == (Sent(), Sent(n_sent=1))
    assert len({message["Message-ID"] for message in office.messages}) == 1
    assert len(office.messages) == 2


def test_a_worker_finds_due_letters_by_itself(
    app: Flask, session: Session, now: datetime, office: PostOffice
) -> None:
    write(session, now)

    sweep()
    sweep()

    [job] = session.query(Job).filter_by(kind="core.mail")
    assert run(app, job.id)
    assert len(office.messages) == 1


def test_without_a_server_letters_wait_and_staff_are_told(
    app: Flask, client: Any, session: Session, now: datetime, sign_in: Any
) -> None:
    letter = write(session, now)
    sweep()
    assert session.query(Job).filter_by(kind="core.mail").count() == 0
    sign_in(client, Role.ADMINISTRATOR)

    page = client.get("/fr/staff/letters")

    assert "SMTP_HOST" in page.text
    assert read(session, letter.id).state == "waiting"


def test_an_administrator_has_a_refused_letter_sent_again(
    app: Flask, client: Any, session: Session, now: datetime, sign_in: Any, office: PostOffice
) -> None:
    office.answers["someone@example.org"] = ["550 Blocked"]
    letter_id = write(session, now).id
    send(app)
    sign_in(client, Role.ADMINISTRATOR)
    listed = client.get("/fr/staff/letters?state=failed")

    client.post(f"/fr/staff/letters/{letter_id}/retry")
    sent = send(app)

    assert "550 Blocked" in listed.text
    assert sent == Sent(n_sent=1)
    assert session.query(AuditEntry).filter_by(action="mail.retry").count() == 1


def test_only_administrators_read_letters(
    client: Any, session: Session, now: datetime, sign_in: Any
) -> None:
    letter_id = write(session, now).id
    sign_in(client, Role.COORDINATOR)

    assert client.get("/fr/staff/letters").status_code == 403
    assert client.get(f"/fr/staff/letters/{letter_id}").status_code == 403


def test_the_commands_list_and_send(
    app: Flask, session: Session, now: datetime, office: PostOffice
) -> None:
    write(session, now)
    runner = app.test_cli_runner()

    dry = runner.invoke(args=["mail", "send", "--dry-run"])
    sent = runner.invoke(args=["mail", "send"])
    listed = runner.invoke(args=["mail", "list"])

    assert dry.output == "1 due.\n"
    assert sent.output == "1 sent, 0 put off, 0 refused for good.\n"
    assert "someone@example.org" not in listed.output
    assert "0 waiting, 1 sent, 0 failed" in listed.output


def test_links_in_letters_are_those_of_the_site_whoever_asks(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PUBLIC_URL", "https://tachawor.example/")
    with app.test_request_context("/", base_url="http://attacker.example"):
        assert public_url("site.home", lang="ar") == "https://tachawor.example/ar/"
    assert public_url("site.home") == "https://tachawor.example/fr/"


def test_the_answer_to_a_delay_is_a_longer_delay() -> None:
    assert list(DELAYS) == sorted(DELAYS)
    assert timedelta(days=1) < sum(DELAYS, timedelta()) < timedelta(days=5)
