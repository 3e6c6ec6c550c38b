"""Public pages in a real browser: no barrier that axe-core knows, Arabic large enough."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from werkzeug.serving import make_server

from app.consultations.models import CalendarEvent, Document
from tests.factories import ConsultationFactory, submission, texts

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None or not AXE.is_file(), reason="needs Chromium and axe-core"),
]

PATHS = (
    "/",
    "/consultations",
    "/consultations/seen",
    "/consultations/seen/documents/{document}",
    "/method",
    "/privacy",
    "/accessibility",
    "/sign-in",
    "/no-such-page",
)
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

#: axe-core misreads the contrast of joined Arabic letters: it is measured on others.
SWAP_LETTERS = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode())
    walk.currentNode.data = walk.currentNode.data.replace(/[\\u0621-\\u06ff]/g, "x");
}"""

#: Arabic below 18 px or a line height of 1.7, targets below 24 px, and pages wider than the screen.
PROBE = """() => {
  const found = new Set(), arabic = /[\\u0621-\\u06ff]/;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, box = text.parentElement;
    if (!arabic.test(text.data) || box.closest("title,option,svg,.vh")) continue;
    if (!box.getClientRects().length) continue;
    const style = getComputedStyle(box), size = parseFloat(style.fontSize);
    if (size < 17.99 || parseFloat(style.lineHeight) / size < 1.69)
      found.add("small Arabic: " + text.data.trim());
  }
  for (const box of document.querySelectorAll("a,button,input,select,textarea,summary")) {
    const area = box.getBoundingClientRect();
    const text = box.closest("p:not(.act),li p,td,dd,figcaption,svg");
    const inText = text && getComputedStyle(box).display === "inline";
    if (!area.width || inText || box.matches(".skip")) continue;
    if (area.height < 23.9 || area.width < 23.9)
      found.add("small target: " + box.textContent.trim());
  }
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) found.add("wider than the screen: " + page.scrollWidth);
  return [...found];
}"""


@pytest.fixture
def address(app: Flask, session) -> Iterator[tuple[str, int]]:
    """A server on the loopback with one consultation, and the number of its document."""
    consultation = ConsultationFactory(slug="seen", is_fictional=True)
    consultation.documents.append(
        Document(
            position=1,
            title=texts("Note"),
            body=texts("One.\n\nTwo."),
            published_on=date(2021, 12, 18),
        )
    )
    consultation.events.append(
        CalendarEvent(
            on=date(2022, 2, 4), region_code="01", title=texts("Meeting"), place=texts("Room")
        )
    )
    for region in ("08", "12", None):
        submission(consultation, "text", region_code=region)
    session.commit()
    document = consultation.documents[0].id
    session.remove()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", document
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_public_pages_have_no_known_barrier(address, browser, scheme, width):
    base, document = address
    found = []
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        reduced_motion="reduce",
        bypass_csp=True,
    )
    page = context.new_page()
    for lang in ("fr", "ar"):
        for path in PATHS:
            page.goto(f"{base}/{lang}{path.format(document=document)}")
            found += [
                (lang, path, line) for line in [*page.evaluate(PROBE), *violations(page, lang)]
            ]
    context.close()
    assert found == []


def violations(page, lang: str) -> list[str]:
    """What axe-core finds on a page."""
    page.add_script_tag(path=str(AXE))
    runs = [{"runOnly": LEVELS}]
    if lang == "ar":
        runs[0]["rules"] = {"color-contrast": {"enabled": False}}
        runs.append({"runOnly": {"type": "rule", "values": ["color-contrast"]}})
    found = []
    for number, options in enumerate(runs):
        if number:
            page.evaluate(SWAP_LETTERS)
        result = page.evaluate("options => axe.run(document, options)", options)
        found += [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in result["violations"]]
    return found
