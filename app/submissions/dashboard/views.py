"""Pages of the dashboard besides the collection itself: targets, and organisations to call."""

from __future__ import annotations

import csv
import io

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import audit, clock
from app.core.access import ensure, requires
from app.core.db import db
from app.core.i18n import language
from app.organisations.models import ActorType
from app.submissions import labels
from app.submissions.blueprint import bp
from app.submissions.collection import GROUPS, load_collection
from app.submissions.dashboard.calls import CALLERS, ToCall
from app.submissions.dashboard.calls import calls as load_calls
from app.submissions.dashboard.forms import TargetsForm, targets_form
from app.submissions.dashboard.targets import SETTERS, Targets, proposed, set_targets, targets_of
from app.submissions.views.common import scope_for
from app.territories.models import Region
from app.territories.queries import all_regions

Page = BaseResponse | str | tuple[str, int]

#: What a proposal gives each group, as shares of a region's target.
WEIGHTS = {
    "citizens": 0.4,
    "associations": 0.25,
    "elected": 0.1,
    "state": 0.1,
    "social": 0.05,
    "academia": 0.05,
    "private": 0.05,
}


def _regions_of(consultation: Consultation) -> list[Region]:
    """Return the regions concerned."""
    return list(consultation.regions or db.session.scalars(all_regions()))


def _form(consultation: Consultation, known: Targets, *, is_sent: bool) -> TargetsForm:
    """Build the form, with what was sent or with ``known``."""
    code = language().code
    return targets_form(
        [(region.code, region.names.best(code)[0]) for region in _regions_of(consultation)],
        [(group, str(labels.GROUPS[group])) for group in GROUPS if group != "unknown"],
        known,
        **({} if is_sent else {"formdata": None}),
    )


@bp.get("/staff/consultations/<slug>/targets")
@requires(*SETTERS)
def targets(slug: str) -> Page:
    """Show what is hoped for."""
    consultation = get_consultation(db.session(), slug)
    ensure(current_user, *SETTERS, consultation=consultation.id)
    known = targets_of(db.session(), consultation.id)
    return _targets_page(consultation, _form(consultation, known, is_sent=False))


@bp.post("/staff/consultations/<slug>/targets")
@requires(*SETTERS)
def targets_save(slug: str) -> Page:
    """Save what is hoped for, or fill the table from a total."""
    session = db.session()
    consultation = get_consultation(session, slug)
    ensure(current_user, *SETTERS, consultation=consultation.id)
    form = _form(consultation, {}, is_sent=True)
    if not form.validate():
        return _targets_page(consultation, form), 422
    if request.form.get("go") == "propose":
        shares = proposed(form.total.data or 0, _regions_of(consultation), WEIGHTS)
        return _targets_page(consultation, _form(consultation, shares, is_sent=False))
    set_targets(session, current_user, consultation, form.wanted(), now=clock.now())
    session.commit()
    flash(_("The targets are saved."))
    return redirect(url_for("submissions.collection", slug=slug), 303)


def _targets_page(consultation: Consultation, form: TargetsForm) -> str:
    """Render the table of the targets."""
    return render_template(
        "submissions/targets.html",
        consultation=consultation,
        form=form,
        regions=_regions_of(consultation),
        groups=[group for group in GROUPS if group != "unknown"],
        labels=labels,
    )


def _calls(consultation: Consultation) -> list[ToCall]:
    """Return whom the signed-in person may call."""
    session = db.session()
    scope = scope_for(session, current_user, consultation, roles=CALLERS)
    state = load_collection(session, scope, _regions_of(consultation), now=clock.now())
    return load_calls(session, state.silent)


@bp.get("/staff/consultations/<slug>/calls")
@requires(*CALLERS)
def calls(slug: str) -> str:
    """List the organisations of silent provinces with how to reach them."""
    consultation = get_consultation(db.session(), slug)
    return render_template(
        "submissions/calls.html",
        consultation=consultation,
        provinces=_calls(consultation),
        actor_type=ActorType,
    )


@bp.post("/staff/consultations/<slug>/calls")
@requires(*CALLERS)
def calls_file(slug: str) -> Response:
    """Give the list as a file, and write down who took it."""
    session = db.session()
    consultation = get_consultation(session, slug)
    rows = _calls(consultation)
    code = language().code
    out = io.StringIO()
    writer = csv.writer(out)
    head = (_("Province"), _("Organisation"), _("Kind"), _("Person"), _("Telephone"), _("E-mail"))
    writer.writerow([str(cell) for cell in head])
    for one in rows:
        for organisation in one.organisations:
            contact = organisation.contact
            cells = (
                one.province.names.best(code)[0],
                organisation.name.best(code)[0],
                ActorType(organisation.actor_type).texts.best(code)[0],
                contact.person if contact else "",
                contact.phone if contact else "",
                contact.email if contact else "",
            )
            # A cell that begins so would be run as a formula by a spreadsheet.
            writer.writerow([f"'{cell}" if cell[:1] in {"=", "@", "-"} else cell for cell in cells])
    n_rows = sum(len(one.organisations) for one in rows)
    audit.record(
        session,
        current_user,
        "submissions.calls",
        at=clock.now(),
        target=consultation,
        detail={"organisations": n_rows},
    )
    session.commit()
    answer = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="calls-{slug}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
