"""A run joined to earlier themes and the human log: from clusters to themes that last.

Copies follow their original: a decision about a copy holds for the text it copies, so that it does
not matter which of several equal texts the run takes for the first.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from nlp.checkpoints import Payload
from nlp.durable import (
    Carried,
    Constraints,
    Decision,
    Earlier,
    PassageIndex,
    PassageRef,
    carry_over,
    constraints_of,
)
from nlp.durable.log import MACHINE_PREFIX
from nlp.model import Text
from nlp.placement import Integers, active_passages

#: Passages whose references make the key of a theme.
_KEY_PASSAGES = 8


@dataclass(frozen=True)
class History:
    """What people and earlier runs have settled.

    Parameters
    ----------
    earlier : Earlier or None
        Themes of the run before.
    decisions : sequence of Decision
        The whole human log, in the order it was written.

    Raises
    ------
    DecisionError
        If a decision makes no sense where it stands.
    """

    earlier: Earlier | None = None
    decisions: Sequence[Decision] = ()

    @cached_property
    def constraints(self) -> Constraints:
        """What the run has to respect."""
        return constraints_of(self.earlier, self.decisions)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been settled."""
        return self.earlier is None and not self.decisions

    def fingerprint(self) -> str:
        """Return a hash of everything settled; empty when there is nothing."""
        if self.is_empty:
            return ""
        themes = self.earlier.themes if self.earlier else ()
        content = {
            "themes": [
                [t.key, t.name_fr, t.name_ar, [[m.key, m.start, m.end] for m in t.members]]
                for t in themes
            ],
            "former": sorted(self.earlier.former) if self.earlier else [],
            "decisions": [decision.to_dict() for decision in self.decisions],
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def references(texts: Sequence[Text], passages: Payload, rows: Integers) -> list[PassageRef]:
    """Return references to some passages."""
    columns = (passages[name][rows].tolist() for name in ("text", "start", "end"))
    return [
        PassageRef(texts[text].key, start, end) for text, start, end in zip(*columns, strict=True)
    ]


def rescued(texts: Sequence[Text], passages: Payload, history: History) -> Payload:
    """Return the passages, those that a person put in a theme counted as readable and on topic."""
    wanted = [place.passage for place in history.constraints.places]
    doubtful = np.flatnonzero(passages["quality"] != 0)
    if not wanted or not len(doubtful):
        return passages
    index = PassageIndex(references(texts, passages, doubtful))
    rows = sorted({row for ref in wanted for row, _ in index.find(ref)})
    quality = passages["quality"].copy()
    quality[doubtful[rows]] = 0
    return {**passages, "quality": quality}


class _Originals:
    """References to copies, turned into references to what they copy."""

    def __init__(self, texts: Sequence[Text], passages: Payload, copies: Payload) -> None:
        """Note which passages are copies."""
        copied = np.flatnonzero(copies["copy_of"] >= 0)
        self._index = PassageIndex(references(texts, passages, copied))
        self._originals = references(texts, passages, copies["copy_of"][copied])
        self._keys = {texts[text].key for text in passages["text"][copied].tolist()}

    def of(self, ref: PassageRef) -> PassageRef:
        """Return the reference to the original of a passage, or to itself."""
        if ref.key not in self._keys:
            return ref
        found = self._index.find(ref)
        return self._originals[found[0][0]] if found else ref

    def of_all(self, refs: Iterable[PassageRef]) -> tuple[PassageRef, ...]:
        """Return the references to the originals, each once."""
        return tuple(dict.fromkeys(self.of(ref) for ref in refs))

    def constrain(self, constraints: Constraints) -> Constraints:
        """Return the constraints about originals only."""
        taken: set[PassageRef] = set()
        themes = []
        for theme in constraints.themes:
            # What were two passages may be copies of one another now.
            members = tuple(ref for ref in self.of_all(theme.members) if ref not in taken)
            taken.update(members)
            themes.append(replace(theme, members=members))
        return replace(
            constraints,
            themes=tuple(themes),
            divided=tuple(
                (tuple(ref for ref in self.of_all(members) if ref not in taken), keys)
                for members, keys in constraints.divided
            ),
            places=tuple(replace(p, passage=self.of(p.passage)) for p in constraints.places),
            exclusions=tuple((self.of(ref), reason) for ref, reason in constraints.exclusions),
            barred=tuple((self.of(ref), key) for ref, key in constraints.barred),
        )


def joined(
    texts: Sequence[Text],
    passages: Payload,
    copies: Payload,
    features: Payload,
    clusters: Payload,
    history: History,
    *,
    n_themes: int | None,
) -> tuple[Payload, Carried]:
    """Return the clusters joined to what has been settled, as a payload like theirs, and how.

    The payload also holds ``forced`` and ``excluded``, masks of the active passages, and ``fresh``,
    the clusters as the machine found them.
    """
    active = active_passages(passages, copies)
    refs = references(texts, passages, active)
    carried = carry_over(
        clusters["labels"],
        np.hstack([features["within"], features["across"]]),
        refs,
        _Originals(texts, passages, copies).constrain(history.constraints),
        margins=clusters["margins"],
        n_themes=n_themes,
    )
    stays = clusters["elsewhere"] & (carried.labels < 0)
    return {
        **clusters,
        "labels": carried.labels,
        "margins": carried.margins,
        "elsewhere": stays & ~carried.excluded,
        "stabilities": _stabilities(clusters, carried),
        "fresh": clusters["labels"],
        "forced": carried.forced,
        "excluded": carried.excluded,
    }, carried


def _stabilities(clusters: Payload, carried: Carried) -> np.typing.NDArray[np.float64]:
    """Return how stable themes are: that of the clusters they consist of, by their passages."""
    found = np.full(len(carried.themes), np.nan)
    fresh = clusters["labels"]
    both = (fresh >= 0) & (carried.labels >= 0)
    for theme in np.unique(carried.labels[both]).tolist():
        found[theme] = np.mean(clusters["stabilities"][fresh[both & (carried.labels == theme)]])
    return found


def fresh_keys(
    texts: Sequence[Text], passages: Payload, copies: Payload, clusters: Payload
) -> list[str]:
    """Return a key for each cluster of a run without history, from its most central passages."""
    active = active_passages(passages, copies)
    labels = clusters["labels"]
    order = np.lexsort((-np.round(clusters["centralities"], 6), labels))
    bounds = np.searchsorted(labels[order], np.arange(len(clusters["stabilities"]) + 1))
    keys: list[str] = []
    for first, last in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        central = active[order[first : min(last, first + _KEY_PASSAGES)]]
        refs = sorted((r.key, r.start, r.end) for r in references(texts, passages, central))
        digest = hashlib.sha256(json.dumps([len(keys) if not refs else 0, refs]).encode())
        keys.append(f"{MACHINE_PREFIX}{digest.hexdigest()[:16]}")
    return keys
