"""The question behind a claim, in words: what was counted, of whom; and what was answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import flask_babel
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.core.i18n import number, percent
from app.reports import labels
from app.reports.presentation import View
from app.reports.sentences import fill, listed

_: Callable[..., str] = flask_babel.gettext

Query = dict[str, Any]

#: What each measure counts.
WHAT: dict[str, Any] = {
    "submissions": _l("Contributions received"),
    "analysed": _l("Contributors with a text that was analysed"),
    "voices": _l("Contributors who speak of it in their own words"),
    "signatories": _l("Contributors who only sent a copy of a text"),
    "passages": _l("Passages"),
    "texts": _l("Texts of which several people sent a copy"),
    "regions": _l("Regions where at least five people answered"),
    "languages": _l("Languages heard"),
    "ranking": _l("Themes by number of voices"),
    "place": _l("Place among all themes, by voices"),
    "themes": _l("Themes of the report"),
    "unsurpassed": _l("Regions where no other theme has more voices"),
    "spoken": _l("Passages in each language"),
    "kinds": _l("Contributions by kind of contributor"),
    "located": _l("Contributions whose region is known"),
    "heard": _l("Regions from which somebody took part"),
    "busiest": _l("Regions with the most contributions"),
    "crossed": _l("Contributors whose region and kind are both shown"),
    "effective": _l("Effective size of the sample, once weighted by population"),
    "weighted": _l("Share of the contributors, weighted by population"),
    "positions": _l("Contributors who take a position"),
    "n_regions": _l("Regions of the consultation"),
    "registered": _l("Organisations verified in the registry"),
    "tenths": _l("Share of the passages, in tenths of a percent"),
    "trend": _l("Contributors heard in each half of the collection"),
    "trends": _l("Themes whose share changed between the halves of the collection"),
    "words": _l("Fingerprint of the words at this place"),
    "told": _l("Measure kept with the analysis"),
    "differs": _l(
        "Difference from everyone else (Fisher’s exact test; at most one false difference in "
        "twenty)"
    ),
}

#: What narrows a question, and how its value is said.
_NARROWED: dict[str, Any] = {
    "region": _l("Region"),
    "actor_type": _l("Contributor"),
    "language": _l("Language"),
    "state": _l("State"),
    "nature": _l("Nature"),
    "stance": _l("Stance"),
    "number": _l("Contribution"),
    "question": _l("Question"),
}
#: Which of several values is asked for.
_VALUES: dict[Any, Any] = {
    "share": _l("share"),
    "low": _l("low end of the interval"),
    "high": _l("high end of the interval"),
    "before": _l("first half"),
    "after": _l("second half"),
    "differs": _l("difference between the halves"),
}
#: Measures that are told, by the first name of their path.
_TOLD: dict[str, Any] = {
    "days": _l("Days of the first and of the last contribution"),
    "weeks": _l("Contributions by week"),
    "channels": _l("Contributions by the way they came"),
    "populations": _l("Inhabitants of the region (2024 census)"),
    "texts": _l("Contributions without a text, or with one that waits for the analysis"),
    "registry": _l("Organisations verified in the registry"),
    "set_aside": _l("Passages set aside, and why"),
    "method": _l("How the analysis was made"),
    "reliability": _l("Agreement of coders, and accuracy of the machine"),
}
_DIFFERS: dict[Any, Any] = {
    "more": _l("more than the rest"),
    "less": _l("less than the rest"),
}


def asked(query: Query, view: View) -> Markup:
    """Return what a query asks, in words."""
    known = _TOLD if query["measure"] == "told" else {}
    default = WHAT.get(query["measure"], query["measure"])
    what = str(known.get(str(query.get("name")), default))
    return Markup(_("; ")).join([what, *_narrowings(query, view)])  # noqa: S704


def _narrowings(query: Query, view: View) -> Iterator[Markup | str]:
    """Yield what narrows a query."""
    if query.get("theme"):
        yield listed([_theme(identity, view) for identity in query["theme"]])
    for name, label in _NARROWED.items():
        if name in query:
            value = _said(name, query[name], view)
            yield fill(_("%(name)s: %(value)s"), name=str(label), value=value)
    if "start" in query:
        start, end = number(query["start"]), number(query["end"])
        yield fill(_("characters %(start)s to %(end)s"), start=start, end=end)
    yield from _ways(query)


def _ways(query: Query) -> Iterator[Markup | str]:
    """Yield which of several answers a query wants."""
    if "value" in query:
        yield str(_VALUES.get(query["value"], query["value"]))
    if query.get("took_part"):
        yield _("those that took part")
    if query.get("for_population"):
        yield _("for their population")
    if query["measure"] == "told":
        yield Markup('<code dir="ltr">{}</code>').format(_path(query))


def _path(query: Query) -> str:
    """Return where a measure that is told stands."""
    path = query.get("path") or []
    steps = path if isinstance(path, list) else [path]
    return ".".join(map(str, [query.get("name", ""), *steps]))


def _theme(identity: int, view: View) -> str:
    """Return a theme's name, of one that was left out too; else its number."""
    for part in ("themes", "excluded"):
        for theme in view.body.get(part, []):
            if theme["id"] == identity:
                return view.text(theme["name"])
    return str(identity)


def _said(name: str, code: Any, view: View) -> Markup | str:
    """Return a code in words."""
    if name in {"region", "actor_type"}:
        return view.group(name, str(code))
    if name == "language":
        return str(labels.language_name(str(code)))
    if name == "state":
        return labels.state_name(str(code))
    return Markup('<code dir="ltr">{}</code>').format(code)


def answered(query: Query, value: Any, view: View) -> Markup | str:
    """Return an answer in words."""
    if value is None:
        return _("no") if query["measure"] == "differs" else _("not known")
    if isinstance(value, str):
        known = _DIFFERS.get(value)
        return str(known) if known else Markup('<code dir="ltr">{}</code>').format(value)
    if isinstance(value, float):
        return percent(value) if 0 <= value <= 1 else number(value, 1)
    if isinstance(value, int):
        return number(value)
    return _several(query, value, view)


def _several(query: Query, value: Any, view: View) -> Markup | str:
    """Return a list of pairs in words; what is none as it stands."""
    names: dict[str, Callable[[Any], str]] = {
        "ranking": lambda code: _theme(code, view),
        "spoken": lambda code: str(labels.language_name(code)),
        "kinds": labels.actor_name,
    }
    name = names.get(query["measure"])
    if name is None:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True)
        return Markup('<code dir="ltr">{}</code>').format(text)
    pairs = [
        fill(_("%(name)s: %(value)s"), name=name(code), value=number(count))
        for code, count in value
    ]
    return Markup(_("; ")).join(pairs)  # noqa: S704
