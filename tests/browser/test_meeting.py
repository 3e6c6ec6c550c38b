"""A meeting in a browser, with real letters: invited, held, contested, settled, analysed."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import (
    DESK,
    PHONE,
    ROOT,
    Site,
    _wait_until_it_answers,
    free_port,
    signed_in,
)
from tests.mail_server import PostOffice, post_office
from tests.meetings.world import document, link_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SLUG = "strategie-2021-2026"
SAID = "Le centre de jour ferme à midi, et les familles du douar n’ont aucun transport."
MENDED = (
    "Le centre de jour ferme à quatorze heures, et les familles du douar n’ont aucun transport."
)
ARABIC = "نحتاج إلى نقل مدرسي قار للأطفال في وضعية إعاقة طيلة السنة."


class MeetingSite(Site):
    """The demonstration, told of a mail server."""

    def __init__(self, port: int, instance: Path, office: PostOffice) -> None:
        super().__init__(port, instance)
        self.office = office

    def environment(self) -> dict[str, str]:
        """Return the environment of its commands."""
        return super().environment() | {
            "SMTP_HOST": self.office.host,
            "SMTP_PORT": str(self.office.port),
            "MAIL_FROM": "Tachawor <no-reply@tachawor.example>",
            "PUBLIC_URL": self.root,
        }

    @contextmanager
    def served(self) -> Iterator[None]:
        """Serve it, with its worker."""
        server = subprocess.Popen(
            [sys.executable, "-m", "flask", "demonstration", "serve", "--port",
             self.root.rpartition(":")[2]],
            cwd=ROOT, env=self.environment(), start_new_session=True,
        )  # fmt: skip
        try:
            _wait_until_it_answers(self)
            yield
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)

    def let_pass(self, days: int) -> None:
        """Let days pass on the demonstration's clock; it is served anew, elsewhere, afterwards."""
        self.root = f"http://127.0.0.1:{free_port()}"
        clock = self.instance / "demonstration-clock"
        clock.write_text(f"{int(clock.read_text()) + days * 86_400}\n", encoding="ascii")

    def ask(self, question: str) -> list[Any]:
        """Ask the database."""
        with sqlite3.connect(self.instance / "tachawor.sqlite3") as database:
            return database.execute(question).fetchall()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[MeetingSite]:
    """The demonstration, loaded and not analysed, beside a mail server."""
    with post_office() as office:
        site = MeetingSite(free_port(), tmp_path, office)
        site.flask("db", "upgrade")
        site.flask("demonstration", "load")
        site.flask("meetings", "create-regional", SLUG, "--first-on", "2022-02-01")
        yield site


def wait_for(office: PostOffice, address: str, count: int) -> EmailMessage:
    """Wait until so many letters came for an address; return the last one."""
    deadline = time.monotonic() + 60
    while len(office.to(address)) < count:
        assert time.monotonic() < deadline, f"no letter for {address}"
        time.sleep(0.2)
    return office.to(address)[-1]


def test_a_meeting_from_the_invitation_to_passages(browser: Browser, site: MeetingSite) -> None:
    pages: list[Page] = []

    def fresh(size: dict[str, int]) -> Page:
        """Open an empty browser."""
        pages.append(browser.new_context(viewport=size, locale="fr-MA").new_page())
        return pages[-1]

    [(number,)] = site.ask("SELECT id FROM meetings WHERE region_code = '01'")
    base = f"/fr/staff/meetings/{number}"
    try:
        with site.served():
            _until_contested(site, fresh, site.root + base)
        site.let_pass(15)
        with site.served():
            _settle(site, fresh, site.root + base)
    finally:
        for page in pages:
            page.context.close()

    spoken = site.ask(
        "SELECT s.organisation, a.text, e.said_by, e.typed_by FROM submissions s "
        "JOIN entry_records e ON e.submission_id = s.id JOIN answers a ON a.submission_id = s.id "
        "WHERE s.channel = 'meeting' AND a.text IS NOT NULL ORDER BY s.id"
    )
    assert [(row[0], row[1]) for row in spoken] == [
        ("Association Tafoukt", MENDED), ("جمعية الأمل", ARABIC)
    ]  # fmt: skip
    assert all(said_by != typed_by for _o, _t, said_by, typed_by in spoken)
    site.flask("themes", "analyse", SLUG)
    passages = site.ask(
        "SELECT count(DISTINCT p.submission_id), count(l.id) FROM passages p "
        "JOIN placements l ON l.passage_id = p.id "
        "JOIN submissions s ON s.id = p.submission_id WHERE s.channel = 'meeting'"
    )
    assert passages[0][0] == 2
    assert passages[0][1] >= 2


