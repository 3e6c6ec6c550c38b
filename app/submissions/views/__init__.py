"""Pages: answering, reading what came in, the collection, imports, the space of organisations."""

from __future__ import annotations

from app.submissions.afterwards import views as afterwards
from app.submissions.attachments import views as attachments
from app.submissions.blueprint import bp
from app.submissions.dashboard import views as dashboard
from app.submissions.imports import views as imports
from app.submissions.moderation import views as moderation
from app.submissions.paper import entry_views as paper_entry
from app.submissions.paper import views as paper
from app.submissions.positions import signing_views as position_signing
from app.submissions.positions import views as positions
from app.submissions.rights import views as rights
from app.submissions.views import offline, participate, preview, resuming, sending, staff

__all__ = [
    "afterwards",
    "attachments",
    "bp",
    "dashboard",
    "imports",
    "moderation",
    "offline",
    "paper",
    "paper_entry",
    "participate",
    "position_signing",
    "positions",
    "preview",
    "resuming",
    "rights",
    "sending",
    "staff",
]
