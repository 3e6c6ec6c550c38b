"""What the tests of reports share."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.reports.corpus import Analysed, filled


@pytest.fixture
def corpus(session: Session) -> Analysed:
    """A small analysed consultation whose every count is known."""
    return filled(session)


@pytest.fixture
def render():
    """A stand-in for the PDF maker: what it was given, as bytes."""
    return lambda body, edition, lang: f"%PDF {lang} {edition.version} {body['format']}".encode()
