"""Decisions in words: what was decided on what, from what to what, for which reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.i18n import LANGUAGES, arabic, language, localized, number
from app.themes import labels
from app.themes.decisions.queries import Undo, Undone, passages_by_event
from app.themes.ledger.kinds import Kind
from app.themes.models import Theme, ThemeEvent
from app.themes.queries import themes_of

#: Characters of a definition or rule that the ledger repeats.
_SHOWN = 240


@dataclass
class Told:
    """A decision in words.

    :ivar about: the theme it is about, None for passages taken from several.
    :ivar lines: what was decided, a sentence each.
    :ivar undone: who took it back, None while it is in force.
    :ivar button: the event to be taken back by a click, None if nobody can.
    :ivar is_again: the click brings the decision into force again.
    """

    event: ThemeEvent
    label: str
    who: str
    about: Theme | None
    lines: list[Markup] = field(default_factory=list)
    undone: Undo | None = None
    button: int | None = None
    is_again: bool = False


@dataclass(frozen=True)
class _Part:
    """Passages of an event: the theme they went to, the one they left, how many."""

    theme_id: int | None
    source_id: int | None
    n: int


def filled(sentence: str, **values: Any) -> Markup:
    """Put values into a sentence that was translated; what is no markup is escaped."""
    return Markup(sentence) % values  # noqa: S704  sentences come from the catalogs


def in_its_language(text: str, code: str) -> Markup:
    """Mark a text with its language and direction."""
    return Markup('<span lang="{}" dir="{}">{}</span>').format(
        code, LANGUAGES[code].direction, text
    )


def n_passages(n: int) -> Markup:
    """Return a number of passages in words."""
    words = ngettext("%(number)s passage", "%(number)s passages", n, number="%(number)s")
    return filled(words, number=number(n))


class Teller:
    """Puts the decisions of one consultation into words.

    :param events: those to be told; their passages are counted at once.
    """

    def __init__(
        self, session: Session, consultation: Consultation, events: Sequence[ThemeEvent]
    ) -> None:
        self._session = session
        self.themes = {theme.id: theme for theme in session.scalars(themes_of(consultation.id))}
        self._attached: dict[str, Mapping[int, Any]] = {
            "axis_id": {axis.id: axis.title for axis in consultation.axes},
            "population_id": {one.id: one.title for one in consultation.populations},
            "parent_id": {theme.id: theme.name for theme in self.themes.values()},
        }
        self._undone = Undone(session, consultation.id)
        self._parts: dict[int, list[_Part]] = defaultdict(list)
        for row in session.execute(passages_by_event([event.id for event in events])):
            self._parts[row.event_id].append(_Part(row.theme_id, row.source_id, row.n))
        wanted = {event.undoes_id for event in events} | {
            event.payload.get("event") for event in events
        }
        known = {event.id: event for event in events}
        others = sorted(number for number in wanted if number and number not in known)
        self._events = known | {
            event.id: event
            for event in session.scalars(select(ThemeEvent).where(ThemeEvent.id.in_(others)))
        }
        self._told = [self._tell(event) for event in events]

    def all(self) -> list[Told]:
        """Return the decisions in words, in the order given."""
        return self._told

    def _tell(self, event: ThemeEvent) -> Told:
        """Tell one decision."""
        button = self._undone.button(event)
        undone = self._undone.by(event.id)
        is_again = event.kind == Kind.UNDO or undone is not None
        if event.kind == Kind.UNDO and self._events[event.undoes_id or 0].kind == Kind.UNDO:
            is_again = False
        return Told(
            event=event,
            label=str(labels.EVENTS.get(event.kind, event.kind)),
            who=author(event),
            about=self.themes.get(event.theme_id or 0),
            lines=[*_LINES[Kind(event.kind)](self, event), *self._proposed(event)],
            undone=undone,
            button=button,
            is_again=is_again,
        )

    def _proposed(self, event: ThemeEvent) -> Iterable[Markup]:
        """Say that it was the machine's proposal."""
        if "proposal" in event.payload and event.kind not in {Kind.REFUSE, Kind.ACCEPT}:
            yield filled(_("As the analysis had proposed."))

    # Words

    def name(self, theme_id: int | None, fallback: Mapping[str, str] | None = None) -> Markup:
        """Return a theme's name as a link."""
        theme = self.themes.get(theme_id or 0)
        if theme is None:
            return Markup("{}").format(localized(dict(fallback or {})) or "—")
        href = url_for("themes.show", id=theme.id)
        return Markup('<a href="{}">{}</a>').format(href, localized(dict(fallback or theme.name)))

    def n(self, event: ThemeEvent) -> Markup:
        """Return how many passages an event decided on."""
        return n_passages(sum(part.n for part in self._parts[event.id]))

    def by_theme(self, event: ThemeEvent, side: str) -> Markup:
        """Return the themes that passages went to, or left, with their numbers."""
        counts: dict[int, int] = defaultdict(int)
        for part in self._parts[event.id]:
            if (theme_id := getattr(part, side)) is not None:
                counts[theme_id] += part.n
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        found = [
            filled(_("“%(name)s” (%(n)s)"), name=self.name(theme_id), n=number(n))
            for theme_id, n in ranked
        ]
        return filled(_(", ")).join(found)

    # Kinds

    def renamed(self, event: ThemeEvent) -> Iterable[Markup]:
        """Tell both names, as far as they changed."""
        sentences = {
            "fr": _("In French: “%(before)s” became “%(after)s”."),
            "ar": _("In Arabic: “%(before)s” became “%(after)s”."),
        }
        before, after = event.payload["from"], event.payload["to"]
        for code, sentence in sentences.items():
            old, new = before.get(code, ""), after.get(code, "")
            if old != new:
                yield filled(
                    sentence,
                    before=in_its_language(old, code),
                    after=in_its_language(new, code),
                )
        if dict(before) == dict(after):
            yield filled(_("It keeps its name for good."))

    def described(self, event: ThemeEvent) -> Iterable[Markup]:
        """Tell the texts that changed."""
        for column, after in event.payload["to"].items():
            before = event.payload["from"].get(column, {})
            for code in ("fr", "ar"):
                old, new = before.get(code, ""), after.get(code, "")
                if old != new:
                    text = in_its_language(_cut(new), code) if new else _("nothing any more")
                    yield filled(_("%(what)s: %(text)s"), what=labels.DESCRIBED[column], text=text)

    def attached(self, event: ThemeEvent) -> Iterable[Markup]:
        """Tell what it is attached to, and was before."""
        for column, after in event.payload["to"].items():
            before = event.payload["from"].get(column)
            yield filled(
                _("%(what)s: %(after)s (before: %(before)s)"),
                what=labels.ATTACHED[column],
                after=self._attachment(column, after),
                before=self._attachment(column, before),
            )

    def _attachment(self, column: str, value: int | None) -> str | Markup:
        """Return the name of an axis, a population or a theme."""
        if value is None:
            return str(_("none"))
        known = self._attached[column].get(value)
        return localized(known) if known is not None else str(_("removed since"))

    def merged(self, event: ThemeEvent) -> Iterable[Markup]:
        """Tell where it counts."""
        into = self.name(event.payload["into"], event.payload.get("into_name"))
        yield filled(_("Its passages count under “%(name)s”."), name=into)

    def excluded(self, _event: ThemeEvent) -> Iterable[Markup]:
        """Tell nothing: the reason says it."""
        return ()

    def restored(self, event: ThemeEvent) -> Iterable[Markup]:
        """Tell what was given up."""
        undone = event.payload.get("undone", {})
        if undone.get("state") == "merged":
            into = self.name(undone.get("into"))
            yield filled(_("It no longer counts under “%(name)s”."), name=into)
        else:
            yield filled(_("It is in the results again."))

    def validated(self, event: ThemeEvent) -> Iterable[Markup]:
        """Tell which of the two."""
        if event.payload["is_validated"]:
            yield filled(_("It is good as it is."))
        else:
            yield filled(_("It is to be looked at again."))

    def created(self, event: ThemeEvent) -> Iterable[Markup]:
        """Tell how many passages it took, from where."""
        if self._parts[event.id]:
            yield filled(_("It took %(passages)s."), passages=self.n(event))

    def divided(self, event: ThemeEvent) -> Iterable[Markup]:
        """Tell the parts."""
        counts: dict[int | None, int] = defaultdict(int)
        for part in self._parts[event.id]:
            counts[part.theme_id] += part.n
        for part in event.payload["parts"]:
            yield filled(
                _("%(passages)s became “%(name)s”."),
                passages=n_passages(counts[part["theme_id"]]),
                name=self.name(part["theme_id"], part["name"]),
            )

    def moved(self, event: ThemeEvent) -> Iterable[Markup]:
        """Tell where to and where from."""
        yield filled(
            _("%(passages)s moved to “%(name)s”."),
            passages=self.n(event),
            name=self.name(event.theme_id, event.payload.get("into_name")),
        )
        if sources := self.by_theme(event, "source_id"):
            yield filled(_("From %(themes)s."), themes=sources)

    def in_place(self, event: ThemeEvent) -> Iterable[Markup]:
        """Tell of which themes."""
        yield filled(_("%(passages)s."), passages=self.n(event))
        if themes := self.by_theme(event, "theme_id"):
            yield filled(_("In %(themes)s."), themes=themes)
        elif state := event.payload.get("state"):
            yield filled(_("%(state)s."), state=labels.STATES[state])

    def put_aside(self, event: ThemeEvent) -> Iterable[Markup]:
        """Tell which state, and where from."""
        state = labels.STATES[event.payload["state"]]
        yield filled(_("%(passages)s: %(state)s."), passages=self.n(event), state=state)
        if sources := self.by_theme(event, "source_id"):
            yield filled(_("From %(themes)s."), themes=sources)

    def released(self, event: ThemeEvent) -> Iterable[Markup]:
        """Tell that they are the machine's again."""
        yield filled(
            _("%(passages)s: where the newest analysis finds them."), passages=self.n(event)
        )

    def accepted(self, event: ThemeEvent) -> Iterable[Markup]:
        """Tell the name it got."""
        name = self.name(event.theme_id, event.payload["name"])
        yield filled(_("It is a theme, named “%(name)s”."), name=name)

    def refused(self, event: ThemeEvent) -> Iterable[Markup]:
        """Tell what was refused."""
        yield filled(_("%(kind)s."), kind=labels.PROPOSAL[event.payload["kind"]])

    def ended(self, event: ThemeEvent) -> Iterable[Markup]:
        """Tell why."""
        yield filled(_("The analysis did not find it again, and nobody had decided on it."))
        if heir := event.payload.get("heir"):
            yield filled(_("Its passages are now in “%(name)s”."), name=self.name(heir))

    def carried(self, event: ThemeEvent) -> Iterable[Markup]:
        """Tell whose decision holds for the new pieces."""
        yield filled(
            _("%(passages)s took over %(decision)s."),
            passages=self.n(event),
            decision=self._decision(event.payload.get("event")),
        )

    def undone(self, event: ThemeEvent) -> Iterable[Markup]:
        """Tell which decision was taken back, or done again."""
        about, n_undos = event, 0
        while about.undoes_id is not None:
            if about.undoes_id not in self._events:
                self._events[about.undoes_id] = self._session.get_one(ThemeEvent, about.undoes_id)
            about, n_undos = self._events[about.undoes_id], n_undos + 1
        sentence = _("Taken back: %(decision)s.") if n_undos % 2 else _("Done again: %(decision)s.")
        yield filled(sentence, decision=self._decision(about.id))

    def _decision(self, event_id: int | None) -> Markup:
        """Return what a decision was, as a link to it."""
        event = self._events.get(event_id or 0)
        if event is None:
            return Markup("—")
        slug = self._slug(event)
        label = labels.EVENTS.get(event.kind, event.kind)
        words = filled(_("%(decision)s (%(who)s)"), decision=label, who=author(event))
        return Markup('<a href="{}">{}</a>').format(decision_url(slug, event.id), words)

    def _slug(self, event: ThemeEvent) -> str:
        """Return the consultation's name in addresses."""
        return self._session.get_one(Consultation, event.consultation_id).slug


