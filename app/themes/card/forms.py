"""Forms of a theme's page; what a decision refuses is said by the operations.

Each carries ``seen``, the last event that its reader was shown, and for each field that has a value
already a hidden ``was-`` twin with that value: what somebody else changed meanwhile is told apart
from what the reader typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from app.core.forms import PageForm
from app.core.text import clean_text
from app.themes.deciding.about_themes import TEXT_LIMIT
from app.themes.names import NAME_LIMIT


class DecisionForm(PageForm):
    """What every decision carries: the last event that was seen."""

    seen = IntegerField(validators=[Optional()])

    def typed(self) -> Iterator[Field]:
        """Yield the fields that people fill."""
        for field in self:
            if field.short_name not in {"seen", "csrf_token"}:
                yield field

    def join(self, current: Mapping[str, Any]) -> dict[str, Any]:
        """Take over what somebody else wrote in fields that the reader left alone.

        :param current: what the fields would say now, by name.
        :returns: what they say now, of the fields that both changed.
        """
        both = {}
        for field in self.typed():
            was = request.form.get(f"was-{field.short_name}")
            if was is None or field.short_name not in current:
                continue
            now = current[field.short_name]
            if clean_text(str(field.data)) == clean_text(was):
                field.data = now
            elif clean_text(str(now)) != clean_text(was):
                both[field.short_name] = now
        return both


class RenameForm(DecisionForm):
    """The two names of a theme."""

    name_fr = StringField(_l("Name in French"), render_kw={"maxlength": NAME_LIMIT})
    name_ar = StringField(_l("Name in Arabic"), render_kw={"maxlength": NAME_LIMIT})


def _text(label: Any) -> TextAreaField:
    """Return a field for a definition or a rule."""
    return TextAreaField(label, render_kw={"maxlength": TEXT_LIMIT})


class DescribeForm(DecisionForm):
    """What a theme is: the codebook's texts, in both languages."""

    definition_fr = _text(_l("Definition, in French"))
    definition_ar = _text(_l("Definition, in Arabic"))
    inclusion_fr = _text(_l("What belongs to it, in French"))
    inclusion_ar = _text(_l("What belongs to it, in Arabic"))
    exclusion_fr = _text(_l("What does not belong to it, in French"))
    exclusion_ar = _text(_l("What does not belong to it, in Arabic"))


class AttachForm(DecisionForm):
    """What a theme stands under; 0 is nothing."""

    axis_id = SelectField(_l("Axis"), coerce=int, validate_choice=False)
    population_id = SelectField(_l("Target population"), coerce=int, validate_choice=False)
    parent_id = SelectField(_l("Parent theme"), coerce=int, validate_choice=False)


class MergeForm(DecisionForm):
    """The theme that this one is to count under."""

    into = SelectField(
        _l("Merge into"),
        coerce=int,
        validate_choice=False,
        description=_l("Its passages then count under the theme you choose. You can undo it."),
    )
    why = StringField(_l("Reason, if you want to give one"))


class ExcludeForm(DecisionForm):
    """Why a theme is left out."""

    reason = TextAreaField(
        _l("Reason"),
        description=_l("The report prints it. For example: not in the ministry’s remit."),
    )


class PlainForm(DecisionForm):
    """A decision of one click."""


class PartForm(DecisionForm):
    """The names of the theme that chosen passages become."""

    name_fr = StringField(_l("Name in French"), render_kw={"maxlength": NAME_LIMIT})
    name_ar = StringField(_l("Name in Arabic"), render_kw={"maxlength": NAME_LIMIT})
