"""Forms of the imports: the file, where its columns go, and what its words mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from markupsafe import Markup
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from app.consultations.models import Question, QuestionKind
from app.core.db import Texts
from app.core.forms import PageForm
from app.core.i18n import language
from app.core.tables import ReadingOptions, Table
from app.core.tables.encodings import KNOWN
from app.organisations.models import ActorType
from app.submissions.answers import columns_of, items_of
from app.submissions.imports.fields import ABOUT, Field, fields_of, parts_of
from app.submissions.imports.guessing import assign, question_of
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.saved import NAME_LENGTH
from app.submissions.imports.sources import ColumnGroup, SourceKind, groups_of

_ABOUT_LABELS = {
    "actor_type": _l("In what capacity"),
    "organisation": _l("Organisation’s name"),
    "territory": _l("Territory, of any level"),
    "region": _l("Region"),
    "province": _l("Province or prefecture"),
    "commune": _l("Commune"),
    "submitted_at": _l("Date"),
    "language": _l("Language of the form"),
    "source": _l("Source"),
    "source_id": _l("Identifier in the source"),
    "review": _l("What the source’s reviewers said"),
}
_KIND_LABELS = {
    SourceKind.KOBO: _l("KoboToolbox"),
    SourceKind.ODK: _l("ODK"),
    SourceKind.LIMESURVEY: _l("LimeSurvey"),
    SourceKind.SHEET: _l("Another spreadsheet"),
}
#: Choice of a group whose columns each go their own way.
EACH = "*"
_DELIMITERS = {
    "": _l("Found by itself"),
    "comma": _l("Comma"),
    "semicolon": _l("Semicolon"),
    "tab": _l("Tab"),
    "bar": _l("Vertical bar"),
}
_LANGUAGES = {"fr": _l("French"), "ar": _l("Arabic"), "en": _l("English")}


def _text(texts: Mapping[str, str]) -> str:
    """Return a text in the page's language, or in the one it has."""
    return Texts(texts).best(language().code)[0]


