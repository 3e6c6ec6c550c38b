"""Pages: answering, reading what came in, the collection, imports, the space of organisations."""

from __future__ import annotations

from app.submissions.blueprint import bp
from app.submissions.imports import views as imports
from app.submissions.positions import views as positions
from app.submissions.views import participate, sending, staff

__all__ = ["bp", "imports", "participate", "positions", "sending", "staff"]
