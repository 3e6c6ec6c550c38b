"""Drafts on real devices: the network is cut, pages closed, two devices write, one is erased."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PHONE, ROOT, Site, _wait_until_it_answers, free_port

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CONSULTATION = "/consultations/strategie-2021-2026"
STORY = "المركز بعيد، والطريق مقطوع فالشتا. Le car ne passe qu’une fois par semaine."
#: First page of the questionnaire, all that it loads, in bytes as they travel.
FIRST_PAGE = 100_000


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration without its analysis: answering needs none."""
    port = free_port()
    site = Site(port, tmp_path_factory.mktemp("quick"))
    site.flask("db", "upgrade")
    site.flask("demonstration", "load")
    server = subprocess.Popen(
        [sys.executable, "-m", "flask", "demonstration", "serve", "--port", str(port)],
        cwd=ROOT,
        env=site.environment(),
        start_new_session=True,
    )
    try:
        _wait_until_it_answers(site)
        yield site
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


@pytest.fixture
def device(browser: Browser) -> Iterator[Any]:
    """A function that gives a new phone."""
    contexts: list[BrowserContext] = []

    def make(*, java_script: bool = True) -> BrowserContext:
        """Return an empty browser."""
        context = browser.new_context(
            viewport=PHONE, java_script_enabled=java_script, reduced_motion="reduce"
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


def begin(phone: BrowserContext, site: Site, lang: str = "fr") -> Page:
    """Open the first section; with a script, wait until it works without a network."""
    page = phone.new_page()
    page.goto(f"{site.root}/{lang}{CONSULTATION}/participate")
    page.locator("main form[action$=participate] button.btn").last.click()
    page.wait_for_url("**/participate/1")
    return page


def wait_until_ready(page: Page) -> None:
    """Wait until the page says that it works without a network."""
    expect(page.locator("[data-ready]:not([data-device])")).not_to_be_empty(timeout=20_000)


def onward(page: Page, address: str) -> None:
    """Press "Continue" until the next page is there: without a script a question may open."""
    for _again in range(2):
        with page.expect_navigation():
            page.click(".savebar button[value=next]")
        if "#ask-" not in page.url:
            break
    assert page.url.endswith(f"/participate/{address}"), page.url


def first_section(page: Page) -> None:
    """Say who answers, and where."""
    page.check("input[name=actor_type][value=citizen]")
    page.select_option("select[name=q-place-region]", "08")


def state(page: Page) -> Any:
    """The line that says where the answers are."""
    return page.locator(".save[role=status]")


#: Opens what the browser keeps of the answers, as the product's script does.
STORED = """() => new Promise((resolve) => {
  const request = indexedDB.open("tachawor", 1);
  request.onupgradeneeded = () =>
    request.result.createObjectStore("steps", { keyPath: ["key", "step"] });
  request.onsuccess = () => {
    const all = request.result.transaction("steps").objectStore("steps").getAll();
    all.onsuccess = () => {
      request.result.close();
      resolve(all.result.map((record) => [record.step, record.sent]));
    };
  };
})"""


def stored(page: Page) -> list[Any]:
    """What the browser keeps of the answers: step, and whether the server confirmed it."""
    found: list[Any] = page.evaluate(STORED)
    return found


def wait_until_noted(page: Page, step: int) -> None:
    """Wait until the browser has written a section down."""
    for _attempt in range(50):
        if any(row[0] == step for row in stored(page)):
            return
        page.wait_for_timeout(100)
    raise TimeoutError(f"step {step} is not on the device")


def n_submissions(site: Site) -> int:
    """Count what has come in by the pages."""
    code = (
        "from app.submissions.models import Submission as S; from sqlalchemy import select, func;"
        "from app.core.db import db; from wsgi import app;"
        "app.app_context().push(); print(db.session.scalar(select(func.count()).select_from(S)"
        ".where(S.channel == 'web')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=site.environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stdout.split()[-1])


def fill_what_is_asked(page: Page) -> None:
    """Answer a section's questions, as far as they must be."""
    if page.locator("#q-story").count():
        page.fill("#q-story", STORY)
    if page.locator("#q-situations-1").count():
        page.check("#q-situations-1")


def test_the_network_is_cut_the_page_closed_and_reopened_and_one_submission_comes_in(
    quick: Site, device: Any
) -> None:
    before = n_submissions(quick)
    phone = device()
    page = begin(phone, quick)
    wait_until_ready(page)
    first_section(page)
    onward(page, "2")

    phone.set_offline(True)
    steps = 0
    while not page.url.endswith("/check") and steps < 12:
        fill_what_is_asked(page)
        here = page.url
        page.click(".savebar button[value=next]")
        page.wait_for_function("(here) => location.href !== here", arg=here)
        page.wait_for_load_state("load")
        steps += 1
    expect(state(page)).to_contain_text("Pas encore envoyé")
    assert any(not sent for _step, sent in stored(page))
    page.check("input[name=agree]")
    page.click("form[data-send] button.btn")
    expect(state(page)).to_contain_text("dès que le réseau")
    assert ["send", False] in stored(page)
    page.close()

    again = phone.new_page()
    again.goto(f"{quick.root}/fr{CONSULTATION}/participate/2")
    expect(again.locator("textarea[name=q-story]").or_(again.locator("h1")).first).to_be_visible()
    assert n_submissions(quick) == before
    again.close()

    phone.set_offline(False)
    back = phone.new_page()
    back.goto(f"{quick.root}/fr{CONSULTATION}/participate")
    back.wait_for_url("**/receipt", timeout=30_000)
    assert n_submissions(quick) == before + 1
    back.wait_for_function("async () => !String(await caches.keys()).includes('tachawor-pages')")
    assert stored(back) == []
    back.locator("a[href*='/my-contribution/']").first.click()
    expect(back.locator("main")).to_contain_text(STORY)


@pytest.mark.parametrize(("actor", "is_asked"), [("association", True), ("citizen", False)])
def test_without_a_network_too_answers_open_the_questions_of_later_steps(
    quick: Site, device: Any, actor: str, is_asked: bool
) -> None:
    phone = device()
    page = begin(phone, quick)
    wait_until_ready(page)
    phone.set_offline(True)
    page.check(f"input[name=actor_type][value={actor}]")
    if is_asked:
        page.fill("input[name=organisation]", "Association Tafoukt")
    page.select_option("select[name=q-place-region]", "08")
    for _step in range(12):
        if page.locator("form [data-key=partnership]").count():
            break
        here = page.url
        page.click(".savebar button[value=next]")
        page.wait_for_function("(here) => location.href !== here", arg=here)
        page.wait_for_load_state("load")

    expect(page.locator("#ask-partnership")).to_be_visible(visible=is_asked)


def test_what_was_typed_without_a_network_comes_back_and_is_kept_once_there_is_one(
    quick: Site, device: Any
) -> None:
    phone = device()
    page = begin(phone, quick, "ar")
    wait_until_ready(page)
    first_section(page)
    onward(page, "2")
    phone.set_offline(True)
    page.reload()
    field = page.locator("textarea, input[type=checkbox]").first
    tag = field.evaluate("(node) => node.tagName")
    if tag == "TEXTAREA":
        field.fill(STORY)
    else:
        field.check()
    expect(state(page)).to_contain_text("لم تُرسل بعد")
    wait_until_noted(page, 2)
    page.reload()
    if tag == "TEXTAREA":
        expect(field).to_have_value(STORY)
    else:
        expect(field).to_be_checked()

    phone.set_offline(False)
    expect(state(page)).to_contain_text("حُفظت", timeout=30_000)
    assert all(sent for _step, sent in stored(page))


def test_an_answer_that_no_server_of_ours_confirms_stays_on_the_device(
    quick: Site, device: Any
) -> None:
    """The entrance of a paid network answers everything with a page of its own, and "200"."""
    phone = device()
    page = begin(phone, quick)
    wait_until_ready(page)
    page.route(
        "**/participate/1",
        lambda route: (
            route.fulfill(status=200, content_type="text/html", body="<h1>Wi-Fi</h1>")
            if route.request.method == "POST"
            else route.continue_()
        ),
    )
    first_section(page)
    expect(state(page)).to_contain_text("Pas encore envoyé", timeout=10_000)
    assert stored(page) == [[1, False]]

    page.unroute("**/participate/1")
    expect(state(page)).to_contain_text("Gardé sur le serveur", timeout=30_000)
    assert stored(page) == [[1, True]]


@pytest.mark.parametrize("java_script", [True, False])
def test_two_devices_answer_the_same_step_and_one_chooses(
    quick: Site, device: Any, java_script: bool
) -> None:
    one, two = device(java_script=java_script), device(java_script=java_script)
    mine = begin(one, quick)
    first_section(mine)
    onward(mine, "2")
    mine.click("button[value=device]")
    mine.wait_for_url("**/device")
    code = mine.inner_text(".code").replace("\n", "")
    theirs = two.new_page()
    theirs.goto(f"{quick.root}/fr/resume")
    theirs.fill("input[name=code]", code.lower())
    theirs.click("main form button.btn")
    theirs.wait_for_url(f"**/resume/{code.replace('-', '')}")
    theirs.click("main form button.btn")
    theirs.wait_for_url("**/participate/2")
    mine.goto(f"{quick.root}/fr{CONSULTATION}/participate/1")
    theirs.goto(f"{quick.root}/fr{CONSULTATION}/participate/1")

    theirs.select_option("select[name=q-place-region]", "01")
    onward(theirs, "2")
    mine.select_option("select[name=q-place-region]", "06")
    mine.click(".savebar button[value=next]")

    expect(mine.locator("h1")).to_have_text("Deux appareils ont répondu à cette étape")
    expect(mine.locator("#clash-place-mine")).not_to_have_text("")
    expect(mine.locator("#clash-place-theirs")).not_to_have_text("")
    mine.check("input[name='keep:place'][value=theirs]")
    mine.click("button[name=keep][value=each]")
    mine.wait_for_url("**/participate/1*")
    expect(mine.locator("select[name=q-place-region]")).to_have_value("01")
    onward(mine, "2")


def test_going_back_and_changing_one_s_own_answer_is_no_conflict(quick: Site, device: Any) -> None:
    for java_script in (True, False):
        page = begin(device(java_script=java_script), quick)
        first_section(page)
        onward(page, "2")
        page.go_back()
        page.wait_for_url("**/participate/1*")
        page.select_option("select[name=q-place-region]", "06")
        onward(page, "2")


def test_erasing_leaves_nothing_on_the_device_and_the_code_finds_the_draft(
    quick: Site, device: Any
) -> None:
    phone = device()
    page = begin(phone, quick)
    wait_until_ready(page)
    first_section(page)
    onward(page, "2")
    page.click("button[value=erase]")
    page.wait_for_url("**/erase")
    page.click("form[data-erase] button.btn")
    expect(page.locator("h1")).to_have_text("Il ne reste rien sur cet appareil.")
    code = page.inner_text(".code").replace("\n", "")

    assert not [c for c in phone.cookies() if c["name"].startswith(("draft-", "own-"))]
    left = page.evaluate(
        """async () => [(await caches.keys()).length, (await indexedDB.databases()).length,
          (await navigator.serviceWorker.getRegistrations()).length, localStorage.length]"""
    )
    assert left == [0, 0, 0, 0]
    page.goto(f"{quick.root}/fr{CONSULTATION}/participate/1")
    assert page.url.endswith("/participate")
    page.goto(f"{quick.root}/fr/resume/{code.replace('-', '')}")
    page.click("main form button.btn")
    page.wait_for_url("**/participate/2")


def test_a_done_step_keeps_what_is_being_typed_without_a_script(quick: Site, device: Any) -> None:
    page = begin(device(java_script=False), quick)
    page.set_viewport_size({"width": 1280, "height": 900})
    first_section(page)
    onward(page, "2")
    fill_what_is_asked(page)
    kept = page.locator("main form#answers input:checked").count()
    page.click("button[value='step:1']")
    page.wait_for_url("**/participate/1")
    page.goto(f"{quick.root}/fr{CONSULTATION}/participate/2")
    assert page.locator("main form#answers input:checked").count() == kept


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_the_first_page_of_the_questionnaire_weighs_less_than_100_kilobytes(
    quick: Site, browser: Browser, lang: str
) -> None:
    first = browser.new_context(viewport=PHONE)
    begin(first, quick, lang)
    cookies = first.cookies()
    first.close()
    phone = browser.new_context(viewport=PHONE, service_workers="block")
    phone.add_cookies(cookies)
    page = phone.new_page()
    sizes: list[float] = []
    wire = phone.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))

    page.goto(f"{quick.root}/{lang}{CONSULTATION}/participate/1", wait_until="networkidle")

    phone.close()
    assert len(sizes) >= 5  # the page, its sheet, its scripts, a face
    assert sum(sizes) < FIRST_PAGE
