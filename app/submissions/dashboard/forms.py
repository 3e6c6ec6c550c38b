"""The form of the targets: a number for each region and group of actors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from app.core.forms import PageForm
from app.submissions.dashboard.targets import MOST, Targets

_RANGE = NumberRange(0, MOST, _l("Give a number from %(min)s to %(max)s."))


class TargetsForm(PageForm):
    """One field a cell; :func:`targets_form` adds them."""

    total = IntegerField(
        _l("Total to share among regions by population"),
        validators=[Optional(), _RANGE],
        description=_l("Fills the table; look at it, then save."),
    )

    cells: Mapping[tuple[str, str], str]

    def wanted(self) -> Targets:
        """Return the targets that were given; an empty cell is none."""
        return {
            cell: self[name].data
            for cell, name in self.cells.items()
            if self[name].data is not None
        }


def targets_form(
    regions: Iterable[tuple[str, str]],
    groups: Iterable[tuple[str, str]],
    known: Targets,
    **options: Any,
) -> TargetsForm:
    """Build the form.

    :param regions: code and name of each row; ``groups``: of each column.
    """
    columns = list(groups)
    cells = {
        (code, group): f"n-{code}-{group}" for code, _name in regions for group, _label in columns
    }
    names = dict(regions)
    labels = dict(columns)
    fields: dict[str, Any] = {
        name: IntegerField(f"{names[code]}, {labels[group]}", validators=[Optional(), _RANGE])
        for (code, group), name in cells.items()
    }
    fields["cells"] = cells
    made = type("TargetsOfCells", (TargetsForm,), fields)
    data = {cells[cell]: number for cell, number in known.items() if cell in cells}
    form: TargetsForm = made(data=data, **options)
    return form
