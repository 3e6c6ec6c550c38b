"""Many people answer at once: ``python -m bench.submitters`` (needs PostgreSQL).

Serves the demonstration's consultation from a database of its own by gunicorn, as
``docs/operations.md`` says, and lets 100 submitters answer it for a minute: each opens every
section, types, sends the form with its proof and its cookies, agrees, sends, and reads the receipt,
then somebody new begins. Between two pages each waits a moment (``--pause``), far less than anybody
reads. Afterwards every receipt that was shown must be in the database.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import resource
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import psycopg

ROOT = Path(__file__).resolve().parent.parent
CONSULTATION = "/consultations/strategie-2021-2026"
STORY = (
    "Le centre est à quarante kilomètres et le car ne passe qu’une fois par semaine. المركز بعيد."
)
_FIELD = re.compile(r"<(input|select|textarea)\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w:-]+)(?:="([^"]*)")?')
_CODE = re.compile(r'class="code".*?<span>(\w{4})</span><i>-</i><span>(\w{4})</span>', re.DOTALL)


@dataclass
class Tally:
    """What all submitters saw."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str, seconds: float) -> None:
        """Keep the time of one request."""
        with self.lock:
            self.seconds.setdefault(what, []).append(seconds)


class Submitter:
    """Somebody with a browser of their own."""

    def __init__(self, port: int, tally: Tally, pause: float) -> None:
        self.port, self.tally, self.pause = port, tally, pause
        self.cookies: dict[str, str] = {}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.lang = random.choice(("fr", "ar"))
        self.base = f"/{self.lang}{CONSULTATION}/participate"

    def ask(
        self, what: str, method: str, path: str, data: dict[str, object] | None = None
    ) -> tuple[int, str, str]:
        """Send one request; return status, address to go on to, and the page."""
        time.sleep(random.uniform(0.5, 1.5) * self.pause)
        body = urlencode(data, doseq=True) if data is not None else None
        headers = {
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            "Accept": "text/html",
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start = time.perf_counter()
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.HTTPException, ConnectionError):
            self.connection.close()  # kept open too long: a browser tries again, too
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        text = answer.read().decode()
        self.tally.note(what, time.perf_counter() - start)
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = header.split(";")[0].partition("=")
            self.cookies[name] = value
        if answer.status not in {200, 303}:
            raise RuntimeError(f"{method} {path}: {answer.status}")
        return answer.status, answer.headers.get("Location") or "", text

    def answer_all(self) -> str:
        """Go the whole way; return the receipt's code."""
        _status, _to, page = self.ask("door", "GET", self.base)
        _status, to, _page = self.ask("begin", "POST", self.base, {"csrf_token": token(page)})
        for _step in range(20):
            _status, _to, page = self.ask("section", "GET", to.split("#")[0])
            _status, onward, _page = self.ask("keep", "POST", to.split("#")[0], filled(page))
            to = onward
            if to.endswith("/check"):
                break
        _status, _to, page = self.ask("check", "GET", to)
        sent = {
            name: value for name, value in fields(page) if name in {"csrf_token", "proof", "notice"}
        }
        _status, to, _page = self.ask("send", "POST", f"{self.base}/send", sent | {"agree": "y"})
        _status, _to, page = self.ask("receipt", "GET", to)
        found = _CODE.search(page)
        if not found:
            raise RuntimeError("no code on the receipt")
        return found[1] + found[2]


def fields(page: str) -> list[tuple[str, str]]:
    """Return name and value of every hidden field."""
    found = []
    for kind, text in _FIELD.findall(page):
        attributes = dict(_ATTRIBUTE.findall(text))
        is_hidden = kind == "input" and attributes.get("type") == "hidden"
        if is_hidden and "disabled" not in attributes:
            found.append((attributes.get("name", ""), unescape(attributes.get("value", ""))))
    return found


def token(page: str) -> str:
    """Return the page's proof."""
    return dict(fields(page))["csrf_token"]


def filled(page: str) -> dict[str, object]:
    """Fill a section as somebody would: the first rating, one tick, one region, some words."""
    data: dict[str, object] = {"go": "next"}
    for name, value in fields(page):
        data.setdefault(name, [])
        data[name].append(value)  # type: ignore[attr-defined]
    for kind, text in _FIELD.findall(page):
        attributes = dict(_ATTRIBUTE.findall(text))
        name = attributes.get("name", "")
        if not name or name in data or attributes.get("type") == "hidden":
            continue
        if kind == "textarea":
            data[name] = f"{STORY} {secrets.token_hex(4)}"
        elif name == "actor_type":
            data[name] = "citizen"
        elif attributes.get("type") in {"radio", "checkbox"} and attributes.get("value") != "other":
            data[name] = unescape(attributes.get("value", ""))
        elif name.endswith("-region"):
            data[name] = "08"
    return data


