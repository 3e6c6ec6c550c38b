"""The form in which an answer is written, French and Arabic side by side."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.commitments.answers.content import LANGUAGES, PARTS, Content
from app.commitments.answers.labels import STATES
from app.core.db import Texts
from app.core.forms import PageForm
from app.core.text import clean_text

#: What is said of a text that must be there before everybody reads the answer.
MISSING = {
    ("text", "fr"): _l("The answer in French is missing."),
    ("text", "ar"): _l("The answer in Arabic is missing."),
    ("reason", "fr"): _l("The reason in French is missing."),
    ("reason", "ar"): _l("The reason in Arabic is missing."),
    ("passed_to", "fr"): _l("It is missing in French to whom this was passed."),
    ("passed_to", "ar"): _l("It is missing in Arabic to whom this was passed."),
}


def _long(label: Any, most: int = 6000) -> TextAreaField:
    """Return a field for a text."""
    return TextAreaField(label, filters=[clean_text], validators=[Length(max=most)])


class AnswerForm(PageForm):
    """An answer to a theme."""

    state = RadioField(
        _l("What the ministry does with it"),
        choices=[SelectChoice(str(code), name) for code, name in STATES.items()],
        validators=[InputRequired(_l("Say what the ministry does with it."))],
    )
    text_fr = _long(_l("The answer, in French"))
    text_ar = _long(_l("The answer, in Arabic"))
    reason_fr = _long(_l("The reason, in French"))
    reason_ar = _long(_l("The reason, in Arabic"))
    passed_to_fr = _long(_l("Passed to, in French"), 1000)
    passed_to_ar = _long(_l("Passed to, in Arabic"), 1000)
    #: The revision that the author was shown.
    seen = HiddenField(default="0")

    @classmethod
    def of(cls, content: Content | None, revision: int) -> AnswerForm:
        """Return the form filled with what stands."""
        given: dict[str, Any] = {"seen": str(revision)}
        if content is not None:
            given["state"] = content.state
            for part in PARTS:
                texts = getattr(content, part)
                given |= {f"{part}_{lang}": texts.get(lang, "") for lang in LANGUAGES}
        return cls(formdata=None, data=given)

    @property
    def content(self) -> Content:
        """What was typed."""
        texts = {
            part: Texts(
                {
                    lang: str(self[f"{part}_{lang}"].data)
                    for lang in LANGUAGES
                    if self[f"{part}_{lang}"].data
                }
            )
            for part in PARTS
        }
        return Content(state=self.state.data or "", **texts)

    @property
    def revision_seen(self) -> int:
        """The revision that the author was shown; one that cannot be read was none."""
        given = str(self.seen.data or "")
        return int(given) if given.isdecimal() and len(given) < 9 else 0

    def validate_for(self, *, public: bool) -> bool:
        """Check the form; what everybody will read must be whole in both languages."""
        is_valid = bool(self.validate())
        if not public or not self.state.data:
            return is_valid
        for part, lang in self.content.missing:
            field = self[f"{part}_{lang}"]
            field.errors = [*field.errors, MISSING[part, lang]]
            is_valid = False
        return is_valid
