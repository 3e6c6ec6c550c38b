"""Asking every claim again: of the tables before publication, of the open data after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.reports.claims.dataset import Dataset
from app.reports.claims.wording import UNASKABLE, Names, all_written, bare


@dataclass(frozen=True)
class Mismatch:
    """A claim that does not come out again.

    :ivar what: ``count``, ``of`` ... for a result, ``evidence``, ``sentence``, or ``query`` where
        it cannot be asked at all.
    """

    claim: str
    sentence: str
    what: str
    written: Any
    found: Any


def prove(body: dict[str, Any], data: Dataset, *, lang: str = "fr") -> list[Mismatch]:
    """Return what does not come out again, in the order of the claims; nothing if all is true.

    :param lang: in which language the sentences are named.
    """
    sentences = all_written(body["claims"], Names(body))
    return [
        found
        for claim, sentence in zip(body["claims"], sentences, strict=True)
        for found in _of(claim, data, sentence, lang)
    ]


def _of(
    claim: dict[str, Any], data: Dataset, sentence: dict[str, str], lang: str
) -> list[Mismatch]:
    """Return what is wrong with a claim."""
    named = bare(claim["sentence"].get(lang, ""))
    wrong = [
        Mismatch(claim["id"], named, what, before, found)
        for what, before, found in _answers(claim, data)
    ]
    evidence = claim["evidence"]
    if evidence is not None and not wrong:
        found = _evidence(evidence, data)
        if found != evidence:
            again = (found or {}).get("sha256")
            wrong.append(Mismatch(claim["id"], named, "evidence", evidence["sha256"], again))
    if sentence != claim["sentence"]:
        again = bare(sentence.get(lang, ""))
        wrong.append(Mismatch(claim["id"], named, "sentence", named, again))
    return wrong


def _evidence(evidence: dict[str, Any], data: Dataset) -> dict[str, Any] | None:
    """Gather the evidence again; None if it cannot be asked for."""
    try:
        return data.evidence(evidence["query"])
    except UNASKABLE:
        return None


def _answers(claim: dict[str, Any], data: Dataset) -> Iterator[tuple[str, Any, Any]]:
    """Yield the results that come out different: name, as written, as found."""
    for name, before in claim["result"].items():
        if name not in claim["queries"]:
            yield "query", before, None
    for name, query in claim["queries"].items():
        before = claim["result"].get(name)
        try:
            found = data.ask(query)
        except UNASKABLE:
            yield "query", before, None
            continue
        if found != before:
            yield name, before, found
