"""Tables of what followed: the ministry's answers, and measures."""

from __future__ import annotations

from app.commitments.models.answers import AnswerState, ThemeAnswer, ThemeAnswerVersion
from app.commitments.models.measures import (
    Measure,
    MeasureDocument,
    MeasureEvent,
    MeasureKind,
    MeasurePassage,
    MeasureState,
    MeasureTheme,
    Milestone,
)

__all__ = [
    "AnswerState",
    "Measure",
    "MeasureDocument",
    "MeasureEvent",
    "MeasureKind",
    "MeasurePassage",
    "MeasureState",
    "MeasureTheme",
    "Milestone",
    "ThemeAnswer",
    "ThemeAnswerVersion",
]
