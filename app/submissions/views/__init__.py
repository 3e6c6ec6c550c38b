"""Pages: answering, reading what came in, the collection, imports, the space of organisations."""

from __future__ import annotations

from app.submissions.afterwards import views as afterwards
from app.submissions.blueprint import bp
from app.submissions.dashboard import views as dashboard
from app.submissions.imports import views as imports
from app.submissions.moderation import views as moderation
from app.submissions.positions import views as positions
from app.submissions.rights import views as rights
from app.submissions.views import offline, participate, preview, resuming, sending, staff

__all__ = [
    "afterwards",
    "bp",
    "dashboard",
    "imports",
    "moderation",
    "offline",
    "participate",
    "positions",
    "preview",
    "resuming",
    "rights",
    "sending",
    "staff",
]
