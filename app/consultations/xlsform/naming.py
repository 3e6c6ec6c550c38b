"""Keys of questions made of the names that a form gives them."""

from __future__ import annotations

import re
from hashlib import sha256

from app.consultations.files import RESERVED_KEYS

_LENGTH = 40


class Keys:
    """Gives every question a key of its own, the form's name wherever that can be one."""

    def __init__(self) -> None:
        self.taken: set[str] = set(RESERVED_KEYS)

    def question(self, name: str, number: int) -> str:
        """Return a key for the question of a line."""
        key = shortened(name) or f"line_{number}"
        while key in self.taken:
            key = shortened(f"{key}_{number}")
            number += 1
        self.taken.add(key)
        return key

    def section(self, name: str) -> str | None:
        """Return the name of a group, short enough to be kept."""
        return shortened(name) or None


def shortened(name: str) -> str:
    """Return a name with letters, digits and "_" only, 40 at most; different names stay so."""
    key = re.sub(r"[^A-Za-z0-9_]", "_", name)
    if key and not (key[0].isalpha() or key[0] == "_"):
        key = f"_{key}"
    if key.strip("_") == "" or len(key) > _LENGTH:
        mark = sha256(name.encode()).hexdigest()[:6]
        key = f"{key[: _LENGTH - 7].strip('_') or 'q'}_{mark}" if name else ""
    return key
