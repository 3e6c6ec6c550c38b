"""Do what a plan says, as decisions of the ledger; what cannot be done is said, the rest is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import Actor
from app.core.errors import DomainError
from app.themes import deciding
from app.themes import errors as review_errors
from app.themes.codebook import errors, queries
from app.themes.codebook.planning import REASON
from app.themes.codebook.plans import Move, Outcome, Plan, Problem, ThemeChange
from app.themes.ledger.reading import batches
from app.themes.ledger.recording import MOST_PASSAGES, take_turn
from app.themes.models import AnalysisRun, Theme


def apply_plan(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    run: AnalysisRun,
    plan: Plan,
    *,
    also_changed: bool = False,
    now: datetime,
) -> Outcome:
    """Do what a plan says, flushed; each decision is an event with the reason :data:`REASON`.

    :param also_changed: write over what was decided after the file was written, too.
    """
    take_turn(session, actor, consultation.id)
    doing = _Applying(session, actor, consultation, run, plan, now)
    doing.change_themes([one for one in plan.changes if also_changed or not one.who])
    doing.move([one for one in plan.moves if also_changed or not one.who])
    return doing.outcome


class _Applying:
    """One plan being done."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        consultation: Consultation,
        run: AnalysisRun,
        plan: Plan,
        now: datetime,
    ) -> None:
        self._session, self._actor, self._now = session, actor, now
        self._consultation, self._run, self._plan = consultation, run, plan
        #: Numbers of themes by their key in the file; new ones join as they are made.
        self._ids = dict(plan.known)
        self._touched: set[str] = set()
        self.outcome = Outcome()

    def _try(self, change: ThemeChange, do: Callable[[], object]) -> DomainError | None:
        """Take one decision; return why it was refused, None if it was not."""
        try:
            with self._session.begin_nested():
                done = do()
        except DomainError as error:
            return error
        if done is not None:
            self.outcome.n_events += 1
            if change.key not in self._touched:
                self._touched.add(change.key)
                self.outcome.n_changed += 1
        return None

    def _blame(self, change: ThemeChange, error: DomainError) -> None:
        """Say what was not done."""
        name = change.names.get(self._plan.lang) or change.names.get("fr", "")
        self.outcome.problems.append(Problem(error.text(), name, change.row))

    # --- themes -----------------------------------------------------------------------------------

    def change_themes(self, changes: list[ThemeChange]) -> None:
        """Make new themes, then say of each what the file says."""
        self._in_turn([one for one in changes if one.theme_id is None], self._create)
        self._in_turn(
            [one for one in changes if one.theme_id is not None and one.is_renamed], self._rename
        )
        for change in changes:
            for do in (self._describe, self._attach, self._validate):
                if change.key in self._ids:
                    error = self._try(change, lambda do=do, change=change: do(change))  # type: ignore[misc]
                    if error is not None:
                        self._blame(change, error)

    def _in_turn(self, changes: list[ThemeChange], do: Callable[[ThemeChange], object]) -> None:
        """Give names, again and again while one is freed by another."""
        waiting = [(one, None) for one in changes]
        while waiting:
            refused = []
            for change, _error in waiting:
                error = self._try(change, lambda change=change: do(change))  # type: ignore[misc]
                if isinstance(error, review_errors.NameTakenError):
                    refused.append((change, error))
                elif error is not None:
                    self._blame(change, error)
            if len(refused) == len(waiting):
                for change, error in refused:
                    self._blame(change, error)
                return
            waiting = refused  # type: ignore[assignment]

    def _theme(self, change: ThemeChange) -> Theme:
        """Return the theme that a change is about."""
        return self._session.get_one(Theme, self._ids[change.key])

    def _seen(self, change: ThemeChange) -> int | None:
        """Return the event up to which the theme was seen; one just made is seen whole."""
        is_known = change.theme_id is not None and change.key not in self._touched
        return self._plan.seen if is_known else None

    def _create(self, change: ThemeChange) -> Theme:
        """Make a theme."""
        theme = deciding.create(
            self._session,
            self._actor,
            self._consultation,
            name_fr=change.names["fr"],
            name_ar=change.names["ar"],
            reason=REASON,
            now=self._now,
        )
        self._ids[change.key] = theme.id
        return theme

    def _rename(self, change: ThemeChange) -> object:
        """Give a theme its names."""
        return deciding.rename(
            self._session,
            self._actor,
            self._theme(change),
            name_fr=change.names["fr"],
            name_ar=change.names["ar"],
            seen=self._seen(change),
            reason=REASON,
            now=self._now,
        )

    def _describe(self, change: ThemeChange) -> object:
        """Write a theme's definition and rules."""
        if not change.texts:
            return None
        return deciding.describe(
            self._session,
            self._actor,
            self._theme(change),
            texts=change.texts,
            seen=self._seen(change),
            reason=REASON,
            now=self._now,
        )

    def _attach(self, change: ThemeChange) -> object:
        """Attach a theme."""
        to = dict(change.attach)
        if change.has_parent and (change.parent is None or change.parent in self._ids):
            to["parent_id"] = None if change.parent is None else self._ids[change.parent]
        if not to:
            return None
        return deciding.attach(
            self._session,
            self._actor,
            self._theme(change),
            to=to,
            seen=self._seen(change),
            reason=REASON,
            now=self._now,
        )

    def _validate(self, change: ThemeChange) -> object:
        """Mark a theme as good, or no longer."""
        if change.is_validated is None:
            return None
        return deciding.validate(
            self._session,
            self._actor,
            self._theme(change),
            is_validated=change.is_validated,
            seen=self._seen(change),
            reason=REASON,
            now=self._now,
        )

    # --- passages ---------------------------------------------------------------------------------

    def move(self, moves: list[Move]) -> None:
        """Put passages where they go: one decision for each place."""
        others = self._decided_meanwhile([one.passage_id for one in moves])
        groups: dict[tuple[int | None, str], list[int]] = defaultdict(list)
        for one in moves:
            if one.passage_id in others:
                text = errors.DecidedMeanwhileError().text()
                self.outcome.problems.append(Problem(text, one.submission, one.row))
            else:
                groups[one.theme_id, one.state].append(one.passage_id)
        for (theme_id, state), passage_ids in groups.items():
            for batch in batches(passage_ids, MOST_PASSAGES):
                self._put(theme_id, state, batch)

    def _decided_meanwhile(self, passage_ids: list[int]) -> set[int]:
        """Return the passages on which somebody else decided since the file was looked at."""
        found: set[int] = set()
        for batch in batches(passage_ids):
            found.update(
                self._session.scalars(
                    queries.decided_by_others(
                        self._run.id, batch, since=self._plan.seen, actor_id=self._actor.id
                    )
                )
            )
        return found

    def _put(self, theme_id: int | None, state: str, passage_ids: list[int]) -> None:
        """Take one decision on passages."""
        try:
            with self._session.begin_nested():
                if theme_id is not None:
                    theme = self._session.get_one(Theme, theme_id)
                    deciding.move(
                        self._session, self._actor, theme, passage_ids, reason=REASON, now=self._now
                    )
                else:
                    deciding.set_aside(
                        self._session,
                        self._actor,
                        self._consultation.id,
                        passage_ids,
                        state=state,
                        reason=REASON,
                        now=self._now,
                    )
        except DomainError as error:
            self.outcome.problems.append(Problem(error.text()))
            return
        self.outcome.n_events += 1
        self.outcome.n_changed += len(passage_ids)
