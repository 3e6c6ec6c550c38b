"""ODK Central's export: a ZIP of CSV files, one of the answers and one for each repeated group."""

from __future__ import annotations

import csv
import io
import shutil
import zlib
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo, is_zipfile

from app.submissions.imports import errors

#: Most files, and the largest size of the answers unpacked.
_FILES = 1_000
_UNPACKED = 500 * 1024 * 1024


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
    try:
        with ZipFile(path) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir()]
            tables = [part for part in parts if part.filename.lower().endswith(".csv")]
            if not tables or any(part.filename == "[Content_Types].xml" for part in parts):
                return None
            if len(parts) > _FILES or sum(part.file_size for part in tables) > _UNPACKED:
                raise errors.InflatedWorkbookError(limit=_UNPACKED // 1024 // 1024)
            main = _main(archive, tables)
    except (BadZipFile, NotImplementedError, zlib.error, OSError, RuntimeError) as error:
        raise errors.DamagedWorkbookError from error
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
    try:
        with (
            ZipFile(path) as archive,
            archive.open(bundle.main) as source,
            target.open("wb") as out,
        ):
            shutil.copyfileobj(source, out, 1 << 16)
    except (BadZipFile, NotImplementedError, zlib.error, EOFError, RuntimeError) as error:
        raise errors.DamagedWorkbookError from error
