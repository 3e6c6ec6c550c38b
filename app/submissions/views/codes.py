"""What the pages opened by a receipt's code share: the door, its guard, and what is not kept."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, g, make_response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.security import limiter
from app.core.db import db
from app.submissions.afterwards.errors import CodeNotFoundError, ErasedError
from app.submissions.afterwards.queries import find_by_code
from app.submissions.models import Submission, SubmissionState

Page = AnyResponse | str | tuple[str, int]


def _is_wrong(response: Response) -> bool:
    """Tell whether an answer was to a code that opens nothing."""
    return response.status_code in {404, 422} or "is_guess" in g


def count_as_guess() -> None:
    """Count a request among the wrong codes though its answer does not tell."""
    g.is_guess = True


#: Wrong codes only: a village that shares one address may look as often as it likes.
guessing: Callable[[Callable[..., Page]], Callable[..., Page]] = limiter.shared_limit(
    "20 per minute", scope="receipt codes", deduct_when=_is_wrong
)

#: Making a file takes longer than showing a page.
making_files: Callable[[Callable[..., Page]], Callable[..., Page]] = limiter.limit("30 per minute")


def submission_of(code: str) -> Submission:
    """Return what a code opens.

    :raises CodeNotFoundError: if that is nothing.
    """
    submission = find_by_code(db.session(), code)
    if submission is None:
        raise CodeNotFoundError
    return submission


def kept_submission_of(code: str) -> Submission:
    """Return what a code opens, if something of it is kept.

    :raises CodeNotFoundError: if the code opens nothing.
    :raises ErasedError: if it was erased.
    """
    submission = submission_of(code)
    if submission.state == SubmissionState.ERASED:
        raise ErasedError
    return submission


def private(page: Page) -> AnyResponse:
    """Answer with a page that no cache keeps and no search engine lists."""
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def back_to(submission: Submission, endpoint: str = "commitments.contribution") -> AnyResponse:
    """Lead back to a page of the submission's code."""
    return redirect(url_for(endpoint, code=submission.receipt_code), 303)
