"""The form of a version of the notice."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired

from app.consultations.models import PrivacyNotice
from app.core.db import Texts
from app.core.forms import PageForm
from app.core.text import clean_text

_MISSING = _l("Write it in both languages: people agree to what they can read.")


class NoticeForm(PageForm):
    """What is kept, why and until when, and the sentence one ticks, in French and in Arabic."""

    body_fr = TextAreaField(
        _l("Notice, in French"), filters=[clean_text], validators=[DataRequired(_MISSING)]
    )
    body_ar = TextAreaField(
        _l("Notice, in Arabic"), filters=[clean_text], validators=[DataRequired(_MISSING)]
    )
    statement_fr = TextAreaField(
        _l("The sentence one ticks, in French"),
        filters=[clean_text],
        validators=[DataRequired(_MISSING)],
    )
    statement_ar = TextAreaField(
        _l("The sentence one ticks, in Arabic"),
        filters=[clean_text],
        validators=[DataRequired(_MISSING)],
    )

    @classmethod
    def of(cls, notice: PrivacyNotice) -> NoticeForm:
        """Return the form filled with a version."""
        return cls(
            data={
                f"{part}_{code}": getattr(notice, part).get(code, "")
                for part in ("body", "statement")
                for code in ("fr", "ar")
            }
        )

    def texts(self, part: str) -> Texts:
        """Return the notice (``body``) or the sentence (``statement``) by language."""
        return Texts(fr=self[f"{part}_fr"].data, ar=self[f"{part}_ar"].data)
