"""Measures in a browser: every page in both languages, a coordinator who updates a milestone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import DESK, PHONE, Site, signed_in
from tests.browser.test_every_page import faults

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

BASE = "/consultations/strategie-2021-2026/commitments"
PUBLIC = (BASE, f"{BASE}?view=map", f"{BASE}?view=calendar", f"{BASE}/1", f"{BASE}/2")
STAFF = tuple(
    f"/staff{BASE}{rest}" for rest in ("", "?late=yes", "/2", "/4/edit", "/new", "/import")
)
SIZES = {"desk": DESK, "phone": PHONE}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_pages_for_the_public_are_without_fault(
    site: Site, bare: Any, lang: str, size: str
) -> None:
    page = bare(SIZES[size])
    found = []
    for path in PUBLIC:
        assert page.goto(f"{site.root}/{lang}{path}").status == 200
        found += faults(page)

    assert found == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_pages_for_the_staff_are_without_fault(site: Site, bare: Any, lang: str, size: str) -> None:
    found = []
    page = bare(SIZES[size])
    with signed_in(page, site, "analyste@demo.example", lang):
        for path in STAFF:
            assert page.goto(f"{site.root}/{lang}{path}").status == 200
            found += faults(page)

    assert found == []


@pytest.mark.parametrize("java_script", [True, False])
def test_a_coordinator_updates_a_milestone_by_keyboard(
    site: Site, opened: Any, *, java_script: bool
) -> None:
    writer = opened("/fr/", java_script=java_script)
    with signed_in(writer, site, "analyste@demo.example"):
        writer.goto(f"{site.root}/fr/staff{BASE}/new")
        writer.fill("#title_fr", "Un guichet social à Zagora")
        writer.fill("#title_ar", "شباك اجتماعي بزاكورة")
        writer.select_option("#state", "under_way")
        writer.select_option("#region", "08")
        writer.click("button[value=add-milestone]")
        writer.fill("#milestones-1-title_fr", "Ouverture")
        writer.fill("#milestones-1-title_ar", "الافتتاح")
        writer.fill("#milestones-1-due_on", "2022-01-10")
        writer.press("#title_fr", "Enter")
        writer.wait_for_url(lambda address: not address.endswith("/new"))
        number = writer.url.rpartition("/")[2]
    public = opened(f"/fr{BASE}/{number}", PHONE)
    assert public.locator(".m-state .is-late").count() == 1

    page = opened("/fr/", PHONE, java_script=java_script)
    with signed_in(page, site, "coordination@demo.example"):
        page.goto(f"{site.root}/fr/staff{BASE}?region=08")
        page.locator(f'a[href$="/commitments/{number}#follow"]').press("Enter")
        page.wait_for_url(f"**/{number}#follow")
        done = page.locator("input[name^=done_]")
        done.fill("2022-01-20")
        done.press("Enter")
        page.locator(".flash[role=status]").wait_for()
        assert page.locator("main .btn").count() == 1

    public.reload()
    assert public.locator(".m-state .is-late").count() == 0
    assert public.locator(".trace > li").count() == 1
