"""Forms of the pages that a code opens."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, RadioField, TelField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length, Optional

from app.core.forms import PageForm
from app.core.text import clean_text

_SIGNS = re.compile(r"[\s.\-/()\u202f\u00a0\u200e\u200f]+")
_NUMBER = re.compile(r"(?:\+|00)?\d{8,15}")


def _plain_number(text: str | None) -> str:
    """Write a telephone number with the digits 0 to 9 alone, and its plus sign."""
    digits = "".join(
        str(int(sign)) if sign.isdecimal() and not sign.isascii() else sign
        for sign in clean_text(text)
    )
    return _SIGNS.sub("", digits)


def _telephone(_form: Any, field: TelField) -> None:
    """Refuse what no telephone would take."""
    if not _NUMBER.fullmatch(field.data or ""):
        raise ValidationError(_l("Give the number with its digits, for example 06 12 34 56 78."))


class ContactForm(PageForm):
    """How to reach someone who wishes to be told what became of what they said."""

    email = EmailField(
        _l("E-mail address"),
        filters=[clean_text],
        validators=[
            Optional(),
            Length(max=255),
            Email(_l("Give a whole address, for example nom@exemple.ma.")),
        ],
    )
    phone = TelField(_l("Telephone number"), filters=[_plain_number], validators=[Optional()])
    may_reach = BooleanField(
        _l(
            "I agree that the ministry keeps this contact apart from my answers and uses it to "
            "tell me what became of them, and for nothing else."
        )
    )

    def validate_phone(self, field: TelField) -> None:
        """Check the number, if there is one."""
        _telephone(self, field)

    def validate_may_reach(self, field: BooleanField) -> None:
        """Refuse a contact that may not be used."""
        if self.is_filled and not field.data:
            raise ValidationError(
                _l("Tick this box, or leave the address and the number empty: neither is needed.")
            )

    @property
    def is_filled(self) -> bool:
        """Tell whether anything was given."""
        return bool(self.email.data or self.phone.data)


class EraseForm(PageForm):
    """What is to be erased, and that it is meant."""

    what = RadioField(
        _l("What should be erased?"),
        choices=[
            SelectChoice(
                "personal",
                _l("What tells who I am: contact, organisation’s name. My answers stay."),
            ),
            SelectChoice(
                "everything",
                _l("Everything: my answers, their versions, files, contact."),
            ),
        ],
        validators=[InputRequired(_l("Choose what should be erased."))],
    )
    is_sure = BooleanField(
        _l("I understand that this cannot be undone."),
        validators=[InputRequired(_l("Tick this box to erase."))],
    )
