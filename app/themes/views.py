"""Staff pages: analyses with their progress, and the review of themes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import STAFF, Role, requires
from app.core.db import db
from app.core.errors import DomainError, NotFoundError
from app.core.forms import PageForm
from app.core.i18n import language
from app.core.jobs.progress import REFRESH_SECONDS, progress_of
from app.core.jobs.queue import announce
from app.core.text import clean_text
from app.submissions.masking import Masks, masks_of
from app.territories.models import Region
from app.themes import errors, labels, operations, queries
from app.themes.forms import ExcludeForm, MergeForm, RenameForm, StartForm
from app.themes.models import AnalysisRun, PassageState, Theme
from app.themes.names import key_of
from app.themes.operations import DECIDERS
from app.themes.overview import load_overview
from app.themes.queries import Narrowing
from app.themes.review import (
    Rows,
    get_run,
    get_theme,
    load_card,
    n_themes_by_run,
    readable_part,
)
from app.themes.stages import stage_label

bp = Blueprint("themes", __name__, template_folder="templates")
PAGE = 30

bp.add_app_template_filter(labels.language_name, "passage_language")


@bp.app_context_processor
def _words() -> dict[str, Any]:
    """Lend the words of the review to templates."""
    return {"themes_words": labels, "stage_label": stage_label, "masks_for": _masks_for}


def _masks_for(rows: Iterable[Any]) -> Masks:
    """Return the masks of the answers that listed passages are taken from."""
    return masks_of(db.session(), [row.answer_id for row in rows])


def _may_decide(consultation_id: int) -> bool:
    """Tell whether the reader may start analyses and decide on themes."""
    return bool(current_user.may(DECIDERS, consultation=consultation_id))


def _newest(consultation: Consultation) -> AnalysisRun | None:
    """Return the run whose themes are reviewed."""
    return db.session.scalars(queries.newest_run(consultation.id)).first()


# Analyses


def _runs_page(consultation: Consultation, form: StartForm, status: int = 200) -> Any:
    """Show the analyses of a consultation and the form that starts one."""
    runs = list(db.session.scalars(queries.runs_of(consultation.id)))
    page = render_template(
        "themes/runs.html",
        consultation=consultation,
        runs=runs,
        form=form,
        n_themes=n_themes_by_run(db.session(), runs),
        may_decide=_may_decide(consultation.id),
        under_way=db.session.scalars(queries.open_run(consultation.id)).first(),
    )
    return page, status


@bp.get("/staff/consultations/<slug>/analyses")
@requires(*STAFF)
def runs(slug: str) -> Any:
    """List the analyses of a consultation."""
    consultation = get_consultation(db.session(), slug)
    readable_part(db.session(), current_user, consultation.id)
    return _runs_page(consultation, StartForm(formdata=None))


@bp.post("/staff/consultations/<slug>/analyses")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def start(slug: str) -> Any:
    """Start an analysis and show its progress."""
    consultation = get_consultation(db.session(), slug)
    form = StartForm()
    if not form.validate_on_submit():
        return _runs_page(consultation, form, 422)
    try:
        run = operations.start_analysis(
            db.session(),
            current_user,
            consultation,
            n_themes=form.n_themes.data,
            seed=form.seed.data,
            now=clock.now(),
        )
    except errors.AnalysisUnderWayError as error:
        db.session.rollback()
        flash(error.text())
        return redirect(url_for("themes.run", id=error.run_id))
    db.session.commit()
    announce(run.job_id)
    return redirect(url_for("themes.run", id=run.id))


@bp.get("/staff/analyses/<int:id>")
@requires(*STAFF)
def run(id: int) -> Response:  # noqa: A002
    """Show how far an analysis is, or what came of it.

    Without a script the browser is asked to fetch the page again by itself; the script asks for the
    page that does not (``live``) and reads the progress instead.
    """
    shown = get_run(db.session(), id)
    readable_part(db.session(), current_user, shown.consultation_id)
    found = n_themes_by_run(db.session(), [shown]).get(shown.id, 0)
    answer = make_response(
        render_template(
            "themes/run.html", run=shown, consultation=shown.consultation, n_themes=found
        )
    )
    if not shown.job.is_over and "live" not in request.args:
        answer.headers["Refresh"] = str(REFRESH_SECONDS)
    return answer


@bp.get("/staff/analyses/<int:id>/progress")
@requires(*STAFF)
def progress(id: int) -> dict[str, Any]:  # noqa: A002
    """Tell how far an analysis is, for the page's script."""
    shown = get_run(db.session(), id)
    readable_part(db.session(), current_user, shown.consultation_id)
    job = shown.job
    return progress_of(job, stage_label(job.stage) if job.stage else labels.job_state_name(job))


