"""Any version as contributors would see it, section by section; nothing is kept."""

from __future__ import annotations

from functools import partial

from flask import render_template
from flask_login import current_user

from app.consultations.building.queries import find_version
from app.consultations.building.views import WRITERS
from app.consultations.models import Questionnaire
from app.consultations.queries import get_consultation
from app.core.access import ensure, requires
from app.core.db import db
from app.core.errors import NotFoundError
from app.submissions.blueprint import bp
from app.submissions.places import load_places
from app.submissions.questionnaire_forms import mark_asked, section_form
from app.submissions.steps import Step, Way


class WholeWay(Way):
    """The way of somebody who would be asked everything."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        super().__init__(questionnaire, {}, [])
        self.asked = list(questionnaire.questions)
        self.steps = [
            Step(section, number, is_done=False)
            for number, section in enumerate(questionnaire.sections, 1)
        ]


@bp.get(
    "/staff/consultations/<slug>/questionnaire/<int(max=2147483647):version>/preview/<int:step>"
)
@requires(*WRITERS)
def preview(slug: str, version: int, step: int) -> str:
    """Show a section of a version on the real form."""
    consultation = get_consultation(db.session(), slug)
    ensure(current_user, *WRITERS, consultation=consultation.id)
    found = find_version(db.session(), consultation, version)
    if found is None or not found.sections:
        raise NotFoundError
    way = WholeWay(found)
    here = way.find(step)
    if here is None:
        raise NotFoundError
    form = section_form(way, here.section, {}, partial(load_places, db.session(), consultation))
    mark_asked(form, way)
    return render_template(
        "submissions/preview.html",
        consultation=consultation,
        version=found,
        way=way,
        here=here,
        form=form,
    )
