"""Questions that open, count and order themselves as one answers, in a browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CONSULTATION = "/consultations/services-de-proximite"
EXAMPLE = "examples/every-kind.json"


@pytest.fixture
def page(opened: Any, site: Site) -> Page:
    """The second page of the example that asks every kind, in Arabic on a phone."""
    site.flask("consultations", "load", EXAMPLE)
    found: Page = opened(f"/ar{CONSULTATION}/participate", PHONE)
    found.click("main form button.btn")
    found.check("input[name=actor_type][value=citizen]")
    found.select_option("select[name=q-place-region]", "08")
    found.check("input[name=q-agreed]")
    onward(found, 2)
    return found


def onward(page: Page, step: int) -> None:
    """Press "Continue" and wait for a step."""
    page.click("button.btn[name=go][value=next]")
    page.wait_for_url(f"**/participate/{step}*")


def test_a_count_opens_a_question_and_closes_it_again(page: Page) -> None:
    best = page.locator("#ask-best")
    expect(best).to_be_hidden()
    page.check("input[name=q-used][value=care]")
    expect(best).to_be_hidden()
    page.check("input[name=q-used][value=youth]")
    expect(best).to_be_visible()
    page.uncheck("input[name=q-used][value=care]")
    expect(best).to_be_hidden()


def test_a_number_typed_opens_a_question_and_what_it_closes_is_not_sent(page: Page) -> None:
    page.fill("[name=q-household]", "٣")
    expect(page.locator("#ask-children")).to_be_visible()
    page.fill("[name=q-children]", "2")
    page.fill("[name=q-household]", "1")
    expect(page.locator("#ask-children")).to_be_hidden()
    onward(page, 3)  # two children of one person would be refused


def test_the_line_beside_other_waits_for_its_option(page: Page) -> None:
    line = page.locator("[name=q-used-other-other]")
    expect(line).to_be_hidden()
    page.check("input[name=q-used][value=other]")
    line.fill("النقل المدرسي")
    onward(page, 3)
    page.go_back()
    expect(line).to_have_value("النقل المدرسي")


def test_a_rank_taken_is_exchanged_and_points_left_are_counted(page: Page) -> None:
    onward(page, 3)
    page.select_option("[name=q-order-care]", "1")
    page.select_option("[name=q-order-youth]", "2")
    page.select_option("[name=q-order-youth]", "1")
    expect(page.locator("[name=q-order-care]")).to_have_value("2")

    left = page.locator("[data-total]")
    expect(left).to_contain_text("100")
    page.fill("[name=q-points-care]", "70")
    expect(left).to_contain_text("30")
    page.fill("[name=q-points-youth]", "50")
    expect(left).to_contain_text("20")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
