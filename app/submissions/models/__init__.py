"""Tables of drafts and submissions, and of the ways by which they come in."""

from __future__ import annotations

from app.submissions.models.care import Contact, DataRequest, ModerationCase, Redaction
from app.submissions.models.collecting import Digest, Target
from app.submissions.models.drafts import Attempt, Draft
from app.submissions.models.entry import EntryRecord, PaperEntry, PaperForm, PaperRun
from app.submissions.models.files import Attachment, AttachmentRole
from app.submissions.models.imports import ImportBatch, ImportRefusal, SavedMapping
from app.submissions.models.positions import (
    Position,
    PositionApproval,
    PositionComment,
    PositionEdit,
    PositionState,
)
from app.submissions.models.said import (
    Answer,
    Channel,
    Consent,
    Submission,
    SubmissionState,
    SubmissionVersion,
)

__all__ = [
    "Answer",
    "Attachment",
    "AttachmentRole",
    "Attempt",
    "Channel",
    "Consent",
    "Contact",
    "DataRequest",
    "Digest",
    "Draft",
    "EntryRecord",
    "ImportBatch",
    "ImportRefusal",
    "ModerationCase",
    "PaperEntry",
    "PaperForm",
    "PaperRun",
    "Position",
    "PositionApproval",
    "PositionComment",
    "PositionEdit",
    "PositionState",
    "Redaction",
    "SavedMapping",
    "Submission",
    "SubmissionState",
    "SubmissionVersion",
    "Target",
]
