"""Staff pages: the review queue, one passage at a time, and what its looks have shown."""

from __future__ import annotations

from typing import Any

from flask import (
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import STAFF, Role, requires
from app.core.db import db
from app.core.errors import DomainError, NotFoundError
from app.core.text import clean_text
from app.themes import errors, labels
from app.themes.blueprint import bp, may_decide, newest_of
from app.themes.choosing import choices_of, place_of
from app.themes.ledger.reading import undone_ids
from app.themes.ledger.recording import newest_event_id
from app.themes.models import AnalysisRun, PassageState, ReviewLook, Theme
from app.themes.queries import themes_of
from app.themes.queue import looks, queries
from app.themes.queue.drawing import Draw, Drawn, draw, placement_of
from app.themes.queue.gain import consistency_of, gain_of, history_of
from app.themes.queue.showing import card_of, shown_of
from app.themes.review import readable_part

#: Passages left for later that a browser remembers.
_MOST_SKIPPED = 60
_COOKIE = "guess"
_YEAR = 31_536_000


def _run_of(consultation: Consultation) -> AnalysisRun:
    """Return the run that is reviewed.

    :raises NoAnalysisError: if there is none.
    """
    run = newest_of(consultation)
    if run is None:
        raise errors.NoAnalysisError
    return run


def _signer() -> URLSafeSerializer:
    """Return what proves that a passage was shown as a form says it was."""
    return URLSafeSerializer(current_app.secret_key or "", salt="review-queue")


def _skipped(run: AnalysisRun) -> list[int]:
    """Return the passages that were left for later in this browser."""
    kept = session.get("skipped", {})
    return list(kept.get(str(run.id), []))


def _is_guess_hidden() -> bool:
    """Tell whether the person wants to choose before seeing what the machine would."""
    return request.cookies.get(_COOKIE) == "hidden"


@bp.get("/staff/consultations/<slug>/queue")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def queue(slug: str) -> Any:
    """Show the passage that is most worth a look."""
    consultation = get_consultation(db.session(), slug)
    readable_part(db.session(), current_user, consultation.id)
    run = newest_of(consultation)
    if run is None:
        return render_template("themes/queue/show.html", consultation=consultation, shown=None)
    drawn = _again(run) or draw(
        db.session(), current_user, run, skipped=_skipped(run), now=clock.now()
    )
    return _page(consultation, run, drawn)


def _again(run: AnalysisRun) -> Drawn | None:
    """Return the passage whose look was just taken back, if the address asks for it."""
    asked = request.args.get("again", type=int)
    if asked is None or asked > 2**31 - 1:
        return None
    look = db.session.scalars(queries.find_look(run.id, asked, current_user.id, "queue")).first()
    if look is None or look.event_id not in undone_ids(db.session(), run.consultation_id):
        return None
    return Drawn(asked, Draw(look.stratum.partition(":")[0]))


def _page(
    consultation: Consultation, run: AnalysisRun, drawn: Drawn | None, problem: str = ""
) -> Any:
    """Show a passage with what can be said of it, or that there is none."""
    known = db.session()
    placement = placement_of(known, run, drawn.passage_id) if drawn else None
    shown = shown_of(known, run, placement, drawn.draw) if drawn and placement else None
    is_hidden = drawn is not None and (drawn.is_blind or _is_guess_hidden())
    sign = ""
    if shown is not None and drawn is not None:
        sign = str(
            _signer().dumps(
                [run.id, drawn.passage_id, current_user.id, drawn.draw.value, is_hidden]
            )
        )
    page = render_template(
        "themes/queue/show.html",
        consultation=consultation,
        run=run,
        shown=shown,
        is_hidden=is_hidden,
        is_guess_hidden=_is_guess_hidden(),
        choices=choices_of(known, run),
        sign=sign,
        seen=newest_event_id(known, consultation.id),
        gain=gain_of(known, run),
        last=_last(run),
        names={theme.id: theme for theme in known.scalars(themes_of(consultation.id))},
        problem=problem,
        chosen=request.form.get("to", ""),
    )
    return page, 422 if problem else 200


def _last(run: AnalysisRun) -> ReviewLook | None:
    """Return the person's last look, if it can be taken back."""
    look = db.session.scalars(queries.last_look(run.id, current_user.id)).first()
    if look is None or look.kind != "queue" or look.event_id is None:
        return None
    return None if look.event_id in undone_ids(db.session(), run.consultation_id) else look


@bp.post("/staff/consultations/<slug>/queue")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def queue_answer(slug: str) -> Any:
    """Write down what the person says of the passage shown, and go to the next."""
    consultation = get_consultation(db.session(), slug)
    readable_part(db.session(), current_user, consultation.id)
    run = _run_of(consultation)
    try:
        run_id, passage_id, person, kind, is_hidden = _signer().loads(request.form.get("sign", ""))
    except (BadSignature, ValueError):
        run_id = person = None
    here = redirect(url_for("themes.queue", slug=slug))
    if run_id != run.id or person != current_user.id:
        # A new analysis ended meanwhile, or somebody else signed in on this device.
        flash(_("This passage was shown for an earlier analysis. Here is the next one."))
        return here
    drawn = Drawn(passage_id, Draw(kind))
    verb = request.form.get("verb", "answer")
    if verb == "skip":
        _leave(run, passage_id)
        return here
    if verb == "confirm" and not is_hidden:
        said = None
    else:
        state, theme_id = place_of(request.form.get("to", ""))
        if not state:
            problem = _("Choose a theme, or say why the passage belongs to none.")
            return _page(consultation, run, drawn, problem)
        said = looks.Answer(state, theme_id, clean_text(request.form.get("reason")))
    return _given(consultation, run, drawn, said, is_hidden=bool(is_hidden)) or here


def _given(
    consultation: Consultation,
    run: AnalysisRun,
    drawn: Drawn,
    said: looks.Answer | None,
    *,
    is_hidden: bool,
) -> Any:
    """Give the look; return a page only where it was refused."""
    try:
        looks.answer(
            db.session(),
            current_user,
            run,
            drawn.passage_id,
            said,
            draw=drawn.draw,
            is_blind=is_hidden,
            seen=request.form.get("seen", type=int) or 0,
            now=clock.now(),
        )
    except (errors.PassagesChangedError, errors.ThemeNotActiveError) as error:
        db.session.rollback()
        flash(error.text())
        return None
    except DomainError as error:
        db.session.rollback()
        if error.status != 422:
            raise
        return _page(consultation, run, drawn, error.text())
    db.session.commit()
    return None


def _leave(run: AnalysisRun, passage_id: int) -> None:
    """Leave a passage for later."""
    kept = [number for number in _skipped(run) if number != passage_id]
    session["skipped"] = {str(run.id): [*kept, passage_id][-_MOST_SKIPPED:]}


@bp.post("/staff/consultations/<slug>/queue/back")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def queue_back(slug: str) -> Response:
    """Take one's last look back and show its passage again."""
    consultation = get_consultation(db.session(), slug)
    run = _run_of(consultation)
    look = db.session.get(ReviewLook, request.form.get("look", 0, type=int))
    if look is None or look.run_id != run.id:
        raise NotFoundError
    looks.take_back(db.session(), current_user, look, now=clock.now())
    db.session.commit()
    flash(_("Taken back. The passage is where it was."))
    return redirect(url_for("themes.queue", slug=slug, again=look.passage_id))


@bp.post("/staff/consultations/<slug>/queue/guess")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def queue_guess(slug: str) -> Response:
    """Hide the machine's guess from now on, or show it again; the device remembers."""
    get_consultation(db.session(), slug)
    answer = redirect(url_for("themes.queue", slug=slug))
    answer.set_cookie(
        _COOKIE,
        "hidden" if request.form.get("guess") == "hidden" else "shown",
        max_age=_YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SERVE_OVER_HTTPS"],
    )
    return make_response(answer)


@bp.get("/staff/consultations/<slug>/queue/gain")
@requires(*STAFF)
def queue_gain(slug: str) -> str:
    """Show what the looks have shown: accuracy, how it moved, consistency, what is to settle."""
    consultation = get_consultation(db.session(), slug)
    readable_part(db.session(), current_user, consultation.id)
    run = newest_of(consultation)
    decides = may_decide(consultation.id)
    known = db.session()
    differing: list[Any] = []
    if run is not None and decides:
        rows = known.execute(queries.differing_repeats(run.id).limit(30)).all()
        differing = [(look, placed, card_of(known, placed.passage)) for look, placed in rows]
    return render_template(
        "themes/queue/gain.html",
        consultation=consultation,
        run=run,
        gain=gain_of(known, run) if run else None,
        history=history_of(known, run) if run else [],
        consistency=consistency_of(known, run) if run else None,
        differing=differing,
        names={theme.id: theme for theme in known.scalars(themes_of(consultation.id))},
        may_decide=decides,
        place_name=_place_name,
    )


def _place_name(state: str, theme_id: int | None, names: dict[int, Theme]) -> Any:
    """Return the name of a place: that of its theme, or of its state."""
    if state == PassageState.IN_THEME and theme_id in names:
        return names[theme_id].name
    return labels.STATES[PassageState(state)]


@bp.post("/staff/consultations/<slug>/queue/settle")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def queue_settle(slug: str) -> Response:
    """Settle a passage that was decided differently when it came back."""
    consultation = get_consultation(db.session(), slug)
    run = _run_of(consultation)
    look = db.session.get(ReviewLook, request.form.get("look", 0, type=int))
    if look is None or look.run_id != run.id:
        raise NotFoundError
    is_kept = request.form.get("verb") != "take"
    looks.settle_repeat(db.session(), current_user, look, is_kept=is_kept, now=clock.now())
    db.session.commit()
    return redirect(url_for("themes.queue_gain", slug=slug, _anchor="settle"))
