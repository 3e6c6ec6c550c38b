"""Which of the two fields of a name a refusal is about."""

from __future__ import annotations

from typing import Any

from app.core.errors import DomainError
from app.themes import errors
from app.themes.names import NAME_LIMIT, key_of


def blamed_name(form: Any, error: DomainError) -> Any:
    """Return the field, ``name_fr`` or ``name_ar``, that a refusal is about."""
    taken = key_of(str(error.values.get("name", "")))
    for field in (form.name_fr, form.name_ar):
        is_too_long = isinstance(error, errors.NameTooLongError)
        if key_of(field.data or "") == taken or (is_too_long and len(field.data) > NAME_LIMIT):
            return field
    return form.name_fr
