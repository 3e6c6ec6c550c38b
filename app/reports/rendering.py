"""Making the PDF of a report: from its own template, in one language, without fetching anything."""

from __future__ import annotations

from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app, render_template
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from app.core.i18n import LANGUAGES, in_language
from app.reports.faces import prepared_face
from app.reports.operations import Edition
from app.reports.presentation import RINGS, View, star_at


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
            raise PermissionError(f"Reports fetch nothing from {url!r}.")
        kind = guess_type(path.name)[0] or "application/octet-stream"
        content = prepared_face(path) if path.suffix == ".woff2" else path.read_bytes()
        return URLFetcherResponse(path.as_uri(), content, {"Content-Type": kind})


def render_html(body: dict[str, Any], edition: Edition, lang: str) -> str:
    """Return the page that the PDF is made from."""
    with in_language(lang):
        return render_template(
            "reports/pdf.html",
            view=View(body),
            body=body,
            edition=edition,
            rings=[star_at(radius) for radius in RINGS],
            core=star_at(10),
            lang=lang,
            direction=LANGUAGES[lang].direction,
        )


def render_pdf(body: dict[str, Any], edition: Edition, lang: str) -> bytes:
    """Return the report as a tagged PDF in French or Arabic."""
    static = Path(current_app.static_folder or "")
    document = HTML(
        string=render_html(body, edition, lang),
        base_url=static.as_uri() + "/",
        url_fetcher=LocalFetcher(static),
    )
    pdf: bytes = document.write_pdf(pdf_tags=True, pdf_variant="pdf/ua-1")
    return pdf
