"""Making PDF files from pages of the product: nothing is fetched but its own static files."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property, lru_cache, partial
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app
from weasyprint import HTML
from weasyprint.document import Document
from weasyprint.urls import URLFetcher, URLFetcherResponse

from app.core.breaking import mend
from app.core.faces import prepared_face
from app.core.tagging import complete

mend()

#: Scheme of the pictures that a page is handed in memory: ``picture:themes.ranking``.
PICTURE = "picture"

#: File of the face of Arabic letters.
ARABIC_FACE = "tachawor-naskh.woff2"

_TAGGED: dict[str, Any] = {"pdf_tags": True, "pdf_variant": "pdf/ua-1"}


class LocalFetcher(URLFetcher):  # type: ignore[misc]
    """Opens the product's own static files and the pictures it was handed: no network, no folder.

    :param pictures: PNG files by the name after ``picture:``.
    """

    def __init__(self, folder: Path, pictures: Mapping[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols=("file", PICTURE), allow_redirects=False)
        self._folder = folder.resolve()
        self._pictures = dict(pictures or {})

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002
        """Return a picture or a static file.

        :raises PermissionError: for anything else.
        """
        parts = urlsplit(url)
        if parts.scheme == PICTURE and parts.path in self._pictures:
            return URLFetcherResponse(
                url, self._pictures[parts.path], {"Content-Type": "image/png"}
            )
        path = Path(unquote(parts.path)).resolve()
        if parts.scheme != "file" or not path.is_relative_to(self._folder):
            raise PermissionError(f"Printed pages fetch nothing from {url!r}.")
        kind = guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(path.as_uri(), _content(path), {"Content-Type": kind})


def _content(path: Path) -> bytes:
    """Return a static file as the PDF maker needs it."""
    if path.suffix == ".woff2":
        return prepared_face(path)
    if path.suffix == ".css":
        return _solved(path, path.stat().st_mtime_ns)
    return path.read_bytes()


@lru_cache(maxsize=8)
def _solved(path: Path, _modified_ns: int) -> bytes:
    """Return a style sheet with its variables solved: the maker solves them for each element anew.

    Only a sheet with one set of variables, in one ``:root``, can be solved once for all.
    """
    sheet = path.read_text(encoding="utf-8")
    roots = re.findall(r":root\s*{([^}]*)}", sheet)
    if len(roots) != 1 or sheet.count("--") < 1:
        return sheet.encode()
    values = dict(re.findall(r"(--[\w-]+)\s*:\s*([^;]+);", re.sub(r"/\*.*?\*/", "", roots[0])))
    solved = re.sub(r"var\((--[\w-]+)\)", lambda found: values.get(found[1], found[0]), sheet)
    return solved.encode()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Collect no garbage meanwhile: the maker makes millions of objects and keeps them all."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Laid:
    """A page laid out on sheets of paper, not yet written as a file."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @cached_property
    def places(self) -> dict[str, int]:
        """The sheet, counted from 1, on which each element that has an ``id`` begins."""
        return {
            name: number
            for number, page in reversed(list(enumerate(self._document.pages, 1)))
            for name in page.anchors
        }

    @property
    def sheets(self) -> int:
        """How many sheets there are."""
        return len(self._document.pages)

    def pdf(self) -> bytes:
        """Return the tagged PDF."""
        face = Path(current_app.static_folder or "") / "fonts" / ARABIC_FACE
        with _without_collecting():
            pdf: bytes = self._document.write_pdf(finisher=partial(complete, face=face), **_TAGGED)
        return pdf


def lay_out(html: str, *, pictures: Mapping[str, bytes] | None = None) -> Laid:
    """Lay a page out; its style sheets are named from the static folder.

    :param pictures: PNG files that the page names as ``picture:name``.
    """
    static = Path(current_app.static_folder or "")
    fetcher = LocalFetcher(static, pictures)
    with _without_collecting():
        page = HTML(string=html, base_url=static.as_uri() + "/", url_fetcher=fetcher)
        return Laid(page.render(**_TAGGED))


def print_pdf(html: str) -> bytes:
    """Return a page as a tagged PDF; its style sheets are named from the static folder."""
    return lay_out(html).pdf()
