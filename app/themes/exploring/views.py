"""Staff pages: the map of themes, themes said together, words in context."""

from __future__ import annotations

from typing import Any

from flask import jsonify, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core.access import STAFF, requires
from app.core.db import db
from app.core.i18n import language
from app.organisations.models import ActorType
from app.territories.models import Region
from app.themes import errors, labels, queries
from app.themes.blueprint import bp, newest_of
from app.themes.contrasting.quoting import Picked, rows_of
from app.themes.exploring import landscape, lines, together
from app.themes.exploring.landscape import Wanted
from app.themes.models import AnalysisRun, PassageState, Theme
from app.themes.queries import Narrowing
from app.themes.review import readable_part

PAGE = 20
#: Passages whose words the map's script asks for at once, at most.
MOST_ASKED = 30
#: Themes in the matrix of pairs: those with most voices; the table has all.
MOST_IN_MATRIX = 24
#: Pairs listed at most; with a theme chosen, there are no more.
MOST_RANKED = 60
_MAP_STATES = (PassageState.IN_THEME, PassageState.TO_ARBITRATE, PassageState.OFF_TOPIC)


def _whole(text: str) -> int | None:
    """Return the number that a piece of an address is, None if it is none that could be a key."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _wanted() -> Wanted:
    """Return what the address asks for."""
    args = request.args
    return Wanted(
        theme=_whole(args.get("theme", "")),
        region=args.get("region") or None,
        language=args.get("language") or None,
        actor_type=args.get("actor_type") or None,
        state=args.get("state") or None,
        words=args.get("q", ""),
    )


def _current(consultation: Consultation) -> dict[int, Theme]:
    """Return the themes that are in the results, by the name that the page shows."""
    themes = list(db.session.scalars(queries.current_themes(consultation.id)))
    return {theme.id: theme for theme in sorted(themes, key=_name)}


def _name(theme: Theme) -> str:
    """Return a theme's name in the page's language."""
    return theme.names.best(language().code)[0]


def _choices(themes: dict[int, Theme]) -> dict[str, Any]:
    """Return what the filters offer."""
    regions = list(db.session.query(Region).order_by(Region.code))
    code = language().code
    return {
        "regions_by_code": {region.code: region for region in regions},
        "region_choices": [(region.code, region.names.best(code)[0]) for region in regions],
        "theme_choices": [(str(theme.id), _name(theme)) for theme in themes.values()],
        "language_choices": [(key, str(label)) for key, label in labels.LANGUAGES.items()],
        "actor_choices": [(key.value, key.texts.best(code)[0]) for key in ActorType],
        "state_choices": [(key.value, str(labels.STATES[key])) for key in _MAP_STATES],
        "chosen": {
            name: value
            for name in ("theme", "region", "language", "actor_type", "state", "q", "order")
            if (value := request.args.get(name, ""))
        },
    }


def _opened(slug: str) -> tuple[Consultation, Narrowing, AnalysisRun | None]:
    """Return a consultation, what of it the reader may read, and its newest run."""
    consultation = get_consultation(db.session(), slug)
    part = readable_part(db.session(), current_user, consultation.id)
    return consultation, part, newest_of(consultation)


def _explored(slug: str) -> tuple[Consultation, Narrowing, AnalysisRun]:
    """Return the same of a consultation that was analysed.

    :raises NoAnalysisError: if it was not.
    """
    consultation, part, run = _opened(slug)
    if run is None:
        raise errors.NoAnalysisError
    return consultation, part, run


@bp.get("/staff/consultations/<slug>/map", endpoint="map")
@requires(*STAFF)
def show_map(slug: str) -> str:
    """Show the map of themes, and the same selection as tables."""
    consultation, part, run = _opened(slug)
    if run is None:
        return render_template(
            "themes/exploring/map.html", consultation=consultation, run=None, n_on_map=0
        )
    themes = _current(consultation)
    wanted = _wanted()
    points = landscape.load_points(db.session(), run, part)
    areas = landscape.load_areas(db.session(), run, part)
    rows = points.rows(wanted, landscape.found_by_words(db.session(), run, wanted.words))
    counts = landscape.counted(points, rows)
    order = sorted(areas, key=lambda theme: (-areas[theme].n, theme))
    return render_template(
        "themes/exploring/map.html",
        consultation=consultation,
        run=run,
        themes=themes,
        areas=areas,
        order=[theme for theme in order if theme in themes],
        numbers={theme: number for number, theme in enumerate(order)},
        counts=counts,
        n_on_map=len(points.ids),
        n_selected=len(rows),
        listing=Picked(
            run=run, part=part, passages=[points.ids[row] for row in rows], per_page=PAGE
        ),
        is_all_readable=part.regions is None,
        **_choices(themes),
    )


@bp.get("/staff/consultations/<slug>/map/points")
@requires(*STAFF)
def map_points(slug: str) -> Response:
    """Give the map's points to its script."""
    consultation, part, run = _explored(slug)
    points = landscape.load_points(db.session(), run, part)
    names = {theme.id: _name(theme) for theme in _current(consultation).values()}
    return jsonify(landscape.payload(points, landscape.load_areas(db.session(), run, part), names))