class UploadForm(PageForm):
    """The file, and what is to be known to read it."""

    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l(
            "CSV, XLSX or the ZIP of an ODK export; 100 MB and 100,000 rows at most. The first row "
            "names the columns."
        ),
    )
    encoding = SelectField(
        _l("Encoding of a CSV file"),
        default="",
        description=_l("Leave UTF-8 unless the file was refused for its encoding."),
    )
    delimiter = SelectField(_l("Delimiter of a CSV file"), default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {"" if code == "utf-8" else code: name for code, name in KNOWN.items()}
        self.encoding.choices = names
        self.delimiter.choices = {code: str(name) for code, name in _DELIMITERS.items()}

    def options(self) -> ReadingOptions:
        """Return what was said of the file."""
        return ReadingOptions(self.encoding.data or None, self.delimiter.data or None)


def kind_label(kind: str) -> str:
    """Return the name of the program that writes such files."""
    return str(_KIND_LABELS[SourceKind(kind)])


def field_label(field: Field) -> str:
    """Return what a field is called."""
    if field.question is None:
        return str(_ABOUT_LABELS[field.key])
    label = _text(field.question.label)
    if field.item is None:
        return label
    parts = parts_of(field.question)
    part = next(_text(part["label"]) for part in parts if part["code"] == field.item)
    return f"{label} – {part}"


def _field_choices(questions: Iterable[Question]) -> dict[str, dict[str, str]]:
    """Return the fields in two groups, after the choice of keeping a column as it is."""
    fields = fields_of(questions)
    # Options are many: a column goes to one as a part of its group.
    asked = {
        key: _cut(field_label(field))
        for key, field in fields.items()
        if field.question and (field.takes_words or not field.is_tick)
    }
    return {
        _("Not an answer"): {"": _("Keep it beside the submission, as it is")},
        _("About the submission"): {key: str(_ABOUT_LABELS[key]) for key in ABOUT},
        _("Questions"): asked,
    }


def _cut(label: str) -> str:
    """Return a label short enough for a list."""
    return label if len(label) <= 90 else f"{label[:89]}…"


def actor_choices() -> list[tuple[str, str]]:
    """Return every capacity, the one that is not stated last."""
    return [(actor.value, _text(actor.texts)) for actor in ActorType]


class MappingForm(PageForm):
    """Where each column goes; a select a column is added by :func:`mapping_form`."""

    kind = SelectField(
        _l("Program that wrote the file"),
        description=_l("Recognised by its columns. Another choice has all columns guessed anew."),
    )
    sheet = SelectField(_l("Sheet"))
    default_actor = SelectField(
        _l("Where the capacity is empty or not recognised"),
        description=_l("Without a choice here, such rows are refused."),
    )
    source = StringField(
        _l("Name of the source"),
        [Length(max=80)],
        description=_l("One name for the whole file, unless a column says it."),
    )
    identity = SelectMultipleField(
        _l("Columns that together name a row"),
        description=_l(
            "They keep a row from entering twice, also when the file comes back corrected. Without "
            "any, two rows are the same when all their cells are."
        ),
    )
    save_as = StringField(
        _l("Keep this mapping under a name"),
        [Length(max=NAME_LENGTH)],
        description=_l("It is offered for the next file with these columns. May stay empty."),
    )
    columns: Sequence[str] = ()
    groups: Sequence[ColumnGroup] = ()
    questions: Sequence[Question] = ()

    def column_fields(self) -> list[Any]:
        """Return the selects of the columns, in the file's order."""
        return [self[f"column_{position}"] for position in range(len(self.columns))]

    def mapping(self, before: ColumnMapping) -> ColumnMapping:
        """Return the decisions; meanings of words decided ``before`` stay where they still hold."""
        pairs = zip(self.columns, self.column_fields(), strict=True)
        chosen = {column: select.data for column, select in pairs if select.data}
        chosen = self._grouped(chosen)
        constants = {key: value for key, value in before.constants.items() if key != "source"}
        source = (self.source.data or "").strip()
        if source and "source" not in chosen.values():
            constants["source"] = source
        default = self.default_actor.data
        return ColumnMapping(
            columns=chosen,
            constants=constants,
            defaults={"actor_type": default} if default else {},
            values={key: new for key, new in before.values.items() if key in chosen.values()},
            identity=tuple(self.identity.data or ()),
            kind=before.kind,
        )

    def group_fields(self) -> list[Any]:
        """Return the selects of the groups, in the file's order."""
        return [self[f"group_{position}"] for position in range(len(self.groups))]

    def _grouped(self, chosen: dict[str, str]) -> dict[str, str]:
        """Return where columns go when those of groups go with their group."""
        questions = {question.key: question for question in self.questions}
        for group, select in zip(self.groups, self.group_fields(), strict=True):
            if select.data == EACH:
                continue
            others = {column: key for column, key in chosen.items() if column not in group.parts}
            chosen = others
            if select.data in questions:
                chosen |= assign(group, questions[select.data])
        return {column: chosen[column] for column in self.columns if column in chosen}


def _isolated(column: str) -> Markup:
    """Return a column's name in its own direction, whatever that of the page."""
    return Markup('<span dir="auto">{}</span>').format(column)


def _group_choices(questions: Iterable[Question]) -> dict[str, str]:
    """Return the questions to which several columns may go in one go."""
    made_of_parts = {q.key: _cut(_text(q.label)) for q in questions if parts_of(q)}
    return (
        {"": _("Keep them beside the submission, as they are")}
        | made_of_parts
        | {EACH: _("Each column for itself")}
    )


def _group_filled(group: ColumnGroup, mapping: ColumnMapping) -> str:
    """Return where a group goes as things stand."""
    if not any(column in mapping.columns for column in group.parts):
        return ""
    return question_of(group, mapping.columns) or EACH


def _column_choices(groups: dict[str, dict[str, str]], key: str) -> dict[str, dict[str, str]]:
    """Return the fields for one column; the option that it stands for is among them."""
    if not key or any(key in choices for choices in groups.values()):
        return groups
    return {**groups, _("Part of a question"): {key: key}}


def mapping_form(
    table: Table, questions: Sequence[Question], mapping: ColumnMapping
) -> MappingForm:
    """Return the form for a file's columns, filled with the decisions so far."""
    choices = _field_choices(questions)
    groups = groups_of(table.header, mapping.kind)
    selects: dict[str, Any] = {"columns": table.header, "groups": groups, "questions": questions}
    filled: dict[str, Any] = {}
    for position, column in enumerate(table.header):
        key = filled[f"column_{position}"] = mapping.columns.get(column, "")
        own = _column_choices(choices, key)
        selects[f"column_{position}"] = SelectField(_isolated(column), choices=own)
    for position, group in enumerate(groups):
        filled[f"group_{position}"] = _group_filled(group, mapping)
        own_choices = _group_choices(questions)
        selects[f"group_{position}"] = SelectField(_isolated(group.base), choices=own_choices)
    form_class = type("FileMappingForm", (MappingForm,), selects)
    form: MappingForm = form_class(
        data=filled
        | {
            "kind": mapping.kind.value,
            "sheet": table.sheet,
            "source": mapping.constants.get("source", ""),
            "default_actor": mapping.defaults.get("actor_type", ""),
            "identity": list(mapping.identity),
        }
    )
    form.kind.choices = {kind.value: str(label) for kind, label in _KIND_LABELS.items()}
    form.sheet.choices = {sheet: sheet for sheet in table.sheets or ("",)}
    form.default_actor.choices = {"": _("Refuse the row")} | dict(actor_choices())
    form.identity.choices = {column: _isolated(column) for column in table.header}
    return form


class NameForm(PageForm):
    """The name of a saved mapping."""

    name = StringField(_l("Name"), [InputRequired(_l("Give it a name.")), Length(max=NAME_LENGTH)])


class ConfirmForm(PageForm):
    """The decision to import."""

    accept_valid = BooleanField(_l("Import the other rows all the same"))


def value_choices(field: Field) -> list[tuple[str, str]]:
    """Return what may stand in the place of an unknown value."""
    if field.key == "actor_type":
        return actor_choices()
    if field.key == "language":
        return [(code, str(name)) for code, name in _LANGUAGES.items()]
    if field.question is None:
        return []
    if field.is_tick or field.question.kind == QuestionKind.CONSENT:
        return [("1", _("chosen")), ("0", _("not chosen"))]
    if field.question.kind == QuestionKind.SCALE:
        return [("0", _("I don’t know")), *((str(rating), str(rating)) for rating in range(1, 6))]
    is_table = field.question.kind == QuestionKind.MATRIX
    options = columns_of(field.question) if is_table else items_of(field.question)
    return [(option["code"], _text(option["label"])) for option in options]
