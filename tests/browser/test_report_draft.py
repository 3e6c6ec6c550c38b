"""A report written in a real browser: by keyboard alone, by two people, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Site, signed_in
from tests.browser.test_every_page import C, faults

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ANALYST, OTHER = "analyste@demo.example", "admin@demo.example"
#: Words with a figure that nothing proves, and words to put a claim behind.
UNPROVED = {"fr": "Ils sont 987 654 à le demander.", "ar": "يطلب ذلك 987654 شخصا."}
PROVED = {"fr": "Le besoin est là", "ar": "الحاجة قائمة"}


def reach(page: Page, selector: str) -> None:
    """Press Tab until the first element of a selector has the focus."""
    asked = "s => document.activeElement === document.querySelector(s)"
    for _step in range(400):
        if page.evaluate(asked, selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by keyboard: {selector}")


def press(page: Page, selector: str) -> None:
    """Reach something by keyboard and press it; it leads to another page."""
    reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def looked_at(page: Page) -> list[str]:
    """Return the faults of a page, then show it again untouched."""
    found = faults(page)
    page.goto(page.url.partition("#")[0])
    return found


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_report_is_written_approved_by_two_and_published(
    bare: Any, site: Site, lang: str
) -> None:
    one, two, phone = bare(DESK), bare(DESK), bare(PHONE)
    reports = f"{site.root}/{lang}/staff{C}/reports"
    with (
        signed_in(one, site, ANALYST, lang),
        signed_in(two, site, OTHER, lang),
        signed_in(phone, site, ANALYST, lang),
    ):
        one.goto(reports)
        versions = one.locator(".tbl tbody tr").count()
        press(one, "form[action$='/reports/draft'] button")
        found = looked_at(one)

        # A section is moved and another left out.
        press(one, "main a[href$='/reports/draft']")
        before = one.locator(".dr-rows > li").nth(4).get_attribute("id")
        press(one, f"[id='{before}'] button[value=up]")
        assert one.locator(".dr-rows > li").nth(3).get_attribute("id") == before
        press(one, "#s-minority button[value=hide], #s-minority button[value=show]")
        found += looked_at(one)

        # A figure that nothing proves is flagged in both languages.
        press(one, "#s-summary h3 a")
        for code in ("fr", "ar") if lang == "fr" else ("ar", "fr"):
            reach(one, f"#words_{code}")
            one.keyboard.press("Control+A")
            one.keyboard.type(UNPROVED[code])
        press(one, "button[value=save]")
        expect(one.locator(".dr-flags")).to_have_count(2)
        found += looked_at(one)

        # The words are written again, with a claim behind them that one key puts there.
        for code in ("fr", "ar") if lang == "fr" else ("ar", "fr"):
            reach(one, f"#words_{code}")
            one.keyboard.press("Control+A")
            one.keyboard.type(f"{PROVED[code]}, {lang}")
            reach(one, ".dr-claims button.dr-token")
            one.keyboard.press("Enter")
            expect(one.locator(f"#words_{code}")).to_be_focused()
            one.keyboard.type(".")
            assert "[[summary." in one.input_value(f"#words_{code}")
        press(one, "button[value=save]")
        expect(one.locator(".dr-flags")).to_have_count(0)
        expect(one.locator(".dr-read .cue")).to_have_count(2)
        found += looked_at(one)

        # A comment, which is settled.
        reach(one, "#text-summary")
        one.keyboard.type("Relu." if lang == "fr" else "تمت القراءة.")
        press(one, "#text-summary ~ .act button")
        press(one, ".dr-comments li:not(.done) button")
        expect(one.locator(".dr-comments .done").first).to_be_visible()

        for path in ("", "/draft", "/draft/sections/summary", "/compare"):
            phone.goto(reports + path)
            found += faults(phone)

        one.goto(reports)
        press(one, "form[action$='/approve'] button")
        expect(one.locator("form[action$='/reports'] button")).to_have_count(0)
        two.goto(reports)
        press(two, "form[action$='/approve'] button")
        found += looked_at(two)
        press(two, "form[action$='/reports'] button")
        expect(two.locator("form[action$='/reports/draft'] button")).to_be_visible(timeout=180_000)
        assert two.locator(".tbl tbody tr").count() == versions + 1
        found += looked_at(two)

        # What the new version changed is said to staff and to everyone.
        press(two, "main a[href*='/compare?']")
        expect(two.locator(".dr-diff ins").first).to_be_visible()
        found += looked_at(two)
        two.goto(f"{site.root}/{lang}{C}/reports/{versions + 1}/changes")
        expect(two.locator(".dr-why")).to_be_visible()
        found += faults(two)

    assert found == []
