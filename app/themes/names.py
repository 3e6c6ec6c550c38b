"""Names of themes: how they are compared, and how the machine's are kept apart."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.text import fold

#: Longest name, in characters, by hand or by machine.
NAME_LIMIT = 160
LANGUAGES = ("fr", "ar")


def key_of(name: str) -> str:
    """Return the form in which two names are the same."""
    return fold(name)[:200]


def free_name(name: str, keywords: Iterable[str], taken: set[str]) -> str:
    """Return ``name``, or the nearest one that no current theme bears, and mark it as taken.

    A second theme of the same name is told apart by its first keyword that the name lacks.
    """
    name = name.strip()[:NAME_LIMIT]
    words = [word for word in keywords if fold(word) not in fold(name)]
    candidates = [name, *(f"{name[: NAME_LIMIT - 40]} ({word[:36]})" for word in words)]
    number = 2
    while key_of(candidates[0]) in taken:
        candidates.pop(0)
        if not candidates:
            candidates.append(f"{name[: NAME_LIMIT - 40]} ({number})")
            number += 1
    taken.add(key_of(candidates[0]))
    return candidates[0]
