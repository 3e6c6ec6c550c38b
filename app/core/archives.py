"""ZIP archives from strangers: measured by their directory before anything of them is unpacked."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

#: What reading an archive that is not whole raises; a compression that is not known, and a part
#: behind a password, are runtime errors.
BROKEN = (
    BadZipFile,
    EOFError,
    LookupError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    zlib.error,
)

#: The end of an archive is looked for in so many bytes: its record and the longest comment.
_END = 66_000
_RECORD = b"PK\x05\x06"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What an archive may hold.

    :ivar parts: how many parts.
    :ivar unpacked: bytes of all parts together, as declared; unpacking cannot exceed it.
    :ivar directory: bytes of the directory, which whoever opens the archive reads whole.
    """

    parts: int
    unpacked: int
    directory: int = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Refusals:
    """The errors by which a feature refuses an archive: each is made when it is needed."""

    broken: Callable[[], Exception]
    inflated: Callable[[], Exception]
    locked: Callable[[], Exception]


@contextmanager
def measured(source: Path | BinaryIO, limits: Limits, refusals: Refusals) -> Iterator[ZipFile]:
    """Open an archive that stays within limits; what breaks while it is read is refused too."""
    if isinstance(source, Path):
        with source.open("rb") as file, measured(file, limits, refusals) as archive:
            yield archive
        return
    try:
        if _directory_size(source) > limits.directory:
            raise refusals.inflated()
        with ZipFile(source) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise refusals.locked()
            if len(parts) > limits.parts or sum(p.file_size for p in parts) > limits.unpacked:
                raise refusals.inflated()
            yield archive
    except BROKEN as error:
        raise refusals.broken() from error


def _directory_size(source: BinaryIO) -> int:
    """Return the size of the directory of parts, as the end of the file states it.

    :raises BadZipFile: if there is no such end.
    """
    size = source.seek(0, 2)
    source.seek(-min(size, _END), 2)
    end = source.read()
    source.seek(0)
    at = end.rfind(_RECORD)
    if at < 0 or len(end) < at + 22:
        raise BadZipFile
    return int.from_bytes(end[at + 12 : at + 16], "little")
