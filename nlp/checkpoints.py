"""Results of finished stages on disk, so that a stopped analysis goes on where it was."""

import io
import json
import os
import re
import zipfile
from pathlib import Path
from typing import Any, Protocol

import numpy as np

Payload = dict[str, Any]
_JSON = "json"


class Checkpoints(Protocol):
    """What :func:`nlp.analyse` asks of a place that keeps the results of stages."""

    def save(self, stage: str, payload: Payload) -> None:
        """Keep the result of a stage: NumPy arrays and JSON values by name."""

    def load(self, stage: str) -> Payload | None:
        """Return the result kept for a stage, or None."""


class DirectoryCheckpoints:
    """Keeps one file a stage in a directory.

    A file is written whole under another name, flushed to the disk and renamed, so a stop at any
    moment leaves the old file or the new one. A file that cannot be read counts as absent.
    Nothing is pickled.

    Parameters
    ----------
    path : path-like
        The directory; made when first written to.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        """Remember the directory."""
        self.path = Path(path)

    def _file(self, stage: str) -> Path:
        """Return the file of a stage."""
        return self.path / f"{re.sub('[^a-z0-9_-]', '_', stage)}.npz"

    def save(self, stage: str, payload: Payload) -> None:
        """Write the result of a stage, whole or not at all."""
        self.path.mkdir(parents=True, exist_ok=True)
        arrays = {key: value for key, value in payload.items() if isinstance(value, np.ndarray)}
        rest = {key: value for key, value in payload.items() if key not in arrays}
        text = json.dumps(rest, ensure_ascii=True, sort_keys=True)
        arrays[_JSON] = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **arrays)
        target = self._file(stage)
        temporary = target.with_name(f"{target.name}.{os.getpid()}.tmp")
        with temporary.open("wb") as stream:
            stream.write(buffer.getbuffer())
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
        self._sync_directory()

    def _sync_directory(self) -> None:
        """Flush the rename itself to the disk."""
        handle = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def load(self, stage: str) -> Payload | None:
        """Return the result of a stage, or None when there is none that can be read."""
        try:
            # Opened here, so that it is closed also when it holds no archive.
            with (
                self._file(stage).open("rb") as stream,
                np.load(stream, allow_pickle=False) as archive,
            ):
                payload: Payload = {key: archive[key] for key in archive.files}
            text = payload.pop(_JSON).tobytes().decode("ascii")
            payload.update(json.loads(text))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        return payload
