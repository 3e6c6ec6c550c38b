"""Staff page: an analysis beside an earlier one."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_login import current_user
from sqlalchemy import select

from app.consultations.models import Consultation
from app.core.access import STAFF, requires
from app.core.db import db
from app.core.errors import NotFoundError
from app.territories.models import Region
from app.themes.blueprint import bp, newest_of
from app.themes.comparing import Comparison, Place, compare_runs, listed, place_of_key
from app.themes.holding import holding_of
from app.themes.models import AnalysisRun
from app.themes.queries import runs_of
from app.themes.review import Rows, get_run, readable_part

PAGE = 30
#: Moves that the page lists one by one.
_MOVES = 60


@bp.get("/staff/analyses/<int:id>/compare")
@requires(*STAFF)
def compare(id: int) -> Any:  # noqa: A002
    """Show what changed since the analysis before, or since another one that is asked for."""
    run = get_run(db.session(), id)
    part = readable_part(db.session(), current_user, run.consultation_id)
    consultation = db.session.get_one(Consultation, run.consultation_id)
    finished = [
        one for one in db.session.scalars(runs_of(consultation.id)) if one.finished_at is not None
    ]
    other = _other(run, finished)
    if run not in finished:
        raise NotFoundError
    page: dict[str, Any] = {}
    if other is not None:
        before, after = sorted((other, run), key=lambda one: one.id)
        page["comparison"] = compare_runs(db.session(), before, after)
        if after is newest_of(consultation):
            page["holding"] = holding_of(db.session(), after)
        cell = [place_of_key(request.args.get(side, "")) for side in ("from", "to")]
        if cell[0] is not None and cell[1] is not None:
            rows = listed(before.id, after.id, cell[0], cell[1], part)
            total = _total(page["comparison"], cell) if part.regions is None else None
            listing = Rows(select=rows, per_page=PAGE, total=total)
            page |= {"cell": cell, "listing": listing}
    return render_template(
        "themes/compare.html",
        consultation=consultation,
        run=run,
        other=other,
        others=[one for one in finished if one is not run],
        regions_by_code={one.code: one for one in db.session.scalars(select(Region))},
        most=_MOVES,
        is_all_readable=part.regions is None,
        **page,
    )


def _other(run: AnalysisRun, finished: list[AnalysisRun]) -> AnalysisRun | None:
    """Return the run to compare with: the one asked for, else the one before.

    :raises NotFoundError: if the one asked for is no finished run of the same consultation.
    """
    asked = request.args.get("with", type=int)
    if asked is not None:
        found = next((one for one in finished if one.id == asked and one is not run), None)
        if found is None:
            raise NotFoundError
        return found
    return next((one for one in finished if one.id < run.id), None)


def _total(comparison: Comparison, pair: list[Place | None]) -> int:
    """Return how many passages a cell has, as they are counted already."""
    return next((cell.n for cell in comparison.cells if [cell.before, cell.after] == pair), 0)
