"""ODK Central's export: a ZIP of CSV files, one of the answers and one for each repeated group."""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile, ZipInfo, is_zipfile

from app.core.archives import Limits, Refusals, measured
from app.submissions.imports import errors

#: Largest size of the answers unpacked; media beside them are not unpacked at all.
_UNPACKED = 500 * 1024 * 1024
#: Most bytes that all files together declare.
_DECLARED = 20 * 1024 * 1024 * 1024


def _too_large() -> errors.InflatedWorkbookError:
    """Return the error of an export that unpacks into too much."""
    return errors.InflatedWorkbookError(limit=_UNPACKED // 1024 // 1024)


_LIMITS = Limits(parts=1_000, unpacked=_DECLARED)
_REFUSALS = Refusals(
    broken=errors.DamagedWorkbookError,
    inflated=_too_large,
    locked=errors.EncryptedWorkbookError,
)


@dataclass(frozen=True)
class Bundle:
    """What a ZIP holds.

    :ivar main: the file of the answers.
    :ivar others: files that are not read: repeated groups, media.
    """

    main: str
    others: tuple[str, ...]


def find_bundle(path: Path) -> Bundle | None:
    """Return what a ZIP of CSV files holds, None if the file is anything else.

    :raises InflatedWorkbookError: if it would unpack into too much.
    """
    if not is_zipfile(path):
        return None
    with measured(path, _LIMITS, _REFUSALS) as archive:
        parts = [part for part in archive.infolist() if not part.is_dir()]
        tables = [part for part in parts if part.filename.lower().endswith(".csv")]
        if not tables or any(part.filename == "[Content_Types].xml" for part in parts):
            return None
        if sum(part.file_size for part in tables) > _UNPACKED:
            raise _too_large()
        main = _main(archive, tables)
    return Bundle(main, tuple(part.filename for part in parts if part.filename != main))


def _main(archive: ZipFile, tables: list[ZipInfo]) -> str:
    """Return the file of the answers: the largest of those that are nobody's repeated group."""
    roots = []
    for part in tables:
        with archive.open(part) as source:
            line = io.TextIOWrapper(source, encoding="utf-8-sig", errors="replace").readline(65_536)
        columns = next(csv.reader([line]), [])
        if "PARENT_KEY" not in columns:
            roots.append(part)
    return max(roots or tables, key=lambda part: part.file_size).filename


def unpack(path: Path, bundle: Bundle, target: Path) -> None:
    """Write the file of the answers, never more of it than its directory declares.

    :raises DamagedWorkbookError: if the archive cannot be read to its end.
    """
    with (
        measured(path, _LIMITS, _REFUSALS) as archive,
        archive.open(bundle.main) as source,
        target.open("wb") as out,
    ):
        shutil.copyfileobj(source, out, 1 << 16)
