"""Exploring in a real browser: the map by hand, by key and without a script; axe on every page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Site, signed_in
from tests.browser.test_every_page import C, visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MAP = f"/staff{C}/map"
PAGES = [
    MAP,
    f"{MAP}?q=transport",
    f"/staff{C}/together",
    f"/staff{C}/words",
    f"/staff{C}/words?q=transport&order=right",
    f"/staff{C}/words?q=النقل",
    f"/staff{C}/regions",
    f"/staff{C}/regions?region=06&region=04",
    f"/staff{C}/minorities",
    "/staff/themes/1/who",
]


def _seen(page: Page) -> int:
    """Return how many passages are in view, as the page says it."""
    return int(re.sub(r"\D", "", page.locator("#chart-n").inner_text()))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_pages_that_explore_are_without_fault(
    bare: Any, site: Site, lang: str, size: dict[str, int]
) -> None:
    page = bare(size)
    with signed_in(page, site, "admin@demo.example", lang):
        assert visit(page, site, lang, PAGES) == []


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_map_is_moved_by_key_and_reads_out_what_is_near(
    opened: Any, site: Site, lang: str
) -> None:
    page: Page = opened(f"/{lang}/", DESK)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    with signed_in(page, site, "admin@demo.example", lang):
        page.goto(f"{site.root}/{lang}{MAP}")
        page.wait_for_selector("#chart[data-ready]")
        expect(page.locator("#chart-n")).not_to_have_text("")
        whole = _seen(page)

        page.focus("#chart-c")
        for key in ("+", "+", "+", "ArrowLeft"):
            page.keyboard.press(key)
        expect(page.locator("#chart-said blockquote")).to_be_visible()
        expect(page.locator("#chart-n")).not_to_have_text(re.compile(f"^{whole}$"))
        page.wait_for_timeout(600)
        near = _seen(page)
        said = page.locator("#chart-said blockquote").get_attribute("dir")
        page.keyboard.press("0")
        page.wait_for_timeout(600)

        assert 0 < near < whole
        assert said in {"ltr", "rtl"}
        assert _seen(page) == whole
        assert errors == []


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_filter_changes_the_map_and_its_tables_together(
    opened: Any, site: Site, lang: str
) -> None:
    page: Page = opened(f"/{lang}/", DESK)
    with signed_in(page, site, "admin@demo.example", lang):
        page.goto(f"{site.root}/{lang}{MAP}")
        page.wait_for_selector("#chart[data-ready]")
        theme = page.locator("[data-theme]").first.get_attribute("data-theme") or ""

        page.select_option("select[name=theme]", theme)
        page.wait_for_timeout(700)

        counts = page.locator("[data-count]").all_inner_texts()
        own = page.locator(f"[data-theme='{theme}'] [data-count]").inner_text()
        assert f"theme={theme}" in page.url
        assert int(re.sub(r"\D", "", own)) == _seen(page) > 0
        assert sum(int(re.sub(r"\D", "", text)) for text in counts) == _seen(page)


def test_without_a_script_the_map_is_its_tables(opened: Any, site: Site) -> None:
    page: Page = opened("/fr/", DESK, java_script=False)
    with signed_in(page, site, "admin@demo.example"):
        page.goto(f"{site.root}/fr{MAP}")
        theme = page.locator("[data-theme]").first.get_attribute("data-theme") or ""

        page.select_option("select[name=theme]", theme)
        page.click("form.filters button")

        expect(page.locator("#chart")).to_be_hidden()
        shown = page.locator(f"[data-theme='{theme}'] [data-count]").inner_text()
        assert int(re.sub(r"\D", "", shown)) > 0
        assert page.locator(".psg").count() > 0


def test_the_map_is_drawn_quickly_after_each_move(opened: Any, site: Site) -> None:
    page: Page = opened("/fr/", DESK)
    with signed_in(page, site, "admin@demo.example"):
        page.goto(f"{site.root}/fr{MAP}")
        page.wait_for_selector("#chart[data-ready]")
        box = page.locator("#chart-c").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 300, box["y"] + 300)
        page.mouse.wheel(0, -400)
        page.mouse.down()
        page.mouse.move(box["x"] + 360, box["y"] + 340, steps=8)
        page.mouse.up()
        page.wait_for_timeout(200)

        assert float(page.locator("#chart-c").get_attribute("data-ms") or "99") < 50
