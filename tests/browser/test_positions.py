"""An organisation's position in a real browser: two delegates, a remark, a signature."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PASSWORD, PHONE, Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SIGNED_IN = "**/space"


def enter(page: Page, site: Site, email: str, lang: str = "fr") -> str:
    """Sign in as one of the people of the fictional association; return its draft's address."""
    page.goto(f"{site.root}/{lang}/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button.btn")
    page.wait_for_url(SIGNED_IN)
    href = page.locator("ol.list-c a").first.get_attribute("href")
    assert href
    page.goto(site.root + href)
    return href


def test_a_delegate_drafts_a_member_comments_and_the_signatory_signs(
    opened: Any, site: Site
) -> None:
    delegate = opened("/fr/", PHONE, java_script=False)
    href = enter(delegate, site, "deleguee@demo.example")
    delegate.click("form[action$='/begin'] button")
    delegate.locator("select[name$='-region']").wait_for()
    delegate.locator("button.btn[value=next]").click()
    delegate.wait_for_url("**/sections/2")
    section = delegate.url
    first = opened("/fr/", DESK)
    enter(first, site, "signataire@demo.example")
    first.goto(section)
    words = "Un centre de jour dans chaque cercle, avec un transport."
    delegate.locator("textarea").first.fill(words)
    for box in delegate.locator(".scale-r").all():
        box.locator("input[value='3']").check(force=True)
    delegate.locator("button[value=stop]").click()
    delegate.wait_for_url(f"**{href}")

    # The signatory had the same page open: nothing of what the delegate wrote is lost.
    first.locator("textarea").first.fill("Deux centres.")
    first.locator("button[value=stop]").click()
    expect(first.locator(".theirs")).to_contain_text(words)
    expect(first.locator("textarea").first).to_have_value("Deux centres.")
    first.locator("textarea").first.fill(f"{words} Deux centres.")
    first.locator("button[value=stop]").click()
    first.wait_for_url(f"**{href}")

    member = opened("/ar/", PHONE)
    enter(member, site, "membre@demo.example", "ar")
    assert member.locator("a[href*='/sections/']").count() == 0
    member.locator("details.more summary").first.click()
    member.locator("details[open] textarea").first.fill("نقترح إضافة النقل المدرسي.")
    member.locator("details[open] button").first.click()

    delegate.goto(site.root + href)
    expect(delegate.locator(".remarks").first).to_contain_text("النقل المدرسي")
    delegate.click("form[action$='/propose'] button")
    delegate.click("form[action$='/approve'] button")
    first.goto(site.root + href)
    first.click("a[href$='/sign']")
    expect(first.locator("main")).to_contain_text(f"{words} Deux centres.")
    first.fill("input[name=password]", PASSWORD)
    first.check("input[name=agree]")
    first.click("form[action$='/sign'] button")
    first.wait_for_url(f"**{href}")
    code = first.locator("p.code").inner_text().replace("\n", "").replace(" ", "")

    delegate.goto(site.root + href)
    assert delegate.locator("p.code").inner_text().replace("\n", "").replace(" ", "") == code
    assert delegate.locator("form[action$='/reopen']").count() == 0
    officials = opened("/fr/sign-in")
    officials.fill("input[name=email]", "admin@demo.example")
    officials.fill("input[name=password]", PASSWORD)
    officials.click("main button.btn")
    officials.wait_for_url("**/staff")
    listing = "/fr/staff/consultations/strategie-2021-2026/submissions?standing=official"
    officials.goto(site.root + listing)
    assert officials.locator("main tbody tr").count() == 1
    assert not site.outside


def test_the_form_suggests_registered_organisations(opened: Any, site: Site) -> None:
    page = opened("/fr/consultations/strategie-2021-2026/participate", PHONE)
    page.click("main form button")
    page.locator("input[name=actor_type][value=association]").check(force=True)

    page.locator("input[name=organisation]").type("ighrem")

    option = page.locator("datalist option")
    expect(option).to_have_attribute("value", "Association Ighrem pour la solidarité")
    assert "vérifiée" in (option.get_attribute("label") or "")
