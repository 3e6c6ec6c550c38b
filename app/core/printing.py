"""Making PDF files from pages of the product: nothing is fetched but its own static files."""

from __future__ import annotations

from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from app.core.faces import prepared_face


class LocalFetcher(URLFetcher):  # type: ignore[misc]
    """Opens the product's own static files and nothing else: no network, no other folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False)
        self._folder = folder.resolve()

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002
        """Return a static file.

        :raises PermissionError: for anything else.
        """
        parts = urlsplit(url)
        path = Path(unquote(parts.path)).resolve()
        if parts.scheme != "file" or not path.is_relative_to(self._folder):
            raise PermissionError(f"Printed pages fetch nothing from {url!r}.")
        kind = guess_type(path.name)[0] or "application/octet-stream"
        content = prepared_face(path) if path.suffix == ".woff2" else path.read_bytes()
        return URLFetcherResponse(path.as_uri(), content, {"Content-Type": kind})


def print_pdf(html: str) -> bytes:
    """Return a page as a tagged PDF; its style sheets are named from the static folder."""
    static = Path(current_app.static_folder or "")
    document = HTML(string=html, base_url=static.as_uri() + "/", url_fetcher=LocalFetcher(static))
    pdf: bytes = document.write_pdf(pdf_tags=True, pdf_variant="pdf/ua-1")
    return pdf
