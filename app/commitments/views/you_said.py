"""The public page "You said, we did": every theme with what was answered and what followed."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from app.commitments.answers.labels import STATES
from app.commitments.answers.queries import Answered, load_answered
from app.commitments.answers.showing import progress_of, reply_of
from app.commitments.blueprint import bp
from app.commitments.models import Measure
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import public
from app.core.clock import CIVIL_ZONE
from app.core.db import db
from app.reports.presentation import View
from app.reports.queries import newest_report
from app.reports.withheld import body_shown

#: What the filter calls themes that nobody has answered yet.
NONE_YET = "none"


@bp.get("/consultations/<slug>/you-said-we-did")
@public
def you_said(slug: str) -> str:
    """Show each theme of the newest report, its answer and its measures."""
    session = db.session()
    consultation = get_consultation(session, slug)
    report = newest_report(session, consultation.id)
    if report is None:
        return render_template(
            "commitments/you_said.html", consultation=consultation, report=None, view=None
        )
    body = body_shown(session, report)
    view = View(body)
    everything = load_answered(session, report, body)
    region, state = _asked(body)
    rows = [row for row in everything if not state or (row.state or NONE_YET) == state]
    if region:
        rows.sort(key=lambda row: -(_of_region(row.data, region)["count"] or 0))
    counts = Counter(row.state or NONE_YET for row in everything)
    names: dict[str, Any] = {str(code): label for code, label in STATES.items()}
    names[NONE_YET] = _("No answer yet")
    today = clock.now().astimezone(CIVIL_ZONE).date()
    return render_template(
        "commitments/you_said.html",
        consultation=consultation,
        report=report,
        view=view,
        body=body,
        rows=rows,
        region=region,
        state=state,
        n_themes=len(everything),
        n_answered=len(everything) - counts[NONE_YET],
        counts=[(str(label), counts[code]) for code, label in names.items()],
        selects=_selects(view, names, region, state),
        regions=_regions(view, everything),
        of_region=lambda theme: _of_region(theme, region),
        here=next((g for g in body["groups"]["region"] if g["code"] == region), None),
        quotation=lambda theme: _quotation(view, theme, region),
        measures=lambda row: [
            progress_of(one, today=today) for one in row.measures if _concerns(one, region)
        ],
        reply_of=reply_of,
    )


def _asked(body: dict[str, Any]) -> tuple[str, str]:
    """Return the region and the state of the address; codes that nobody knows are no filter."""
    region, state = request.args.get("region", ""), request.args.get("state", "")
    known = {row["code"] for row in body["participation"]["by_region"]}
    return (
        region if region in known else "",
        state if state in {*STATES, NONE_YET} else "",
    )


def _selects(
    view: View, names: dict[str, Any], region: str, state: str
) -> list[tuple[str, str, list[tuple[str, str]], str, str]]:
    """Return the selects of the filter form."""
    regions = [(r["code"], view.region(r["code"])) for r in view.body["participation"]["by_region"]]
    states = [(str(code), str(label)) for code, label in names.items()]
    return [
        ("region", _("Region"), regions, region, _("All regions")),
        ("state", _("Answer"), states, state, _("All answers")),
    ]


def _of_region(theme: dict[str, Any], region: str) -> dict[str, Any]:
    """Return the figures of a theme in a region; without any where there are none."""
    nothing = {"count": None, "of": 0, "share": None, "differs": None, "hidden": True}
    return next((row for row in theme["by_region"] if row["code"] == region), nothing)


def _concerns(measure: Measure, region: str) -> bool:
    """Tell whether a measure is for a region: its own, or the whole country's."""
    return not region or measure.region_code in {None, region}


def _quotation(view: View, theme: dict[str, Any], region: str) -> dict[str, Any] | None:
    """Return one quotation of a theme, from the region if it has one there."""
    found = [one for one in view.quotations(theme) if not one.get("withheld")]
    here = [one for one in found if region and one["region"] == region]
    return next(iter(here or found), None)


def _regions(view: View, rows: list[Answered]) -> list[dict[str, Any]]:
    """Return, for each region, what was raised most there and how many measures it has."""
    measures = {one.id: one for row in rows for one in row.measures}
    counts = Counter(one.region_code for one in measures.values())
    found = []
    for group in view.body["groups"]["region"]:
        if not group["code"]:
            continue
        voices = [_of_region(row.data, group["code"])["count"] or 0 for row in rows]
        most = max(voices, default=0)
        found.append(
            {
                "code": group["code"],
                "name": view.region(group["code"]),
                "of": group["of"],
                "first": [row for row, n in zip(rows, voices, strict=True) if n and n == most],
                "measures": counts[group["code"]],
            }
        )
    return found
