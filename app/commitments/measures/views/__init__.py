"""Pages of measures: for the public, for the staff, their ties and their files."""

from __future__ import annotations

from app.commitments.measures.views import common, exchange, public, staff, ties

__all__ = ["common", "exchange", "public", "staff", "ties"]
