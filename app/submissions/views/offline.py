"""Answering without a network: the pages that a device keeps, and the script that serves them."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

from flask import current_app, jsonify, make_response, send_file, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from app.consultations.queries import get_consultation
from app.core.access import public
from app.core.assets import asset
from app.core.db import db
from app.core.i18n import language
from app.submissions.blueprint import bp
from app.submissions.models import Draft
from app.submissions.views.common import carried_draft, is_open
from app.submissions.views.device import proof_of
from app.submissions.views.participate import copy_of_section, door
from app.submissions.views.sending import copy_of_check


@bp.get("/consultations/<slug>/participate/pages.json")
@public
def pages(slug: str) -> Response:
    """Return every page of the draft that a device keeps for the time without a network."""
    consultation = get_consultation(db.session(), slug)
    draft = carried_draft(consultation)
    if draft is None or not is_open(consultation):
        empty: Response = jsonify(pages={})
        return empty
    kept = {
        url_for("submissions.section", slug=slug, step=section.position): copy_of_section(
            draft, section
        )
        for section in draft.questionnaire.sections
    }
    kept[url_for("submissions.check", slug=slug)] = copy_of_check(draft)
    kept[url_for("submissions.begin", slug=slug)] = door(consultation, draft)
    answer: Response = jsonify(edition=edition(draft), pages=kept)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.app_template_global()
def edition(draft: Draft) -> str:
    """Name what the pages of a device were made from: kept pages of another are fetched anew."""
    made_of = (
        proof_of(draft),
        str(draft.questionnaire_id),
        language().code,
        str(draft.consultation.notice.id),
        *(asset(name) for name in ("css/site.css", "js/draft.js", "js/questions.js")),
    )
    return blake2b("\n".join(made_of).encode(), digest_size=8).hexdigest()


@public
def worker() -> Response:
    """Return the script that answers for the server while there is no network."""
    path = Path(current_app.static_folder or "") / "js" / "offline.js"
    answer = make_response(send_file(path, mimetype="text/javascript"))
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.record_once
def _at_the_root(state: BlueprintSetupState) -> None:
    """Put the script where it may serve every page of answering."""
    state.app.add_url_rule("/offline.js", endpoint="submissions.worker", view_func=worker)
