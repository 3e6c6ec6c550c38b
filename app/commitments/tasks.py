"""Jobs of the commitments."""

from __future__ import annotations

from app.commitments.answers import tasks as answers

__all__ = ["answers"]
