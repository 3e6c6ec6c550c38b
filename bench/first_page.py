"""Weight and time of the questionnaire's first page on a slow line.

Run ``python -m bench.first_page http://127.0.0.1:8000`` before a served demonstration. Chromium, as
wide as a phone and with nothing kept from before, at 400 kbit/s and 400 ms latency. Times are the
end of the ``load`` event: page, sheet, scripts and faces are there.
"""

from __future__ import annotations

import argparse
import shutil
import statistics

from playwright.sync_api import Browser, sync_playwright

CONSULTATION = "/consultations/strategie-2021-2026"
PHONE = {"width": 360, "height": 780}
LINE = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
LIMIT_SECONDS, LIMIT_BYTES = 2.5, 100_000


def begun(browser: Browser, root: str, lang: str) -> list[dict[str, object]]:
    """Begin a draft; return the cookies that open it."""
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{root}/{lang}{CONSULTATION}/participate")
    page.locator("main form[action$=participate] button.btn").last.click()
    page.wait_for_url("**/participate/1")
    cookies = context.cookies()
    context.close()
    return cookies  # type: ignore[return-value]


def first_visit(
    browser: Browser, address: str, cookies: list[dict[str, object]]
) -> tuple[float, int]:
    """Open a page for the first time; return seconds until it is complete, and its bytes."""
    context = browser.new_context(viewport=PHONE, service_workers="block")
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", LINE)
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address, wait_until="load")
    ended = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    page.wait_for_timeout(300)
    context.close()
    return ended / 1000, int(sum(sizes))


def main() -> int:
    """Measure both languages; 1 if a page is too heavy or too slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", help="address of the served demonstration")
    parser.add_argument("--times", type=int, default=7)
    options = parser.parse_args()
    is_right = True
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for lang in ("fr", "ar"):
            cookies = begun(browser, options.root, lang)
            address = f"{options.root}/{lang}{CONSULTATION}/participate/1"
            visits = [first_visit(browser, address, cookies) for _time in range(options.times)]
            seconds, weight = statistics.median(v[0] for v in visits), max(v[1] for v in visits)
            print(f"{lang}: {seconds:.2f} s (longest {max(v[0] for v in visits):.2f}), {weight} B")
            is_right &= seconds < LIMIT_SECONDS and weight < LIMIT_BYTES
        browser.close()
    return 0 if is_right else 1


if __name__ == "__main__":
    raise SystemExit(main())
