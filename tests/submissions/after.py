"""Someone who comes back with the code of a contribution."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from app.submissions.models import Submission
from tests.pages import CheckedClient


class Author:
    """The holder of a receipt's code, without a script."""

    def __init__(self, client: CheckedClient, submission: Submission, lang: str = "en") -> None:
        self.client = client
        self.base = f"/{lang}/my-contribution/{submission.receipt_code}"

    def get(self, path: str = "") -> TestResponse:
        """Open a page of the code."""
        return self.client.get(f"{self.base}{path}")

    def post(self, path: str, **values: Any) -> TestResponse:
        """Send a form of a page of the code."""
        return self.client.post(f"{self.base}{path}", data=values)