_LINES: dict[Kind, Callable[[Teller, ThemeEvent], Iterable[Markup]]] = {
    Kind.RENAME: Teller.renamed,
    Kind.DESCRIBE: Teller.described,
    Kind.ATTACH: Teller.attached,
    Kind.MERGE: Teller.merged,
    Kind.EXCLUDE: Teller.excluded,
    Kind.RESTORE: Teller.restored,
    Kind.VALIDATE: Teller.validated,
    Kind.CREATE: Teller.created,
    Kind.SPLIT: Teller.divided,
    Kind.MOVE: Teller.moved,
    Kind.PIN: Teller.in_place,
    Kind.UNPIN: Teller.in_place,
    Kind.CONFIRM: Teller.in_place,
    Kind.SET_ASIDE: Teller.put_aside,
    Kind.RELEASE: Teller.released,
    Kind.ACCEPT: Teller.accepted,
    Kind.REFUSE: Teller.refused,
    Kind.END: Teller.ended,
    Kind.CARRY: Teller.carried,
    Kind.UNDO: Teller.undone,
}


def tell(session: Session, consultation: Consultation, events: Iterable[ThemeEvent]) -> list[Told]:
    """Return decisions in words, in the order given."""
    return Teller(session, consultation, list(events)).all()


def author(event: ThemeEvent) -> str:
    """Return who decided; what a run did by itself is the analysis's."""
    if event.run_id is not None:
        return str(_("the analysis"))
    return author_name(event.actor_id, event.actor_label)


def author_name(actor_id: int | None, label: str) -> str:
    """Return the name of who decided, in the page's language if it is no person."""
    known = {
        "analysis": _("the analysis"),
        "command line": _("the command line"),
        "system": _("the system"),
    }
    return str(known.get(label, label)) if actor_id is None else label


def decision_url(slug: str, event_id: int) -> str:
    """Return the address of a decision in the ledger."""
    return url_for("themes.decisions", slug=slug, before=event_id + 1, _anchor=f"e{event_id}")


def _cut(text: str) -> str:
    """Return the beginning of a long text."""
    return text if len(text) <= _SHOWN else text[:_SHOWN].rsplit(" ", 1)[0] + "…"


def reason_of(event: ThemeEvent) -> str | Markup:
    """Return a decision's reason, Arabic in it marked."""
    return arabic(event.reason, language().code)
