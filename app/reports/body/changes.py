"""What differs between a published body and the one that would be published now, in counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Changes:
    """Differences in numbers; ``before`` and ``after`` for each figure that changed.

    :ivar themes: names by language, voices before and after (None where the theme is not there).
    :ivar renamed: names before and after.
    """

    submissions: tuple[int, int]
    analysed: tuple[int, int]
    passages: tuple[int, int]
    n_themes: tuple[int, int]
    themes: list[tuple[dict[str, str], int | None, int | None]] = field(default_factory=list)
    renamed: list[tuple[dict[str, str], dict[str, str]]] = field(default_factory=list)


def compare(old: dict[str, Any], new: dict[str, Any]) -> Changes:
    """Compare two bodies of the same consultation."""
    a, b = old["participation"], new["participation"]
    before = {theme["id"]: theme for theme in old["themes"]}
    after = {theme["id"]: theme for theme in new["themes"]}
    changes = Changes(
        submissions=(a["submissions"], b["submissions"]),
        analysed=(a["analysed"], b["analysed"]),
        passages=(a["passages"], b["passages"]),
        n_themes=(len(before), len(after)),
    )
    for i in [*after, *(i for i in before if i not in after)]:
        was, now = before.get(i), after.get(i)
        voices = was and was["voices"], now and now["voices"]
        if voices[0] != voices[1]:
            changes.themes.append(((now or was or {})["name"], *voices))
        if was and now and was["name"] != now["name"]:
            changes.renamed.append((was["name"], now["name"]))
    return changes
