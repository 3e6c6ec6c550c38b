"""The versions of a report and their files, as the pages and the feeds list them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flask_babel
from flask import current_app, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.core.i18n import number
from app.reports.models import Report, ReportFile
from app.reports.publishing.files import claims_of
from app.reports.publishing.served import archive_shown
from app.reports.reasons import corrected, masked
from app.reports.sentences import fill
from app.reports.withheld import withheld

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext


@dataclass(frozen=True)
class Download:
    """A file that can be downloaded.

    :ivar is_as_published: nothing of it was made again without words withdrawn since.
    """

    label: str
    address: str
    size: int
    sha256: str
    is_as_published: bool = True


def changed(report: Report) -> Markup:
    """Say in one sentence what a version changed."""
    changes = report.changes
    if not changes:
        return Markup(_("First version."))  # noqa: S704
    parts = [*_submissions(changes), *_themes(changes), *_sentences(changes)]
    if changes.get("is_of_data"):
        parts += [*corrected(changes.get("corrected")), *masked(changes.get("masked"))]
    if not parts:
        return Markup(_("Only words of the text, or their order, changed."))  # noqa: S704
    what = Markup(_("; ")).join(parts)  # noqa: S704
    return fill(_("Differs from the version before: %(what)s."), what=what)


def _submissions(changes: dict[str, Any]) -> list[Markup]:
    """Say how many contributions came or went."""
    before, after = changes["submissions"]
    if before == after:
        return []
    n = abs(after - before)
    if after > before:
        message = ngettext(
            "%(count)s contribution more", "%(count)s contributions more", n, count="%(count)s"
        )
    else:
        message = ngettext(
            "%(count)s contribution fewer", "%(count)s contributions fewer", n, count="%(count)s"
        )
    return [fill(message, count=number(n))]


def _themes(changes: dict[str, Any]) -> list[Markup]:
    """Say how many themes there are where it changed."""
    before, after = changes["n_themes"]
    if before == after:
        return []
    return [
        fill(
            _("%(after)s themes instead of %(before)s"), after=number(after), before=number(before)
        )
    ]


def _sentences(changes: dict[str, Any]) -> list[Markup]:
    """Say how many sentences changed."""
    n = len(changes.get("claims", []))
    if not n:
        return []
    message = ngettext(
        "%(count)s sentence changed", "%(count)s sentences changed", n, count="%(count)s"
    )
    return [fill(message, count=number(n))]


def downloads_of(session: Session, report: Report, folder: Path) -> list[Download]:
    """Return the files of a version, with sizes and checksums."""
    slug = report.body["consultation"]["slug"]
    where = {"slug": slug, "version": report.version}
    is_whole = not withheld(session, report)
    found = [
        Download(_label(file.kind, file.lang), address, file.size, file.sha256, is_whole)
        for file in sorted(report.files, key=_order)
        if file.lang and (address := _address(file.kind, file.lang, where))
    ]
    served = archive_shown(session, report, folder)
    if served is not None:
        address = url_for("reports.open_data", **where)
        found.append(
            Download(
                _("Open data (ZIP)"),
                address,
                len(served.content),
                served.sha256,
                is_as_published=not served.gone,
            )
        )
    claims = claims_of(session, report)
    if claims is not None:
        stored = {file.sha256 for file in report.files if file.kind == "claims"}
        address = url_for("reports.claims_file", **where)
        found.append(
            Download(
                _("All claims (JSON)"),
                address,
                len(claims.content),
                claims.sha256,
                is_as_published=claims.sha256 in stored,
            )
        )
    return found


def _order(file: ReportFile) -> tuple[bool, str, bool]:
    """Return where a file stands: PDF first, French first."""
    return file.kind != "pdf", file.kind, file.lang != "fr"


def _label(kind: str, lang: str) -> str:
    """Return what a file is called."""
    names = {
        ("pdf", "fr"): _("PDF in French"),
        ("pdf", "ar"): _("PDF in Arabic"),
        ("docx", "fr"): _("Word in French"),
        ("docx", "ar"): _("Word in Arabic"),
    }
    return names.get((kind, lang), f"{kind} {lang}")


def _address(kind: str, lang: str, where: dict[str, Any]) -> str:
    """Return where a file is, nothing if it has no address of its own."""
    if current_app.url_map.is_endpoint_expecting("reports.download", "kind"):
        return url_for("reports.download", language=lang, kind=kind, **where)
    return url_for("reports.download", language=lang, **where) if kind == "pdf" else ""
