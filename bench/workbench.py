"""The review's screens and decisions at 50,000 passages: ``python -m bench.workbench``.

Serves a review laid by :mod:`bench.review_set` by gunicorn, as ``docs/operations.md`` says, once
from SQLite and once from PostgreSQL, signs in as an analyst and measures what the reader waits for:
the first paint in Chromium, and by HTTP every filter, search, page of the list, card, context,
decision and undo. Beside each figure stands what is asked; 1 is returned if a median misses it,
unless ``--report`` is given. What is decided is taken back, and the ledger is compared with its
rows.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import psycopg
from playwright.sync_api import Browser, sync_playwright

from app import create_app
from app.consultations.models import Consultation
from app.core.db import db
from app.themes.ledger.settling import compare
from app.themes.models import PassageState, Placement, Theme
from bench.desk import Desk
from bench.submitters import ROOT, environment, serve
from config import Settings

SLUG = "strategie-2021-2026"
BASE = f"/staff/consultations/{SLUG}/workbench"
ANALYST, OTHER = "analyste@demo.example", "analyste2@demo.example"
#: What is asked, in milliseconds.
PAINT, PAGE, BULK = 1000, 300, 2000
N_BULK = 2_000

FILTERS = {
    "region": "region=06",
    "actor type": "actor_type=association",
    "organisation": "organisation=tafoukt",
    "language": "language=ar-MA",
    "nature": "nature=proposal",
    "stance": "stance=against",
    "margin": "margin=weak",
    "reviewed": "reviewed=yes",
    "not reviewed": "reviewed=no",
    "to arbitrate": "state=to_arbitrate",
    "by worth": "order=worth",
    "newest first": "order=newest",
    "region, language, nature": "region=06&language=fr&nature=problem",
}
#: Searches; those of one line are the same words written differently and find the same.
SEARCHES = (
    ("crèche", "creche", "CRÈCHE"),
    ("المدرسة", "المدرسه", "المَدرَسة"),
    ("إعاقة", "اعاقه", "أعاقة"),
    ("de",),
    ("في",),
    ("Tainaste",),
    ("handicap commune",),
    ("zzzz",),
)
#: Asked of the page, whose policy lets nobody poll for it: when something was first drawn, in ms.
_FIRST_PAINT = """() => new Promise((done) => new PerformanceObserver((list) => {
  for (const one of list.getEntries())
    if (one.name === "first-contentful-paint") done(one.startTime);
}).observe({type: "paint", buffered: true}))"""
_TOTAL = re.compile(r'id="total-all"[^>]*>(.*?)</b>', re.DOTALL)
_NEXT = re.compile(r'hx-get="([^"]*/workbench/rows[^"]*)"')
_PASSAGE = re.compile(r'name="passage" value="(\d+)"')
_EVENT = re.compile(r'name="event" value="(\d+)"')
_SEEN = re.compile(r'name="seen" value="(\d+)"')


@dataclass
class Figure:
    """What something takes, in milliseconds; ``limit`` None: nothing is asked of it."""

    limit: int | None
    values: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The one in the middle."""
        return statistics.median(self.values)

    @property
    def is_right(self) -> bool:
        """Whether the median is within what is asked."""
        return self.limit is None or self.median < self.limit


class Figures(dict[str, Figure]):
    """What was measured, in order."""

    def note(self, what: str, seconds: float, limit: int | None = PAGE) -> None:
        """Keep one time."""
        self.setdefault(what, Figure(limit)).values.append(1000 * seconds)

    def show(self, title: str) -> None:
        """Print the table."""
        print(f"\n{title}\n{'':<44}{'median':>8}{'worst':>8}{'asked':>8}   ms")
        for what, figure in self.items():
            asked = f"< {figure.limit}" if figure.limit else ""
            missed = "" if figure.is_right else "   MISSED"
            print(
                f"{what:<44}{figure.median:>8.0f}{max(figure.values):>8.0f}{asked:>8}{missed}",
                flush=True,
            )


@dataclass(frozen=True)
class Known:
    """What of the set the measures need.

    :ivar large, small: active themes with many passages, and with fewer.
    :ivar bulk: passages of the large one.
    """

    large: int
    small: int
    bulk: list[int]


def known_of(settings: Settings) -> Known:
    """Look up themes and passages."""
    app = create_app(settings)
    with app.app_context():
        sizes = dict(
            db.session.query(Placement.theme_id, db.func.count())
            .join(Theme, Theme.id == Placement.theme_id)
            .filter(Placement.state == PassageState.IN_THEME, Theme.state == "active")
            .group_by(Placement.theme_id)
            .all()
        )
        ordered = sorted(sizes, key=lambda number: -sizes[number])
        rows = db.session.query(Placement.passage_id).filter(
            Placement.theme_id == ordered[0], Placement.state == PassageState.IN_THEME
        )
        bulk = [row[0] for row in rows.limit(N_BULK)]
        db.session.remove()
        return Known(ordered[0], ordered[2], bulk)


