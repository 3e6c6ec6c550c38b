"""What of a form has no effect here, line by line; the form file keeps all of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

_SENTENCES = {
    "not_asked": _l("The type “%(value)s” is not known here: the line is kept, nobody is asked."),
    "metadata": _l("“%(value)s” is not collected here: the line is kept."),
    "calculated": _l("Nothing is calculated here: the line is kept."),
    "repeated": _l("Questions are not repeated here: the line is kept, nobody is asked."),
    "as_text": _l("“%(value)s” is asked as a short text."),
    "any_file": _l("“%(value)s” is asked as a file; which files are accepted, this site decides."),
    "relevant": _l("The condition is not understood at “%(value)s”: everybody is asked."),
    "constraint": _l("The check is not understood at “%(value)s”: every answer is accepted."),
    "required": _l("“%(value)s” is not understood: the question is not required."),
    "choice_filter": _l("Options are not filtered here: all of them are offered."),
    "no_effect": _l("This column has no effect here; what it says is kept."),
    "language": _l("The language “%(value)s” is not shown here; its texts are kept."),
    "reference": _l("The reference %(value)s is shown as it is written, not replaced."),
    "line_relevant": _l("A condition on one line of a table has no effect: every line is shown."),
    "line_left": _l("This line inside a table is kept, and not shown."),
    "axis": _l("There is no axis “%(value)s” in this consultation."),
    "parameter": _l("The parameter “%(value)s” has no effect here."),
    "definition": _l("The description of the question is not understood, and left aside."),
    "key": _l("The question is called “%(value)s” here; the file keeps its name."),
    "list": _l("There is no list “%(value)s” among the choices."),
}


@dataclass(frozen=True)
class Remark:
    """Something that a form says and that has no effect here.

    :ivar row: the line of the sheet, as a spreadsheet numbers it; 0 for a whole column.
    """

    sheet: str
    row: int
    column: str
    code: str
    value: str = ""

    def text(self) -> str:
        """Return the sentence for the reader."""
        sentence = str(_SENTENCES[self.code])
        return sentence % {"value": self.value} if "%(value)s" in sentence else sentence

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept with the version."""
        return asdict(self)


def remarks_of(source: dict[str, Any]) -> list[Remark]:
    """Return the remarks kept with a version."""
    return [Remark(**known) for known in source.get("xlsform", {}).get("remarks", [])]