@bp.get("/staff/consultations/<slug>/map/found")
@requires(*STAFF)
def map_found(slug: str) -> Response:
    """Tell the map's script which passages hold some words."""
    _consultation, part, run = _explored(slug)
    found = landscape.found_by_words(db.session(), run, request.args.get("q", ""))
    readable = set(landscape.load_points(db.session(), run, part).ids)
    return jsonify(ids=None if found is None else sorted(found & readable))


@bp.get("/staff/consultations/<slug>/map/passages")
@requires(*STAFF)
def map_passages(slug: str) -> Response:
    """Give the words of some passages to the map's script, as a piece of the page."""
    consultation, part, run = _explored(slug)
    asked = [_whole(number) for number in request.args.get("ids", "").split(",")[:MOST_ASKED]]
    ids = [number for number in asked if number is not None]
    rows = rows_of(db.session(), run, part, ids)
    themes = _current(consultation)
    piece = render_template(
        "themes/exploring/_passages.html",
        rows=[rows[number] for number in ids if number in rows],
        themes=themes,
        **_choices({}),
    )
    return jsonify(html=piece)


@bp.get("/staff/consultations/<slug>/together", endpoint="together")
@requires(*STAFF)
def show_together(slug: str) -> str:
    """Show which themes the same submissions speak of."""
    consultation, _part, run = _explored(slug)
    themes = _current(consultation)
    pairs = [
        pair
        for pair in together.load_pairs(db.session(), run)
        if pair.first in themes and pair.second in themes
    ]
    sizes: dict[int, int] = {}
    for pair in pairs:
        if not pair.is_suppressed:
            sizes[pair.first], sizes[pair.second] = pair.n_first or 0, pair.n_second or 0
    order = sorted(sizes, key=lambda theme: (-sizes[theme], theme))[:MOST_IN_MATRIX]
    chosen = _whole(request.args.get("theme", ""))
    ranked = together.telling(pairs)
    if chosen in themes:
        ranked = [pair for pair in ranked if chosen in {pair.first, pair.second}]
    n_telling = len(ranked)
    return render_template(
        "themes/exploring/together.html",
        consultation=consultation,
        themes=themes,
        order=order,
        n_themes=len(sizes),
        sizes=sizes,
        cells={
            key: pair
            for pair in pairs
            for key in ((pair.first, pair.second), (pair.second, pair.first))
        },
        ranked=ranked[:MOST_RANKED],
        n_telling=n_telling,
        n_suppressed=sum(pair.is_suppressed for pair in pairs),
        n_pairs=len(pairs),
        **_choices(themes),
    )


@bp.get("/staff/consultations/<slug>/words", endpoint="words")
@requires(*STAFF)
def show_words(slug: str) -> str:
    """Show a word or an expression everywhere it is said, with what stands around it."""
    consultation, part, run = _explored(slug)
    themes = _current(consultation)
    query = request.args.get("q", "").strip()[: lines.LONGEST]
    order = request.args.get("order", "text")
    theme = _whole(request.args.get("theme", ""))
    found = None
    if query:
        found = lines.find_lines(
            db.session(),
            run,
            query,
            Narrowing(
                region=request.args.get("region") or None,
                language=request.args.get("language") or None,
                regions=part.regions,
            ),
            theme_id=theme if theme in themes else None,
            order=order,
        )
    return render_template(
        "themes/exploring/words.html",
        consultation=consultation,
        query=query,
        order=order if order in lines.ORDERS else "text",
        found=found,
        most=lines.MOST_LINES,
        most_passages=lines.MOST_PASSAGES,
        themes=themes,
        is_all_readable=part.regions is None,
        **_choices(themes),
    )
