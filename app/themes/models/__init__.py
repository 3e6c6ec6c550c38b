"""Tables of the analysis and of its review."""

from __future__ import annotations

from app.themes.models.found import AnalysisRun, Passage, PassageState, Placement
from app.themes.models.themes import (
    EventPassage,
    Proposal,
    ProposalState,
    Theme,
    ThemeEvent,
    ThemeStatus,
)
from app.themes.models.trust import Coding, CodingItem, CodingRound, ReviewLook

__all__ = [
    "AnalysisRun",
    "Coding",
    "CodingItem",
    "CodingRound",
    "EventPassage",
    "Passage",
    "PassageState",
    "Placement",
    "Proposal",
    "ProposalState",
    "ReviewLook",
    "Theme",
    "ThemeEvent",
    "ThemeStatus",
]
