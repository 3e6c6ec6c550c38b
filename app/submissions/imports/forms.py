"""Forms of the imports: the file, where its columns go, and what its words mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from markupsafe import Markup
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length

from app.consultations.models import Question, QuestionKind
from app.core.db import Texts
from app.core.forms import PageForm
from app.core.i18n import language
from app.core.tables import ReadingOptions, Table
from app.core.tables.encodings import KNOWN
from app.organisations.models import ActorType
from app.submissions.imports.fields import ABOUT, Field, fields_of
from app.submissions.imports.mapping import ColumnMapping

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
}
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
        description=_l("CSV or XLSX, 20 MB at most. The first row names the columns."),
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


def field_label(field: Field) -> str:
    """Return what a field is called."""
    if field.question is None:
        return str(_ABOUT_LABELS[field.key])
    label = _text(field.question.label)
    if field.item is None:
        return label
    items = field.question.options["items"]
    item = next(_text(item["label"]) for item in items if item["code"] == field.item)
    return f"{label} – {item}"


def _field_choices(questions: Iterable[Question]) -> dict[str, dict[str, str]]:
    """Return the fields in two groups, after the choice of keeping a column as it is."""
    fields = fields_of(questions)
    asked = {key: _cut(field_label(field)) for key, field in fields.items() if field.question}
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
    columns: Sequence[str] = ()

    def column_fields(self) -> list[Any]:
        """Return the selects of the columns, in the file's order."""
        return [self[f"column_{position}"] for position in range(len(self.columns))]

    def mapping(self, before: ColumnMapping) -> ColumnMapping:
        """Return the decisions; meanings of words decided ``before`` stay where they still hold."""
        pairs = zip(self.columns, self.column_fields(), strict=True)
        chosen = {column: select.data for column, select in pairs if select.data}
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
        )


def _isolated(column: str) -> Markup:
    """Return a column's name in its own direction, whatever that of the page."""
    return Markup('<span dir="auto">{}</span>').format(column)


def mapping_form(
    table: Table, questions: Sequence[Question], mapping: ColumnMapping
) -> MappingForm:
    """Return the form for a file's columns, filled with the decisions so far."""
    groups = _field_choices(questions)
    selects = {
        f"column_{position}": SelectField(_isolated(column), choices=groups)
        for position, column in enumerate(table.header)
    }
    form_class = type("FileMappingForm", (MappingForm,), selects | {"columns": table.header})
    filled: dict[str, Any] = {
        f"column_{position}": mapping.columns.get(column, "")
        for position, column in enumerate(table.header)
    }
    form: MappingForm = form_class(
        data=filled
        | {
            "sheet": table.sheet,
            "source": mapping.constants.get("source", ""),
            "default_actor": mapping.defaults.get("actor_type", ""),
            "identity": list(mapping.identity),
        }
    )
    form.sheet.choices = {sheet: sheet for sheet in table.sheets or ("",)}
    form.default_actor.choices = {"": _("Refuse the row")} | dict(actor_choices())
    form.identity.choices = {column: _isolated(column) for column in table.header}
    return form


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
    if field.question.kind == QuestionKind.SCALE:
        return [("0", _("I don’t know")), *((str(rating), str(rating)) for rating in range(1, 6))]
    return [(option["code"], _text(option["label"])) for option in field.question.options]
