"""The form that draws a blind sample."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from app.core.forms import PageForm
from app.themes.reliability.coding import LEAST, MOST


class RoundForm(PageForm):
    """A blind sample and who codes it."""

    size = IntegerField(
        _l("Passages to draw"),
        default=100,
        description=_l("A hundred take each coder an hour or two."),
        validators=[
            InputRequired(_l("Give a whole number, such as 0.")),
            NumberRange(LEAST, MOST, _l("Give a number from %(min)s to %(max)s.")),
        ],
    )
    seed = IntegerField(
        _l("Seed"),
        default=1,
        description=_l("The same seed over the same analysis draws the same passages."),
        validators=[
            InputRequired(_l("Give a whole number, such as 0.")),
            NumberRange(0, 2**31 - 1, _l("Give a number from %(min)s to %(max)s.")),
        ],
    )
    first = SelectField(_l("First coder"), coerce=int, validate_choice=False)
    second = SelectField(_l("Second coder"), coerce=int, validate_choice=False)
    third = SelectField(
        _l("Third person, for disagreements"),
        coerce=int,
        validate_choice=False,
        description=_l("Sees only the passages on which the two differ, not what they said."),
    )
