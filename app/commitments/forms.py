"""The form that takes a receipt's code."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired

from app.core.forms import PageForm
from app.core.text import clean_text


class CodeForm(PageForm):
    """A receipt's code, however it is typed."""

    code = StringField(
        _l("Your receipt’s code"),
        description=_l("Eight letters and digits, for example 7K4M-92QX. Case does not matter."),
        filters=[clean_text],
        validators=[InputRequired(_l("Type the code that is on your receipt."))],
    )
