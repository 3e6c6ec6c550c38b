"""Decisions in a sentence: who did what, to how many passages, of which theme."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.db import Texts
from app.core.i18n import language, plain_number
from app.themes.labels import STATES
from app.themes.models import Theme, ThemeEvent

#: Says in words what a decision did: the event, its passages' number, the themes.
Tell = Callable[[ThemeEvent, int, Mapping[int, Theme]], Any]


def sentence(event: ThemeEvent, n_passages: int, themes: Mapping[int, Theme]) -> str:
    """Say what a decision did, without who did it."""
    tell = _TOLD.get(event.kind)
    if tell is None:
        return str(_("Another decision"))
    return str(tell(event, n_passages, themes))


def with_who(event: ThemeEvent, n_passages: int, themes: Mapping[int, Theme]) -> str:
    """Say who did what."""
    done = sentence(event, n_passages, themes)
    return str(_("%(who)s: %(done)s", who=event.actor_label, done=done))


def theme_name(theme: Theme | None) -> str:
    """Return a theme's name in the page's language."""
    return "" if theme is None else theme.names.best(language().code)[0]


def _payload_name(event: ThemeEvent, key: str) -> str:
    """Return a name that was written down with the decision."""
    return Texts(event.payload.get(key) or {}).best(language().code)[0]


def _name(event: ThemeEvent, themes: Mapping[int, Theme]) -> str:
    """Return the name of the theme that a decision is about."""
    return theme_name(themes.get(event.theme_id or 0)) or _payload_name(event, "name")


def _moved(event: ThemeEvent, n: int, themes: Mapping[int, Theme]) -> Any:
    """Say that passages were moved."""
    to = _payload_name(event, "into_name") or _name(event, themes)
    return ngettext(
        "%(number)s passage moved to “%(name)s”",
        "%(number)s passages moved to “%(name)s”",
        n,
        number=plain_number(n),
        name=to,
    )


def _set_aside(event: ThemeEvent, n: int, _themes: Mapping[int, Theme]) -> Any:
    """Say that passages were set aside."""
    return ngettext(
        "%(number)s passage set aside: %(state)s",
        "%(number)s passages set aside: %(state)s",
        n,
        number=plain_number(n),
        state=str(STATES.get(event.payload.get("state", ""), "")),
    )


def _confirmed(_event: ThemeEvent, n: int, _themes: Mapping[int, Theme]) -> Any:
    """Say that passages were confirmed."""
    return ngettext(
        "%(number)s passage confirmed",
        "%(number)s passages confirmed",
        n,
        number=plain_number(n),
    )


def _pinned(_event: ThemeEvent, n: int, _themes: Mapping[int, Theme]) -> Any:
    """Say that passages were made examples."""
    return ngettext(
        "%(number)s passage made an example",
        "%(number)s passages made examples",
        n,
        number=plain_number(n),
    )


def _unpinned(_event: ThemeEvent, n: int, _themes: Mapping[int, Theme]) -> Any:
    """Say that passages are examples no longer."""
    return ngettext(
        "%(number)s passage no longer an example",
        "%(number)s passages no longer examples",
        n,
        number=plain_number(n),
    )


def _released(_event: ThemeEvent, n: int, _themes: Mapping[int, Theme]) -> Any:
    """Say that passages were given back."""
    return ngettext(
        "%(number)s passage given back to the machine",
        "%(number)s passages given back to the machine",
        n,
        number=plain_number(n),
    )


def _split(event: ThemeEvent, n: int, themes: Mapping[int, Theme]) -> Any:
    """Say that a theme was split."""
    parts = event.payload.get("parts", ())
    names = [Texts(part["name"]).best(language().code)[0] for part in parts]
    return ngettext(
        "%(number)s passage of “%(name)s” made the theme “%(new)s”",
        "%(number)s passages of “%(name)s” made the theme “%(new)s”",
        n,
        number=plain_number(n),
        name=_name(event, themes),
        new=_("”, “").join(names),
    )


def _created(event: ThemeEvent, n: int, _themes: Mapping[int, Theme]) -> Any:
    """Say that a theme was made."""
    return ngettext(
        "theme “%(name)s” made, with %(number)s passage",
        "theme “%(name)s” made, with %(number)s passages",
        n,
        number=plain_number(n),
        name=_payload_name(event, "name"),
    )


def _merged(event: ThemeEvent, _n: int, _themes: Mapping[int, Theme]) -> Any:
    """Say that a theme was merged."""
    return _(
        "“%(name)s” merged into “%(into)s”",
        name=_payload_name(event, "name"),
        into=_payload_name(event, "into_name"),
    )


def _renamed(event: ThemeEvent, _n: int, _themes: Mapping[int, Theme]) -> Any:
    """Say that a theme was renamed."""
    return _(
        "“%(old)s” renamed “%(name)s”",
        old=_payload_name(event, "from"),
        name=_payload_name(event, "to"),
    )


def _validated(event: ThemeEvent, _n: int, themes: Mapping[int, Theme]) -> Any:
    """Say that a theme was validated, or no longer is."""
    if event.payload.get("is_validated"):
        return _("“%(name)s” validated", name=_name(event, themes))
    return _("“%(name)s” no longer validated", name=_name(event, themes))


def _on_theme(message: Callable[[str], Any]) -> Tell:
    """Return what says something that needs the theme's name alone."""

    def tell(event: ThemeEvent, _n: int, themes: Mapping[int, Theme]) -> Any:
        """Say it."""
        return message(_name(event, themes))

    return tell


