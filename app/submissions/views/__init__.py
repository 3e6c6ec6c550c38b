"""Pages: answering, reading what came in, and the state of the collection."""

from __future__ import annotations

from app.submissions.blueprint import bp

__all__ = ["bp"]
