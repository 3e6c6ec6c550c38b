"""Downloads of attached files and of scans, for staff of the submission's region."""

from __future__ import annotations

from flask_login import current_user
from werkzeug.wrappers import Response

from app.core.access import STAFF, requires
from app.core.db import db
from app.core.errors import NotFoundError
from app.core.files.serving import download
from app.submissions.attachments import queries
from app.submissions.blueprint import bp
from app.submissions.models import AttachmentRole, Submission
from app.submissions.moderation.operations import SEE_ORIGINALS
from app.submissions.paper.operations import ENTRY
from app.submissions.reach import ensure_reach


@bp.get("/staff/attachments/<token>")
@requires(*STAFF)
def attachment(token: str) -> Response:
    """Download a file of a submission; those of drafts are nobody's business yet."""
    session = db.session()
    found = session.scalars(queries.with_token(token)).one_or_none()
    if found is None or found.submission_id is None:
        raise NotFoundError
    submission = session.get_one(Submission, found.submission_id)
    # A file is an original: no mask covers what is personal in it. Agents see the paper anyway.
    is_scan = found.role == AttachmentRole.SCAN
    ensure_reach(current_user, {*SEE_ORIGINALS, *(ENTRY if is_scan else ())}, submission)
    return download(found.file)
