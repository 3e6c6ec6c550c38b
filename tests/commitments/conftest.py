"""What the tests of answers share."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.commitments.world import World, published
from tests.reports.corpus import filled


@pytest.fixture
def world(session: Session) -> World:
    """A consultation whose report is published and whose themes nobody has answered."""
    return published(session, filled(session))
