"""Forms of the analysis and of the review; what a decision refuses is said by the operations."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from app.core.forms import PageForm
from app.themes.names import NAME_LIMIT

MOST_THEMES = 60


class StartForm(PageForm):
    """How an analysis is to be done."""

    n_themes = IntegerField(
        _l("Number of themes"),
        description=_l("Leave empty to let the texts decide."),
        validators=[
            Optional(),
            NumberRange(
                2, MOST_THEMES, _l("Give a number from %(min)s to %(max)s, or leave empty.")
            ),
        ],
    )
    seed = IntegerField(
        _l("Seed"),
        default=0,
        description=_l("The same texts with the same seed give the same themes."),
        validators=[
            InputRequired(_l("Give a whole number, such as 0.")),
            NumberRange(0, 2**31 - 1, _l("Give a number from %(min)s to %(max)s.")),
        ],
    )


class RenameForm(PageForm):
    """The two names of a theme."""

    name_fr = StringField(_l("Name in French"), render_kw={"maxlength": NAME_LIMIT})
    name_ar = StringField(_l("Name in Arabic"), render_kw={"maxlength": NAME_LIMIT})


class MergeForm(PageForm):
    """The theme that this one is to count under."""

    into = SelectField(
        _l("Merge into"),
        coerce=int,
        validate_choice=False,
        description=_l("Its passages then count under the theme you choose. You can undo it."),
    )


class ExcludeForm(PageForm):
    """Why a theme is left out."""

    reason = TextAreaField(
        _l("Reason"),
        description=_l("The report prints it. For example: not in the ministry’s remit."),
    )
