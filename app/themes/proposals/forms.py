"""Forms of the proposals' page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from app.core.forms import PageForm
from app.themes.names import NAME_LIMIT


class AcceptForm(PageForm):
    """The names that a proposed theme is to have."""

    name_fr = StringField(_l("Name in French"), render_kw={"maxlength": NAME_LIMIT})
    name_ar = StringField(_l("Name in Arabic"), render_kw={"maxlength": NAME_LIMIT})


class RefuseForm(PageForm):
    """Why a proposal is refused, if one wants to say."""

    reason = StringField(_l("Reason, if you want to give one"))