def _undone(event: ThemeEvent, _n: int, _themes: Mapping[int, Theme]) -> Any:
    """Say what was taken back."""
    kind = event.payload.get("of", "")
    what = KINDS.get(kind)
    return _("taken back: %(what)s", what=what()) if what else _("a decision taken back")


#: Names of the kinds of decisions, for lists of them.
KINDS: dict[str, Callable[[], Any]] = {
    "rename": lambda: _("rename a theme"),
    "describe": lambda: _("describe a theme"),
    "attach": lambda: _("attach a theme"),
    "merge": lambda: _("merge a theme"),
    "exclude": lambda: _("exclude a theme"),
    "restore": lambda: _("restore a theme"),
    "validate": lambda: _("validate a theme"),
    "create": lambda: _("make a theme"),
    "split": lambda: _("split a theme"),
    "move": lambda: _("move passages"),
    "pin": lambda: _("make examples"),
    "unpin": lambda: _("end examples"),
    "confirm": lambda: _("confirm passages"),
    "set_aside": lambda: _("set passages aside"),
    "release": lambda: _("give passages back to the machine"),
    "accept": lambda: _("accept a proposal"),
    "refuse": lambda: _("refuse a proposal"),
}

_TOLD: dict[str, Tell] = {
    "move": _moved,
    "set_aside": _set_aside,
    "confirm": _confirmed,
    "pin": _pinned,
    "unpin": _unpinned,
    "release": _released,
    "split": _split,
    "create": _created,
    "merge": _merged,
    "rename": _renamed,
    "validate": _validated,
    "undo": _undone,
    "describe": _on_theme(lambda name: _("“%(name)s” described", name=name)),
    "attach": _on_theme(lambda name: _("“%(name)s” attached elsewhere", name=name)),
    "exclude": _on_theme(lambda name: _("“%(name)s” left out of the results", name=name)),
    "restore": _on_theme(lambda name: _("“%(name)s” restored", name=name)),
    "accept": _on_theme(lambda name: _("proposed theme “%(name)s” accepted", name=name)),
    "refuse": lambda _e, _n, _t: _("a proposal refused"),
    "carry": lambda _e, _n, _t: _("decisions carried over to passages cut anew"),
    "end": _on_theme(lambda name: _("“%(name)s” not found again", name=name)),
}


def told(events: list[ThemeEvent], sizes: Mapping[int, int], themes: Mapping[int, Theme]) -> Any:
    """Return each decision with its sentence, who decided said in it."""
    return [with_who(event, sizes.get(event.id, 0), themes) for event in events]
