"""What differs between two bodies of the same consultation: in counts, in claims, in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from app.reports.body import record

#: Parts of a body that say what people decided of a report, not what the data are.
_WORDS = frozenset({"sections"})

Body = dict[str, Any]
Name = dict[str, str]


@dataclass
class Changes:
    """Differences; ``before`` and ``after`` for each figure that changed.

    :ivar late: submissions that stand now and were not counted before; None where not known.
    :ivar gone: submissions that were counted and are not any more (withdrawn or erased).
    :ivar corrected: answers changed by corrections; None where not known.
    :ivar masked: passages in which words were masked; None where not known.
    :ivar is_analysed_again: the figures come from another analysis.
    :ivar themes: names by language, voices before and after (None where the theme is not there).
    :ivar renamed: names before and after.
    :ivar merged: names of a theme that was one of its own, and of the one it is now part of.
    :ivar born: names of themes that were not there before.
    :ivar ended: names of themes that are not there any more, and in no other.
    :ivar claims: identifiers of the claims that changed, came or went, with both sentences.
    :ivar sections: identifiers of the sections whose words, order or presence changed.
    :ivar rewritten, moved, hidden, shown: the same, by what happened to them.
    :ivar is_of_data: anything but words and their order changed.
    """

    submissions: tuple[int, int]
    analysed: tuple[int, int]
    passages: tuple[int, int]
    n_themes: tuple[int, int]
    late: int | None = None
    gone: int | None = None
    corrected: int | None = None
    masked: int | None = None
    is_analysed_again: bool = False
    themes: list[tuple[Name, int | None, int | None]] = field(default_factory=list)
    renamed: list[tuple[Name, Name]] = field(default_factory=list)
    merged: list[tuple[Name, Name]] = field(default_factory=list)
    born: list[Name] = field(default_factory=list)
    ended: list[Name] = field(default_factory=list)
    claims: list[tuple[str, Name | None, Name | None]] = field(default_factory=list)
    rewritten: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    is_of_data: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return an object that JSON can hold."""
        return asdict(self)


def difference(
    old: Body, new: Body, cells: tuple[dict[str, Any], dict[str, Any]] | None = None
) -> Changes:
    """Compare two bodies of the same consultation; an old one may be of an earlier format.

    :param cells: those of both, which tell the submissions that came from those that went, and
        what was corrected or masked.
    """
    a, b = old["participation"], new["participation"]
    changes = Changes(
        submissions=(a["submissions"], b["submissions"]),
        analysed=(a["analysed"], b["analysed"]),
        passages=(a["passages"], b["passages"]),
        n_themes=(len(old["themes"]), len(new["themes"])),
    )
    known = record.between(*cells) if cells else None
    if known is not None:
        changes.late, changes.gone = known.came, known.gone
        changes.corrected, changes.masked = known.corrected, known.masked
    changes.is_analysed_again = old.get("method", {}).get("run") != new["method"]["run"]
    _themes(changes, old, new)
    changes.claims = _claims(old, new)
    _sections(changes, old, new)
    changes.is_of_data = {k: v for k, v in old.items() if k not in _WORDS} != {
        k: v for k, v in new.items() if k not in _WORDS
    }
    return changes


def _themes(changes: Changes, old: Body, new: Body) -> None:
    """Say what became of the themes."""
    before = {theme["id"]: theme for theme in old["themes"]}
    after = {theme["id"]: theme for theme in new["themes"]}
    into = {i: theme["name"] for theme in new["themes"] for i in theme.get("merged", [])}
    for i in [*after, *(i for i in before if i not in after)]:
        was, now = before.get(i), after.get(i)
        voices = was and was["voices"], now and now["voices"]
        if voices[0] != voices[1]:
            changes.themes.append(((now or was or {})["name"], *voices))
        if was is None and now is not None:
            changes.born.append(now["name"])
        elif was is not None and now is None:
            if i in into:
                changes.merged.append((was["name"], into[i]))
            else:
                changes.ended.append(was["name"])
        elif was and now and was["name"] != now["name"]:
            changes.renamed.append((was["name"], now["name"]))


def _claims(old: Body, new: Body) -> list[tuple[str, Name | None, Name | None]]:
    """Return the claims whose sentence changed, came or went."""
    before = {c["id"]: c["sentence"] for c in old["claims"] if "id" in c}
    after = {c["id"]: c["sentence"] for c in new["claims"]}
    return [
        (i, before.get(i), after.get(i))
        for i in [*after, *(i for i in before if i not in after)]
        if before.get(i) != after.get(i)
    ]


def _sections(changes: Changes, old: Body, new: Body) -> None:
    """Say which sections read otherwise, stand elsewhere, are left out or taken in."""
    if "sections" not in old:
        return
    before = {one["id"]: one for one in old["sections"]}
    after = {one["id"]: one for one in new["sections"]}
    changes.shown = [i for i in after if i not in before]
    changes.hidden = [i for i in before if i not in after]
    changes.rewritten = [i for i in after if i in before and _said(before[i]) != _said(after[i])]
    changes.moved = _moved([i for i in before if i in after], [i for i in after if i in before])
    touched = {*changes.shown, *changes.rewritten, *changes.moved}
    changes.sections = [i for i in after if i in touched] + changes.hidden


def _said(section: dict[str, Any]) -> tuple[Any, ...]:
    """Return what of a section people decided."""
    return section["title"], section["narrative"]


def _moved(before: list[str], after: list[str]) -> list[str]:
    """Return the fewest sections that one has to move to come from one order to the other."""
    at = {identity: i for i, identity in enumerate(before)}
    best: list[list[str]] = []
    for identity in after:
        lines: list[list[str]] = [[], *(line for line in best if at[line[-1]] < at[identity])]
        best.append([*max(lines, key=len), identity])
    longest: list[str] = max([[], *best], key=len)
    kept = set(longest)
    return [identity for identity in after if identity not in kept]
