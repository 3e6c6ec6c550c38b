"""Files leave as downloads only: whatever they hold, no browser opens them as a page of ours."""

from __future__ import annotations

from flask import send_file
from werkzeug.wrappers import Response

from app.core.files.models import StoredFile
from app.core.files.operations import open_file


def download(file: StoredFile) -> Response:
    """Answer with a file's bytes; the caller has checked who asks.

    :raises FileGoneError: if they were deleted.
    """
    answer = send_file(
        open_file(file),
        mimetype=file.media_type,
        as_attachment=True,
        download_name=file.name,
        max_age=0,
        etag=False,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "no-store"
    return answer
