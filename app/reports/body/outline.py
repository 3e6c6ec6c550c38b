"""The sections of a report: what the first draft holds, and what people decided of it.

A section is an object::

    id          ``summary``, ``participation``, ``theme.12``, ``minority``, ``region.08``,
                ``set-aside``, ``method``, ``annexes``, or ``own.1`` for one that people added
    kind        one of :data:`KINDS`
    theme, region   what it is about, for sections of these kinds
    title       ``{"fr", "ar"}`` for a section that people added, else empty
    claims      identifiers of the claims that it prints as sentences, in order
    quotations  identifiers of the quotations that it prints, in order
    narrative   ``{"fr", "ar"}``: free words, paragraphs apart by an empty line; ``[[claim]]``
                behind a sentence says what proves it, ``[[claim:count]]`` stands for a value of it

An outline holds what people decided, and nothing else, so that it can be laid on newer figures::

    order       identifiers, those not named come after in their own order
    hidden      sections left out
    dropped     ``{section: [claims or quotations]}`` left out of a section
    narrative   ``{section: {"fr", "ar"}}``
    own         ``[{"id", "title": {"fr", "ar"}}]``: sections that people added
"""

from __future__ import annotations

from typing import Any

KINDS = (
    "summary",
    "participation",
    "theme",
    "minority",
    "region",
    "set_aside",
    "method",
    "annexes",
    "narrative",
)

#: What a report cannot leave out: what was set aside, how it was made, and what proves it.
FIXED = frozenset({"participation", "set_aside", "method", "annexes"})

Section = dict[str, Any]
Outline = dict[str, Any]


def section(identity: str, kind: str, **more: Any) -> Section:
    """Return a section with nothing in it."""
    empty: Section = {
        "id": identity,
        "kind": kind,
        "title": {},
        "claims": [],
        "quotations": [],
        "narrative": {"fr": "", "ar": ""},
    }
    return empty | more


def default(body: dict[str, Any]) -> list[Section]:
    """Return the sections of the first draft: a claim stands in the one that it is named after."""
    themes = [section(f"theme.{t['id']}", "theme", theme=t["id"]) for t in body["themes"]]
    for one, theme in zip(themes, body["themes"], strict=True):
        one["quotations"] = [f"quote.{q['answer']}.{q['start']}" for q in theme["quotations"]]
    found = [
        section("summary", "summary"),
        section("participation", "participation"),
        *themes,
        section("minority", "minority"),
        *(
            section(f"region.{row['code']}", "region", region=row["code"])
            for row in body["participation"]["by_region"]
            # Where nobody said where they are, twelve empty sheets would say it twelve times.
            if any(one["count"] for one in body["participation"]["by_region"])
        ),
        section("set-aside", "set_aside"),
        section("method", "method"),
        section("annexes", "annexes"),
    ]
    by_id = {one["id"]: one for one in found}
    for claim in body["claims"]:
        place = by_id.get(home(claim["id"]))
        if place is not None:
            place["claims"].append(claim["id"])
    return found


def home(claim_id: str) -> str:
    """Return the section that a claim is named after: ``theme.12.share`` stands in ``theme.12``."""
    first, *rest = claim_id.split(".")
    return f"{first}.{rest[0]}" if first in {"theme", "region"} and rest else first


def lay(outline: Outline, sections: list[Section]) -> list[Section]:
    """Return the sections as people want them; what an outline names and is not there is let go."""
    own = [
        section(one["id"], "narrative", title=dict(one["title"])) for one in outline.get("own", [])
    ]
    by_id = {one["id"]: one for one in [*sections, *own]}
    order = [i for i in outline.get("order", []) if i in by_id]
    order += [i for i in by_id if i not in set(order)]
    hidden = set(outline.get("hidden", []))
    found = []
    for identity in order:
        one = by_id[identity]
        if identity in hidden and one["kind"] not in FIXED:
            continue
        dropped = set(outline.get("dropped", {}).get(identity, []))
        words = outline.get("narrative", {}).get(identity, {})
        found.append(
            one
            | {
                "claims": [claim for claim in one["claims"] if claim not in dropped],
                "quotations": [claim for claim in one["quotations"] if claim not in dropped],
                "narrative": {lang: words.get(lang, "") for lang in ("fr", "ar")},
            }
        )
    return found
