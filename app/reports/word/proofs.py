"""Proofs: each sentence carries a small number that leads to what proves it, in the annex."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.reports.word.paper import Paper
from app.reports.word.xml import Element

#: Before a number in Arabic lines: without it, "17." and proof 22 would be taken for one figure.
_MARK = "\u200f"


@dataclass
class Proofs:
    """The claims printed so far, numbered in the order in which they stand."""

    numbers: dict[str, int] = field(default_factory=dict)
    claims: list[dict[str, Any]] = field(default_factory=list)

    def mark(self, paper: Paper, claim: dict[str, Any]) -> list[Element]:
        """Return the number of a claim's proof, which leads there and can be come back to."""
        number = self.numbers.get(claim["id"])
        is_new = number is None
        if number is None:
            number = self.numbers[claim["id"]] = len(self.numbers) + 1
            self.claims.append(claim)
        text = f"{_MARK}{number}" if paper.rtl else str(number)
        link = paper.link(proof_at(number), text, "ProofNumber")
        return paper.bookmarked(sentence_at(number), [link]) if is_new else [link]


def proof_at(number: int) -> str:
    """Return the bookmark of a proof."""
    return f"proof_{number}"


def sentence_at(number: int) -> str:
    """Return the bookmark of the sentence that a proof is of."""
    return f"sentence_{number}"
