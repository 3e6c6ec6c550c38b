"""Staff pages of the codebook."""

from __future__ import annotations

from app.themes.codebook.views import book, exports, imports

__all__ = ["book", "exports", "imports"]
