"""Where the bytes are: a folder outside everything that is served, under random names."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flask import current_app

from app.core.files.errors import EmptyFileError, FileTooLargeError

MEGABYTE = 1024 * 1024
_CHUNK = 1 << 16
_TOKEN = re.compile(r"[a-z0-9]{40}")


@dataclass(frozen=True)
class Incoming:
    """Bytes that have arrived and are not kept yet."""

    path: Path
    token: str
    size: int
    sha256: str


class FileStore:
    """The folder: ``ab/cdef...`` for the token ``abcdef...``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, token: str) -> Path:
        """Return where a token's bytes are.

        :raises ValueError: if it is no token; nothing else ever becomes a path.
        """
        if not _TOKEN.fullmatch(token):
            raise ValueError(token)
        return self._folder / token[:2] / token[2:]

    def receive(self, source: IO[bytes], *, limit: int) -> Incoming:
        """Copy what is sent beside the kept files, piece by piece, up to a limit of bytes.

        :raises FileTooLargeError: if there is more.
        :raises EmptyFileError: if there is nothing.
        """
        token = secrets.token_hex(20)
        waiting = self._folder / ".incoming"
        waiting.mkdir(mode=0o700, parents=True, exist_ok=True)
        path, digest, size = waiting / token, hashlib.sha256(), 0
        try:
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
                while chunk := source.read(_CHUNK):
                    size += len(chunk)
                    _check_size(size, limit)
                    digest.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            _check_size(size, limit)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Incoming(path, token, size, digest.hexdigest())

    def keep(self, incoming: Incoming) -> None:
        """Move what has arrived to its place, safely on disk when this returns."""
        place = self.path(incoming.token)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        incoming.path.rename(place)
        for folder in (place.parent, self._folder):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def discard(self, incoming: Incoming) -> None:
        """Delete what has arrived."""
        incoming.path.unlink(missing_ok=True)

    def delete(self, token: str) -> None:
        """Delete a token's bytes, if they are still there."""
        self.path(token).unlink(missing_ok=True)

    def older_than(self, instant: float) -> Iterator[tuple[str, Path]]:
        """Yield the token and the path of the bytes, kept or not, written before an instant.

        :param instant: seconds since the epoch, by the clock of the disk.
        """
        for path in self._folder.glob("*/*"):
            if path.is_file() and path.stat().st_mtime < instant:
                is_kept = path.parent.name != ".incoming"
                yield (path.parent.name + path.name if is_kept else path.name), path


def _check_size(size: int, limit: int) -> None:
    """Check a number of bytes.

    :raises FileRefusedError: if there are none, or more than the limit.
    """
    if not size:
        raise EmptyFileError
    if size > limit:
        raise FileTooLargeError(limit=f"{limit / MEGABYTE:.3g}")


def store() -> FileStore:
    """Return the folder of this instance."""
    found: FileStore = current_app.extensions["files"]
    return found
