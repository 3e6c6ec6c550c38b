"""A copy of the open data as people have it: an archive, a folder, or the claims beside the tables.

Archives come from strangers: they are measured before anything of them is unpacked.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

from app.core.archives import Limits, Refusals, measured
from app.reports.publishing.errors import NoOpenDataError
from app.reports.publishing.reading import CLAIMS

#: Bytes of all files together, and how many files: a report on a million passages stays below.
LIMITS = Limits(parts=60, unpacked=1_000_000_000)
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,60}")


def open_copy(path: Path) -> dict[str, bytes]:
    """Return the files of a copy, by name.

    :raises NoOpenDataError: if there is none at ``path``.
    """
    if path.is_dir():
        return _folder(path)
    if path.name.endswith(".json") and path.is_file():
        return _folder(path.parent) | {CLAIMS: path.read_bytes()}
    if not path.is_file():
        raise NoOpenDataError(path=path, why="there is no such file")
    return open_archive(path, str(path))


def open_archive(source: Path | bytes, name: str) -> dict[str, bytes]:
    """Return the files of an archive."""
    refusals = Refusals(
        broken=lambda: NoOpenDataError(path=name, why="it is no whole ZIP archive"),
        inflated=lambda: NoOpenDataError(path=name, why="it is far larger than open data are"),
        locked=lambda: NoOpenDataError(path=name, why="it is locked by a password"),
    )
    file = source if isinstance(source, Path) else io.BytesIO(source)
    with measured(file, LIMITS, refusals) as archive:
        parts = [part for part in archive.infolist() if not part.is_dir()]
        for part in parts:
            if not _NAME.fullmatch(part.filename):
                raise NoOpenDataError(path=name, why=f"a file is called {part.filename[:80]!r}")
        if len({part.filename for part in parts}) != len(parts):
            raise NoOpenDataError(path=name, why="two files have one name")
        return {part.filename: archive.read(part) for part in parts}


def _folder(path: Path) -> dict[str, bytes]:
    """Return the files of a folder, not those below."""
    found = [one for one in sorted(path.iterdir()) if one.is_file() and _NAME.fullmatch(one.name)]
    if len(found) > LIMITS.parts or sum(one.stat().st_size for one in found) > LIMITS.unpacked:
        raise NoOpenDataError(path=path, why="it is far larger than open data are")
    return {one.name: one.read_bytes() for one in found}
