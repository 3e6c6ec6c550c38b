"""A test client that checks every HTML page it fetches, as a careful reader would."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.db import db

#: Elements that have no closing tag.
VOID = {
    "area",
    "br",
    "col",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "wbr",
    "path",
    "rect",
    "line",
    "circle",
}


class Page(HTMLParser):
    """What a check needs to know of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: Counter[str] = Counter()
        self.h1: list[str] = []
        self.title = ""
        self.lang = self.direction = ""
        self.inline: list[str] = []
        self.labels: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note ids, language, headings and anything inline."""
        attributes = dict(attrs)
        if attributes.get("id"):
            self.ids[attributes["id"] or ""] += 1
        if tag == "html":
            self.lang, self.direction = attributes.get("lang") or "", attributes.get("dir") or ""
        if tag == "h1":
            self.h1.append("")
        if (
            tag == "style"
            or "style" in attributes
            or any(name.startswith("on") for name in attributes)
        ):
            self.inline.append(f"<{tag} {attributes}>")
        if tag == "script" and not attributes.get("src"):
            self.inline.append("<script> without src")
        if tag not in VOID:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        if tag in self._inside:
            while self._inside and self._inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Collect the title's and the first heading's words."""
        if "h1" in self._inside and self.h1:
            self.h1[-1] += data
        if "title" in self._inside and "svg" not in self._inside:
            self.title += data


def plain(text: str) -> str:
    """Fold white space."""
    return " ".join(text.split())


def check(html: str, path: str) -> None:
    """Fail with the page's address if anything is amiss."""
    page = Page(html)
    twice = [name for name, count in page.ids.items() if count > 1]
    assert not twice, f"{path}: ids that stand twice: {twice}"
    assert len(page.h1) == 1, f"{path}: {len(page.h1)} h1"
    assert plain(page.title).startswith(plain(page.h1[0])), (
        f"{path}: the title {page.title!r} does not begin with the heading {page.h1[0]!r}"
    )
    assert not page.inline, f"{path}: inline script or style: {page.inline[:3]}"
    assert page.direction == ("rtl" if page.lang == "ar" else "ltr"), f"{path}: dir"


class CheckedClient(FlaskClient):
    """Checks the pages it is given; ``client.get(path, unchecked=True)`` does not.

    A request gets an application context of its own, as from a server: what the test made is
    committed before, and nothing of one request (who is signed in, say) is left for the next.
    """

    def open(self, *args: Any, unchecked: bool = False, **kwargs: Any) -> TestResponse:
        """Fetch and check."""
        if has_app_context():
            db.session.commit()
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        is_page = response.mimetype == "text/html" and not 300 <= response.status_code < 400
        if is_page and response.data and not unchecked:
            check(response.get_data(as_text=True), response.request.path)
        return response
