"""The blueprint that all pages of the analysis and of its review share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint
from flask_login import current_user

from app.consultations.models import Consultation
from app.core.db import db
from app.submissions.masking import Masks, masks_of
from app.themes import labels, queries
from app.themes.ledger.recording import DECIDERS
from app.themes.models import AnalysisRun
from app.themes.stages import stage_label

bp = Blueprint("themes", __name__, template_folder="templates")

bp.add_app_template_filter(labels.language_name, "passage_language")


@bp.app_context_processor
def _words() -> dict[str, Any]:
    """Lend the words of the review to templates."""
    return {"themes_words": labels, "stage_label": stage_label, "masks_for": _masks_for}


def _masks_for(rows: Iterable[Any]) -> Masks:
    """Return the masks of the answers that listed passages are taken from."""
    return masks_of(db.session(), [row.answer_id for row in rows])


def may_decide(consultation_id: int) -> bool:
    """Tell whether the reader may start analyses and decide on themes."""
    return bool(current_user.may(DECIDERS, consultation=consultation_id))


def newest_of(consultation: Consultation) -> AnalysisRun | None:
    """Return the run whose themes are reviewed."""
    return db.session.scalars(queries.newest_run(consultation.id)).first()
