"""Staff pages: what the machine proposes, to be accepted or refused."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import STAFF, Role, requires
from app.core.db import db
from app.core.errors import DomainError, NotFoundError
from app.core.i18n import number
from app.core.text import clean_text
from app.territories.models import Region
from app.themes import deciding, errors
from app.themes.blueprint import bp, may_decide, newest_of
from app.themes.decisions.queries import Undone
from app.themes.decisions.telling import author
from app.themes.models import AnalysisRun, Proposal, ThemeEvent
from app.themes.names import LANGUAGES, key_of
from app.themes.naming import blamed_name
from app.themes.proposals import queries
from app.themes.proposals.forms import AcceptForm, RefuseForm
from app.themes.proposals.several import decide_all
from app.themes.proposals.telling import reason_of
from app.themes.queries import Narrowing, themes_of
from app.themes.review import readable_part

#: Passages quoted at once, and all that are shown.
_QUOTED, _MOST = 3, 12
#: Open proposals on a page, closed ones under them.
_PAGE, _CLOSED = 60, 40


@dataclass
class Shown:
    """An open proposal as the page shows it.

    :ivar rows: passages that speak for it.
    :ivar n: how many it would change, None where it changes none.
    """

    proposal: Proposal
    reason: Markup
    accept: AcceptForm
    refuse: RefuseForm
    rows: list[Any] = field(default_factory=list)
    n: int | None = None
    #: Languages in which another theme bears the name.
    taken: list[str] = field(default_factory=list)


@dataclass
class Closed:
    """A proposal that is no longer open, with who decided."""

    proposal: Proposal
    event: ThemeEvent | None
    who: str
    button: int | None


@dataclass
class Failure:
    """Why a proposal was not decided on, with what had been typed."""

    proposal_id: int
    text: str
    status: int
    accept: AcceptForm | None = None


@bp.get("/staff/consultations/<slug>/proposals")
@requires(*STAFF)
def proposals(slug: str) -> Any:
    """Show the open proposals with their reasons and evidence, and those decided on."""
    return _page(get_consultation(db.session(), slug))


def _page(consultation: Consultation, failure: Failure | None = None) -> Any:
    """Show the page, with what was refused."""
    part = readable_part(db.session(), current_user, consultation.id)
    run = newest_of(consultation)
    found = db.session.scalars(queries.open_proposals(consultation.id)).all()
    shown = _shown(found[:_PAGE], run, part, failure)
    by_kind = {
        kind: some
        for kind in queries.KINDS
        if (some := [one for one in shown if one.proposal.kind == kind])
    }
    is_shown = failure is not None and any(one.proposal.id == failure.proposal_id for one in shown)
    page = render_template(
        "themes/proposals/index.html",
        consultation=consultation,
        run=run,
        by_kind=by_kind,
        n_open=len(found),
        n_hidden=max(0, len(found) - _PAGE),
        closed=_closed(consultation),
        failure=failure,
        is_failure_shown=is_shown,
        may_decide=may_decide(consultation.id),
        regions_by_code={one.code: one for one in db.session.scalars(select(Region))},
        n_quoted=_QUOTED,
    )
    return page, 200 if failure is None else failure.status


def _shown(
    found: Any, run: AnalysisRun | None, part: Narrowing, failure: Failure | None
) -> list[Shown]:
    """Return open proposals with their reasons and the passages that speak for them."""
    rows = {} if run is None else _evidence(found, run, part)
    bearers = _bearers(found)
    shown = []
    for one in found:
        names = one.payload.get("name") or one.theme.name
        accept = AcceptForm(
            formdata=None,
            prefix=f"p{one.id}-",
            data={"name_fr": names.get("fr", ""), "name_ar": names.get("ar", "")},
        )
        if failure is not None and failure.proposal_id == one.id and failure.accept is not None:
            accept = failure.accept
        shown.append(
            Shown(
                proposal=one,
                reason=reason_of(one),
                accept=accept,
                refuse=RefuseForm(formdata=None, prefix=f"r{one.id}-"),
                rows=rows.get(one.id, []),
                n=_n_changed(one),
                taken=_taken(one, names, bearers),
            )
        )
    return shown


def _bearers(found: Any) -> dict[tuple[str, str], int]:
    """Return the active themes of the proposals' consultation by language and name."""
    if not found:
        return {}
    themes = db.session.scalars(themes_of(found[0].consultation_id, "active"))
    return {
        (code, key_of(theme.name.get(code, ""))): theme.id for theme in themes for code in LANGUAGES
    }


def _taken(
    proposal: Proposal, names: dict[str, str], bearers: dict[tuple[str, str], int]
) -> list[str]:
    """Return the languages in which another theme bears the proposed name."""
    own = proposal.theme_id if proposal.kind == "rename" else None
    keys = {code: (code, key_of(names.get(code, ""))) for code in LANGUAGES}
    return [code for code, key in keys.items() if bearers.get(key, own) != own]


def _n_changed(proposal: Proposal) -> int | None:
    """Return how many passages would change their theme."""
    if proposal.kind == "split":
        return len(proposal.payload.get("passages", ()))
    if proposal.kind == "new":
        return int(proposal.payload.get("figures", {}).get("n") or 0)
    return None


