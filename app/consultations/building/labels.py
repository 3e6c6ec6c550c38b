"""How kinds, operators and parts of questions are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.consultations.models import QuestionKind as Kind

KINDS = {
    Kind.SINGLE_CHOICE: _l("Single choice"),
    Kind.MULTIPLE_CHOICE: _l("Multiple choice"),
    Kind.SCALE: _l("Scale from 1 to 5"),
    Kind.MATRIX: _l("Table of choices"),
    Kind.RANKING: _l("Ranking"),
    Kind.BUDGET: _l("Points to share out"),
    Kind.NUMBER: _l("Number"),
    Kind.DATE: _l("Date"),
    Kind.SHORT_TEXT: _l("Short text"),
    Kind.LONG_TEXT: _l("Long text"),
    Kind.FILE: _l("File"),
    Kind.TERRITORY: _l("Territory"),
    Kind.ORGANISATION: _l("Organisation"),
    Kind.CONSENT: _l("Agreement to tick"),
    Kind.NOTE: _l("Words to read"),
}

#: What a row of a condition says of an answer: the operator, and how it is called.
OPERATORS = {
    "is": _l("is, or contains"),
    "not": _l("is not, or does not contain"),
    "answered": _l("is answered"),
    "empty": _l("is not answered"),
    "=": _l("equals"),
    "!=": _l("differs from"),
    "<": _l("is less than"),
    "<=": _l("is at most"),
    ">": _l("is more than"),
    ">=": _l("is at least"),
    "matches": _l("is written as the pattern"),
    "count>=": _l("has at least this many choices"),
    "count<=": _l("has at most this many choices"),
    "count=": _l("has exactly this many choices"),
    "length>=": _l("has at least this many characters"),
    "length<=": _l("has at most this many characters"),
}

#: Parts of a question, in what is said of two versions.
PARTS = {
    "key": _l("key"),
    "kind": _l("kind"),
    "label": _l("wording"),
    "hint": _l("hint"),
    "is_required": _l("required or not"),
    "options": _l("options"),
    "rules": _l("limits"),
    "visible_if": _l("condition"),
    "validity": _l("check of the answer"),
    "axis_id": _l("axis"),
    "position": _l("place"),
}
