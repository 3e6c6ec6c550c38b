"""The words that people wrote, with the values and the proofs that they point at."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from app.reports.claims.narrative import expand
from app.reports.claims.wording import END, ISOLATE
from app.reports.word.paper import Paper
from app.reports.word.proofs import Proofs
from app.reports.word.xml import Element


def paragraphs(
    paper: Paper, proofs: Proofs, section: dict[str, Any], claims: dict[str, dict[str, Any]]
) -> list[list[Element]]:
    """Return the paragraphs of a section's narrative, each as its runs."""
    text = section["narrative"].get(paper.lang, "")
    found = []
    for part in expand(text, paper.lang, list(claims.values())):
        runs: list[Element] = []
        for piece, after in zip_longest(part, part[1:]):
            if piece.kind == "text":
                # The number of a proof stands right behind its sentence.
                is_proven = after is not None and after.kind == "proof"
                runs += paper.text(piece.text.rstrip() if is_proven else piece.text)
            elif piece.kind == "value":
                runs += paper.text(_value(piece.text))
            elif piece.claim in claims:
                runs += proofs.mark(paper, claims[piece.claim])
        found.append(runs)
    return found


def _value(text: str) -> str:
    """Return a value as kept sentences carry it: a figure is isolated, a date is words."""
    return text if any(sign.isalpha() for sign in text) else f"{ISOLATE}{text}{END}"
