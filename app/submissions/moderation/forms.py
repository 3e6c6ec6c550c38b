"""Forms of moderation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from app.core.forms import PageForm
from app.submissions.models.care import CaseReason
from app.submissions.moderation.labels import REASONS

_LONGEST = 2000
_NOT_LONGER = Length(max=_LONGEST, message=_l("Use %(max)d characters at most."))


class DecisionForm(PageForm):
    """What becomes of a submission that somebody pointed at."""

    state = RadioField(
        _l("Decision"),
        choices=[
            SelectChoice("kept", _l("Show it as it is")),
            SelectChoice("masked", _l("Show it with the personal words masked")),
            SelectChoice(
                "hidden", _l("Do not show it: it stays counted and analysed, but is never quoted")
            ),
        ],
        validators=[InputRequired(_l("Choose what is to be done."))],
    )
    words = TextAreaField(
        _l("Words to mask"),
        description=_l("One to a line, exactly as they are written; they are masked everywhere."),
        validators=[_NOT_LONGER],
    )
    explanation = TextAreaField(
        _l("For the contributor"),
        description=_l(
            "Why, in the language in which they wrote. It is shown to them by their code."
        ),
        validators=[_NOT_LONGER],
    )


class ReportForm(PageForm):
    """What somebody thinks is wrong with words that are shown."""

    reason = RadioField(
        _l("What is the matter?"),
        choices=[SelectChoice(reason.value, REASONS[reason]) for reason in CaseReason],
        validators=[InputRequired(_l("Choose a reason."))],
    )
    note = TextAreaField(
        _l("In your own words"),
        description=_l("If you wish. Do not give your name or your address here."),
        validators=[_NOT_LONGER],
    )
