"""Staff pages of paper: runs, their PDF files, how they come back."""

from __future__ import annotations

from collections.abc import Iterable

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from app.accounts.models import User
from app.consultations.models import Consultation, Questionnaire
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import requires
from app.core.db import db
from app.core.errors import ForbiddenError, NotFoundError
from app.core.i18n import language
from app.submissions.blueprint import bp
from app.submissions.models import PaperForm, PaperRun
from app.submissions.paper import errors, operations, queries
from app.submissions.paper.agreement import measure
from app.submissions.paper.conditions import paper_numbers
from app.submissions.paper.forms import CodeForm, PrintForm
from app.submissions.paper.operations import ENTRY
from app.submissions.paper.printing import print_copies, render_form
from app.territories.models import Region
from app.territories.queries import all_regions

#: Copies that the page of a run lists.
SHOWN = 200


def regions_of(consultation: Consultation) -> list[Region]:
    """Return the regions that take part."""
    return list(consultation.regions or db.session.scalars(all_regions()))


@bp.get("/staff/consultations/<slug>/paper")
@requires(*ENTRY)
def paper(slug: str) -> str:
    """List the print runs, offer to print and to type a copy in."""
    consultation = get_consultation(db.session(), slug)
    operations.ensure_may_enter(current_user, consultation)
    return _paper_page(consultation, print_form(consultation), CodeForm())


def print_form(consultation: Consultation) -> PrintForm:
    """Return the form of a run, with the regions that its reader may print for."""
    form = PrintForm()
    own = [
        (region.code, region.names)
        for region in regions_of(consultation)
        if operations.covers(current_user, consultation, region.code)
    ]
    lang = language().code
    form.region.choices = [SelectChoice(code, names.best(lang)[0]) for code, names in own]
    if operations.covers(current_user, consultation, None):
        form.region.choices.insert(0, SelectChoice("", _("Any region")))
    return form


def _paper_page(consultation: Consultation, form: PrintForm, code: CodeForm) -> str:
    """Render the list of the runs that the reader may see."""
    runs = [
        run
        for run in db.session.scalars(queries.runs_of(consultation.id))
        if operations.covers(current_user, consultation, run.region_code)
    ]
    rows = db.session.execute(queries.typed_in(consultation.id))
    typed = {run_id: count for run_id, count in rows}  # noqa: C416  rows are no mapping
    return render_template(
        "submissions/paper/index.html",
        consultation=consultation,
        form=form,
        code=code,
        runs=runs,
        typed=typed,
        regions={region.code: region.names for region in regions_of(consultation)},
    )


@bp.post("/staff/consultations/<slug>/paper")
@requires(*ENTRY)
def paper_print(slug: str) -> Response | tuple[str, int]:
    """Make a run in each language asked for."""
    consultation = get_consultation(db.session(), slug)
    operations.ensure_may_enter(current_user, consultation)
    form = print_form(consultation)
    if not form.validate_on_submit():
        return _paper_page(consultation, form, CodeForm()), 422
    runs = [
        operations.make_run(
            db.session(),
            current_user,
            consultation,
            lang=lang,
            n_copies=form.n_copies.data,
            region=form.region.data or None,
            destination=form.destination.data or "",
            double_share=form.double.data / 100,
            now=clock.now(),
        )
        for lang in form.languages
    ]
    db.session.commit()
    if len(runs) > 1:
        flash(_("One run is ready in each language."))
        return redirect(url_for("submissions.paper", slug=slug), 303)
    return redirect(url_for("submissions.paper_run", id=runs[0].id), 303)


@bp.post("/staff/consultations/<slug>/paper/code")
@requires(*ENTRY)
def paper_find(slug: str) -> Response | tuple[str, int]:
    """Lead to the page on which the copy of a code is typed, in the language of the copy."""
    consultation = get_consultation(db.session(), slug)
    operations.ensure_may_enter(current_user, consultation)
    code = CodeForm()
    try:
        copy = operations.get_copy(db.session(), consultation, code.code.data or "")
    except errors.CopyNotFoundError as error:
        code.code.errors = [error.text()]
        return _paper_page(consultation, print_form(consultation), code), 422
    address = url_for("submissions.paper_copy", slug=slug, code=copy.code, lang=copy.run.lang)
    return redirect(address, 303)


# --- one run ------------------------------------------------------------------------------------


def own_run(id: int) -> tuple[PaperRun, Consultation]:  # noqa: A002
    """Return a run that the reader may see, with its consultation.

    :raises NotFoundError: if there is none.
    """
    run = db.session.scalars(queries.with_copies(id)).one_or_none()
    if run is None:
        raise NotFoundError
    consultation = db.session.get_one(Consultation, run.consultation_id)
    if not operations.covers(current_user, consultation, run.region_code):
        raise ForbiddenError
    return run, consultation


@bp.get("/staff/paper/<int(max=2147483647):id>")
@requires(*ENTRY)
def paper_run(id: int) -> str:  # noqa: A002
    """Show how many copies came back, and how well two readings agree."""
    run, consultation = own_run(id)
    questionnaire = db.session.get_one(Questionnaire, run.questionnaire_id)
    agreement = measure(run.copies)
    return render_template(
        "submissions/paper/run.html",
        consultation=consultation,
        run=run,
        region=db.session.get(Region, run.region_code) if run.region_code else None,
        n_typed=sum(bool(copy.entries) for copy in run.copies),
        n_double=sum(copy.is_double for copy in run.copies),
        agreement=agreement,
        questions=_named(questionnaire),
        agents=_names(agreement.by_agent),
        copies=run.copies[:SHOWN],
        copy_states={copy.id: _state(copy) for copy in run.copies[:SHOWN]},
    )


def _state(copy: PaperForm) -> str:
    """Return where a copy is in its life."""
    if not copy.entries:
        return "waiting"
    if not copy.is_double:
        return "typed"
    if len(copy.entries) < 2:
        return "second"
    is_open = any("kept" not in one for one in copy.entries[1].differences.values())
    return "differs" if is_open else "agreed"


def _named(questionnaire: Questionnaire) -> dict[str, tuple[int, object]]:
    """Return the number and the words of each question, by key."""
    numbers = paper_numbers(questionnaire)
    return {
        question.key: (numbers[question.key], question.label)
        for question in questionnaire.questions
        if question.key in numbers
    }


def _names(accounts: Iterable[int]) -> dict[int, str]:
    """Return the names of agents."""
    users = [db.session.get(User, identity) for identity in accounts]
    return {user.id: user.name for user in users if user is not None}


@bp.get("/staff/paper/<int(max=2147483647):id>/forms.pdf")
@requires(*ENTRY)
def paper_pdf(id: int) -> Response:  # noqa: A002
    """Give the copies of a run as a file to be printed."""
    run, consultation = own_run(id)
    questionnaire = db.session.get_one(Questionnaire, run.questionnaire_id)
    html = render_form(
        consultation,
        questionnaire,
        run.lang,
        return_to=run.destination,
        regions=regions_of(consultation),
    )

    lang, codes = run.lang, [copy.code for copy in run.copies]

    def address_of(code: str) -> str:
        """Return where the contribution of a copy is found."""
        return url_for("commitments.contribution", code=code, lang=lang, _external=True)

    # Laying out takes seconds: no transaction waits for it.
    db.session.rollback()
    answer = make_response(print_copies(html, lang, codes, address_of))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="tachawor-{id}.pdf"'
    return answer
