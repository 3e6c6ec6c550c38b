"""What a measure says, as plain values: compared, kept in its history, written into files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.commitments.models import Measure, MeasureKind, MeasureState
from app.core.db import Texts

#: The fields of :class:`Details`, in the order in which people read them.
FIELDS = (
    *("kind", "title", "description", "parties", "amount_mad"),
    *("region", "province", "commune", "axis", "population"),
    *("signed_on", "starts_on", "ends_on", "state", "milestones"),
    *("source", "source_url", "is_public"),
)
#: What is tied to a measure by actions of its own.
TIES = ("documents", "themes", "passages")


@dataclass(frozen=True)
class Step:
    """A milestone as it is planned and done."""

    title: Texts
    due_on: date | None = None
    done_on: date | None = None

    def as_value(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "title": dict(self.title),
            "due_on": iso(self.due_on),
            "done_on": iso(self.done_on),
        }


@dataclass(frozen=True)
class Details:
    """All that is said of a measure.

    :ivar axis: the axis' code; so are ``population``, ``region``, ``province`` and ``commune``.
    :ivar amount_mad: whole dirhams, None where no amount was made public.
    """

    title: Texts
    kind: str = MeasureKind.MEASURE
    state: str = MeasureState.PLANNED
    description: Texts = field(default_factory=Texts)
    parties: tuple[Texts, ...] = ()
    amount_mad: int | None = None
    region: str | None = None
    province: str | None = None
    commune: str | None = None
    axis: str | None = None
    population: str | None = None
    signed_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    milestones: tuple[Step, ...] = ()
    source: str = ""
    source_url: str = ""
    is_public: bool = True


def iso(day: date | None) -> str | None:
    """Return a day as JSON holds it."""
    return day.isoformat() if day else None


def details_of(measure: Measure) -> Details:
    """Return what is said of a measure now."""
    return Details(
        title=Texts(measure.title),
        kind=str(measure.kind),
        state=str(measure.state),
        description=Texts(measure.description or {}),
        parties=tuple(Texts(party) for party in measure.parties),
        amount_mad=measure.amount_mad,
        region=measure.region_code,
        province=measure.province_code,
        commune=measure.commune_code,
        axis=measure.axis.code if measure.axis else None,
        population=measure.population.code if measure.population else None,
        signed_on=measure.signed_on,
        starts_on=measure.starts_on,
        ends_on=measure.ends_on,
        milestones=tuple(
            Step(Texts(one.title), one.due_on, one.done_on) for one in measure.milestones
        ),
        source=measure.source,
        source_url=measure.source_url,
        is_public=measure.is_public,
    )


def as_values(details: Details) -> dict[str, Any]:
    """Return details as JSON holds them, by field."""
    return {
        "kind": str(details.kind),
        "title": dict(details.title),
        "description": dict(details.description),
        "parties": [dict(party) for party in details.parties],
        "amount_mad": details.amount_mad,
        "region": details.region,
        "province": details.province,
        "commune": details.commune,
        "axis": details.axis,
        "population": details.population,
        "signed_on": iso(details.signed_on),
        "starts_on": iso(details.starts_on),
        "ends_on": iso(details.ends_on),
        "state": str(details.state),
        "milestones": [step.as_value() for step in details.milestones],
        "source": details.source,
        "source_url": details.source_url,
        "is_public": details.is_public,
    }


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """Return ``{field: [before, after]}`` of what differs and says something on a side."""
    return {
        name: [before.get(name), after.get(name)]
        for name in after
        if before.get(name) != after[name] and (_says(before.get(name)) or _says(after[name]))
    }


def _says(value: Any) -> bool:
    """Tell whether a value says something; an amount of nought and a refusal do."""
    return value not in (None, "", [], {})
