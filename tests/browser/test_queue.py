"""The review queue and blind coding in a browser: by keyboard alone, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Site, signed_in
from tests.browser.test_every_page import C, faults

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ANALYST, OTHER = "analyste@demo.example", "admin@demo.example"
PASSAGE = ".one-said blockquote"


def press(page: Page, key: str) -> None:
    """Press a key that leads to another passage, and wait for it."""
    with page.expect_navigation():
        page.keyboard.press(key)


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_queue_is_worked_through_by_keyboard_alone(bare: Any, site: Site, lang: str) -> None:
    page = bare(DESK)
    with signed_in(page, site, ANALYST, lang):
        page.goto(f"{site.root}/{lang}/staff{C}/queue")
        found = faults(page)
        page.goto(page.url)
        passages = [page.inner_text(PASSAGE)]

        for key in ("1", "3", "o", "s", "n"):
            press(page, key)
            passages.append(page.inner_text(PASSAGE))
        assert len(set(passages)) == 6

        # By name: the letters go to the field, not to the answers that they are keys of.
        page.keyboard.press("/")
        page.keyboard.type("santé" if lang == "fr" else "المستشفيات")
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        names = page.locator(".one-name").all_inner_texts()
        page.keyboard.type(names[4])
        expect(page.locator("#found")).to_contain_text(names[4])
        press(page, "Enter")
        expect(page.locator("[data-back] b")).to_have_text(names[4])
        taken = page.inner_text(PASSAGE)

        # What was said last is taken back, and its passage shown again.
        press(page, "z")
        assert page.inner_text(PASSAGE) != taken

        # Excluding waits for its reason.
        page.keyboard.press("x")
        expect(page.locator("#reason")).to_be_focused()
        page.keyboard.type("Publicité")
        press(page, "Enter")
        page.goto(f"{site.root}/{lang}/staff{C}/queue/gain")
        found += faults(page)

    assert found == []


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_queue_and_rounds_are_without_fault_on_a_phone(
    bare: Any, site: Site, lang: str
) -> None:
    page = bare(PHONE)
    with signed_in(page, site, ANALYST, lang):
        found = []
        for path in (f"{C}/queue", f"{C}/queue/gain", f"{C}/reliability"):
            page.goto(f"{site.root}/{lang}/staff{path}")
            found += faults(page)

    assert found == []


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_sample_is_drawn_coded_blind_and_closed(bare: Any, site: Site, lang: str) -> None:
    page = bare(DESK)
    with signed_in(page, site, ANALYST, lang):
        page.goto(f"{site.root}/{lang}/staff{C}/reliability")
        page.fill("[name=size]", "20")
        page.select_option("[name=first]", index=1)
        page.select_option("[name=second]", index=2)
        with page.expect_navigation():
            page.click("main form .btn")
        results = page.url
        found = faults(page)
        coding = results.removesuffix("/results")
        for email in (ANALYST, OTHER):
            page.context.clear_cookies()
            with signed_in(page, site, email, lang):
                page.goto(coding)
                found += faults(page)
                page.goto(coding)
                for number in range(20):
                    press(page, "2" if number % 3 else "1")
                expect(page.locator(".void")).to_be_visible()
        page.goto(results)
        with page.expect_navigation():
            page.click("main form .btn")
        found += faults(page)

    assert found == []
