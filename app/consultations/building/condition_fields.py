"""Fields of a condition, which the forms of sections and of questions share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from app.consultations.building.labels import OPERATORS
from app.consultations.building.rows import Row, condition_of, rows_of
from app.consultations.conditions import check_condition
from app.core.errors import DomainError
from app.core.forms import clean_text


class TestRow(Form):  # type: ignore[misc]
    """A test of a condition."""

    subject = SelectField(_l("Question"), validate_choice=False)
    operator = SelectField(
        _l("Test"),
        choices=[SelectChoice(code, name) for code, name in OPERATORS.items()],
        default="is",
    )
    value = StringField(_l("Value"), [Length(max=300)])


class ConditionFields:
    """What forms with a condition share: its rows, how they are joined, what rows cannot say."""

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield ``(id of the field, message)`` for each error, those in rows included."""
        for field in self:  # type: ignore[attr-defined]
            entries = field if isinstance(field, FieldList) else [field]
            for entry in entries:
                for inner in entry if isinstance(entry, FormField) else [entry]:
                    for message in inner.errors:
                        yield inner.id, str(message)

    def fill_condition(
        self, prefix: str, condition: Any, subjects: Sequence[Any], own: str = ""
    ) -> None:
        """Show a condition, and what it may speak of; a point stands for the question itself."""
        form: Any = self
        rows = rows_of(condition)
        is_sent = form.is_submitted()
        if rows is not None and not is_sent:
            form[f"{prefix}_join"].data = rows[0]
            for row in rows[1]:
                subject = "." if own and row.subject == own else row.subject
                form[f"{prefix}_rows"].append_entry(vars(row) | {"subject": subject})
        if not form[f"{prefix}_rows"].entries:
            form[f"{prefix}_rows"].append_entry()
        for entry in form[f"{prefix}_rows"]:
            entry.subject.choices = {"": _("Choose a question")} | dict(subjects)
        form.kept[prefix] = condition if rows is None else None
        if rows is None and not is_sent:
            form[f"{prefix}_keep"].data = True

    def read_condition(self, prefix: str, kinds: Mapping[str, str], own: str = "") -> Any:
        """Return the condition that was given; what is wrong with it goes to the field."""
        form: Any = self
        if form.kept.get(prefix) and form[f"{prefix}_keep"].data:
            return form.kept[prefix]
        rows = form[f"{prefix}_rows"]
        tests = [
            Row(
                own if row.subject.data == "." else row.subject.data or "",
                row.operator.data,
                clean_text(row.value.data),
            )
            for row in rows
        ]
        try:
            condition = condition_of(form[f"{prefix}_join"].data or "all", tests, kinds)
            if condition:
                check_condition(condition, set(kinds))
        except ValueError as error:
            at = tests.index(error.args[0])
            rows[at].value.errors = [_("Give the value to compare with.")]
            return None
        except DomainError as error:
            rows[0].value.errors = [error.text()]
            return None
        return condition


def joins(label: Any) -> RadioField:
    """Return the choice between all and any."""
    return RadioField(
        label,
        choices=[
            SelectChoice("all", _l("All of these hold")),
            SelectChoice("any", _l("One of these holds")),
        ],
        default="all",
    )
