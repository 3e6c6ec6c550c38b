"""Staff pages: who says it, minority positions, regions side by side."""

from __future__ import annotations

from flask import render_template, request
from flask_login import current_user

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core.access import STAFF, requires
from app.core.db import db
from app.core.errors import NotFoundError
from app.territories.models import Region
from app.themes import errors, queries
from app.themes.blueprint import bp, newest_of
from app.themes.contrasting import figures, naming, quoting
from app.themes.contrasting.facts import answered_groups, closed_questions, load_facts
from app.themes.contrasting.figures import STANCES
from app.themes.models import AnalysisRun, Theme
from app.themes.review import get_theme, readable_part

PAGE = 20
#: Regions side by side at most; with none chosen, all stand in one table.
MOST_REGIONS = 4


def _run_of(consultation: Consultation) -> AnalysisRun:
    """Return the run that is explored.

    :raises NoAnalysisError: if the consultation was never analysed.
    """
    run = newest_of(consultation)
    if run is None:
        raise errors.NoAnalysisError
    return run


def _regions() -> list[Region]:
    """Return all regions, by number."""
    return list(db.session.query(Region).order_by(Region.code))


def _active(consultation: Consultation) -> dict[int, Theme]:
    """Return the themes that are in the results."""
    return {t.id: t for t in db.session.scalars(queries.current_themes(consultation.id))}


def _first_stance(stances: figures.Stances) -> str:
    """Return the position whose passages are shown unasked: that of few, else the first held."""
    held = (stance for stance in STANCES if stances.counts[stance])
    return stances.minority or next(held, quoting.SILENT)


@bp.get("/staff/themes/<int:id>/who")
@requires(*STAFF)
def who(id: int) -> str:  # noqa: A002
    """Show who says a theme: positions taken, groups that differ, positions that few hold."""
    theme = get_theme(db.session(), id)
    part = readable_part(db.session(), current_user, theme.consultation_id)
    consultation = db.session.get_one(Consultation, theme.consultation_id)
    run = newest_of(consultation)
    if run is None or theme.state != "active":
        raise NotFoundError
    stances = figures.load_stances(db.session(), run).get(
        theme.id, figures.Stances(theme.id, 0, dict.fromkeys(STANCES, 0))
    )
    asked = request.args.get("stance", "")
    stance = asked if asked in naming.STANCES else _first_stance(stances)
    contrasts = figures.load_contrasts(db.session(), run).get(theme.id, [])
    facts = load_facts(db.session(), run)
    opposite = figures.opposite_groups(db.session(), run, theme.id)
    groups = facts.groups()
    wanted: dict[object, list[int]] = {
        c: quoting.of_group(
            facts, theme.id, groups[c.dimension], c.group, part, stance=STANCES[c.theme]
        )
        for c in opposite
    }
    if stances.minority:
        wanted["minority"] = quoting.with_stance(facts, theme.id, stances.minority, part)
    said = quoting.quoted(db.session(), run, part, wanted)
    regions = _regions()
    return render_template(
        "themes/contrasting/who.html",
        consultation=consultation,
        theme=theme,
        stances=stances,
        stance=stance,
        telling=figures.telling(contrasts),
        n_compared=sum(not c.is_suppressed for c in contrasts),
        n_suppressed=sum(c.is_suppressed for c in contrasts),
        opposite=[(c, said[c]) for c in opposite],
        minority=said.get("minority", []),
        listing=quoting.Picked(
            run=run,
            part=part,
            passages=quoting.with_stance(facts, theme.id, stance, part),
            per_page=PAGE,
        ),
        names=naming.Naming.of(regions, closed_questions(db.session(), consultation.id)),
        stance_names=naming.STANCES,
        points=naming.points,
        regions_by_code={region.code: region for region in regions},
        is_all_readable=part.regions is None,
    )


@bp.get("/staff/consultations/<slug>/minorities")
@requires(*STAFF)
def minorities(slug: str) -> str:
    """List positions that few hold, and themes of few that distinct groups carry."""
    consultation = get_consultation(db.session(), slug)
    part = readable_part(db.session(), current_user, consultation.id)
    run = _run_of(consultation)
    themes = _active(consultation)
    stances = [
        found
        for found in figures.load_stances(db.session(), run).values()
        if found.minority is not None and found.theme_id in themes
    ]
    stances.sort(key=lambda s: (-s.n_positioned, s.theme_id))
    carried = [c for c in figures.carried_themes(db.session(), run) if c.theme_id in themes]
    facts = load_facts(db.session(), run)
    groups = facts.groups()
    if any(c.contrast.dimension not in groups for c in carried):
        groups |= answered_groups(db.session(), run, facts)
    wanted: dict[object, list[int]] = {
        c: quoting.of_group(facts, c.theme_id, groups[c.contrast.dimension], c.contrast.group, part)
        for c in carried
    }
    for found in stances:
        wanted[found.theme_id] = quoting.with_stance(
            facts, found.theme_id, found.minority or "", part
        )
    said = quoting.quoted(db.session(), run, part, wanted)
    regions = _regions()
    return render_template(
        "themes/contrasting/minorities.html",
        consultation=consultation,
        themes=themes,
        stances=stances,
        quotations=said,
        carried=[(c, said[c]) for c in carried],
        names=naming.Naming.of(regions, closed_questions(db.session(), consultation.id)),
        stance_names=naming.STANCES,
        regions_by_code={region.code: region for region in regions},
        is_all_readable=part.regions is None,
    )


@bp.get("/staff/consultations/<slug>/regions")
@requires(*STAFF)
def regions(slug: str) -> str:
    """Compare regions side by side: all in one table, or some of them."""
    consultation = get_consultation(db.session(), slug)
    readable_part(db.session(), current_user, consultation.id)
    run = _run_of(consultation)
    known = _regions()
    codes = {region.code for region in known}
    chosen = [c for c in dict.fromkeys(request.args.getlist("region")) if c in codes]
    too_many = len(chosen) > MOST_REGIONS
    chosen = sorted(chosen[:MOST_REGIONS])
    if len(chosen) < 2:
        chosen = []
    between = figures.compare_regions(db.session(), run, chosen)
    themes = _active(consultation)
    stances = figures.load_positions(db.session(), run)
    order = sorted(themes, key=lambda theme: (-len(stances.get(theme, {})), theme))
    return render_template(
        "themes/contrasting/regions.html",
        consultation=consultation,
        between=between,
        chosen=chosen,
        too_many=too_many,
        most_regions=MOST_REGIONS,
        is_one=len(request.args.getlist("region")) == 1,
        themes=themes,
        order=order,
        most_share=max((c.share or 0.0 for c in between.cells.values()), default=0.0),
        regions=known,
        names=naming.Naming.of(known),
        points=naming.points,
    )