def compared(settings: Settings, figures: Figures, times: int) -> bool:
    """Rebuild everything from the first event and compare; return whether the ledger is right."""
    app = create_app(settings)
    with app.app_context():
        consultation = db.session.query(Consultation).filter_by(slug=SLUG).one()
        for _time in range(times):
            began = time.perf_counter()
            wrong = compare(db.session(), consultation.id)
            figures.note("rebuild from all events, compare", time.perf_counter() - began, None)
        return not wrong


# By Chromium


def paints(port: int, desk: Desk, figures: Figures, times: int) -> None:
    """Measure the first contentful paint, with nothing kept and with all that a browser keeps."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        # The small page tells what of the time is the browser's and the machine's.
        for _time in range(times):
            small = "first paint of a small page"
            visit(browser, port, "/fr/accessibility", desk, figures, small, None)
            visit(browser, port, f"/fr{BASE}", desk, figures, "first paint", PAINT)
        browser.close()


def visit(
    browser: Browser,
    port: int,
    path: str,
    desk: Desk,
    figures: Figures,
    what: str,
    limit: int | None,
) -> None:
    """Open a page with nothing kept, then once more."""
    root = f"http://127.0.0.1:{port}"
    context = browser.new_context(service_workers="block")
    context.add_cookies([{"name": n, "value": v, "url": root} for n, v in desk.cookies.items()])
    page = context.new_page()
    for kept in ("cold", "warm"):
        page.goto(root + path, wait_until="load")
        figures.note(f"{what}, {kept}", page.evaluate(_FIRST_PAINT) / 1000, limit)
    context.close()


# By HTTP


def total(page: str) -> int:
    """Return how many passages a list says it has."""
    found = _TOTAL.search(page)
    return int(re.sub(r"\D", "", found[1]) or 0) if found else -1


def lists(desk: Desk, known: Known, figures: Figures, times: int) -> list[str]:
    """Measure filters, searches and pages of the list; return what is not as it should be."""
    faults = []
    for _time in range(times):
        for name, asked in {
            "everything": "",
            "a theme and its card": f"theme={known.large}",
        }.items():
            desk.get(f"{BASE}?{asked}")
            figures.note(name, desk.seconds)
        for name, asked in FILTERS.items():
            desk.get(f"{BASE}?{asked}")
            figures.note(f"filter: {name}", desk.seconds)
        for words in SEARCHES:
            found = set()
            for word in words:
                found.add(total(desk.get(f"{BASE}?words={word}")))
                figures.note(f"search: {word}", desk.seconds)
            if len(found) != 1:
                faults.append(f"{words} do not find the same: {found}")
        desk.get(f"{BASE}?theme={known.large}&words=commune&language=fr")
        figures.note("search in a theme and language", desk.seconds)
    for order, n_pages in (("weakest", 100), ("worth", 40), ("newest", 40)):
        _walk(desk, f"{BASE}?order={order}", figures, f"further pages, {order} first", n_pages)
    _walk(desk, f"{BASE}?theme={known.large}", figures, "further pages of a theme", 60)
    _walk(desk, f"{BASE}?words=commune", figures, "further pages of a search", 20)
    return faults


def _walk(desk: Desk, path: str, figures: Figures, what: str, n_pages: int) -> None:
    """Go down a list as far as asked."""
    page = desk.get(path)
    for _page in range(n_pages):
        following = _NEXT.search(page)
        if following is None:
            return
        page = desk.get(_path(following[1]), is_part=True)
        figures.note(what, desk.seconds)


def _path(address: str) -> str:
    """Return an address of a page without the language."""
    return re.sub(r"^/(fr|ar|en)", "", unescape(address))


def reads(desk: Desk, known: Known, figures: Figures, times: int) -> None:
    """Measure what else is read: passages in their context, the poll, the other staff pages."""
    page = desk.get(f"{BASE}?theme={known.large}")
    some, seen = _PASSAGE.findall(page), _SEEN.findall(page)[-1]
    pages = {
        "themes": f"/staff/consultations/{SLUG}/themes",
        "theme's own page": f"/staff/themes/{known.large}",
        "theme's own page, region": f"/staff/themes/{known.large}?region=06",
        "passages to arbitrate": f"/staff/consultations/{SLUG}/passages?state=to_arbitrate",
        "passages in a theme": f"/staff/consultations/{SLUG}/passages?state=in_theme",
    }
    for number in range(max(times, 5)):
        desk.get(f"{BASE}/passages/{some[number % len(some)]}", is_part=True)
        figures.note("a passage in its context", desk.seconds)
        desk.get(f"{BASE}/news?seen={seen}", is_part=True)
        figures.note("poll, nothing new", desk.seconds)
        for name, path in pages.items():
            desk.get(path)
            figures.note(name, desk.seconds)


def decisions(desk: Desk, other: Desk, known: Known, figures: Figures, times: int) -> None:
    """Measure decisions, each of which is taken back."""
    here = f"{BASE}/decide?theme={known.large}"
    for number in range(times):
        page = desk.get(f"{BASE}?theme={known.large}")
        one = {"seen": _SEEN.findall(page)[-1], "passage": known.bulk[number]}
        _done(desk, figures, "confirm one", here, one | {"verb": "confirm"}, PAGE)
        desk.get(BASE)
        figures.note("everything, right after a decision", desk.seconds)
        other.get(f"{BASE}/news?seen={one['seen']}", is_part=True)
        figures.note("poll, something new", other.seconds)
        one = {"seen": 10**8, "passage": known.bulk[number]}
        _done(desk, figures, "move one", here, one | {"verb": "move", "to": known.small}, PAGE)
        many = {"seen": 10**8, "passage": known.bulk, "to": known.small}
        _done(desk, figures, f"move {N_BULK}", here, many | {"verb": "move"}, BULK)
        many = {"seen": 10**8, "passage": known.bulk, "state": "off_topic", "reason": "x"}
        _done(desk, figures, f"set {N_BULK} aside", here, many | {"verb": "set_aside"}, BULK)
        card = f"{BASE}/themes/{known.large}?theme={known.large}"
        merge = {"seen": 10**8, "verb": "merge", "into": known.small}
        _done(desk, figures, "merge a large theme", card, merge, BULK)
        exclude = {"seen": 10**8, "verb": "exclude", "reason": "Hors du champ."}
        desk.post(card, exclude)
        figures.note("exclude a large theme", desk.seconds, BULK)
        desk.post(card, {"seen": 10**8, "verb": "restore"})
        figures.note("restore a large theme", desk.seconds, BULK)


def _done(
    desk: Desk, figures: Figures, what: str, path: str, data: dict[str, object], limit: int
) -> None:
    """Take a decision and take it back."""
    answer = desk.post(path, data)
    figures.note(what, desk.seconds, limit)
    found = _EVENT.search(answer)
    if found is None:
        raise RuntimeError(f"{what}: no decision in the answer")
    undo = path.replace("/decide", "/undo")
    undo = re.sub(r"/themes/\d+", "/undo", undo)
    desk.post(undo, {"event": found[1], "seen": 10**8})
    figures.note(f"undo: {what}", desk.seconds, limit)


# Serving


def peak(pid: int) -> tuple[float, float]:
    """Return the most memory (MB) of one process under ``pid``, and of all together."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            stat = (path / "stat").read_text().rsplit(")", 1)[1].split()
            status = (path / "status").read_text()
        except OSError:
            continue
        if int(stat[1]) == pid and (high := re.search(r"VmHWM:\s+(\d+)", status)):
            found.append(int(high[1]) / 1024)
    return max(found, default=0.0), sum(found)


