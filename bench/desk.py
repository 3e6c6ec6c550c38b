"""A member of staff's browser, without the browser: signs in, asks, sends forms, keeps times."""

from __future__ import annotations

import http.client
import re
import time
from urllib.parse import quote, urlencode

from app.demonstration.operations import PASSWORD
from bench.submitters import token


class Desk:
    """One signed-in person over one kept connection.

    :ivar seconds: what the last request took, to the last byte.
    """

    def __init__(self, port: int, email: str, lang: str = "fr") -> None:
        self.cookies: dict[str, str] = {}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.seconds = 0.0
        self.lang = lang
        page = self.get("/sign-in")
        sent = {"email": email, "password": PASSWORD, "csrf_token": token(page)}
        self._ask("POST", "/sign-in", sent)
        if "session" not in self.cookies:
            raise RuntimeError(f"{email} could not sign in")
        self.token = ""

    def get(self, path: str, *, is_part: bool = False) -> str:
        """Return a page; ``is_part``: as the page's script asks for a piece of it."""
        page = self._ask("GET", path, None, is_part=is_part)
        if found := re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page):
            self.token = found[1]
        return page

    def post(self, path: str, data: dict[str, object], *, is_part: bool = True) -> str:
        """Send a form with the proof of the last page; return the answer."""
        return self._ask("POST", path, {"csrf_token": self.token} | data, is_part=is_part)

    def _ask(
        self, method: str, path: str, data: dict[str, object] | None, *, is_part: bool = False
    ) -> str:
        """Send one request.

        :raises RuntimeError: if the answer is not the one wanted.
        """
        body = urlencode(data, doseq=True).encode() if data is not None else None
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept": "text/html",
            **({"HX-Request": "true"} if is_part else {}),
            **({"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}),
        }
        address = f"/{self.lang}{quote(path, safe='/?&=%:+')}"
        began = time.perf_counter()
        try:
            self._connection.request(method, address, body, headers)
            answer = self._connection.getresponse()
        except (http.client.HTTPException, ConnectionError):
            self._connection.close()  # kept open too long: a browser tries again, too
            began = time.perf_counter()
            self._connection.request(method, address, body, headers)
            answer = self._connection.getresponse()
        text = answer.read().decode()
        self.seconds = time.perf_counter() - began
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = header.split(";")[0].partition("=")
            self.cookies[name] = value
        if answer.status not in {200, 204, 302, 303}:
            raise RuntimeError(f"{method} {address}: {answer.status}\n{_said(text)}")
        return text


def _said(page: str) -> str:
    """Return the words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())[:600]