# Review


@bp.get("/staff/consultations/<slug>/themes")
@requires(*STAFF)
def index(slug: str) -> str:
    """List the themes of the newest analysis, with the sum of the states."""
    consultation = get_consultation(db.session(), slug)
    readable_part(db.session(), current_user, consultation.id)
    newest = _newest(consultation)
    overview = None if newest is None else load_overview(db.session(), newest)
    return render_template(
        "themes/index.html",
        consultation=consultation,
        overview=overview,
        may_decide=_may_decide(consultation.id),
        under_way=db.session.scalars(queries.open_run(consultation.id)).first(),
    )


@bp.get("/staff/consultations/<slug>/passages")
@requires(*STAFF)
def passages(slug: str) -> str:
    """List the passages of the newest analysis that are in one state."""
    consultation = get_consultation(db.session(), slug)
    part = readable_part(db.session(), current_user, consultation.id)
    newest = _newest(consultation)
    if newest is None:
        raise errors.NoAnalysisError
    state = _state(default=PassageState.TO_ARBITRATE)
    rows = queries.passages_in_state(newest, state, _narrowed(part))
    return render_template(
        "themes/passages.html",
        consultation=consultation,
        state=state,
        names={t.id: t for t in db.session.scalars(queries.themes_of(consultation.id))},
        listing=Rows(select=rows, per_page=PAGE),
        **_filters(),
    )


def _state(default: PassageState | None = None) -> Any:
    """Return the state asked for in the address."""
    asked = request.args.get("state", "")
    return PassageState(asked) if asked in set(PassageState) else default


def _narrowed(part: Narrowing) -> Narrowing:
    """Return the part of the corpus asked for in the address, within what the reader may read."""
    return Narrowing(
        region=request.args.get("region") or None,
        actor_type=request.args.get("actor_type") or None,
        language=request.args.get("language") or None,
        regions=part.regions,
    )


def _filters() -> dict[str, Any]:
    """Return what the filters over a list of passages offer and what is chosen."""
    chosen = {
        name: value
        for name in ("state", "region", "actor_type", "language")
        if (value := request.args.get(name, ""))
    }
    regions = list(db.session.query(Region).order_by(Region.code))
    code = language().code
    return {
        "regions_by_code": {region.code: region for region in regions},
        "region_choices": [(region.code, region.names.best(code)[0]) for region in regions],
        "state_choices": [(str(key), str(label)) for key, label in labels.STATES.items()],
        "language_choices": [(key, str(label)) for key, label in labels.LANGUAGES.items()],
        "chosen": chosen,
    }


@bp.get("/staff/themes/<int:id>")
@requires(*STAFF)
def show(id: int) -> Any:  # noqa: A002
    """Show a theme: names, counts, quotations, passages, and the decisions on it."""
    return _card_page(get_theme(db.session(), id))


def _card_page(theme: Theme, refused: PageForm | None = None) -> Any:
    """Show a theme's card, with the form that was refused if one was."""
    part = readable_part(db.session(), current_user, theme.consultation_id)
    consultation = db.session.get_one(Consultation, theme.consultation_id)
    newest = _newest(consultation)
    if newest is None:
        raise NotFoundError
    card = load_card(db.session(), theme, newest, part)
    rows = queries.passages_of(newest, theme.id, state=_state(), part=_narrowed(part))
    page = render_template(
        "themes/show.html",
        consultation=consultation,
        theme=theme,
        card=card,
        may_decide=_may_decide(consultation.id),
        listing=Rows(select=rows, per_page=PAGE),
        is_all_readable=part.regions is None,
        refused=refused,
        forms=_forms(card.others, theme, refused),
        **_filters(),
    )
    return page, 200 if refused is None else 422


