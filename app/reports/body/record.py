"""Which data a body was built from: kept beside it, never exported, to tell what came since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.reports import queries
from app.reports.body.corpus import Corpus
from app.submissions.afterwards.corrections import corrections_of
from app.submissions.models.care import RedactionSource
from app.themes.models import ThemeEvent
from app.themes.queries import newest_run

#: The record among the cells of a draft or of a report (:mod:`app.reports.body.cells`).
KEY = "record"


@dataclass(frozen=True)
class Since:
    """What came since a body was built.

    :ivar came: submissions that stand and are not in it.
    :ivar gone: submissions that are in it and do not stand any more.
    :ivar decided: decisions taken on themes and passages.
    :ivar is_analysed_again: another analysis is finished.
    """

    came: int = 0
    gone: int = 0
    decided: int = 0
    is_analysed_again: bool = False

    def __bool__(self) -> bool:
        """Tell whether anything came."""
        return bool(self.came or self.gone or self.decided or self.is_analysed_again)


@dataclass(frozen=True)
class Between:
    """What happened between two bodies; None for what one of their records does not tell.

    :ivar came: submissions that stand now and were not counted before.
    :ivar gone: submissions that were counted and are not any more.
    :ivar corrected: answers that were changed in submissions counted in both.
    :ivar masked: passages in which words were masked since, their answers being the same.
    """

    came: int
    gone: int
    corrected: int | None = None
    masked: int | None = None


class _Mask(NamedTuple):
    """Masked words of a passage; by their place, for rows of the database come and go."""

    submission: int
    question: str
    start: int
    end: int
    passage: int
    is_by_machine: bool

    @property
    def place(self) -> tuple[int, str, int, int]:
        """Where the words are."""
        return self[:4]


def of(session: Session, corpus: Corpus) -> dict[str, Any]:
    """Return the submissions counted, the last decision followed, corrections and masks."""
    consultation_id = corpus.consultation.id
    masks = session.execute(queries.masks_over(corpus.run))
    return {
        "submissions": sorted(corpus.contributors),
        "decision": _last_decision(session, consultation_id),
        # As JSON keeps keys: a draft's record and a version's are read alike.
        "corrections": {
            str(number): {str(version): keys for version, keys in steps.items()}
            for number, steps in corrections_of(session, consultation_id).items()
        },
        "masks": [[*row[:5], row.source == RedactionSource.MACHINE] for row in masks],
        "unscreened": list(session.scalars(queries.unscreened_in(consultation_id))),
    }


def _last_decision(session: Session, consultation_id: int) -> int:
    """Return the number of the newest decision, 0 if there is none."""
    last = select(func.max(ThemeEvent.id)).where(ThemeEvent.consultation_id == consultation_id)
    return session.scalar(last) or 0


def since(session: Session, consultation_id: int, run_id: int, cells: dict[str, Any]) -> Since:
    """Say what came since a body was built, by its cells; nothing is known of older ones."""
    run = session.scalars(newest_run(consultation_id)).first()
    again = run is not None and run.id != run_id
    kept = cells.get(KEY)
    if kept is None:
        return Since(is_analysed_again=again)
    before = set(kept["submissions"])
    now = {row.id for row in session.execute(queries.contributors_of(consultation_id))}
    decided = session.scalar(
        select(func.count())
        .select_from(ThemeEvent)
        .where(
            ThemeEvent.consultation_id == consultation_id,
            ThemeEvent.id > kept["decision"],
            ThemeEvent.run_id.is_(None),
        )
    )
    return Since(
        came=len(now - before),
        gone=len(before - now),
        decided=decided or 0,
        is_analysed_again=again,
    )


def between(old: dict[str, Any], new: dict[str, Any]) -> Between | None:
    """Return what happened between two bodies, by their cells."""
    if KEY not in old or KEY not in new:
        return None
    was, now = old[KEY], new[KEY]
    before, after = set(was["submissions"]), set(now["submissions"])
    came, gone = len(after - before), len(before - after)
    if "masks" not in was or "masks" not in now:
        return Between(came, gone)
    corrected = _corrected(was, now, before & after)
    masked = _masked(was, now, before & after, corrected)
    return Between(came, gone, len(corrected), len(masked))


def _corrected(was: dict[str, Any], now: dict[str, Any], both: set[int]) -> set[tuple[int, str]]:
    """Return the answers that corrections changed since: submission and key."""
    found = set()
    for number, steps in now["corrections"].items():
        known = was["corrections"].get(number, {})
        if int(number) in both:
            new = [keys for version, keys in steps.items() if version not in known]
            found |= {(int(number), key) for keys in new for key in keys}
    return found


def _masked(
    was: dict[str, Any], now: dict[str, Any], both: set[int], corrected: set[tuple[int, str]]
) -> set[int]:
    """Return the passages in which words were masked since.

    What the machine writes down later it masked on the spot before; what was corrected is told
    as such.
    """
    known = {_Mask(*row).place for row in was["masks"]}
    unscreened = set(was["unscreened"])
    return {
        mask.passage
        for mask in (_Mask(*row) for row in now["masks"])
        if mask.submission in both
        and mask.place not in known
        and mask.place[:2] not in corrected
        and not (mask.is_by_machine and mask.submission in unscreened)
    }
