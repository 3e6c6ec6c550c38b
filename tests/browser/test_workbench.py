"""The workbench before a real browser: by keyboard alone, by two people, and without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, PHONE, Site, signed_in
from tests.browser.test_every_page import faults

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

BENCH = "/staff/consultations/strategie-2021-2026/workbench"
#: What the keys give under a Moroccan Arabic layout, by the place of the key.
ARABIC = {"c": "ؤ", "j": "ت", "x": "ء", "s": "س", "u": "ع", "m": "ة", "l": "م"}


@pytest.fixture
def at_bench(opened: Any, site: Site) -> Any:
    """Open the workbench as somebody: ``at_bench("fr", "?reviewed=no")``."""

    def at_bench(
        lang: str, query: str = "", email: str = "analyste@demo.example", **how: Any
    ) -> Page:
        """Open it."""
        page: Page = opened(f"/{lang}/", **how)
        with signed_in(page, site, email, lang):
            page.goto(f"{site.root}/{lang}{BENCH}{query}")
        return page

    return at_bench


@pytest.fixture
def bare_bench(browser: Browser, site: Site) -> Iterator[Any]:
    """Open the workbench where axe may be added, which the site's own policy forbids."""
    contexts: list[Any] = []

    def open_it(lang: str, size: dict[str, int], query: str = "") -> Page:
        """Open it."""
        context = browser.new_context(viewport=size, bypass_csp=True, reduced_motion="reduce")
        contexts.append(context)
        page: Page = context.new_page()
        with signed_in(page, site, "analyste@demo.example", lang):
            page.goto(f"{site.root}/{lang}{BENCH}{query}")
        return page

    yield open_it
    for context in contexts:
        context.close()


def press(page: Page, letter: str, lang: str) -> None:
    """Press a letter: in Arabic, as a keyboard with an Arabic layout gives it."""
    if lang == "ar":
        page.evaluate(
            """([key, code]) => document.activeElement.dispatchEvent(
                 new KeyboardEvent("keydown", {key, code, bubbles: true, cancelable: true}))""",
            [ARABIC[letter], f"Key{letter.upper()}"],
        )
    else:
        page.keyboard.press(letter)


def current(page: Page) -> str:
    """Return the id of the current row."""
    return str(page.locator("#rows > .cur").get_attribute("id"))


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_thirty_passages_are_reviewed_by_keyboard_alone(at_bench: Any, lang: str) -> None:
    page = at_bench(lang, "?state=in_theme&reviewed=no")
    before = total(page)

    press(page, "l", lang)
    for _ in range(30):
        row = current(page)
        press(page, "c", lang)
        expect(page.locator(f"#{row}")).to_have_count(0)

    expect(page.locator("#told [data-answer]")).to_be_visible()
    assert total(page) == before - 30
    page.reload()
    assert total(page) == before - 30


