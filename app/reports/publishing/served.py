"""The open data of a version as they may be shown now.

The files that were published are kept and never change. Where words were withdrawn, erased, hidden
or masked since, the archive that is served is made again without them: hashes stay, so that every
count is proved as before, and ``withheld.csv`` says which words are gone.
"""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy.orm import Session

from app.reports.models import Report, ReportFile
from app.reports.publishing.delimited import Row, write
from app.reports.publishing.opening import open_archive
from app.reports.publishing.packing import as_json, packed, summed
from app.reports.publishing.reading import CLAIMS, Copy, copy_of
from app.reports.publishing.tables import columns_of
from app.reports.publishing.verifying import WITHHELD, WITHHELD_COLUMNS
from app.reports.queries import find_file
from app.reports.withheld import Gone, gone_since, shown

#: Copies kept in memory, each by the hash of its archive.
_KEPT = 3
_copies: OrderedDict[str, tuple[dict[str, bytes], Copy]] = OrderedDict()
_turn = Lock()


@dataclass(frozen=True)
class Served:
    """An archive as it may be shown now.

    :ivar gone: why words are withheld, by the position of their passage; empty: as published.
    """

    content: bytes
    gone: dict[int, str]

    @property
    def sha256(self) -> str:
        """The hash of the archive."""
        return sha256(self.content).hexdigest()


def frozen_copy(file: ReportFile) -> tuple[dict[str, bytes], Copy]:
    """Return the files of a stored archive, and what they say; kept in memory for the next."""
    with _turn:
        if file.sha256 in _copies:
            _copies.move_to_end(file.sha256)
            return _copies[file.sha256]
    files = open_archive(file.content, "open data")
    found = files, copy_of(files)
    with _turn:
        _copies[file.sha256] = found
        while len(_copies) > _KEPT:
            _copies.popitem(last=False)
    return found


def gone_rows(rows: list[Row], gone: Gone) -> dict[int, str]:
    """Return why words that were published may not be shown now, by position."""
    found = {}
    for position, row in enumerate(rows):
        if row["text"]:
            start, end = int(row["start"]), int(row["end"])
            reason = gone.reason(row["number"], row["question"], start, end)
            if reason:
                found[position] = reason
    return found


def archive_shown(session: Session, report: Report, folder: Path) -> Served | None:
    """Return the open data of a report as they may be shown now; None if it has none."""
    file = find_file(session, report.id, "", "zip")
    if file is None:
        return None
    gone = gone_since(session, report)
    if not gone:
        return Served(file.content, {})
    files, copy = frozen_copy(file)
    reasons = gone_rows(copy.rows, gone)
    if not reasons:
        return Served(file.content, {})
    key = sha256(repr(sorted(reasons.items())).encode()).hexdigest()[:16]
    path = folder / f"{report.id}-zip-{key}.zip"
    if path.exists():
        return Served(path.read_bytes(), reasons)
    content = packed(without(files, copy, reasons, gone), report.published_at)
    _keep(path, content, stale=f"{report.id}-zip-*.zip")
    return Served(content, reasons)


def _keep(path: Path, content: bytes, *, stale: str) -> None:
    """Keep a file; those made before may hold words that have been withdrawn since."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob(stale):
        old.unlink(missing_ok=True)
    part = path.parent / f".{secrets.token_hex(8)}"
    part.write_bytes(content)
    part.replace(path)


def without(
    files: dict[str, bytes], copy: Copy, reasons: dict[int, str], gone: Gone
) -> dict[str, bytes]:
    """Return files without the words of some passages; hashes and counts stay."""
    rows = [row | {"text": ""} if i in reasons else row for i, row in enumerate(copy.rows)]
    tables = json.loads(files["data.json"]) | {"passages": rows}
    told = [
        {name: copy.rows[i][name] for name in ("number", "question", "start", "end")}
        | {"reason": reason}
        for i, reason in sorted(reasons.items())
    ]
    stated: dict[str, Any] = copy.stated | {"report": shown(copy.body, gone)}
    return summed(
        files
        | {
            "passages.csv": write(columns_of("passages"), rows),
            "data.json": as_json(tables),
            CLAIMS: as_json(stated),
            WITHHELD: write(WITHHELD_COLUMNS, told),
        }
    )


def claims_shown(session: Session, report: Report) -> bytes | None:
    """Return the claims of a report as they may be shown now; None if they were not kept."""
    file = find_file(session, report.id, "", "claims")
    if file is None:
        return None
    gone = gone_since(session, report)
    body = shown(report.body, gone)
    if body == report.body:
        return file.content
    return as_json(
        {
            "version": report.version,
            "label": report.label,
            "published_at": report.published_at.isoformat(),
            "sha256": report.sha256,
            "report": body,
        }
    )
