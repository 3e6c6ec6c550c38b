"""Start analyses, and decide on themes: rename, merge, exclude, restore.

Each decision changes the theme, appends a row to the log of decisions and one to the audit log, in
one transaction. How they show in figures is said in :mod:`app.themes.queries`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import case, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.consultations.models import ANALYSED, Consultation
from app.core import audit
from app.core.access import Actor, Role, ensure
from app.core.db import Texts
from app.core.jobs import JobOpenError, enqueue
from app.themes import errors
from app.themes.models import AnalysisRun, PassageState, Placement, Theme, ThemeEvent
from app.themes.names import LANGUAGES, NAME_LIMIT, key_of
from app.themes.queries import lock_decisions, long_texts, newest_run, open_run, roots, themes_of

#: Kind of the job; :mod:`app.themes.tasks` does it.
ANALYSE = "themes.analyse"
#: Who may start analyses and decide on themes.
DECIDERS = (Role.ANALYST, Role.ADMINISTRATOR)
REASON_LIMIT = 1000


def start_analysis(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    *,
    n_themes: int | None = None,
    seed: int = 0,
    now: datetime,
) -> AnalysisRun:
    """Add a run and its job, flushed; the caller commits, then announces the job.

    :param n_themes: number of themes, or None to let the data choose.
    :raises AnalysisUnderWayError: if an analysis of this consultation waits or runs.
    :raises NothingToAnalyseError: if no submission has a text.
    """
    ensure(actor, *DECIDERS, consultation=consultation.id)
    texts = long_texts(consultation.id, *ANALYSED)
    if session.execute(texts.limit(1)).first() is None:
        raise errors.NothingToAnalyseError
    options = {"n_themes": n_themes, "unit": "passage", "seed": seed}
    try:
        job = enqueue(
            session,
            ANALYSE,
            {"consultation_id": consultation.id},
            actor=actor,
            now=now,
            exclusive=f"{ANALYSE}:{consultation.id}",
        )
    except JobOpenError as error:
        under_way = session.scalars(open_run(consultation.id)).first()
        raise errors.AnalysisUnderWayError(under_way.id if under_way else None) from error
    run = AnalysisRun(
        consultation_id=consultation.id, job_id=job.id, options=options, started_at=now
    )
    session.add(run)
    session.flush()
    audit.record(session, actor, "themes.start", at=now, target=run, detail=options)
    return run


def rename(
    session: Session, actor: Actor, theme: Theme, *, name_fr: str, name_ar: str, now: datetime
) -> None:
    """Give a theme its names; from now on no run changes them.

    :raises NameMissingError: if one of the two is empty.
    :raises NameTakenError: if another current theme bears one of them.
    """
    _lock(session, actor, theme)
    _must_be_active(theme)
    names = Texts(fr=" ".join(name_fr.split()), ar=" ".join(name_ar.split()))
    if not all(key_of(names[code]) for code in LANGUAGES):
        raise errors.NameMissingError
    if max(len(name) for name in names.values()) > NAME_LIMIT:
        raise errors.NameTooLongError(limit=NAME_LIMIT)
    before = dict(theme.name)
    _take_names(session, theme, names)
    theme.name = names
    theme.is_named_by_hand = True
    _decide(session, actor, theme, "rename", {"from": before, "to": dict(names)}, now=now)


def merge(session: Session, actor: Actor, theme: Theme, into: Theme, *, now: datetime) -> None:
    """Count a theme, and those merged into it, under another one.

    :raises MergeWithItselfError: if ``into`` is the theme or is counted under it.
    :raises MergeTargetError: if ``into`` is not an active theme of the same consultation.
    """
    _lock(session, actor, theme)
    session.refresh(into)
    if into.id == theme.id or theme.id in _chain(session, into):
        raise errors.MergeWithItselfError
    if into.consultation_id != theme.consultation_id or into.state != "active":
        raise errors.MergeTargetError
    _must_be_active(theme)
    theme.state, theme.merged_into_id = "merged", into.id
    theme.key_fr = theme.key_ar = None
    session.flush()
    detail = {"into": into.id, "name": dict(theme.name), "into_name": dict(into.name)}
    _decide(session, actor, theme, "merge", detail, now=now)


def exclude(session: Session, actor: Actor, theme: Theme, *, reason: str, now: datetime) -> None:
    """Take a theme out of the results, for a reason that the report prints.

    Its passages, those of the themes merged into it, and their copies become ``excluded``.

    :raises ReasonMissingError: without a reason.
    """
    _lock(session, actor, theme)
    _must_be_active(theme)
    reason = reason.strip()[:REASON_LIMIT]
    if not reason:
        raise errors.ReasonMissingError
    theme.state, theme.excluded_reason = "excluded", reason
    theme.key_fr = theme.key_ar = None
    session.flush()
    _move(session, theme, to_excluded=True)
    _decide(session, actor, theme, "exclude", {"name": dict(theme.name)}, reason=reason, now=now)


def restore(session: Session, actor: Actor, theme: Theme, *, now: datetime) -> None:
    """Undo a merge or an exclusion: the theme is active again, with its passages.

    :raises ThemeActiveError: if there is nothing to undo.
    :raises NameTakenError: if another theme took one of its names meanwhile.
    """
    _lock(session, actor, theme)
    if theme.state == "active":
        raise errors.ThemeActiveError(name=theme.names.best("fr")[0])
    undone = {"state": theme.state, "into": theme.merged_into_id, "reason": theme.excluded_reason}
    theme.state, theme.merged_into_id, theme.excluded_reason = "active", None, ""
    _take_names(session, theme, theme.names)
    session.flush()
    _move(session, theme, to_excluded=False)
    _decide(session, actor, theme, "restore", {"undone": undone}, now=now)


def _lock(session: Session, actor: Actor, theme: Theme) -> None:
    """Check the right to decide, then make decisions on one consultation wait for each other.

    Two merges in opposite directions would each find the other theme active.
    """
    ensure(actor, *DECIDERS, consultation=theme.consultation_id)
    lock_decisions(session, theme.consultation_id)
    session.refresh(theme)


def _must_be_active(theme: Theme) -> None:
    """Refuse decisions on a theme that is merged or excluded."""
    if theme.state != "active":
        raise errors.ThemeNotActiveError(name=theme.names.best("fr")[0])


def _chain(session: Session, theme: Theme) -> set[int]:
    """Return the themes that ``theme`` is merged into, one after the other."""
    by_id = {t.id: t for t in session.scalars(themes_of(theme.consultation_id))}
    chain = set()
    while theme.merged_into_id is not None:
        chain.add(theme.merged_into_id)
        theme = by_id[theme.merged_into_id]
    return chain


def _take_names(session: Session, theme: Theme, names: Texts) -> None:
    """Reserve names among the consultation's current themes; the unique keys decide.

    :raises NameTakenError: if another one bears one of them.
    """
    for code in LANGUAGES:
        column = getattr(Theme, f"key_{code}")
        rival = session.scalar(
            select(Theme.id).where(
                Theme.consultation_id == theme.consultation_id,
                Theme.id != theme.id,
                column == key_of(names[code]),
            )
        )
        if rival is not None:
            raise errors.NameTakenError(name=names[code])
    try:
        with session.begin_nested():
            theme.key_fr, theme.key_ar = key_of(names["fr"]), key_of(names["ar"])
    except IntegrityError as error:
        # An analysis that ended this very moment named a new theme so.
        raise errors.NameTakenError(name=names["fr"]) from error


def _move(session: Session, theme: Theme, *, to_excluded: bool) -> None:
    """Write an exclusion, or the end of one, on the newest run's placements.

    Earlier runs stay as they were: reports were published on them.
    """
    run = session.scalars(newest_run(theme.consultation_id)).first()
    if run is None:
        return
    ends = roots(theme.consultation_id)
    group = select(ends.c.theme_id).where(ends.c.root_id == theme.id)
    here = (Placement.run_id == run.id, Placement.theme_id.in_(group))
    if to_excluded:
        counted = Placement.state.in_([PassageState.IN_THEME, PassageState.COPY])
        change: Any = update(Placement).where(*here, counted).values(state=PassageState.EXCLUDED)
    else:
        is_copy = Placement.copy_of_id.is_not(None)
        state = case((is_copy, PassageState.COPY.value), else_=PassageState.IN_THEME.value)
        excluded = Placement.state == PassageState.EXCLUDED
        change = update(Placement).where(*here, excluded).values(state=state)
    session.execute(change.execution_options(synchronize_session=False))


def _decide(
    session: Session,
    actor: Actor,
    theme: Theme,
    kind: str,
    payload: dict[str, Any],
    *,
    reason: str = "",
    now: datetime,
) -> None:
    """Append the decision to its log and to the audit log."""
    session.add(
        ThemeEvent(
            theme_id=theme.id,
            kind=kind,
            payload=payload,
            reason=reason,
            actor_id=actor.id,
            actor_label=actor.label,
            at=now,
        )
    )
    detail = payload | ({"reason": reason} if reason else {})
    audit.record(session, actor, f"themes.{kind}", at=now, target=theme, detail=detail)
