"""How a file's columns go to fields, as the person who imports decides it; kept with the import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from app.core.text import fold
from app.submissions.imports import errors
from app.submissions.imports.fields import Field
from app.submissions.imports.sources import SourceKind


@dataclass(frozen=True)
class ColumnMapping:
    """Decisions about a file.

    :ivar columns: field of each column that goes to one; the others are kept as they are.
    :ivar constants: the same value of a field for every row.
    :ivar defaults: value of a field whose cell is empty (for ``actor_type``: or not recognised).
    :ivar values: for a field, what to read instead of a cell's words.
    :ivar identity: columns that together name a row; without them its content does.
    :ivar kind: the program that wrote the file.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    identity: Sequence[str] = ()
    kind: SourceKind = SourceKind.SHEET

    def as_json(self) -> dict[str, Any]:
        """Return the decisions as plain data."""
        return asdict(self) | {"identity": list(self.identity)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ColumnMapping:
        """Read the decisions back."""
        return cls(
            **{
                **data,
                "identity": tuple(data.get("identity", ())),
                "kind": SourceKind(data.get("kind", SourceKind.SHEET)),
            }
        )

    def column_of(self, key: str) -> str | None:
        """Return the column that goes to a field."""
        return next((column for column, to in self.columns.items() if to == key), None)

    def resolved(self, header: Sequence[str], fields: Mapping[str, Field]) -> ColumnMapping:
        """Return the mapping with the columns' names as the file writes them.

        :raises MappingError: if a column or a field does not exist, or if two meet in one field.
        """
        columns = {_column(name, header): key for name, key in self.columns.items()}
        self._check_fields(list(columns.values()), fields)
        identity = tuple(_column(name, header) for name in self.identity)
        return replace(self, columns=columns, identity=identity)

    def _check_fields(self, filled: list[str], fields: Mapping[str, Field]) -> None:
        """Check that fields exist, each given once, and that enough of them are."""
        given = [*filled, *self.constants]
        for key in (*given, *self.defaults, *self.values):
            if key not in fields:
                raise errors.FieldNotFoundError(name=key, fields=", ".join(fields))
        twice = next((key for key in given if given.count(key) > 1), None)
        if twice is not None:
            raise errors.FieldTwiceError(name=twice)
        for key in self.values.keys() - set(filled):
            raise errors.FieldNotFilledError(name=key)
        if not any(fields[key].question for key in given):
            raise errors.NothingMappedError
        if "actor_type" not in {*given, *self.defaults}:
            raise errors.ActorTypeNotGivenError


def _column(name: str, header: Sequence[str]) -> str:
    """Return the column that is meant, whatever the case and spaces it was typed with."""
    if name in header:
        return name
    alike = [column for column in header if fold(column) == fold(name)]
    if len(alike) != 1:
        raise errors.ColumnNotFoundError(name=name, columns=", ".join(header))
    return alike[0]
