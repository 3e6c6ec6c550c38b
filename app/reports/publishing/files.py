"""The files of a version that readers may have, as they may be shown now."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy.orm import Session

from app.reports.models import Report
from app.reports.publishing.catalogue import Distribution, catalogue
from app.reports.publishing.describing import address_of
from app.reports.publishing.opening import open_archive
from app.reports.publishing.packing import Version, as_json
from app.reports.publishing.served import Served, archive_shown, claims_shown

#: Media types by the end of a name.
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "txt": "text/plain; charset=utf-8",
    "zip": "application/zip",
}
#: Files of the archive that have an address of their own.
ALONE = frozenset({"csv", "json", "txt"})


@dataclass(frozen=True)
class Copyable:
    """A file for a reader: ``content`` with its type."""

    name: str
    content: bytes
    media_type: str

    @property
    def sha256(self) -> str:
        """The hash of the content."""
        return sha256(self.content).hexdigest()


def version_of(report: Report) -> Version:
    """Return which version a report is."""
    return Version(report.version, report.label, report.published_at, report.sha256)


def one_of(session: Session, report: Report, name: str, folder: Path) -> Copyable | None:
    """Return one file of the open data; None where there is none of that name."""
    end = name.rpartition(".")[2]
    served = archive_shown(session, report, folder)
    if served is None or (end not in ALONE and name != "SHA256SUMS"):
        return None
    content = open_archive(served.content, name).get(name)
    if content is None:
        return None
    return Copyable(name, content, MEDIA_TYPES.get(end, MEDIA_TYPES["txt"]))


def claims_of(session: Session, report: Report) -> Copyable | None:
    """Return the claims of a version."""
    content = claims_shown(session, report)
    return None if content is None else Copyable("claims.json", content, MEDIA_TYPES["json"])


def catalogue_of(
    session: Session, report: Report, folder: Path, rendered: Iterable[Distribution] = ()
) -> Copyable | None:
    """Return the entry of a version in a catalogue, with its archive and rendered files.

    :param rendered: the files to read (PDF, DOCX).
    """
    served = archive_shown(session, report, folder)
    if served is None:
        return None
    files = open_archive(served.content, "open data")
    entry = json.loads(files["dcat.jsonld"])
    more = [distribution_of(report, served), *rendered]
    entry["dcat:distribution"] += catalogue(report.body, version_of(report), more)[
        "dcat:distribution"
    ]
    return Copyable("dcat.jsonld", as_json(entry), MEDIA_TYPES["jsonld"])


def distribution_of(report: Report, served: Served) -> Distribution:
    """Return what the catalogue says of the archive."""
    return Distribution(
        title=archive_name(report),
        address=address_of(report.body, version_of(report), "reports.open_data"),
        media_type=MEDIA_TYPES["zip"],
        size=len(served.content),
        sha256=served.sha256,
    )


def archive_name(report: Report) -> str:
    """Return the name that the archive has once downloaded."""
    return f"donnees-ouvertes-{report.body['consultation']['slug']}-v{report.version}.zip"
