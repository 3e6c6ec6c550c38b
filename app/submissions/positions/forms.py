"""Forms of the common draft: a remark, and the signature."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.forms import PageForm


class CommentForm(PageForm):
    """A remark."""

    question = HiddenField()
    body = TextAreaField(_l("Your remark"), [InputRequired(_l("Write your remark."))])


class SignatureForm(PageForm):
    """The signatory's word: what was read, in what function, and that it is they."""

    revision = HiddenField()
    notice = HiddenField()
    function = StringField(
        _l("Sign as"),
        [InputRequired(_l("Give the function in which you sign.")), Length(max=200)],
        description=_l("Your function in the organisation, as it will stand beside the position."),
    )
    password = PasswordField(
        _l("Your password"), [InputRequired(_l("Type your password again, to sign."))]
    )
    agree = BooleanField(
        _l("I agree"), [InputRequired(_l("Tick the box to agree to the use of the answers."))]
    )
