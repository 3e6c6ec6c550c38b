"""What can be wrong with a version, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from app.consultations.models import Question, Section

_SENTENCES = {
    "nothing_asked": _l("No question is asked."),
    "empty_section": _l("This section asks nothing."),
    "no_title": _l("The section has no title."),
    "no_label": _l("The question has no wording."),
    "bad_key": _l("“%(key)s” cannot be a key."),
    "no_options": _l("There is nothing to choose from."),
    "no_items": _l("There are no lines."),
    "no_columns": _l("There are no columns."),
    "no_code": _l("An option has no code."),
    "same_code": _l("The code “%(code)s” stands twice among the options."),
    "no_option_label": _l("The option “%(code)s” has no wording."),
    "limits_crossed": _l("The lower limit is above the upper one."),
    "too_few_options": _l("More answers are asked for than there are options."),
    "later_question": _l("A condition depends on “%(key)s”, which comes later."),
    "unknown_question": _l("A condition depends on “%(key)s”, which is not asked."),
    "unknown_code": _l("A condition waits for “%(code)s”, which “%(key)s” does not offer."),
    "bad_condition": _l("A condition is not right: %(reason)s"),
    "missing_fr": _l("The French is missing: %(what)s."),
    "missing_ar": _l("The Arabic is missing: %(what)s."),
    "no_message": _l("Nothing says what to correct when an answer is not accepted."),
}

#: What a text is, in the sentences on missing translations.
PARTS = {
    "title": _l("title"),
    "intro": _l("introduction"),
    "label": _l("wording"),
    "hint": _l("hint"),
    "message": _l("message"),
    "low": _l("lower end of the scale"),
    "high": _l("upper end of the scale"),
    "option": _l("option"),
}


@dataclass(frozen=True)
class Finding:
    """Something to mend (an error) or to know (a remark) before publishing."""

    code: str
    is_error: bool
    section: Section | None = None
    question: Question | None = None
    values: dict[str, Any] = field(default_factory=dict)

    def text(self) -> str:
        """Return the sentence for the reader."""
        values = {name: str(PARTS.get(value, value)) for name, value in self.values.items()}
        sentence = str(_SENTENCES[self.code])
        return sentence % values if values else sentence
