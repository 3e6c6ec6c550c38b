"""The demonstration's corpus: fictional answers, with the theme each passage was written for.

``data/corpus/*.jsonl`` holds one submission a line: who answers, from where, the structured answers
(``choices``) and, for each long text, its segments. A text is its segments joined by a space; a
segment's ``theme`` is what its author had in mind and serves to score the analysis, which never
sees it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Segment:
    """A stretch of an answer with the theme it was written for; ``end`` is exclusive."""

    start: int
    end: int
    theme: str


def lines() -> Iterator[dict[str, Any]]:
    """Yield the submissions, file by file."""
    folder = files("app.demonstration").joinpath("data", "corpus")
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if path.name.endswith(".jsonl"):
            for line in path.read_text(encoding="utf-8").splitlines():
                yield json.loads(line)


def joined(segments: list[dict[str, str]]) -> tuple[str, list[Segment]]:
    """Return an answer's text and where its segments stand in it."""
    text, placed = "", []
    for segment in segments:
        if text:
            text += " "
        placed.append(Segment(len(text), len(text) + len(segment["text"]), segment["theme"]))
        text += segment["text"]
    return text, placed
