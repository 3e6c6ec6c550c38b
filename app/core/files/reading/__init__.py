"""The words of a document with its pages, read in a process of its own with little to spend.

A document comes from a stranger and its reader is large: what goes wrong there (an endless loop,
all the memory) ends that process and nothing else.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core.files.errors import (
    BrokenFileError,
    FileRefusedError,
    LockedFileError,
    TooMuchTextError,
)
from app.core.files.kinds import FileKind

#: Most characters of one document, some seven hundred pages.
MOST_CHARACTERS = 2_000_000
#: Seconds that somebody who sends a file waits for its words.
WHILE_WAITING = 15
#: Seconds that a job may take.
IN_A_JOB = 300

_ROOT = Path(__file__).resolve().parents[4]
_REFUSALS: dict[str, type[FileRefusedError]] = {
    "locked": LockedFileError,
    "broken": BrokenFileError,
}


class TakesTooLongError(RuntimeError):
    """The time given was not enough."""


@dataclass(frozen=True)
class Reading:
    """What was read.

    :ivar text: the pages' words, one page after the other; empty for a scan.
    :ivar page_starts: offset in ``text``, in code points, at which each page begins.
    """

    text: str = ""
    page_starts: list[int] = field(default_factory=list)

    @property
    def n_pages(self) -> int:
        """How many pages there are."""
        return len(self.page_starts)

    @property
    def state(self) -> str:
        """``read``, or ``empty`` for a document without a word in it."""
        return "read" if self.text else "empty"


def read_text(path: Path, kind: FileKind, *, seconds: int = WHILE_WAITING) -> Reading:
    """Read the words of a document.

    :raises TakesTooLongError: if the seconds do not suffice.
    :raises FileRefusedError: if it is broken, locked, or holds more than :data:`MOST_CHARACTERS`.
    """
    command = [sys.executable, "-m", "app.core.files.reading", str(path), kind, str(seconds)]
    try:
        # The command is ours and its only foreign argument is a path that we made.
        done = subprocess.run(  # noqa: S603
            command, cwd=_ROOT, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TakesTooLongError from error
    found = _answer(done.stdout)
    if found is None:
        raise BrokenFileError
    if refusal := found.get("refused"):
        if refusal == "long":
            raise TooMuchTextError(limit=f"{MOST_CHARACTERS:,}".replace(",", "\u202f"))
        raise _REFUSALS[refusal]
    return Reading(found["text"], found["page_starts"])


def _answer(output: bytes) -> dict[str, Any] | None:
    """Return what the process answered, None if it died first."""
    try:
        found: dict[str, Any] = json.loads(output)
    except ValueError:
        return None
    return found
