"""The page of a report in a real browser: without fault, proofs open by keyboard, charts drawn."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import DESK, PHONE, Site
from tests.browser.test_every_page import C, faults

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: Everything that is folded, opened.
UNFOLD = "() => document.querySelectorAll('details').forEach(one => one.open = true)"

#: Pictures that were asked for and could not be drawn.
BROKEN = """() => Promise.all([...document.images].map(one => {
  one.loading = 'eager';
  return one.decode().then(() => null, () => one.currentSrc);
})).then(found => found.filter(Boolean))"""


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_whole_report_is_without_fault_when_all_is_unfolded(
    bare: Any, site: Site, lang: str, size: dict[str, int]
) -> None:
    page = bare(size)
    page.goto(f"{site.root}/{lang}{C}/reports/1")
    page.evaluate(UNFOLD)
    assert page.evaluate(BROKEN) == []
    assert faults(page) == []


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_sentence_opens_its_proof_by_keyboard(bare: Any, site: Site, lang: str) -> None:
    page = bare(DESK)
    page.goto(f"{site.root}/{lang}{C}/reports/1")
    claim = page.locator("#participation details.claim").first
    assert not claim.locator(".proof").is_visible()
    claim.locator("summary").focus()
    page.keyboard.press("Enter")
    assert claim.locator(".proof").is_visible()


def test_a_phone_loads_the_narrow_drawings(bare: Any, site: Site) -> None:
    page = bare(PHONE)
    page.goto(f"{site.root}/fr{C}/reports/1")
    page.locator("#themes .chart img").first.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('#themes .chart img').naturalWidth > 0")
    width = page.evaluate("document.querySelector('#themes .chart img').naturalWidth")
    assert width < 400
