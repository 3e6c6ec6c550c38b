"""Compare coded passages that come in with where passages are: only those moved are decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.errors import DomainError
from app.themes.codebook import errors, queries
from app.themes.codebook.coded import CODED, CodedCorpus
from app.themes.codebook.keys import exchange_key
from app.themes.codebook.matching import KnownThemes
from app.themes.codebook.plans import MOST_LISTED, Move, Plan, Problem
from app.themes.deciding.on_passages import ASIDE
from app.themes.exchange import Codebook, CodedPassage
from app.themes.exchange.labels import state_words
from app.themes.ledger.recording import newest_event_id
from app.themes.models import AnalysisRun, PassageState, Theme
from app.themes.queries import EVERYTHING

_STATES = frozenset(PassageState)
#: Signs of a passage that a page shows.
_SHOWN = 160


def plan_passages(
    session: Session,
    consultation: Consultation,
    run: AnalysisRun,
    passages: Iterable[CodedPassage],
    book: Codebook | None,
    *,
    lang: str,
) -> Plan:
    """Return what importing coded passages would do; nothing is written.

    :param book: names of the codes that the passages bear, where the file tells them.
    """
    return _Recoding(session, consultation, run, book, lang).plan(passages)


class _Recoding:
    """One comparison."""

    def __init__(
        self,
        session: Session,
        consultation: Consultation,
        run: AnalysisRun,
        book: Codebook | None,
        lang: str,
    ) -> None:
        self._session, self._consultation, self._run = session, consultation, run
        self._lang = lang
        self._known = KnownThemes(session, consultation)
        self._codes = {code.key: code for code in book.codes} if book else {}
        self._plan = Plan("passages", lang, seen=newest_event_id(session, consultation.id))
        self._places = {
            exchange_key(consultation.slug, "passage", row.passage_id): row
            for row in session.execute(queries.places(run))
        }

    def plan(self, passages: Iterable[CodedPassage]) -> Plan:
        """Compare."""
        said: dict[str, list[CodedPassage]] = defaultdict(list)
        strangers: list[CodedPassage] = []
        for passage in passages:
            if passage.key in self._places:
                said[passage.key].append(passage)
            else:
                strangers.append(passage)
        for key, passage in self._found_by_place(strangers):
            said[key].append(passage)
        for key, codings in said.items():
            try:
                self._compare(self._places[key], codings)
            except DomainError as error:
                first = codings[0]
                self._plan.blame(Problem(error.text(), first.submission, first.row))
        return self._plan

    def _found_by_place(self, strangers: list[CodedPassage]) -> Iterable[tuple[str, CodedPassage]]:
        """Yield passages whose keys another program changed, by their answer and their offsets."""
        spots: dict[tuple[str, int, int], str] = {}
        answers = {
            exchange_key(self._consultation.slug, "answer", row.answer_id)
            for row in self._places.values()
        }
        if any(passage.source in answers for passage in strangers):
            corpus = CodedCorpus(
                self._session, self._consultation, self._run, EVERYTHING, self._lang
            )
            spots = {(p.source, p.start, p.end): p.key for p in corpus.passages()}
        for passage in strangers:
            key = spots.get((passage.source, passage.start, passage.end))
            if key is not None:
                yield key, passage
                continue
            self._plan.n_missing += 1
            if len(self._plan.missing) < MOST_LISTED:
                where = passage.submission or passage.source
                self._plan.missing.append(f"{where} · {passage.text[:_SHOWN]}")

    def _compare(self, place: Any, codings: list[CodedPassage]) -> None:
        """Note what a file says of a passage that the review says otherwise."""
        themes = {theme.id: theme for c in codings if (theme := self._theme(c)) is not None}
        if len(themes) > 1:
            raise errors.ManyCodesError
        theme = next(iter(themes.values()), None)
        state = self._state(codings)
        move = self._wanted(place, theme, state)
        if move is None:
            self._plan.n_same += 1
            return
        if place.state == PassageState.COPY:
            raise errors.CopyMovedError
        if theme is not None and move.theme_id is not None and theme.state != "active":
            raise errors.ThemeGoneError(name=theme.names.best(self._lang)[0])
        first = codings[0]
        move.submission, move.words, move.row = first.submission, first.text[:_SHOWN], first.row
        moments = [coding.coded_at for coding in codings if coding.coded_at is not None]
        if place.at is not None and moments and max(moments) < place.at:
            move.who = place.who
        self._plan.moves.append(move)

    def _state(self, codings: list[CodedPassage]) -> str:
        """Return the state that a file says a passage is in.

        :raises StateUnknownError: if it is none.
        """
        state = next((coding.state for coding in codings if coding.state), "")
        if state and state not in _STATES:
            raise errors.StateUnknownError(value=state[:60])
        return state

    def _wanted(self, place: Any, theme: Theme | None, state: str) -> Move | None:
        """Return where a passage goes, None if it stays."""
        here = place.theme_id if place.state in CODED else None
        if theme is None:
            if state == place.state and here is None:
                return None
            if here is None and state not in ASIDE:
                return None
            return self._aside(place, state if state in ASIDE else PassageState.TO_ARBITRATE)
        if here == theme.id:
            is_aside = state in ASIDE and state != place.state
            return self._aside(place, state) if is_aside else None
        if place.state == PassageState.EXCLUDED and place.theme_id == theme.id:
            return None
        after = theme.names.best(self._lang)[0]
        return Move(place.passage_id, theme.id, "", self._words(place), after)

    def _aside(self, place: Any, state: str) -> Move:
        """Return the move that takes a passage out of the themes."""
        return Move(
            place.passage_id, None, str(state), self._words(place), state_words(state, self._lang)
        )

    def _words(self, place: Any) -> str:
        """Say where a passage is."""
        if place.state in CODED and place.theme_id is not None:
            return self._known.by_id[place.theme_id].names.best(self._lang)[0]
        return state_words(place.state, self._lang)

    # --- which theme a file means -----------------------------------------------------------------

    def _theme(self, coding: CodedPassage) -> Theme | None:
        """Return the theme that a passage is said to be in, merges resolved.

        :raises CodeUnknownError: if it is none of the review's.
        :raises ThemeAmbiguousError: if names point at several.
        """
        own = self._known.by_key.get(coding.theme or "")
        if coding.theme_names is not None:
            if not any(coding.theme_names):
                return None
            # People change names, and leave the key as it was.
            new = [
                name
                for name in coding.theme_names
                if name and not (own and self._known.was_called(own, name))
            ]
            if own is None or new:
                own = self._known.named(*(new or coding.theme_names))
                return self._certain(own, " / ".join(filter(None, coding.theme_names)))
        elif coding.theme is not None and own is None:
            code = self._codes.get(coding.theme)
            names = (code.name_fr, code.name_ar) if code else ()
            own = self._known.named(*names)
            return self._certain(own, next(filter(None, names), coding.theme))
        return None if own is None else self._known.root(own)

    def _certain(self, theme: Theme | None, name: str) -> Theme:
        """Return a theme that was looked for.

        :raises CodeUnknownError: if it was not found.
        """
        if theme is None:
            raise errors.CodeUnknownError(name=name[:80])
        return self._known.root(theme)
