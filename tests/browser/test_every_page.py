"""Every page in French and in Arabic, on a desk and on a phone: axe, overflow, Arabic sizes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE, ROOT, Site, signed_in
from tests.browser.test_road import onward

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
C = "/consultations/strategie-2021-2026"
PUBLIC = [
    "/",
    "/method",
    "/privacy",
    "/accessibility",
    "/consultations",
    C,
    f"{C}/documents/1",
    f"{C}/participate",
    f"{C}/results",
    f"{C}/you-said-we-did",
    f"{C}/reports",
    f"{C}/reports/1",
    f"{C}/reports/1/claims/summary.first",
    "/my-contribution",
    "/sign-in",
    "/organisations/register",
    "/nowhere",
]
STAFF = [
    "/staff",
    f"/staff{C}/collection",
    f"/staff{C}/submissions",
    f"/staff{C}/imports",
    f"/staff{C}/analyses",
    f"/staff{C}/themes",
    f"/staff{C}/passages",
    f"/staff{C}/workbench",
    f"/staff{C}/workbench?theme=1&reviewed=no&margin=clear",
    f"/staff{C}/workbench/passages/1",
    f"/staff{C}/codebook",
    f"/staff{C}/codebook/import",
    f"/staff{C}/answers",
    f"/staff{C}/reports",
    f"/staff{C}/commitments",
    "/staff/submissions/1",
    "/staff/themes/1",
    "/staff/analyses/1",
    "/staff/analyses/1/compare",
    f"/staff{C}/decisions",
    f"/staff{C}/proposals",
    "/staff/organisations",
    "/staff/organisations/new",
    "/staff/organisations/import",
    "/staff/organisations/1",
    "/organisations/1/people",
    "/staff/people",
    "/staff/people/new",
    "/staff/people/1",
    "/staff/audit-log",
    "/staff/password",
]
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]

#: axe misreads the contrast of joined Arabic letters: it is measured again with letters swapped.
SWAP = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    walk.currentNode.data = walk.currentNode.data.replace(/[\\u0621-\\u06ff]/g, 'x');
  }
}"""

PROBE = """() => {
  const out = [], arabic = /[\\u0621-\\u06ff]/;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, box = text.parentElement;
    if (!arabic.test(text.data) || !box.getClientRects().length) continue;
    if (box.closest('option, svg, .vh, textarea')) continue;
    const style = getComputedStyle(box), size = parseFloat(style.fontSize);
    const line = parseFloat(style.lineHeight) / size;
    if (size < 17.9 || line < 1.69) {
      out.push(`Arabic at ${size}px/${line.toFixed(2)}: ${text.data.trim().slice(0, 30)}`);
    }
  }
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) {
    out.push(`overflows: ${page.scrollWidth} > ${page.clientWidth}`);
  }
  return [...new Set(out)].slice(0, 6);
}"""


def faults(page: Page) -> list[str]:
    """Return what is wrong with the page shown."""
    found = [f"{page.url}: {line}" for line in page.evaluate(PROBE)]
    page.add_script_tag(path=str(AXE))
    arabic = page.locator("html").get_attribute("lang") == "ar"
    first: dict[str, Any] = {"runOnly": RULES}
    if arabic:
        first["rules"] = {"color-contrast": {"enabled": False}}
    results = [page.evaluate("options => axe.run(document, options)", first)]
    if arabic:
        page.evaluate(SWAP)
        contrast = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
        results.append(page.evaluate("options => axe.run(document, options)", contrast))
    return found + [
        f"{page.url}: axe {violation['id']}: {violation['nodes'][0]['html'][:140]}"
        for result in results
        for violation in result["violations"]
    ]


def visit(page: Page, site: Site, lang: str, paths: list[str]) -> list[str]:
    """Return the faults of several pages."""
    found: list[str] = []
    for path in paths:
        answer = page.goto(f"{site.root}/{lang}{path}")
        assert answer is not None
        expected = 404 if path == "/nowhere" else 200
        if answer.status != expected:
            found.append(f"/{lang}{path}: {answer.status}")
            continue
        found += faults(page)
    return found


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_public_pages_are_without_fault(
    bare: Any, site: Site, lang: str, size: dict[str, int]
) -> None:
    assert visit(bare(size), site, lang, PUBLIC) == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_staff_pages_are_without_fault(
    bare: Any, site: Site, lang: str, size: dict[str, int]
) -> None:
    page = bare(size)
    with signed_in(page, site, "admin@demo.example", lang):
        assert visit(page, site, lang, STAFF) == []


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_step_of_answering_is_without_fault(bare: Any, site: Site, lang: str) -> None:
    page = bare(PHONE)
    page.goto(f"{site.root}/{lang}{C}/participate")
    with page.expect_navigation():
        page.click("main form button.btn")
    found = faults(page)
    page.goto(page.url)
    onward(page)
    found += faults(page)
    page.goto(f"{site.root}/{lang}{C}/participate/1")
    page.check("input[name=actor_type][value=citizen]")
    page.select_option("select[name=q-place-region]", "08")
    for _ in range(5):
        onward(page)
        found += faults(page)
        page.goto(page.url)
    page.check("main input[type=checkbox]")
    page.click("main button.btn >> nth=-1")
    page.wait_for_url("**/receipt**")
    page.wait_for_load_state()
    found += faults(page)

    assert found == []


def test_axe_is_there() -> None:
    assert Path(AXE).exists(), "npm ci has not been run"
