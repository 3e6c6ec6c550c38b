"""The passages that prove a claim: frozen ones, words as they may be shown now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.reports.claims.dataset import Said
from app.reports.models import Report
from app.reports.publishing.reading import Copy
from app.reports.publishing.served import frozen_copy
from app.reports.publishing.tables import place_of
from app.reports.queries import find_file
from app.reports.withheld import gone_since


@dataclass(frozen=True)
class Proof:
    """A passage.

    :ivar text: its words, empty where they are not published or not any more.
    :ivar withheld: why they are not shown any more.
    """

    said: Said
    text: str
    withheld: str
    region: str | None
    actor_type: str | None

    @property
    def source(self) -> dict[str, Any]:
        """Return where the words are, as captions want it."""
        said = self.said
        return {
            "number": said.number,
            "start": said.start,
            "end": said.end,
            "sha256": said.sha256,
        }


def evidence_of(session: Session, report: Report, claim: dict[str, Any]) -> list[Proof] | None:
    """Return the passages that prove a claim, those with words first; None if none were kept.

    A later analysis changes nothing here: passages are those of the files published.
    """
    file = find_file(session, report.id, "", "zip")
    if file is None:
        return None
    copy = frozen_copy(file)[1]
    gone = gone_since(session, report)
    found = []
    for said in _passages(copy, claim):
        person, words = copy.data.people[said.number], copy.words.get(place_of(said), "")
        reason = gone.reason(said.number, said.question, said.start, said.end) if words else ""
        shown = "" if reason else words
        found.append(Proof(said, shown, reason, person.region, person.actor_type))
    return sorted(found, key=lambda one: (not one.text, not one.withheld))


def _passages(copy: Copy, claim: dict[str, Any]) -> list[Said]:
    """Return the passages behind a claim."""
    if claim["kind"] == "quotation":
        about = claim["about"]
        place = about["number"], about["question"], about["start"], about["end"]
        said = copy.data.by_place.get(place)
        return [said] if said else []
    if claim["evidence"] is None:
        return []
    return copy.data.proof(claim["evidence"]["query"])
