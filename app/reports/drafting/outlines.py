"""What people decide of a report's sections, as pure functions from one outline to the next.

Each takes an outline and the sections of the first draft (:func:`app.reports.body.outline.default`)
and returns a new outline; the one given is never changed. What an outline is,
:mod:`app.reports.body.outline` says; this module keeps one more number in it, ``n_own``: how many
sections people ever added, so that an identifier is never given twice.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from app.core.text import clean_text
from app.reports.body.outline import FIXED, Outline, Section, section
from app.reports.errors import (
    BothTitlesError,
    SectionFixedError,
    UnknownSectionError,
    WordsTooLongError,
)

#: Sections that keep every sentence: what was set aside, and how the figures were made.
WHOLE = frozenset({"set_aside", "method"})
#: Most characters of a narrative, and of a title.
LONGEST, LONGEST_TITLE = 20_000, 200
LANGUAGES = ("fr", "ar")


@dataclass(frozen=True)
class Arranged:
    """A section with what people decided of it.

    :ivar section: the section with everything that it could print.
    :ivar dropped: claims and quotations left out of it.
    """

    section: Section
    narrative: dict[str, str]
    dropped: frozenset[str]
    is_hidden: bool

    @property
    def id(self) -> str:
        """The section's identifier."""
        return str(self.section["id"])

    @property
    def is_fixed(self) -> bool:
        """Tell whether it cannot be left out."""
        return str(self.section["kind"]) in FIXED

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing of it can be left out."""
        return str(self.section["kind"]) in WHOLE

    @property
    def is_own(self) -> bool:
        """Tell whether people added it."""
        return str(self.section["kind"]) == "narrative"

    @property
    def printed(self) -> list[str]:
        """The claims and quotations that it prints."""
        return [i for i in self.everything if i not in self.dropped]

    @property
    def everything(self) -> list[str]:
        """The claims and quotations that it could print."""
        return [*self.section["claims"], *self.section["quotations"]]


def arranged(outline: Outline, sections: list[Section]) -> list[Arranged]:
    """Return every section in the order that people want, those hidden too."""
    own = [
        section(one["id"], "narrative", title=dict(one["title"])) for one in outline.get("own", [])
    ]
    by_id = {one["id"]: one for one in [*sections, *own]}
    order = [i for i in outline.get("order", []) if i in by_id]
    order += [i for i in by_id if i not in set(order)]
    hidden, dropped = set(outline.get("hidden", [])), outline.get("dropped", {})
    return [
        Arranged(
            section=by_id[i],
            narrative={lang: narrative_of(outline, i).get(lang, "") for lang in LANGUAGES},
            dropped=frozenset(dropped.get(i, [])) & set(_everything(by_id[i])),
            is_hidden=i in hidden and by_id[i]["kind"] not in FIXED,
        )
        for i in order
    ]


def narrative_of(outline: Outline, identity: str) -> dict[str, str]:
    """Return the words that people wrote in a section."""
    found: dict[str, str] = outline.get("narrative", {}).get(identity, {})
    return found


def find(outline: Outline, sections: list[Section], identity: str) -> Arranged:
    """Return one section.

    :raises UnknownSectionError: if there is none of that name.
    """
    for one in arranged(outline, sections):
        if one.id == identity:
            return one
    raise UnknownSectionError


def move(outline: Outline, sections: list[Section], identity: str, *, to: int) -> Outline:
    """Put a section at another place, the first being 0; beyond the ends is at the end."""
    find(outline, sections, identity)
    order = [one.id for one in arranged(outline, sections)]
    order.remove(identity)
    order.insert(min(max(to, 0), len(order)), identity)
    return _changed(outline, order=order)


def step(outline: Outline, sections: list[Section], identity: str, *, by: int) -> Outline:
    """Move a section some places down, or up where ``by`` is negative."""
    order = [one.id for one in arranged(outline, sections)]
    if identity not in order:
        raise UnknownSectionError
    return move(outline, sections, identity, to=max(order.index(identity) + by, 0))


def hide(outline: Outline, sections: list[Section], identity: str) -> Outline:
    """Leave a section out.

    :raises SectionFixedError: if a report cannot do without it.
    """
    if find(outline, sections, identity).is_fixed:
        raise SectionFixedError
    kept = [i for i in outline.get("hidden", []) if i != identity]
    return _changed(outline, hidden=[*kept, identity])


def show(outline: Outline, sections: list[Section], identity: str) -> Outline:
    """Take a section in again."""
    find(outline, sections, identity)
    return _changed(outline, hidden=[i for i in outline.get("hidden", []) if i != identity])


def drop(outline: Outline, sections: list[Section], identity: str, *, claim: str) -> Outline:
    """Leave a sentence or a quotation out of a section.

    :raises SectionFixedError: if the section keeps everything.
    """
    place = find(outline, sections, identity)
    if claim not in place.everything:
        raise UnknownSectionError
    if place.is_whole:
        raise SectionFixedError
    return _dropped(outline, identity, [*sorted(place.dropped - {claim}), claim])


def restore(outline: Outline, sections: list[Section], identity: str, *, claim: str) -> Outline:
    """Take a sentence or a quotation in again."""
    place = find(outline, sections, identity)
    if claim not in place.everything:
        raise UnknownSectionError
    return _dropped(outline, identity, sorted(place.dropped - {claim}))


def write(
    outline: Outline, sections: list[Section], identity: str, *, words: dict[str, str]
) -> Outline:
    """Replace the words of a section in both languages.

    :raises WordsTooLongError: if they are longer than a section can be.
    """
    find(outline, sections, identity)
    cleaned = {lang: clean_text(words.get(lang, "")).strip() for lang in LANGUAGES}
    if max(map(len, cleaned.values())) > LONGEST:
        raise WordsTooLongError(most=LONGEST)
    narratives = dict(outline.get("narrative", {}))
    narratives.pop(identity, None)
    if any(cleaned.values()):
        narratives[identity] = cleaned
    return _changed(outline, narrative=narratives)


def add(outline: Outline, sections: list[Section], *, title: dict[str, str]) -> Outline:
    """Add a section of one's own, at the end; its identifier is :func:`newest_own`.

    :raises BothTitlesError: unless it has a title in both languages.
    """
    number = n_own(outline) + 1
    made = {"id": f"own.{number}", "title": _title(title)}
    order = [one.id for one in arranged(outline, sections)]
    own = [*outline.get("own", []), made]
    return _changed(outline, own=own, n_own=number, order=[*order, made["id"]])


def n_own(outline: Outline) -> int:
    """Return how many sections people ever added."""
    numbers = [int(one["id"].rpartition(".")[2]) for one in outline.get("own", [])]
    return max([int(outline.get("n_own", 0)), *numbers])


def newest_own(outline: Outline) -> str:
    """Return the identifier of the section added last."""
    return f"own.{n_own(outline)}"


def rename(
    outline: Outline, sections: list[Section], identity: str, *, title: dict[str, str]
) -> Outline:
    """Give a section of one's own another title.

    :raises BothTitlesError: unless it has a title in both languages.
    """
    if not find(outline, sections, identity).is_own:
        raise UnknownSectionError
    words = _title(title)
    own = [one | {"title": words} if one["id"] == identity else one for one in outline["own"]]
    return _changed(outline, own=own)


def remove(outline: Outline, sections: list[Section], identity: str) -> Outline:
    """Take a section of one's own away with its words.

    :raises SectionFixedError: if it is one that the data made: it can only be hidden.
    """
    if not find(outline, sections, identity).is_own:
        raise SectionFixedError
    return _changed(
        outline,
        own=[one for one in outline["own"] if one["id"] != identity],
        n_own=n_own(outline),
        order=[i for i in outline.get("order", []) if i != identity],
        hidden=[i for i in outline.get("hidden", []) if i != identity],
        narrative={k: v for k, v in outline.get("narrative", {}).items() if k != identity},
    )


def _title(title: dict[str, str]) -> dict[str, str]:
    """Return a title in both languages, cleaned."""
    words = {lang: " ".join(clean_text(title.get(lang, "")).split()) for lang in LANGUAGES}
    if not all(words.values()):
        raise BothTitlesError
    if max(map(len, words.values())) > LONGEST_TITLE:
        raise WordsTooLongError(most=LONGEST_TITLE)
    return words


def _everything(one: Section) -> list[str]:
    """Return what a section could print."""
    return [*one["claims"], *one["quotations"]]


def _dropped(outline: Outline, identity: str, claims: list[str]) -> Outline:
    """Return the outline with other claims left out of a section."""
    dropped = {k: v for k, v in outline.get("dropped", {}).items() if k != identity}
    if claims:
        dropped[identity] = claims
    return _changed(outline, dropped=dropped)


def _changed(outline: Outline, **parts: Any) -> Outline:
    """Return a copy with other parts."""
    return deepcopy(outline) | parts
