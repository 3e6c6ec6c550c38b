"""A real Chromium before a real server with its worker, on the demonstration."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "tachawor-demo-2022"
PHONE = {"width": 360, "height": 780}
DESK = {"width": 1280, "height": 900}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """The demonstration, served.

    :ivar outside: addresses that a browser asked for elsewhere than here.
    """

    def __init__(self, port: int, instance: Path) -> None:
        self.root = f"http://127.0.0.1:{port}"
        self.instance = instance
        self.outside: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        """Note every request that leaves the machine."""
        host = urlsplit(self.root).netloc

        def note(request: Any) -> None:
            """Keep foreign addresses."""
            parts = urlsplit(request.url)
            if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != host:
                self.outside.append(request.url)

        context.on("request", note)

    def environment(self) -> dict[str, str]:
        """Return the environment of its commands."""
        return os.environ | {
            "TACHAWOR_PROFILE": "demo",
            "TACHAWOR_INSTANCE": str(self.instance),
            "FLASK_APP": "wsgi",
        }

    def flask(self, *arguments: str) -> str:
        """Run a command of the product on this instance."""
        return subprocess.run(
            [sys.executable, "-m", "flask", *arguments],
            cwd=ROOT,
            env=self.environment(),
            check=True,
            capture_output=True,
            text=True,
            timeout=300,
        ).stdout


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration, prepared in a folder of its own and served with its worker."""
    port = free_port()
    site = Site(port, tmp_path_factory.mktemp("instance"))
    site.environment().pop("DATABASE_URL", None)
    site.flask("db", "upgrade")
    site.flask("demonstration", "prepare", "--out", str(site.instance / "out"))
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
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)


def _wait_until_it_answers(site: Site) -> None:
    """Wait for the health check."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{site.root}/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the site does not answer")


@pytest.fixture
def opened(browser: Browser, site: Site) -> Iterator[Any]:
    """A function that opens a page of the site: ``opened("/ar/", PHONE, java_script=False)``."""
    contexts: list[BrowserContext] = []

    def open_page(path: str, size: dict[str, int] = DESK, *, java_script: bool = True) -> Page:
        """Open it in a new, empty browser."""
        context = browser.new_context(
            viewport=size,
            java_script_enabled=java_script,
            reduced_motion="reduce",
            locale="fr-MA",
            accept_downloads=True,
        )
        site.watch(context)
        contexts.append(context)
        page = context.new_page()
        page.goto(site.root + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@contextmanager
def signed_in(page: Page, site: Site, email: str, lang: str = "fr") -> Iterator[Page]:
    """Sign in as one of the demonstration's accounts."""
    page.goto(f"{site.root}/{lang}/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit], main button.btn")
    page.wait_for_url(f"**/{lang}/staff**")
    yield page


@pytest.fixture
def bare(browser: Browser, site: Site) -> Iterator[Any]:
    """Open a page to which a test may add axe, which the site's own policy forbids."""
    contexts: list[BrowserContext] = []

    def open_page(size: dict[str, int]) -> Page:
        """Open it in a new, empty browser."""
        context = browser.new_context(viewport=size, bypass_csp=True, reduced_motion="reduce")
        site.watch(context)
        contexts.append(context)
        return context.new_page()

    yield open_page
    # A page left open goes on asking for news, and slows down all that come after.
    for context in contexts:
        context.close()