@contextmanager
def database(kind: str, server: str) -> Iterator[str]:
    """Yield the address of an empty database, dropped afterwards."""
    if kind == "sqlite":
        yield ""
        return
    name = f"tachawor_bench_{secrets.token_hex(3)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{server.rsplit('/', 1)[0]}/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(kind: str, options: argparse.Namespace) -> bool:
    """Measure one database; return whether all is as asked."""
    figures = Figures()
    with (
        database(kind, options.server) as url,
        tempfile.TemporaryDirectory(prefix="tachawor-bench-") as instance,
    ):
        env = environment(url, instance)
        if not url:
            env.pop("DATABASE_URL")
        load = [sys.executable, "-m", "bench.review_set", "--passages", str(options.passages)]
        began = time.perf_counter()
        subprocess.run(load, cwd=ROOT, env=env, check=True)
        figures.note("laying the set into the database", time.perf_counter() - began, None)
        os.environ.update(TACHAWOR_PROFILE="demo", DATABASE_URL=url, TACHAWOR_INSTANCE=instance)
        settings = Settings.from_environment()
        known = known_of(settings)
        server = serve(options.port, env)
        try:
            desk, other = Desk(options.port, ANALYST), Desk(options.port, OTHER)
            measures: list[Callable[[], list[str] | None]] = [
                lambda: paints(options.port, desk, figures, options.times),
                lambda: lists(desk, known, figures, options.times),
                lambda: reads(desk, known, figures, options.times),
                lambda: decisions(desk, other, known, figures, options.times),
            ]
            faults = [fault for measure in measures for fault in measure() or ()]
            most, together = peak(server.pid)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)
        if not compared(settings, figures, options.times):
            faults.append("the rows are not what follows from the events")
    figures.show(f"{kind}, {options.passages} passages")
    print(
        f"peak memory: {most:.0f} MB in one process, {together:.0f} MB in all, pages shared counted"
    )
    for fault in faults:
        print(f"WRONG: {fault}")
    return not faults and all(figure.is_right for figure in figures.values())


def main() -> int:
    """Measure both databases; 1 if anything is slower than asked, or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", default="postgresql://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--passages", type=int, default=50_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--port", type=int, default=8948)
    parser.add_argument("--report", action="store_true", help="return 0 whatever was measured")
    options = parser.parse_args()
    kinds = [options.only] if options.only else ["sqlite", "postgresql"]
    is_right = [run(kind, options) for kind in kinds]
    return 0 if all(is_right) or options.report else 1


if __name__ == "__main__":
    raise SystemExit(main())
