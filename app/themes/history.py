"""What is settled when a new run begins: earlier themes and decisions, as the library reads them.

The decisions are written anew from the state that the ledger's events lead to, not event by event:
what was undone is not among them, and their order is always one that makes sense.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.submissions.models import Submission
from app.themes.ledger.folding import IN_THEME
from app.themes.ledger.kinds import ON_PASSAGES
from app.themes.ledger.placing import Word
from app.themes.ledger.reading import batches, last_words, undone_ids
from app.themes.models import Passage, PassageState, Placement, Theme, ThemeEvent
from app.themes.queries import newest_run, themes_of

if TYPE_CHECKING:
    from nlp.durable import Decision, PassageRef
    from nlp.joining import History

#: States of themes that a run has to know: all but those that are over.
_KNOWN = ("active", "merged", "excluded", "proposed", "refused")


def key_of_theme(theme_id: int) -> str:
    """Return the key by which the library knows a theme."""
    return f"t{theme_id}"


def theme_of_key(key: str) -> int | None:
    """Return the theme that a key of the library stands for, None for one it just found."""
    return int(key[1:]) if key.startswith("t") else None


def is_settled_by_people(session: Session, consultation_id: int) -> bool:
    """Tell whether a decision of a person is in force: a run then only proposes."""
    undone = undone_ids(session, consultation_id)
    ids = session.scalars(
        select(ThemeEvent.id).where(
            ThemeEvent.consultation_id == consultation_id, ThemeEvent.run_id.is_(None)
        )
    )
    return any(number not in undone for number in ids)


def touched_by_people(session: Session, consultation_id: int) -> set[int]:
    """Return the themes that a decision in force is about, or put a passage in."""
    undone = undone_ids(session, consultation_id)
    touched: set[int] = set()
    rows = session.execute(
        select(ThemeEvent.id, ThemeEvent.theme_id, ThemeEvent.payload).where(
            ThemeEvent.consultation_id == consultation_id,
            ThemeEvent.run_id.is_(None),
            ThemeEvent.kind.not_in(ON_PASSAGES - {"create", "split"}),
        )
    )
    for row in rows:
        if row.id not in undone:
            parts = [part["theme_id"] for part in row.payload.get("parts", ())]
            touched |= {row.theme_id, row.payload.get("into"), *parts} - {None}
    words = last_words(session, consultation_id, None).values()
    return touched | {word.theme_id for word in words if word.theme_id is not None}


@dataclass(frozen=True)
class _Member:
    """A passage of the run before: where it is, in which theme it is or was found."""

    passage_id: int
    ref: PassageRef
    theme_id: int | None


def history_of(session: Session, consultation_id: int) -> History:
    """Return what a new run of a consultation has to respect; empty before the first run."""
    from nlp.durable import Earlier, EarlierTheme
    from nlp.joining import History

    run = session.scalars(newest_run(consultation_id)).first()
    if run is None:
        return History()
    themes = {theme.id: theme for theme in session.scalars(themes_of(consultation_id))}
    known = {number: theme for number, theme in themes.items() if theme.state in _KNOWN}
    members: dict[int, list[PassageRef]] = defaultdict(list)
    for member in _members(session, run.id, known):
        if member.theme_id in known:
            members[member.theme_id].append(member.ref)
    earlier = Earlier(
        themes=tuple(
            EarlierTheme(
                key=key_of_theme(number),
                name_fr=theme.name.get("fr") if theme.is_named_by_hand else None,
                name_ar=theme.name.get("ar") if theme.is_named_by_hand else None,
                keywords_fr=tuple(theme.keywords.get("fr", ())),
                keywords_ar=tuple(theme.keywords.get("ar", ())),
                members=tuple(members[number]),
            )
            for number, theme in known.items()
        ),
        former=frozenset(key_of_theme(number) for number in set(themes) - set(known)),
    )
    decisions = _decisions(session, consultation_id, known)
    return History(earlier=earlier, decisions=tuple(decisions))


def _members(session: Session, run_id: int, known: dict[int, Theme]) -> Iterable[_Member]:
    """Yield the passages of the run before with the theme each counts for; copies do not."""
    from nlp.durable import PassageRef

    rows = session.execute(
        select(
            Passage.id,
            Passage.answer_id,
            Passage.start,
            Passage.end,
            Placement.state,
            Placement.theme_id,
            Placement.found_theme_id,
            Placement.decided_id,
        )
        .join(Passage, Passage.id == Placement.passage_id)
        .join(Submission, Submission.id == Passage.submission_id)
        .where(Placement.run_id == run_id, Placement.copy_of_id.is_(None), Submission.is_standing)
    )
    for row in rows:
        theme_id = row.theme_id if row.state in _COUNTED else None
        found = known.get(row.found_theme_id or 0)
        if row.decided_id is None and found is not None and found.state in {"proposed", "refused"}:
            # So that the run finds the same proposal again, and not another one like it.
            theme_id = found.id
        yield _Member(row.id, PassageRef(str(row.answer_id), row.start, row.end), theme_id)


_COUNTED = frozenset({PassageState.IN_THEME, PassageState.EXCLUDED})


def _decisions(session: Session, consultation_id: int, known: dict[int, Theme]) -> list[Decision]:
    """Return the state of the review as decisions, in an order that makes sense."""
    from nlp.durable import Merge, Rename, Validate

    decisions: list[Decision] = []
    for number in sorted(touched_by_people(session, consultation_id) & set(known)):
        # Renaming a theme as it is called keeps it, whatever the machine finds.
        name = known[number].names
        decisions.append(
            Rename(
                id=f"keep-{number}",
                theme=key_of_theme(number),
                name_fr=name.get("fr") or name.best("fr")[0],
                name_ar=name.get("ar") or name.best("ar")[0],
            )
        )
    decisions += _of_passages(session, consultation_id, known)
    merged = [theme for theme in known.values() if theme.state == "merged"]
    for theme in sorted(merged, key=lambda one: -_depth(one, known)):
        decisions.append(
            Merge(
                id=f"merge-{theme.id}",
                themes=(key_of_theme(theme.id),),
                into=key_of_theme(theme.merged_into_id or 0),
            )
        )
    for number, theme in sorted(known.items()):
        if theme.state == "excluded" or (theme.state == "active" and theme.is_validated):
            decisions.append(Validate(id=f"whole-{number}", theme=key_of_theme(number)))
    return decisions


def _depth(theme: Theme, known: dict[int, Theme]) -> int:
    """Return how many merges lie between a theme and the one it counts under."""
    depth = 0
    while theme.merged_into_id is not None:
        theme, depth = known[theme.merged_into_id], depth + 1
    return depth


def _of_passages(session: Session, consultation_id: int, known: dict[int, Theme]) -> list[Decision]:
    """Return the last word on each passage as decisions, the passages of one kind together."""
    from nlp.durable import Exclude, Move, Pin

    words = last_words(session, consultation_id, None)
    refs = refs_of(session, words)
    grouped: dict[tuple[Any, ...], list[PassageRef]] = defaultdict(list)
    for passage_id, word in sorted(words.items()):
        if passage_id in refs:
            grouped[_group(word, known)].append(refs[passage_id])
    decisions: list[Decision] = []
    for number, (group, passages) in enumerate(grouped.items()):
        kind, theme_id, source_id = group
        if kind == "aside":
            decisions.append(Exclude(f"aside-{number}", tuple(passages), reason="by hand"))
        elif kind == "pin":
            decisions.append(Pin(f"pin-{number}", tuple(passages), key_of_theme(theme_id)))
        elif kind == "move":
            source = None if source_id is None else key_of_theme(source_id)
            decisions.append(
                Move(f"move-{number}", tuple(passages), key_of_theme(theme_id), source)
            )
    return decisions


def _group(word: Word, known: dict[int, Theme]) -> tuple[str, int | None, int | None]:
    """Return what a word asks for, so that passages of which the same is asked go together."""
    if word.state != IN_THEME:
        return "aside", None, None
    if word.theme_id not in known or known[word.theme_id].state in {"proposed", "refused"}:
        return "nothing", None, None
    if word.is_pinned:
        return "pin", word.theme_id, None
    source_id = word.source_id if word.source_id in known else None
    return "move", word.theme_id, source_id if source_id != word.theme_id else None


def refs_of(session: Session, passage_ids: Iterable[int]) -> dict[int, PassageRef]:
    """Return where passages are."""
    from nlp.durable import PassageRef

    refs: dict[int, Any] = {}
    for batch in batches(sorted(passage_ids)):
        rows = session.execute(
            select(Passage.id, Passage.answer_id, Passage.start, Passage.end).where(
                Passage.id.in_(batch)
            )
        )
        for row in rows:
            refs[row.id] = PassageRef(str(row.answer_id), row.start, row.end)
    return refs
