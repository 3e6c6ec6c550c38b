"""Files of the open data, and the archive of them: the same version always gives the same bytes."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app.core.clock import CIVIL_ZONE
from app.reports.publishing import describing
from app.reports.publishing.delimited import write
from app.reports.publishing.reading import CLAIMS, TOLD, Files
from app.reports.publishing.tables import Frozen, columns_of, tables

SUMS = "SHA256SUMS"


@dataclass(frozen=True)
class Version:
    """Which version of a report the files are of."""

    number: int
    label: str
    published_at: datetime
    sha256: str


def as_json(value: Any) -> bytes:
    """Write JSON that people can read, always in the same way."""
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return f"{text}\n".encode()


def files_of(frozen: Frozen, version: Version) -> dict[str, bytes]:
    """Return every file, by name."""
    rows = tables(frozen)
    files = {f"{name}.csv": write(columns_of(name), found) for name, found in rows.items()}
    files["data.json"] = as_json(rows)
    files[TOLD] = as_json(dict(frozen.data.told))
    files[CLAIMS] = as_json(
        {
            "version": version.number,
            "label": version.label,
            "published_at": version.published_at.isoformat(),
            "sha256": version.sha256,
            "report": frozen.body,
        }
    )
    files |= describing.files(frozen.body, version, files)
    return summed(files)


def summed(files: Files) -> dict[str, bytes]:
    """Return files with the list of their hashes, as ``sha256sum`` writes and checks it."""
    named = {name: content for name, content in files.items() if name != SUMS}
    lines = [f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(named.items())]
    return named | {SUMS: "".join(lines).encode()}


def packed(files: Files, at: datetime) -> bytes:
    """Return an archive of files, all of them dated ``at``."""
    local = at.astimezone(CIVIL_ZONE)
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = ZipInfo(name, date_time=local.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()