def _until_contested(site: MeetingSite, fresh: Callable[..., Page], base: str) -> None:
    """Go from the invitation to a corrected point."""
    desk, phone = fresh(DESK), fresh(PHONE)
    with signed_in(desk, site, "admin@demo.example"):
        desk.goto(f"{base}/invitations")
        desk.fill(
            "textarea[name=pasted]",
            "f@example.org; Fatima; Association Tafoukt; fr\nk@example.org; خديجة; جمعية الأمل; ar",
        )
        desk.click("form[action$='/invitations/addresses'] button")
        # answered from the letters, on a phone
        for address, lang in (("f@example.org", "fr"), ("k@example.org", "ar")):
            letter = wait_for(site.office, address, 1)
            assert letter["Content-Language"] == lang
            phone.goto(site.root + link_in(letter))
            expect(phone.locator("html")).to_have_attribute("lang", lang)
            phone.check("input[name=comes][value=yes]")
            phone.click("main form button.btn")
            phone.wait_for_load_state()
            wait_for(site.office, address, 2)
        # there
        desk.goto(f"{base}/attendance")
        for tick in desk.locator("input[name=present]").all():
            tick.check()
        desk.click("form[action$='/attendance'] button >> nth=0")
        # minutes: one point typed, one from a document
        desk.goto(f"{base}/minutes")
        desk.fill("input[name=organisation]", "Association Tafoukt")
        desk.fill("textarea[name=text]", SAID)
        desk.click("form[action$='/minutes'] button")
        minutes = {
            "name": "minutes.docx",
            "mimeType": "application/octet-stream",
            "buffer": document(("h", "Plénière"), f"جمعية الأمل: {ARABIC}"),
        }
        desk.set_input_files("input[type=file]", files=[minutes])  # type: ignore[list-item]
        desk.click("form[action$='/minutes/document'] button")
        desk.click("form[action$='/minutes/found'] button.btn")
        desk.wait_for_url("**/minutes")
        desk.fill("input[name=until]", "2022-02-05")
        desk.click("form[action$='/circulate'] button")
        desk.wait_for_load_state()
        # contested from the letter, with other words
        phone.goto(site.root + link_in(wait_for(site.office, "f@example.org", 3)))
        phone.locator("input[value=contested]").first.check()
        phone.locator("details summary").first.click()
        phone.locator("textarea[name^=reason]").first.fill("Pas à midi, à quatorze heures.")
        phone.locator("textarea[name^=proposal]").first.fill(MENDED)
        phone.click("button[name=all]")
        phone.wait_for_load_state()
        desk.goto(f"{base}/minutes")
        expect(desk.locator("main")).to_contain_text("Pas à midi")
        desk.fill("form[action$='/decide'] textarea >> nth=0", MENDED)
        desk.click("form[action$='/decide'] button")
        desk.wait_for_load_state()
        # asked again, and validated
        phone.goto(site.root + link_in(wait_for(site.office, "f@example.org", 4)))
        expect(phone.locator("main")).to_contain_text(MENDED)
        phone.click("button[name=all]")
        phone.wait_for_load_state()


def _settle(site: MeetingSite, fresh: Callable[..., Page], base: str) -> None:
    """Settle the minutes once the date is over; see them as a participant and as anybody."""
    desk, phone = fresh(DESK), fresh(PHONE)
    with signed_in(desk, site, "admin@demo.example"):
        desk.goto(f"{base}/minutes")
        desk.click("form[action$='/settle'] button")
        desk.wait_for_load_state()
    phone.goto(site.root + link_in(wait_for(site.office, "k@example.org", 4)))
    code = phone.locator("main .lead b").inner_text()
    phone.click("main a.btn")
    expect(phone.locator("main")).to_contain_text(ARABIC)
    assert code.replace("-", "") in phone.url.replace("-", "")
    number = base.rpartition("/")[2]
    phone.goto(f"{site.root}/ar/consultations/{SLUG}/meetings/{number}/minutes")
    expect(phone.locator("main")).to_contain_text(MENDED)
