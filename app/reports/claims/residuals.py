"""What rows do not show of people, as counts of groups that the report prints anyway."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from app.reports.claims.dataset import DIMENSIONS, Dataset

#: Counts by ``(measure, theme or 0, dimension, code)``.
Residuals = Mapping[tuple[str, int, str, str], int]


def residuals(data: Dataset) -> Residuals:
    """Return what is to be added to the counts of the rows shown so that they are those of all.

    Of groups too small to be described only their size is given, as in the tables of who took part;
    what they say is not, for no claim asks it.
    """
    found: Counter[tuple[str, int, str, str]] = Counter()
    for index, dimension in enumerate(DIMENSIONS):
        described = set(data.described[dimension])
        withheld = {
            number: str(person.stated(dimension))
            for number, person in data.people.items()
            if person.shown[index] is None and person.stated(dimension) is not None
        }
        for number, code in withheld.items():
            found["submissions", 0, dimension, code] += 1
            found["analysed", 0, dimension, code] += number in data.analysed
        for theme in data.themes:
            for number in data.voices_of(theme) & withheld.keys():
                if withheld[number] in described:
                    found["voices", theme, dimension, withheld[number]] += 1
    return {key: n for key, n in sorted(found.items()) if n}
