"""The form of a partner."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.core.forms import PageForm


class PartnerForm(PageForm):
    """Who may send, and to which consultation."""

    name = StringField(
        _l("Partner’s name"),
        [InputRequired(_l("Give it a name.")), Length(max=200)],
        description=_l("The organisation whose program sends answers; they bear its name."),
    )
    consultation = SelectField(_l("Consultation"), coerce=int)
