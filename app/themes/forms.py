"""Forms of the analysis and of the review; what a decision refuses is said by the operations."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
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


class CreateForm(PageForm):
    """The names of a theme that people make."""

    name_fr = StringField(_l("Name in French"), render_kw={"maxlength": NAME_LIMIT})
    name_ar = StringField(_l("Name in Arabic"), render_kw={"maxlength": NAME_LIMIT})
