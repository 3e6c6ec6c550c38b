"""From a row of a file to a submission, or to every reason why it is refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b, sha256
from typing import Any

from app.consultations.models import Consultation, Question, QuestionKind
from app.core.access import Actor
from app.core.errors import DomainError
from app.core.tables import Row
from app.core.text import clean_text
from app.submissions import answers
from app.submissions.errors import AnswerRefusedError
from app.submissions.imports import errors
from app.submissions.imports.fields import PLACE_FIELDS, Field, fields_of, normal
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.reasons import Refusal
from app.submissions.imports.scope import covers
from app.submissions.imports.sources import SourceKind
from app.submissions.imports.values import FieldReader, reader_for, split_choices
from app.territories.naming import Place, PlaceIndex

_SOURCE_ID_LENGTH = 120
_BETWEEN = " | "


@dataclass(frozen=True)
class Candidate:
    """A row that can enter.

    :ivar key: the submission's idempotency key.
    :ivar fingerprint: of what the row says, to know a row that comes back changed.
    :ivar columns: of the submission.
    :ivar answers: (question, value) of each answer.
    """

    row: int
    key: str
    fingerprint: str
    columns: dict[str, Any]
    answers: list[tuple[Question, Any]]


@dataclass
class _Draft:
    """A row on its way."""

    row: Row
    #: What each field is given: the cell, or what stands in its place.
    said: dict[str, str] = field(default_factory=dict)
    read: dict[str, Any] = field(default_factory=dict)
    place: Place | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)


class RowReader:
    """Reads the rows of one file, in order, for one consultation and one mapping.

    :raises MappingError: if the mapping does not fit the file or the consultation.
    """

    def __init__(
        self,
        consultation: Consultation,
        mapping: ColumnMapping,
        header: Sequence[str],
        *,
        places: PlaceIndex,
        actor: Actor,
        now: datetime,
    ) -> None:
        self.questions = consultation.questionnaire.questions
        # Conditions of sections are asked for every row: read now, for no session is open then.
        self._sections = [question.section for question in self.questions]
        self.fields = fields_of(self.questions)
        self.mapping = mapping.resolved(header, self.fields)
        #: Values that no field recognises, by field, with how often each stands.
        self.unknown: Counter[tuple[str, str]] = Counter()
        self._consultation, self._header, self._actor = consultation, header, actor
        self._regions = {region.code for region in consultation.regions}
        self._places, self._now = places, now
        self._positions = {column: position for position, column in enumerate(header)}
        latest = max(now, consultation.closes_at)
        self._readers = {key: reader_for(to, latest=latest) for key, to in self.fields.items()}
        self._replaced = {
            key: {normal(old): new for old, new in values.items()}
            for key, values in self.mapping.values.items()
        }
        self._keys = {
            question.key: [key for key, to in self.fields.items() if to.question is question]
            for question in self.questions
        }
        self._occurrences: Counter[bytes] = Counter()
        self._place_question = next(
            (q for q in self.questions if q.kind == QuestionKind.TERRITORY), None
        )
        self._check_given()

    # --- what the person who imports gives --------------------------------------------------

    def _check_given(self) -> None:
        """Check constants, defaults and replacement values before any row."""
        given = [*self.mapping.constants.items(), *self.mapping.defaults.items()]
        given += [
            (key, new) for key, values in self.mapping.values.items() for new in values.values()
        ]
        for key, value in given:
            try:
                self._try(key, value)
            except DomainError as error:
                accepted = ", ".join(self._readers[key].accepted) or "…"
                raise errors.ValueNotAcceptedError(
                    field=key, value=value, accepted=accepted
                ) from error

    def _try(self, key: str, value: str) -> None:
        """Read a value as a cell of its field would be."""
        if self._is_place(key):
            self._places.narrow(None, self._place_field(key), value)
        else:
            self._readers[key].read(value)

    def _is_place(self, key: str) -> bool:
        """Tell whether a field names a territory."""
        question = self.fields[key].question
        return key in PLACE_FIELDS or (question is not None and question.kind == "territory")

    @staticmethod
    def _place_field(key: str) -> str:
        """Return the level that a field names; a question takes any level."""
        return key if key in PLACE_FIELDS else "territory"

    # --- one row ----------------------------------------------------------------------------

    def read(self, row: Row) -> Candidate | list[Refusal]:
        """Return what a row says, or every reason why it is refused."""
        draft = _Draft(row)
        for problem in row.problems:
            self._refuse(draft, self._name(problem.column), problem.error)
        if draft.refusals:
            return draft.refusals
        self._say(draft)
        self._read_fields(draft)
        self._read_place(draft)
        self._read_answers(draft)
        source_id = self._source_id(draft)
        if draft.refusals:
            return draft.refusals
        return self._candidate(draft, source_id)

    def _name(self, position: int | None) -> str:
        """Return a column's name; a row as a whole and cells beyond the columns have none."""
        is_named = position is not None and position < len(self._header)
        return self._header[position or 0] if is_named else ""

    def _refuse(self, draft: _Draft, column: str, error: DomainError, value: str = "") -> None:
        """Note a reason."""
        draft.refusals.append(Refusal.of(draft.row.number, column, value, error))

    def _refuse_field(self, draft: _Draft, key: str, error: DomainError) -> None:
        """Note a reason that concerns a field."""
        column = self.mapping.column_of(key) or key
        self._refuse(draft, column, error, draft.said.get(key, ""))

    def _say(self, draft: _Draft) -> None:
        """Gather what each field is given."""
        draft.said = dict(self.mapping.constants)
        for column, key in self.mapping.columns.items():
            cell = clean_text(draft.row.cells[self._positions[column]])
            draft.said[key] = self._replace(key, cell) if key in self._replaced else cell
        for key, value in self.mapping.defaults.items():
            draft.said[key] = draft.said.get(key) or value

    def _replace(self, key: str, cell: str) -> str:
        """Put another value in a cell's place, or in those of its parts that have one."""
        values = self._replaced[key]
        question = self.fields[key].question
        is_several = question is not None and question.kind == QuestionKind.MULTIPLE_CHOICE
        if is_several and not self.fields[key].is_tick and normal(cell) not in values:
            return ";".join(values.get(normal(part), part) for part in split_choices(cell))
        return values.get(normal(cell), cell)

    def _read_fields(self, draft: _Draft) -> None:
        """Read what is known of the submission."""
        for key, text in draft.said.items():
            if self.fields[key].question is None and text and not self._is_place(key):
                self._read_one(draft, key, self._readers[key], text)
        if self.mapping.kind == SourceKind.LIMESURVEY and draft.said.get("submitted_at") == "":
            self._refuse_field(draft, "submitted_at", errors.NeverSentError())
        if "actor_type" not in draft.read and not draft.said.get("actor_type"):
            self._refuse_field(draft, "actor_type", errors.ActorTypeEmptyError())

    def _read_one(self, draft: _Draft, key: str, reader: FieldReader, text: str) -> None:
        """Read one field; a capacity that is not recognised falls to the default, if any."""
        try:
            draft.read[key] = reader.read(text)
        except (errors.RowRefusedError, AnswerRefusedError) as error:
            default = self.mapping.defaults.get(key)
            if key == "actor_type" and default:
                draft.read[key] = reader.read(default)
                return
            if reader.accepted:
                self.unknown[key, _unrecognised(error, text)] += 1
            self._refuse_field(draft, key, error)

    def _read_place(self, draft: _Draft) -> None:
        """Read the territory, from the largest level to the smallest."""
        keys = [key for key in PLACE_FIELDS if draft.said.get(key)]
        asked = self._place_question.key if self._place_question else ""
        if asked not in PLACE_FIELDS and draft.said.get(asked):
            keys.append(asked)
        for key in keys:
            try:
                draft.place = self._narrow(draft.place, key, draft.said[key])
            except errors.RowRefusedError as error:
                self._refuse_field(draft, key, error)
                return
        region = draft.place.region if draft.place else None
        if not covers(self._actor, self._consultation, region):
            key = keys[-1] if keys else "territory"
            self._refuse_field(draft, key, errors.PlaceOutOfScopeError())

    def _narrow(self, within: Place | None, key: str, text: str) -> Place:
        """Return the territory that a field names, if the consultation covers it."""
        place = self._places.narrow(within, self._place_field(key), text)
        if self._regions and place.region not in self._regions:
            raise errors.PlaceNotConsultedError(value=text)
        return place

    # --- answers ----------------------------------------------------------------------------

    def _read_answers(self, draft: _Draft) -> None:
        """Read the answers in the questionnaire's order, each against those before it."""
        actor_type = draft.read.get("actor_type")
        n_before = len(draft.refusals)
        for question in self.questions:
            keys = self._keys[question.key]
            is_asked = answers.is_visible(question, draft.answers, actor_type)
            try:
                value = self._answer(draft, question, keys)
            except AnswerRefusedError as error:
                key = f"{question.key}.{error.item}" if error.item else question.key
                self._refuse_field(draft, key if key in self.fields else question.key, error)
                continue
            if value is not None and is_asked:
                draft.answers[question.key] = value
            elif value is not None:
                self._refuse_field(draft, keys[0], errors.NotAskedError())
            elif is_asked and question.is_required and self._is_mapped(keys):
                self._refuse_required(draft, keys[0])
        if not draft.answers and len(draft.refusals) == n_before:
            self._refuse(draft, "", errors.NothingAnsweredError())

    def _is_mapped(self, keys: Iterable[str]) -> bool:
        """Tell whether a column goes to one of the fields."""
        return any(key in self.mapping.columns.values() for key in keys)

    def _refuse_required(self, draft: _Draft, key: str) -> None:
        """Refuse an empty required answer, unless the cell was refused already."""
        column = self.mapping.column_of(key) or key
        if all(refusal.column != column for refusal in draft.refusals):
            self._refuse_field(draft, key, errors.RequiredCellError())

    def _answer(self, draft: _Draft, question: Question, keys: Sequence[str]) -> Any:
        """Return a question's valid answer, or None."""
        if question.kind == QuestionKind.TERRITORY:
            return self._place_answer(draft, question)
        for key in keys:
            if draft.said.get(key):
                self._read_one(draft, key, self._readers[key], draft.said[key])
        value = answers.validate_value(question, self._given(draft, question, keys))
        if value is not None:
            said = {**draft.answers, question.key: value}
            answers.check_validity(question, said, draft.read.get("actor_type"))
        return value

    def _given(self, draft: _Draft, question: Question, keys: Sequence[str]) -> Any:
        """Return what one cell, or several, give to a question."""
        whole = draft.read.get(question.key)
        parts = {
            self.fields[key].item: draft.read[key]
            for key in keys
            if self.fields[key].item and key in draft.read
        }
        if question.kind == QuestionKind.MULTIPLE_CHOICE:
            return [*(whole or ()), *_ticked(parts)]
        if question.kind == QuestionKind.SINGLE_CHOICE:
            # Words of one's own say more than the bare option that stands for them.
            words = [one for one in _ticked(parts) if whole in {None, answers.codes_of(one)[0]}]
            return words[0] if words else whole
        return parts or whole

    def _place_answer(self, draft: _Draft, question: Question) -> Any:
        """Return the answer to a question about territory; the first is where the row is from."""
        if question is self._place_question:
            return draft.place.as_value() if draft.place else None
        text = draft.said.get(question.key)
        if not text:
            return None
        try:
            return self._narrow(None, question.key, text).as_value()
        except errors.RowRefusedError as error:
            self._refuse_field(draft, question.key, error)
            return None

    # --- identity ---------------------------------------------------------------------------

    def _source_id(self, draft: _Draft) -> str | None:
        """Return the row's identifier within its source, None where nothing names it."""
        if not self.mapping.identity:
            if self.mapping.column_of("source_id") and not draft.said["source_id"]:
                self._refuse_field(draft, "source_id", errors.IdentityMissingError())
            return draft.said.get("source_id") or None
        source = self.mapping.column_of("source")
        named = [column for column in self.mapping.identity if column != source]
        cells = [clean_text(draft.row.cells[self._positions[column]]) for column in named]
        if not any(cells):
            self._refuse(draft, _BETWEEN.join(named), errors.IdentityMissingError())
        return _BETWEEN.join(cells)

    def _key(self, draft: _Draft, source_id: str | None) -> str:
        """Return what makes the row the same row when it comes again."""
        identity: list[Any] = ["import", self._consultation.id]
        if source_id:
            identity += ["id", draft.read.get("source", ""), source_id]
        else:
            cells = dict(zip(self._header, map(clean_text, draft.row.cells), strict=True))
            content = _hash({column: cell for column, cell in cells.items() if cell})
            self._occurrences[content.digest()] += 1
            identity += ["row", content.hexdigest(), self._occurrences[content.digest()]]
        return f"import:{_hash(identity).hexdigest()}"

    def _candidate(self, draft: _Draft, source_id: str | None) -> Candidate:
        """Put the submission's columns together."""
        place, moment = draft.place, draft.read.get("submitted_at")
        columns: dict[str, Any] = {
            "lang": draft.read.get("language", "und"),
            "actor_type": draft.read["actor_type"].value,
            "organisation": draft.read.get("organisation", ""),
            "region_code": place.region if place else None,
            "province_code": place.province if place else None,
            "commune_code": place.commune if place else None,
            "source": draft.read.get("source"),
            "source_id": _fitting(source_id) if source_id else None,
        }
        said = [columns, moment.isoformat() if moment else None, draft.answers]
        fingerprint = _hash(said).hexdigest()
        columns |= {"submitted_at": moment or self._now, "source_row": self._kept(draft)}
        given = [(q, draft.answers[q.key]) for q in self.questions if q.key in draft.answers]
        key = self._key(draft, source_id)
        return Candidate(draft.row.number, key, fingerprint, columns, given)

    def _kept(self, draft: _Draft) -> dict[str, str]:
        """Return the cells that are not stored word for word elsewhere, as they are."""
        fields: Mapping[str, Field] = self.fields
        kept = {}
        for column, cell in zip(self._header, draft.row.cells, strict=True):
            key = self.mapping.columns.get(column)
            is_elsewhere = key is not None and fields[key].is_verbatim
            if cell and (not is_elsewhere or column in self.mapping.identity):
                kept[column] = cell
        return kept


def _ticked(parts: Mapping[str | None, Any]) -> list[Any]:
    """Return the options ticked in columns of their own, with the words said there."""
    return [code if said is True else said for code, said in parts.items() if said]


def _hash(content: Any) -> Any:
    """Return the SHA-256 of plain data."""
    return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode())


def _unrecognised(error: DomainError, text: str) -> str:
    """Return the words of a cell that were not recognised: one part of it, unless that is long."""
    part = str(error.values.get("value", text))
    return text if part.endswith("…") else part


def _fitting(source_id: str) -> str:
    """Return an identifier that fits its column: a long one ends with a hash of the whole."""
    if len(source_id) <= _SOURCE_ID_LENGTH:
        return source_id
    digest = blake2b(source_id.encode(), digest_size=12).hexdigest()
    return f"{source_id[: _SOURCE_ID_LENGTH - 25]}~{digest}"