def total(page: Page) -> int:
    """Return how many passages the list has."""
    return int(re.sub(r"\D", "", page.locator("#total").inner_text()))


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_theme_is_split_and_the_split_undone_by_keyboard(at_bench: Any, lang: str) -> None:
    page = at_bench(lang)
    page.locator("#tree .tree-x").last.locator("a").first.click()
    expect(page.locator("#tree .tree-x a[aria-current]")).to_have_count(1)
    before = page.locator("#tree a").count()

    press(page, "l", lang)
    press(page, "x", lang)
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator(".wb-x:checked")).to_have_count(2)
    chosen = page.locator(".wb-row:has(.wb-x:checked)").evaluate_all("all => all.map(r => r.id)")
    press(page, "s", lang)
    page.keyboard.type(f"Essai {lang}")
    page.keyboard.press("Tab")
    page.keyboard.type(f"تجربة {lang}")
    page.keyboard.press("Enter")

    expect(page.locator(f"#{chosen[0]}")).to_have_count(0)
    expect(page.locator("#tree a")).to_have_count(before + 1)
    expect(page.locator("#told")).to_contain_text(f"{'تجربة' if lang == 'ar' else 'Essai'} {lang}")
    press(page, "u", lang)
    expect(page.locator("#tree a")).to_have_count(before)
    page.reload()
    expect(page.locator(f"#{chosen[0]}")).to_have_count(1)


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_passage_is_moved_to_a_theme_found_by_its_name(at_bench: Any, lang: str) -> None:
    page = at_bench(lang, "?state=in_theme&order=clearest")
    press(page, "l", lang)
    row = current(page)
    goal = page.locator("#to-list .to").nth(2)
    name = goal.locator(f"span[lang={lang}]").text_content() or ""

    press(page, "m", lang)
    page.keyboard.type(name)
    page.keyboard.press("Enter")

    expect(page.locator("#told")).to_contain_text(name)
    expect(page.locator(f"#{row}")).to_contain_text(name)
    assert current(page) == row
    press(page, "u", lang)
    expect(page.locator(f"#{row}")).not_to_contain_text(name)


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_two_people_see_each_other_and_never_write_over_silently(at_bench: Any, lang: str) -> None:
    query = "?state=in_theme&order=newest"
    one, two = at_bench(lang, query), at_bench(lang, query, "admin@demo.example")
    # What is polled must not come before the clash that is looked for.
    two.route("**/workbench/news**", lambda route: route.abort())
    for page in (one, two):
        press(page, "l", lang)
    row = current(one)
    assert current(two) == row

    press(one, "c", lang)
    expect(one.locator("#told [data-answer]")).to_be_visible()
    press(two, "c", lang)

    clash = two.locator("#told [data-problem]")
    expect(clash).to_contain_text("Nadia Bennani")
    expect(two.locator(f"#{row}.clash")).to_have_count(1)
    clash.locator("form button").last.click()
    expect(two.locator("#told [data-problem]")).to_have_count(0)
    # The first one is told, without asking, within some seconds.
    expect(one.locator("#told")).to_contain_text("Salma El Idrissi", timeout=15_000)
    expect(one.locator(f"#{row}")).to_contain_text("Salma El Idrissi")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_screen_is_without_fault_as_it_is_used(
    bare_bench: Any, lang: str, size: dict[str, int]
) -> None:
    page = bare_bench(lang, size, "?theme=1")
    press(page, "l", lang)
    page.keyboard.press("Enter")
    expect(page.locator(".cur .wb-ctx mark")).to_be_visible()
    assert faults(page) == []

    press(page, "m", lang)
    expect(page.locator("#to-find")).to_be_focused()
    # A row that the open panel half covers is no target meanwhile: rows were measured above.
    page.evaluate("document.getElementById('rows').style.visibility = 'hidden'")
    assert faults(page) == []


def test_the_list_goes_on_as_one_scrolls_and_keys_can_be_switched_off(at_bench: Any) -> None:
    page = at_bench("fr")
    press(page, "l", "fr")
    page.locator(".wb-more").scroll_into_view_if_needed()
    expect(page.locator("#rows > .wb-row")).to_have_count(100)
    ids = page.locator("#rows > .wb-row").evaluate_all("all => all.map(row => row.id)")
    assert len(set(ids)) == 100

    page.keyboard.press("?")
    page.uncheck("#keys-on")
    page.keyboard.press("Escape")
    page.locator("#rows > .wb-row a").first.focus()
    page.keyboard.press("x")
    expect(page.locator(".wb-x:checked")).to_have_count(0)
    page.evaluate("localStorage.clear()")


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_everything_goes_without_a_script(at_bench: Any, lang: str) -> None:
    page = at_bench(lang, "?state=in_theme&order=newest", java_script=False)
    rows = page.locator("#rows > .wb-row")
    one = str(rows.nth(3).get_attribute("data-id"))

    rows.nth(3).locator(".wb-x").check()
    page.locator("#d-aside > summary").click()
    page.locator("#d-aside input[value=off_topic]").check()
    page.locator("#d-aside button").click()

    expect(page.locator(f"#p-{one}")).to_have_count(0)
    expect(page.locator(".flash")).to_be_visible()
    page.locator("#undo button").click()
    expect(page.locator(f"#p-{one}")).to_have_count(1)
    page.locator(f"#p-{one} .psg-a").click()
    expect(page.locator("mark.hl")).to_be_visible()
    page.go_back()
    page.locator(".wb-more a").click()
    expect(page.locator("#rows > .wb-row").first).to_be_visible()
    assert "after=" in page.url
    page.goto(page.url.split("?")[0] + "?state=off_topic")
    page.locator("#all-of").check()
    page.locator("#do > button[value=confirm]").click()
    expect(page.locator(".wb-ask")).to_be_visible()
    page.locator(".wb-ask a").click()
    expect(page.locator("#list")).to_be_visible()
