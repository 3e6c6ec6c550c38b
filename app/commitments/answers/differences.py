"""What changed from one version of an answer to the next, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from app.commitments.answers.content import LANGUAGES, PARTS, Content
from app.commitments.models import ThemeAnswerVersion

_WORD = re.compile(r"\s+|[^\s\w]|\w+")


@dataclass(frozen=True)
class Piece:
    """Words that stayed, came or went: ``same``, ``added``, ``removed``."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """A text of an answer in a language, with what is different in it."""

    part: str
    lang: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Step:
    """A version and what it changed.

    :ivar state_before: the state that the version before had; empty if it has the same.
    """

    version: ThemeAnswerVersion
    changes: list[Change]
    state_before: str = ""


def compare(before: str, after: str) -> list[Piece]:
    """Return two texts as one, with the words that went and the words that came."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    return list(_pieces(old, new))


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    """Yield the stretches in order, what went before what came in its place."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(old[i:j]))
            continue
        if j > i:
            yield Piece("removed", "".join(old[i:j]))
        if m > k:
            yield Piece("added", "".join(new[k:m]))


def history(versions: list[ThemeAnswerVersion]) -> list[Step]:
    """Return the versions of an answer, the newest first, each beside the one before it."""
    steps = []
    before = Content(state="")
    for version in versions:
        now = Content.of(version)
        changed = before.state if before.state != now.state else ""
        steps.append(Step(version, _changes(before, now) if before.state else _whole(now), changed))
        before = now
    return steps[::-1]


def _changes(before: Content, now: Content) -> list[Change]:
    """Return the texts that are not the same."""
    return [
        Change(part, lang, compare(old, new))
        for part in PARTS
        for lang in LANGUAGES
        if (old := getattr(before, part).get(lang, "")) != (new := getattr(now, part).get(lang, ""))
    ]


def _whole(content: Content) -> list[Change]:
    """Return the texts of a first version: nothing of it is a change."""
    return [
        Change(part, lang, [Piece("same", text)])
        for part in PARTS
        for lang in LANGUAGES
        if (text := getattr(content, part).get(lang, ""))
    ]
