"""What the public may see of a dataset: the rows of the open data, and sums for the rest."""

from __future__ import annotations

from dataclasses import replace

from app.reports.claims.dataset import Dataset
from app.reports.claims.residuals import residuals


def reduce(data: Dataset) -> Dataset:
    """Return the dataset as the open data hold it: it answers every claim of a body alike.

    Regions and actor types by which somebody could be recognised are withheld from their rows; how
    many they are stands in :attr:`Dataset.residuals`.
    """
    people = {
        number: replace(person, region=person.shown[0], actor_type=person.shown[1])
        for number, person in data.people.items()
    }
    return Dataset(
        people=people,
        said=list(data.said),
        themes=list(data.themes),
        residuals=residuals(data),
        told=data.told,
    )
