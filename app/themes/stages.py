"""The stages of an analysis: their names for people, and their part of the whole."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

READING = "reading"
#: Stances, and where passages stand beside each other.
MAP = "map"
WRITING = "writing"
DIVIDING = "dividing"

#: Name and usual share of the time of each stage, in order; a stage that is not listed takes none.
STAGES: dict[str, tuple[Any, float]] = {
    READING: (_l("Reading the texts"), 0.02),
    "passages": (_l("Cutting the texts into passages"), 0.18),
    "copies": (_l("Looking for copied texts"), 0.10),
    "features": (_l("Comparing the words of the three languages"), 0.15),
    "clusters": (_l("Grouping the passages into themes"), 0.35),
    "names": (_l("Naming the themes"), 0.05),
    "quotations": (_l("Choosing quotations"), 0.05),
    MAP: (_l("Drawing the map of the passages"), 0.05),
    WRITING: (_l("Writing the results"), 0.05),
    DIVIDING: (_l("Looking for parts of the theme"), 0.0),
}


def overall(stage: str, done: float) -> float:
    """Return how far the whole is when ``done`` of a stage is, both in [0, 1]."""
    before = 0.0
    for name, (_label, share) in STAGES.items():
        if name == stage:
            return before + share * min(max(done, 0.0), 1.0)
        before += share
    return done


def stage_label(stage: str) -> str:
    """Return the name of a stage for people."""
    known = STAGES.get(stage)
    return str(known[0]) if known else stage
