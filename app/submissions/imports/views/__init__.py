"""Staff pages of the imports: files, their columns, what importing would do, what was imported."""

from __future__ import annotations

from app.submissions.imports.views import batches, checking, mappings, uploads

__all__ = ["batches", "checking", "mappings", "uploads"]
