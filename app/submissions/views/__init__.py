"""Pages: answering, reading what came in, the state of the collection, and imports."""

from __future__ import annotations

from app.submissions.blueprint import bp
from app.submissions.imports import views as imports
from app.submissions.views import offline, participate, resuming, sending, staff

__all__ = ["bp", "imports", "offline", "participate", "resuming", "sending", "staff"]
