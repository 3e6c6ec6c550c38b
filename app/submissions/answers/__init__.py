"""What a question takes and when it is asked: pure logic, shared by forms, sending and imports."""

from app.submissions.answers.asking import asked_if, is_visible, said, visible
from app.submissions.answers.checking import (
    ACTOR_TYPES,
    ORGANISATION_LENGTH,
    Checked,
    Problem,
    check,
    check_actor,
    check_value,
    validate_actor,
)
from app.submissions.answers.kinds import (
    LONG_TEXT_LENGTH,
    SHORT_TEXT_LENGTH,
    Asked,
    columns_of,
    has_items,
    is_answerable,
    is_choice,
    is_empty,
    is_open,
    is_text,
    items_of,
    longest,
    total_of,
)
from app.submissions.answers.values import missing, validate_value
from app.submissions.answers.writing import codes_of, other_words, written_value

__all__ = [
    "ACTOR_TYPES",
    "LONG_TEXT_LENGTH",
    "ORGANISATION_LENGTH",
    "SHORT_TEXT_LENGTH",
    "Asked",
    "Checked",
    "Problem",
    "asked_if",
    "check",
    "check_actor",
    "check_value",
    "codes_of",
    "columns_of",
    "has_items",
    "is_answerable",
    "is_choice",
    "is_empty",
    "is_open",
    "is_text",
    "is_visible",
    "items_of",
    "longest",
    "missing",
    "other_words",
    "said",
    "total_of",
    "validate_actor",
    "validate_value",
    "visible",
    "written_value",
]