def _evidence(found: Any, run: AnalysisRun, part: Narrowing) -> dict[int, list[Any]]:
    """Return the passages that speak for each proposal, the most telling first."""
    wanted: dict[int, list[int]] = {}
    by_theme: dict[int, list[int]] = defaultdict(list)
    for one in found:
        shown = one.payload.get("seeds") or one.payload.get("passages") or []
        wanted[one.id] = list(shown)[:_MOST]
        if not wanted[one.id]:
            by_theme[one.theme_id].append(one.id)
    if by_theme:
        for row in db.session.execute(queries.central_in(run, by_theme, _MOST)):
            for number_ in by_theme[row.theme_id]:
                wanted[number_].append(row.passage_id)
    ids = {passage for passages in wanted.values() for passage in passages}
    known = {row.passage_id: row for row in db.session.execute(queries.evidence(run, ids, part))}
    return {
        key: [known[passage] for passage in passages if passage in known]
        for key, passages in wanted.items()
    }


def _closed(consultation: Consultation) -> list[Closed]:
    """Return the proposals that were decided on, with who did and whether it can be undone."""
    found = db.session.scalars(queries.closed_proposals(consultation.id, _CLOSED)).all()
    ids = [one.event_id for one in found if one.event_id is not None]
    events = {
        event.id: event
        for event in db.session.scalars(select(ThemeEvent).where(ThemeEvent.id.in_(ids)))
    }
    undone = Undone(db.session(), consultation.id)
    closed = []
    for one in found:
        event = events.get(one.event_id or 0)
        closed.append(
            Closed(
                proposal=one,
                event=event,
                who=author(event) if event else "",
                button=undone.button(event) if event else None,
            )
        )
    return closed


def get_proposal(proposal_id: int) -> Proposal:
    """Return a proposal.

    :raises NotFoundError: if there is none of that number.
    """
    proposal = db.session.get(Proposal, proposal_id)
    if proposal is None:
        raise NotFoundError
    return proposal


@bp.post("/staff/proposals/<int:id>/accept")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def accept(id: int) -> Any:  # noqa: A002
    """Do what a proposal says, under the names given."""
    proposal = get_proposal(id)
    form = AcceptForm(prefix=f"p{id}-")
    try:
        deciding.accept(
            db.session(),
            current_user,
            proposal,
            name_fr=clean_text(form.name_fr.data),
            name_ar=clean_text(form.name_ar.data),
            now=clock.now(),
        )
    except DomainError as error:
        return _failed(id, error, form)
    db.session.commit()
    flash(_("The proposal is accepted. You can take it back."))
    return _back(proposal)


@bp.post("/staff/proposals/<int:id>/refuse")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def refuse(id: int) -> Any:  # noqa: A002
    """Refuse a proposal; it is not made again."""
    proposal = get_proposal(id)
    form = RefuseForm(prefix=f"r{id}-")
    try:
        deciding.refuse(
            db.session(),
            current_user,
            proposal,
            reason=clean_text(form.reason.data),
            now=clock.now(),
        )
    except DomainError as error:
        return _failed(id, error)
    db.session.commit()
    flash(_("The proposal is refused. No analysis will make it again."))
    return _back(proposal)


def _failed(proposal_id: int, error: DomainError, form: AcceptForm | None = None) -> Any:
    """Show the proposals again, with why one was not decided on."""
    db.session.rollback()
    if error.status not in {409, 422}:
        raise error
    proposal = get_proposal(proposal_id)
    db.session.refresh(proposal)
    text = error.text()
    if isinstance(error, errors.ProposalClosedError) and proposal.event_id is not None:
        event = db.session.get_one(ThemeEvent, proposal.event_id)
        text = str(_("%(who)s decided on this proposal meanwhile.", who=author(event)))
    if form is not None and error.status == 422:
        blamed_name(form, error).errors = [text]
    consultation = db.session.get_one(Consultation, proposal.consultation_id)
    return _page(consultation, Failure(proposal_id, text, error.status, form))


def _back(proposal: Proposal) -> Response:
    """Go back to the proposals."""
    consultation = db.session.get_one(Consultation, proposal.consultation_id)
    return redirect(url_for("themes.proposals", slug=consultation.slug, _anchor=proposal.kind))


@bp.post("/staff/consultations/<slug>/proposals")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def decide_proposals(slug: str) -> Any:
    """Accept or refuse all proposals of a kind that the page showed."""
    consultation = get_consultation(db.session(), slug)
    ids = [int(value) for value in request.form.getlist("proposal") if value.isdecimal()]
    is_accept = request.form.get("verb") == "accept"
    chosen = db.session.scalars(
        select(Proposal)
        .where(Proposal.consultation_id == consultation.id, Proposal.id.in_(ids))
        .order_by(Proposal.id)
    ).all()
    outcome = decide_all(db.session(), current_user, chosen, accept=is_accept, now=clock.now())
    db.session.commit()
    _say(outcome.n_done, is_accept=is_accept)
    for number_, text in outcome.failed:
        flash(_("Proposal %(number)s stays open. %(why)s", number=number_, why=text), "error")
    return redirect(url_for("themes.proposals", slug=slug))


def _say(n_done: int, *, is_accept: bool) -> None:
    """Tell how many were decided on."""
    shown = number(n_done)
    if is_accept:
        text = ngettext(
            "%(number)s proposal is accepted.",
            "%(number)s proposals are accepted.",
            n_done,
            number=shown,
        )
    else:
        text = ngettext(
            "%(number)s proposal is refused.",
            "%(number)s proposals are refused.",
            n_done,
            number=shown,
        )
    flash(Markup(text))  # noqa: S704  a sentence of the catalogs and a number
