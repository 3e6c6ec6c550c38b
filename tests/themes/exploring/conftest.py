"""An analysed consultation and a browser in which an analyst is signed in."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.access import Role
from app.themes.models import AnalysisRun


@pytest.fixture
def run(consultation: Any, analysed: Any) -> AnalysisRun:
    """A finished analysis."""
    found: AnalysisRun = analysed(consultation)
    return found


@pytest.fixture
def analyst(client: Any, sign_in: Any) -> Any:
    """A browser in which an analyst is signed in."""
    sign_in(client, Role.ANALYST)
    return client
