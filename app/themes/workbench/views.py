"""Staff pages: the workbench, its list in pages, a passage in its context, and what is new."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core.access import STAFF, requires
from app.core.db import db
from app.themes import errors, labels
from app.themes.blueprint import bp, may_decide, newest_of
from app.themes.ledger.recording import newest_event_id
from app.themes.review import readable_part
from app.themes.workbench import choices, queries, showing, telling
from app.themes.workbench.filters import Filter, read_cursor, read_filter
from app.themes.workbench.queries import Bench
from app.themes.workbench.tree import MIX_KEYS, load_tree


@dataclass(frozen=True)
class Desk:
    """Who looks at what: all that the views of the workbench begin with.

    :ivar seen: the newest decision when the page was read.
    """

    consultation: Consultation
    bench: Bench
    wanted: Filter
    seen: int

    def again(self) -> Desk:
        """Read it anew after a decision was written or refused: sessions forget then."""
        run = self.bench.run
        return replace(
            self,
            bench=queries.load_bench(db.session(), run, self.bench.regions),
            seen=newest_event_id(db.session(), run.consultation_id),
        )


def desk_of(slug: str) -> Desk:
    """Return the desk of a consultation as the address asks for it.

    :raises NoAnalysisError: before the first analysis.
    """
    consultation = get_consultation(db.session(), slug)
    part = readable_part(db.session(), current_user, consultation.id)
    run = newest_of(consultation)
    if run is None:
        raise errors.NoAnalysisError
    # First, so that what is decided meanwhile counts as not seen.
    seen = newest_event_id(db.session(), consultation.id)
    bench = queries.load_bench(db.session(), run, part.regions)
    return Desk(consultation, bench, read_filter(request.args), seen)


def is_part() -> bool:
    """Tell whether the page's script asks for a part of the page."""
    return "HX-Request" in request.headers and "HX-Boosted" not in request.headers


@bp.context_processor
def _workbench_words() -> dict[str, Any]:
    """Lend the words of the workbench to its templates."""
    return {
        "bench_words": choices,
        "mix_keys": MIX_KEYS,
        "told_of": telling.sentence,
        "theme_name": telling.theme_name,
    }


def common(desk: Desk) -> dict[str, Any]:
    """Return what every part of the page needs."""
    return {
        "consultation": desk.consultation,
        "bench": desk.bench,
        "wanted": desk.wanted,
        "here": {"slug": desk.consultation.slug, **desk.wanted.arguments()},
        "may_decide": may_decide(desk.consultation.id),
        "seen": desk.seen,
        "regions": dict(choices.region_names(db.session())),
    }


def page(desk: Desk, **more: Any) -> str:
    """Render the whole workbench.

    :param more: ``refused``: what a form of the card was sent with, and why it was refused.
    """
    session = db.session()
    tree = load_tree(session, desk.bench)
    theme = desk.wanted.theme
    return render_template(
        "themes/workbench/index.html",
        **common(desk),
        tree=tree,
        card=None if theme is None else showing.load_card(session, desk.bench, tree, theme),
        listing=showing.load_listing(
            session, desk.bench, desk.wanted, read_cursor(request.args.get("after", ""))
        ),
        total=session.scalar(queries.count_of(desk.bench, desk.wanted)) or 0,
        choices=choices.filter_choices(session, desk.consultation),
        aside=choices.aside_choices(),
        **more,
    )


@bp.get("/staff/consultations/<slug>/workbench")
@requires(*STAFF)
def workbench(slug: str) -> str:
    """Show the workbench: tree, list, card."""
    consultation = get_consultation(db.session(), slug)
    readable_part(db.session(), current_user, consultation.id)
    if newest_of(consultation) is None:
        return render_template("themes/workbench/nothing.html", consultation=consultation)
    return page(desk_of(slug))


@bp.get("/staff/consultations/<slug>/workbench/rows")
@requires(*STAFF)
def workbench_rows(slug: str) -> Any:
    """Show the next rows of the list, for the page's script; others are led to the page of them."""
    desk = desk_of(slug)
    if not is_part():
        here: dict[str, Any] = request.args.to_dict() | {"slug": slug}
        return redirect(url_for("themes.workbench", **here))
    after = read_cursor(request.args.get("after", ""))
    listing = showing.load_listing(db.session(), desk.bench, desk.wanted, after)
    return render_template("themes/workbench/rows.html", **common(desk), listing=listing)


@bp.get("/staff/consultations/<slug>/workbench/passages/<int:id>")
@requires(*STAFF)
def workbench_passage(slug: str, id: int) -> str:  # noqa: A002
    """Show a passage in its answer, with its question, who said it, and what was decided on it."""
    desk = desk_of(slug)
    context = showing.load_context(db.session(), desk.bench, id)
    template = "_context" if is_part() else "passage"
    return render_template(
        f"themes/workbench/{template}.html", **common(desk), context=context, states=labels.STATES
    )
