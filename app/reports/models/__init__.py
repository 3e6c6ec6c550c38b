"""Tables of the synthesis reports."""

from __future__ import annotations

from app.reports.models.drafts import DraftState, ReportApproval, ReportComment, ReportDraft
from app.reports.models.published import Report, ReportFile
from app.reports.models.readers import ReportSubscription

__all__ = [
    "DraftState",
    "Report",
    "ReportApproval",
    "ReportComment",
    "ReportDraft",
    "ReportFile",
    "ReportSubscription",
]
