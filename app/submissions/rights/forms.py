"""Forms of requests and of their answers."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app.core.forms import PageForm
from app.core.text import clean_text
from app.submissions.rights.operations import Right

#: What each right is called, and what it asks.
RIGHTS: dict[str, Any] = {
    Right.ACCESS: _l("Access"),
    Right.CORRECTION: _l("Correction"),
    Right.ERASURE: _l("Erasure"),
    Right.OBJECTION: _l("Objection"),
}
_ASKED: dict[str, Any] = {
    Right.ACCESS: _l("Access: know what else is kept about me, and who has read it"),
    Right.CORRECTION: _l("Correction: something written about me is wrong"),
    Right.ERASURE: _l("Erasure: something about me should not be kept"),
    Right.OBJECTION: _l("Objection: I do not want my answers to be used, for a reason of mine"),
}
STATES: dict[str, Any] = {
    "open": _l("Waiting"),
    "granted": _l("Granted"),
    "refused": _l("Refused"),
}

#: Longest message, in code points.
_LONGEST = 4000
_TOO_LONG = _l("Keep it under 4,000 characters.")


class RequestForm(PageForm):
    """A right, and what is asked."""

    right = RadioField(
        _l("What do you ask?"),
        choices=[SelectChoice(key, label) for key, label in _ASKED.items()],
        validators=[InputRequired(_l("Choose what you ask."))],
    )
    message = TextAreaField(
        _l("Your request, in your words"),
        description=_l("In the language you prefer. You need not give your name."),
        filters=[clean_text],
        validators=[
            DataRequired(_l("Say what you ask.")),
            Length(max=_LONGEST, message=_TOO_LONG),
        ],
    )


class AnswerForm(PageForm):
    """What was decided and what the person is told."""

    decision = RadioField(
        _l("Decision"),
        choices=[
            SelectChoice("granted", _l("Grant the request")),
            SelectChoice("refused", _l("Refuse the request")),
        ],
        validators=[InputRequired(_l("Choose what is decided."))],
    )
    words = TextAreaField(
        _l("Answer to the person"),
        filters=[clean_text],
        validators=[
            DataRequired(_l("Write what the person will read.")),
            Length(max=_LONGEST, message=_TOO_LONG),
        ],
    )