def _forms(others: list[Theme], theme: Theme, refused: PageForm | None) -> dict[str, PageForm]:
    """Return the forms of a card: the refused one as it was sent, the others fresh."""
    forms: dict[str, PageForm] = {
        "rename": RenameForm(
            formdata=None, data={"name_fr": theme.name.get("fr"), "name_ar": theme.name.get("ar")}
        ),
        "merge": MergeForm(formdata=None),
        "exclude": ExcludeForm(formdata=None),
    }
    for name, fresh in forms.items():
        if type(fresh) is type(refused):
            forms[name] = refused
    code = "ar" if language().code == "ar" else "fr"
    own = [(t.id, t.name.get(code, "")) for t in others]
    # Nothing chosen beforehand: a click too many must not merge.
    forms["merge"]["into"].choices = [(0, _("Choose a theme")), *own]
    return forms


def _decided(
    theme_id: int, form: PageForm, decide: Callable[[Session, Theme], str]
) -> Response | Any:
    """Take a decision, commit it and go back to the card; show there what was refused."""
    theme = get_theme(db.session(), theme_id)
    try:
        done = decide(db.session(), theme)
    except DomainError as error:
        db.session.rollback()
        if error.status != 422:
            raise
        field = _blamed(form, error)
        field.errors = [error.text()]
        return _card_page(get_theme(db.session(), theme_id), form)
    db.session.commit()
    flash(done)
    return redirect(url_for("themes.show", id=theme_id))


def _blamed(form: PageForm, error: DomainError) -> Any:
    """Return the field that a refusal is about."""
    fields = list(form)
    if isinstance(form, RenameForm):
        name = key_of(str(error.values.get("name", "")))
        wrong = [
            field
            for field in (form.name_fr, form.name_ar)
            if key_of(field.data or "") == name
            or (isinstance(error, errors.NameTooLongError) and len(field.data or "") > 160)
        ]
        return wrong[0] if wrong else form.name_fr
    return fields[0]


@bp.post("/staff/themes/<int:id>/rename")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def rename(id: int) -> Any:  # noqa: A002
    """Give a theme its names."""
    form = RenameForm()

    def decide(session: Session, theme: Theme) -> str:
        """Rename it."""
        operations.rename(
            session,
            current_user,
            theme,
            now=clock.now(),
            name_fr=clean_text(form.name_fr.data),
            name_ar=clean_text(form.name_ar.data),
        )
        return str(_("The theme has its new names. No analysis will change them."))

    return _decided(id, form, decide)


@bp.post("/staff/themes/<int:id>/merge")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def merge(id: int) -> Any:  # noqa: A002
    """Count a theme under another one."""
    form = MergeForm()

    def decide(session: Session, theme: Theme) -> str:
        """Merge it."""
        into = session.get(Theme, form.into.data or 0)
        if into is None:
            raise errors.MergeTargetError
        operations.merge(session, current_user, theme, into, now=clock.now())
        return str(_("The theme now counts under “%(name)s”.", name=_name(into)))

    return _decided(id, form, decide)


@bp.post("/staff/themes/<int:id>/exclude")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def exclude(id: int) -> Any:  # noqa: A002
    """Leave a theme out of the results."""
    form = ExcludeForm()

    def decide(session: Session, theme: Theme) -> str:
        """Exclude it."""
        reason = clean_text(form.reason.data)
        operations.exclude(session, current_user, theme, reason=reason, now=clock.now())
        return str(_("The theme is excluded. The report will print the reason."))

    return _decided(id, form, decide)


@bp.post("/staff/themes/<int:id>/restore")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def restore(id: int) -> Any:  # noqa: A002
    """Undo a theme's merge or exclusion."""

    def decide(session: Session, theme: Theme) -> str:
        """Restore it."""
        operations.restore(session, current_user, theme, now=clock.now())
        return str(_("The theme is active again."))

    return _decided(id, RenameForm(formdata=MultiDict()), decide)


def _name(theme: Theme) -> str:
    """Return a theme's name in the page's language."""
    return theme.names.best(language().code)[0]
