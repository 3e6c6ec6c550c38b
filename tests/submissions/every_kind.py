"""The example that asks one question of each kind, and someone who answers it without a script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.consultations.files import read
from app.consultations.models import Consultation
from app.consultations.operations import load_consultation
from app.core.access import System
from tests.conftest import NOW

EXAMPLE = Path(__file__).parents[2] / "examples" / "every-kind.json"

#: What someone fills in on the second and third pages, by the names of the controls.
USE: dict[str, Any] = {
    "q_used": ["care", "other"], "q_used-other-other": "Transport scolaire",
    "q_best": "", "q_best-other-other": "La bibliothèque",
    "q_times-care": "weekly", "q_times-disability": "never",
    "q_since": "4/3/2021", "q_household": "٣", "q_children": "1",
}  # fmt: skip
PRIORITIES: dict[str, Any] = {
    "q_order-youth": "1", "q_order-care": "3",
    "q_points-care": "60", "q_points-youth": "40",
    "q_ease-care": "4", "q_why": "Trop loin.",
}  # fmt: skip


def every_kind(session: Session, **changes: Any) -> Consultation:
    """Load the example."""
    consultation, _is_new = load_consultation(
        session, System("tests"), read(EXAMPLE) | changes, now=NOW
    )
    session.commit()
    return consultation
