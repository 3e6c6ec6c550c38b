"""Jobs of the submissions."""

from __future__ import annotations

from app.submissions.imports import tasks as imports

__all__ = ["imports"]
