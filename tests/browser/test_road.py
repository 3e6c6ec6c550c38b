"""The whole road in a browser: an answer in Arabic on a phone, an analyst, the page, the PDF."""

from __future__ import annotations

import io
import re
import unicodedata
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import DESK, PHONE, Site, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CONSULTATION = "/consultations/strategie-2021-2026"
STORY = "المركز كاين ولكن مسدود تلت أيام فالسيمانة، وجارتي كتدي ولدها 40 كيلومتر على ود نص ساعة."
CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")


def answer(page: Page, site: Site, *, story: str = STORY) -> str:
    """Answer the consultation from its first page to the receipt; return the code."""
    page.goto(f"{site.root}/ar{CONSULTATION}/participate")
    page.click("main form button.btn")
    page.check("input[name=actor_type][value=citizen]")
    page.select_option("select[name=q-place-region]", "08")
    onward(page)
    while page.locator("textarea, input[name^='q-']").count():
        if page.locator("textarea[name=q-story]").count():
            page.check("input[name=q-situations][value=child-disability]")
            page.fill("textarea[name=q-story]", story)
        onward(page)
    page.check("main input[type=checkbox]")
    page.click("main button.btn >> nth=-1")
    page.wait_for_url("**/receipt**")
    found = CODE.search(page.inner_text("main"))
    assert found, page.inner_text("main")
    return found.group()


def onward(page: Page) -> None:
    """Press "Continue"."""
    # The script keeps the page before it goes on: the next one does not stand there at once.
    with page.expect_navigation():
        page.click("button.btn[name=go][value=next]")


@pytest.mark.parametrize("java_script", [False, True])
def test_a_phone_in_arabic_answers_and_gets_a_receipt(
    opened: Any, site: Site, java_script: bool
) -> None:
    page = opened("/ar/", PHONE, java_script=java_script)

    code = answer(page, site)
    page.goto(f"{site.root}/ar/my-contribution")
    page.fill("input[name=code]", code.lower().replace("-", " "))
    page.click("main form button.btn")

    assert page.locator("html").get_attribute("dir") == "rtl"
    expect(page.locator("main")).to_contain_text(STORY)


def test_errors_keep_what_was_typed_and_lead_to_the_field(opened: Any, site: Site) -> None:
    page = opened(f"/fr{CONSULTATION}/participate", PHONE, java_script=False)
    page.click("main form button.btn")

    page.check("input[name=actor_type][value=association]")
    onward(page)
    page.fill("input[name=organisation]", "Association Tafoukt")
    onward(page)

    expect(page.locator(".errs")).to_be_visible()
    assert page.input_value("input[name=organisation]") == "Association Tafoukt"
    target = page.locator(".errs a").first.get_attribute("href") or ""
    assert page.locator(target).count() == 1


def test_an_analyst_runs_and_renames_two_people_publish_and_the_public_sees_it(
    opened: Any, site: Site
) -> None:
    name_fr, name_ar = "Des services plus proches des familles", "خدمات أقرب إلى الأسر"
    code = answer(opened("/ar/", PHONE), site, story=STORY + " خاصنا النقل حتى للمركز.")
    page = opened("/fr/", DESK)
    with signed_in(page, site, "analyste@demo.example"):
        page.goto(f"{site.root}/fr/staff{CONSULTATION}/analyses")
        page.click("main form button.btn")
        page.wait_for_url("**/staff/analyses/*")
        expect(page.locator("main")).to_contain_text(
            re.compile("100\\s*%|Terminée"), timeout=90_000
        )
        page.goto(f"{site.root}/fr/staff{CONSULTATION}/themes")
        page.locator("main a[href*='/staff/themes/']").first.click()
        page.locator("details:has(form[action$='/rename']) > summary").click()
        page.fill("form[action$='/rename'] input[name=name_fr]", name_fr)
        page.fill("form[action$='/rename'] input[name=name_ar]", name_ar)
        page.click("form[action$='/rename'] button")
        page.wait_for_load_state()
    # How a draft is written, approved and published by hand is another test's.
    slug = CONSULTATION.rpartition("/")[2]
    people = ["analyste@demo.example", "admin@demo.example"]
    approved = [word for email in people for word in ("--approved-by", email)]
    site.flask("reports", "draft", slug)
    site.flask("reports", "publish", slug, *approved, "--out", str(site.instance / "again"))

    public = opened(f"/ar{CONSULTATION}/results", PHONE)
    expect(public.locator("main")).to_contain_text(name_ar)
    public.goto(f"{site.root}/fr{CONSULTATION}/results")
    expect(public.locator("main")).to_contain_text(name_fr)
    for lang, name in (("fr", name_fr), ("ar", name_ar)):
        assert name in pdf_text(public, site, lang)
    mine = opened(f"/ar/my-contribution/{code}", PHONE)
    expect(mine.locator("main")).to_contain_text(STORY[:40])


def pdf_text(page: Page, site: Site, lang: str) -> str:
    """Download the newest report in a language and return its words in reading order."""
    page.goto(f"{site.root}/{lang}{CONSULTATION}/results")
    link = page.locator(f"a[href$='{lang}.pdf']").first.get_attribute("href")
    content = page.request.get(f"{site.root}{link}").body()
    assert content.startswith(b"%PDF")
    pages = PdfReader(io.BytesIO(content)).pages
    text = " ".join(page.extract_text() for page in pages)
    return " ".join(unicodedata.normalize("NFKC", text).split())


def test_no_request_ever_left_the_machine(site: Site, opened: Any) -> None:
    for path in ("/fr/", "/ar/", f"/fr{CONSULTATION}/results", f"/ar{CONSULTATION}"):
        opened(path)

    assert site.outside == []
