"""Form of those who want to be told of new versions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, SelectChoice
from wtforms.validators import Email, InputRequired, Length

from app.core.forms import PageForm
from app.core.i18n import LANGUAGES, language


class SubscribeForm(PageForm):
    """An address and the language of the letters."""

    email = EmailField(
        _l("E-mail address"),
        validators=[
            InputRequired(_l("Give an e-mail address.")),
            Length(max=255, message=_l("Use %(max)d characters at most.")),
            Email(_l("This is not an e-mail address.")),
        ],
        render_kw={"autocomplete": "email"},
    )
    lang = RadioField(
        _l("Language of the letters"),
        choices=[SelectChoice(one.code, one.name) for one in LANGUAGES.values()],
        default=lambda: language().code,
        validators=[InputRequired(_l("Choose a language."))],
    )
