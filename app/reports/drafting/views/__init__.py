"""Staff pages: versions and the draft, its editor, comments, comparisons."""

from __future__ import annotations

from app.reports.drafting.views import comments, comparing, editor, overview, section

__all__ = ["comments", "comparing", "editor", "overview", "section"]
