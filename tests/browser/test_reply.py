"""The reply to a contributor, in a browser and by real letters: theme, answer, measure, news."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, PHONE, Site, free_port, signed_in
from tests.browser.test_every_page import faults
from tests.browser.test_meeting import MeetingSite, wait_for
from tests.mail_server import post_office, words

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

C = "/consultations/strategie-2021-2026"
NEW = {
    "fr": "Trente crèches ouvrent avant la rentrée, dont dix au souk.",
    "ar": "تُفتح ثلاثون حضانة قبل الدخول المدرسي، عشر منها بالسوق.",
}
MEASURE = {"fr": "Trente crèches de souk", "ar": "ثلاثون حضانة بالأسواق"}


class ReplySite(MeetingSite):
    """The demonstration, published and answered, beside a mail server."""

    def tell(self, statement: str, *values: object) -> None:
        """Change the database."""
        with closing(sqlite3.connect(self.instance / "tachawor.sqlite3", timeout=30)) as database:
            database.execute(statement, values)
            database.commit()


@pytest.fixture
def replies(site: Site, tmp_path: Path) -> Iterator[ReplySite]:
    """A copy of the prepared demonstration that knows a mail server, served with its worker."""
    instance = tmp_path / "instance"
    shutil.copytree(site.instance, instance, ignore=shutil.ignore_patterns("*.sqlite3*"))
    with (
        closing(sqlite3.connect(site.instance / "tachawor.sqlite3")) as source,
        closing(sqlite3.connect(instance / "tachawor.sqlite3")) as copy,
    ):
        source.backup(copy)
    with post_office() as office:
        own = ReplySite(free_port(), instance, office)
        with own.served():
            yield own


def followed(site: ReplySite) -> tuple[int, int, str]:
    """Return an answered theme, a contribution that speaks of it and its code."""
    (row,) = site.ask(
        "SELECT l.theme_id, s.id, s.receipt_code FROM placements l "
        "JOIN passages p ON p.id = l.passage_id JOIN submissions s ON s.id = p.submission_id "
        "JOIN theme_answers a ON a.theme_id = l.theme_id "
        "WHERE l.state = 'in_theme' AND a.state = 'taken_up' AND s.state = 'received' "
        "ORDER BY s.id LIMIT 1"
    )
    return int(row[0]), int(row[1]), str(row[2])


def prepared(site: ReplySite, lang: str) -> tuple[int, str]:
    """Let a contributor leave an address and a measure follow; return the theme and the code."""
    theme, submission, code = followed(site)
    at = "2022-01-24 10:00:00"
    site.tell(
        "INSERT INTO contacts (submission_id, email, phone, name, lang, given_at) "
        "VALUES (?, ?, '', '', ?, ?)",
        submission, f"{lang}@example.org", lang, at,
    )  # fmt: skip
    site.tell(
        "INSERT INTO measures (consultation_id, key, kind, title, description, parties, state, "
        "source, source_url, is_public, revision, created_at, updated_at) "
        "SELECT consultation_id, 'reply', 'measure', ?, '{}', '[]', 'under_way', '', '', 1, 1, ?, ?"
        " FROM themes WHERE id = ?",
        json.dumps(MEASURE), at, at, theme,
    )  # fmt: skip
    site.tell(
        "INSERT INTO measure_themes (measure_id, theme_id) "
        "SELECT id, ? FROM measures WHERE key = 'reply'",
        theme,
    )
    return theme, code


def opened(browser: Browser, size: dict[str, int]) -> Page:
    """Open an empty browser to which axe may be added."""
    context = browser.new_context(viewport=size, bypass_csp=True, reduced_motion="reduce")
    return context.new_page()


def links(letter: EmailMessage) -> list[str]:
    """Return the addresses in a letter, in order."""
    return re.findall(r"https?://\S+", words(letter))


def settled(site: ReplySite) -> None:
    """Wait until nothing is left to be written or sent."""
    deadline = time.monotonic() + 60
    left = (
        "SELECT (SELECT count(*) FROM jobs WHERE kind = 'commitments.letters' "
        "AND state IN ('queued', 'running')) "
        "+ (SELECT count(*) FROM letters WHERE state = 'waiting')"
    )
    while site.ask(left) != [(0,)]:
        assert time.monotonic() < deadline, "letters still wait"
        time.sleep(0.3)


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_changed_answer_reaches_a_contributor_by_one_letter(
    browser: Browser, replies: ReplySite, lang: str
) -> None:
    # The answers of the demonstration itself are told before anybody leaves an address.
    settled(replies)
    theme, code = prepared(replies, lang)
    desk, phone = opened(browser, DESK), opened(browser, PHONE)
    mine = f"{replies.root}/{lang}/my-contribution/{code}"
    found: list[str] = []
    try:
        phone.goto(mine)
        expect(phone.locator(f"main a[href$='/results/themes/{theme}']").first).to_be_visible()
        expect(phone.locator("main .reply").first).to_be_visible()
        expect(phone.locator("main")).to_contain_text(MEASURE[lang])
        expect(phone.locator("main")).not_to_contain_text(NEW[lang])
        found += faults(phone)

        found += change(desk, replies, lang, theme)
        letter = wait_for(replies.office, f"{lang}@example.org", 1)
        settled(replies)
        assert len(replies.office.to(f"{lang}@example.org")) == 1
        told = "SELECT recipient, state FROM letters WHERE kind = 'submissions.answer'"
        assert replies.ask(told) == [(f"{lang}@example.org", "sent")]
        assert letter["Content-Language"] == lang

        page, stop = links(letter)
        phone.goto(page)
        assert phone.url == mine
        expect(phone.locator("main .reply").first).to_contain_text(NEW[lang])
        phone.goto(stop)
        found += faults(phone)
        phone.goto(stop)
        phone.click("button[value=stop]")
        phone.wait_for_load_state()
        assert replies.ask("SELECT count(*) FROM contacts WHERE stopped_at IS NOT NULL") == [(1,)]

        for size in (desk, phone):
            for path in (f"{C}/you-said-we-did", f"{C}/you-said-we-did?region=06&state=taken_up"):
                size.goto(f"{replies.root}/{lang}{path}")
                found += faults(size)
    finally:
        desk.context.close()
        phone.context.close()
    assert found == []


def change(page: Page, site: ReplySite, lang: str, theme: int) -> list[str]:
    """Change the answer as an analyst; return the faults of the pages of the staff."""
    found: list[str] = []
    with signed_in(page, site, "analyste@demo.example", lang):
        for path in ("", f"/{theme}"):
            page.goto(f"{site.root}/{lang}/staff{C}/answers{path}")
            found += faults(page)
        page.goto(f"{site.root}/{lang}/staff{C}/answers/{theme}")
        for code, text in NEW.items():
            page.fill(f"textarea[name=text_{code}]", text)
        page.click("button[value=publish]")
        page.wait_for_load_state()
        expect(page.locator("main .versions ins").first).to_be_visible()
        found += faults(page)
    return found
