"""A form of KoboToolbox, from the file to an answer in Arabic on a phone, and out again."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, Site, signed_in
from tests.consultations.forms import cells, forty_questions

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SLUG = "form-file"


def onward(page: Page) -> None:
    """Press "Continue"."""
    page.locator(".savebar button[value=next]").click()
    page.wait_for_load_state()


def tick(page: Page, name: str, value: str) -> None:
    """Choose an option as a finger does: on its label."""
    page.locator(f"input[name='{name}'][value='{value}']").locator("xpath=ancestor::label").click()


def test_a_form_file_is_answered_in_arabic_and_comes_out_equal(
    site: Site, opened: Any, tmp_path: Any
) -> None:
    content = forty_questions()
    path = tmp_path / "form.xlsx"
    path.write_bytes(content)
    site.flask("consultations", "load", str(_consultation(tmp_path)))
    desk = opened("/fr/sign-in")
    builder = f"{site.root}/fr/staff/consultations/{SLUG}/questionnaire"
    with signed_in(desk, site, "admin@demo.example"):
        desk.goto(builder)
        desk.set_input_files("input[type=file]", path)
        desk.locator("form[enctype] button").click()
        desk.wait_for_url(f"**/{SLUG}/questionnaire#*")
        desk.locator("button[value=publish]").click()
        desk.wait_for_url("**/questionnaire")
        with desk.expect_download() as download:
            desk.locator("a[href$='/2.xlsx']").first.click()
    assert cells(download.value.path().read_bytes()) == cells(content)

    phone = opened(f"/ar/consultations/{SLUG}/participate", PHONE)
    phone.locator("main form button.btn").first.click()
    phone.wait_for_url("**/participate/1")
    tick(phone, "actor_type", "citizen")
    tick(phone, "q-accord", "true")
    onward(phone)
    tick(phone, "q-sexe", "f")
    phone.fill("input[name=q-age]", "34")
    assert phone.locator("#ask-tuteur").is_hidden()
    onward(phone)
    phone.fill("input[name=q-taille]", "4")
    phone.fill("input[name=q-enfants]", "1")
    tick(phone, "q-ecole", "non")
    tick(phone, "q-freins", "autre")
    phone.fill("input[name=q-frein_autre]", "الطريق")
    onward(phone)
    for row, value in (("centre", "facile"), ("sante", "difficile"), ("ecole", "moyen")):
        tick(phone, f"q-acces-acces_{row}", value)
    for number, code in enumerate(("femmes", "enfance", "agees", "handicap"), 1):
        phone.locator(f"[name='q-ordre-{code}']").select_option(str(number))
    tick(phone, "q-distance", "3")
    phone.fill("input[name=q-minutes]", "40")
    onward(phone)
    tick(phone, "q-membre", "non")
    onward(phone)
    phone.fill("textarea[name=q-proposition]", "بغينا مركز قريب من الدوار")
    onward(phone)
    if "/check" not in phone.url:
        onward(phone)
    phone.wait_for_url("**/check")
    assert "بغينا مركز قريب من الدوار" in phone.inner_text("main")
    phone.locator("input[name=agree]").locator("xpath=ancestor::label").click()
    phone.locator("main button.btn").last.click()
    phone.wait_for_url("**/receipt**")
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def _consultation(folder: Any) -> Any:
    """Write the file of an open consultation that asks one thing."""
    import json

    said = {"fr": "Besoins sociaux", "ar": "الحاجيات الاجتماعية"}
    question = {"key": "one", "kind": "short_text", "label": said}
    path = folder / "consultation.json"
    document = {
        "slug": SLUG,
        "title": said,
        "opens_on": "2020-01-01",
        "closes_on": "2099-01-01",
        "is_fictional": True,
        "notice": {"body": said, "statement": said},
        "sections": [{"title": said, "questions": [question]}],
    }
    path.write_text(json.dumps(document), encoding="utf-8")
    return path