def submit_until(end: float, port: int, tally: Tally, pause: float) -> None:
    """Answer, again and again, as somebody new each time."""
    time.sleep(random.uniform(0, 10 * pause))
    while time.monotonic() < end:
        try:
            code = Submitter(port, tally, pause).answer_all()
        except Exception as fault:  # noqa: BLE001  every fault counts, whatever it is
            with tally.lock:
                tally.faults.append(repr(fault))
            continue
        with tally.lock:
            tally.receipts.append(code)


def percentile(values: list[float], share: float) -> float:
    """Return a percentile, in milliseconds."""
    ordered = sorted(values)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def environment(url: str, instance: str) -> dict[str, str]:
    """Return the environment of the commands."""
    return os.environ | {
        "TACHAWOR_PROFILE": "demo",
        "DATABASE_URL": url,
        "TACHAWOR_INSTANCE": instance,
        "FLASK_APP": "wsgi",
    }


def serve(port: int, env: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start gunicorn as in production and wait for it."""
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "wsgi:app", "--log-level", "warning"],
        cwd=ROOT,
        env=env | {"TACHAWOR_BIND": f"127.0.0.1:{port}"},
    )
    for _attempt in range(120):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return server
        except OSError:
            time.sleep(0.5)
    raise TimeoutError("the site does not answer")


def used() -> float:
    """Return the processor's seconds that finished children used: they do not hang on the load."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def report(tally: Tally, seconds: float, n_missing: int, busy: float) -> None:
    """Print what was measured; ``busy``: seconds of the processor that the site used."""
    everything = [value for values in tally.seconds.values() for value in values]
    print(f"{'page':<10}{'requests':>10}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}")
    for what, values in [*tally.seconds.items(), ("all", everything)]:
        print(
            f"{what:<10}{len(values):>10}{percentile(values, 0.5):>9.0f}"
            f"{percentile(values, 0.95):>9.0f}{1000 * max(values):>9.0f}"
        )
    print(f"{1000 * busy / len(everything):.1f} ms of one core per request, starting included")
    print(
        f"{len(everything) / seconds:.0f} requests/s, {len(tally.receipts)} submissions, "
        f"{len(tally.faults)} faults, {n_missing} receipts missing"
    )
    for fault in sorted(set(tally.faults))[:5]:
        print(f"  {fault}")


def main() -> int:
    """Run the bench; 1 if anything was lost, failed or slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", default="postgresql://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--submitters", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=2.0, help="mean pause before a request, s")
    parser.add_argument("--port", type=int, default=8947)
    options = parser.parse_args()
    name = f"tachawor_bench_{secrets.token_hex(3)}"
    url = f"{options.server.rsplit('/', 1)[0]}/{name}"
    with psycopg.connect(options.server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    tally = Tally()
    try:
        with tempfile.TemporaryDirectory() as instance:
            env = environment(url, instance)
            for command in (["db", "upgrade"], ["demonstration", "load"]):
                subprocess.run(
                    [sys.executable, "-m", "flask", *command],
                    cwd=ROOT,
                    env=env,
                    check=True,
                    capture_output=True,
                )
            before = used()
            server = serve(options.port, env)
            try:
                start = time.monotonic()
                people = [
                    threading.Thread(
                        target=submit_until,
                        args=(start + options.seconds, options.port, tally, options.pause),
                    )
                    for _number in range(options.submitters)
                ]
                for person in people:
                    person.start()
                for person in people:
                    person.join()
                seconds = time.monotonic() - start
            finally:
                server.send_signal(signal.SIGTERM)
                server.wait(timeout=60)
            with psycopg.connect(url) as connection:
                rows = connection.execute(
                    "SELECT receipt_code FROM submissions WHERE channel = 'web'"
                )
                known = {row[0] for row in rows}
    finally:
        with psycopg.connect(options.server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    n_missing = len(set(tally.receipts) - known)
    report(tally, seconds, n_missing, used() - before)
    everything = [value for values in tally.seconds.values() for value in values]
    is_right = (
        not tally.faults and not n_missing and len(set(tally.receipts)) == len(tally.receipts)
    )
    return 0 if is_right and percentile(everything, 0.95) < 300 else 1


if __name__ == "__main__":
    raise SystemExit(main())
