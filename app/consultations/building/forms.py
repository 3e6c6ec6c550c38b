"""Forms of the builder: a section, a question, what leads to publishing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from app.consultations.building.checking import LINED, LISTED
from app.consultations.building.condition_fields import ConditionFields, TestRow, joins
from app.consultations.building.labels import KINDS
from app.consultations.building.rows import JOINT
from app.consultations.models import Question, Section
from app.consultations.models import QuestionKind as Kind
from app.core.db import Texts
from app.core.forms import PageForm, clean_text

LANGUAGES = ("fr", "ar", "en")
_SAID = {"fr": _l("French"), "ar": _l("Arabic"), "en": _l("English")}
#: Blank rows offered for options at first.
_BLANK = 3
_MOST_ROWS = 200

#: Rules by kind: which limits its form offers.
RULES = {
    Kind.SINGLE_CHOICE: ("randomise",),
    Kind.MULTIPLE_CHOICE: ("min_choices", "max_choices", "randomise"),
    Kind.RANKING: ("randomise",),
    Kind.BUDGET: ("total",),
    Kind.NUMBER: ("min", "max", "whole"),
    Kind.DATE: ("min", "max"),
    Kind.SHORT_TEXT: ("min_length", "max_length"),
    Kind.LONG_TEXT: ("min_length", "max_length"),
}
ALL_RULES = (
    "min", "max", "whole", "min_choices", "max_choices", "min_length", "max_length", "total",
    "randomise",
)  # fmt: skip


def _text(label: Any, *, rows: int = 2) -> Any:
    """Return a field for one language of a text."""
    return TextAreaField(label, [Length(max=4000)], render_kw={"rows": rows})


class OptionRow(Form):  # type: ignore[misc]
    """An option, or a line or column of a table."""

    code = StringField(_l("Code"), [Length(max=40)])
    fr = StringField(_l("French"), [Length(max=400)])
    ar = StringField(_l("Arabic"), [Length(max=400)])
    en = StringField(_l("English"), [Length(max=400)])
    is_open = BooleanField(_l("In one’s own words"))


class SectionForm(ConditionFields, PageForm):
    """A section's words and its condition."""

    seen = HiddenField()
    title_fr = StringField(_l("Title in French"), [Length(max=300)])
    title_ar = StringField(_l("Title in Arabic"), [Length(max=300)])
    title_en = StringField(_l("Title in English"), [Length(max=300)])
    intro_fr = _text(_l("Introduction in French"))
    intro_ar = _text(_l("Introduction in Arabic"))
    intro_en = _text(_l("Introduction in English"))
    minutes = IntegerField(
        _l("Minutes it takes"), [Optional(), NumberRange(0, 120)], default=2,
        render_kw={"inputmode": "numeric"},
    )  # fmt: skip
    visible_join = joins(_l("This section is shown when"))
    visible_rows = FieldList(FormField(TestRow), max_entries=30)
    visible_keep = BooleanField(_l("Keep this condition as it is"))

    def __init__(self, section: Section | None, subjects: Sequence[Any], **more: Any) -> None:
        self.kept: dict[str, Any] = {}
        data: dict[str, Any] = {}
        if section is not None:
            data |= _spread("title", section.title) | _spread("intro", section.intro)
            data |= {"minutes": section.minutes}
        super().__init__(data=data, **more)
        self.fill_condition("visible", section.visible_if if section else None, subjects)

    def values(self, kinds: Mapping[str, str]) -> dict[str, Any]:
        """Return what was given; errors are then with the fields."""
        title = _gathered(self, "title")
        if not title:
            self.title_fr.errors = [_("Give the section a title.")]
        return {
            "title": title,
            "intro": _gathered(self, "intro"),
            "minutes": self.minutes.data if self.minutes.data is not None else 2,
            "visible_if": self.read_condition("visible", kinds),
        }


class QuestionForm(ConditionFields, PageForm):
    """A question; which fields count depends on its kind."""

    seen = HiddenField()
    kind = SelectField(
        _l("Kind"), choices=[SelectChoice(kind.value, name) for kind, name in KINDS.items()]
    )
    key = StringField(
        _l("Key"), [Length(max=40)],
        description=_l(
            "Names the question in files and conditions. Leave it empty to have one made of the "
            "wording. Answers to several versions line up by it: keep it while the question asks "
            "the same."
        ),
    )  # fmt: skip
    label_fr = _text(_l("Question in French"))
    label_ar = _text(_l("Question in Arabic"))
    label_en = _text(_l("Question in English"))
    hint_fr = _text(_l("Hint in French"))
    hint_ar = _text(_l("Hint in Arabic"))
    hint_en = _text(_l("Hint in English"))
    is_required = BooleanField(_l("An answer is required"))
    axis = SelectField(_l("Axis of the strategy"), validate_choice=False)
    options = FieldList(FormField(OptionRow), max_entries=_MOST_ROWS)
    columns = FieldList(FormField(OptionRow), max_entries=_MOST_ROWS)
    low_fr = StringField(_l("Lower end in French"))
    low_ar = StringField(_l("Lower end in Arabic"))
    low_en = StringField(_l("Lower end in English"))
    high_fr = StringField(_l("Upper end in French"))
    high_ar = StringField(_l("Upper end in Arabic"))
    high_en = StringField(_l("Upper end in English"))
    min = StringField(_l("At least"))
    max = StringField(_l("At most"))
    whole = BooleanField(_l("Whole numbers only"))
    min_choices = IntegerField(_l("Fewest options"), [Optional(), NumberRange(0, 200)])
    max_choices = IntegerField(_l("Most options"), [Optional(), NumberRange(1, 200)])
    min_length = IntegerField(_l("Fewest characters"), [Optional(), NumberRange(0, 100_000)])
    max_length = IntegerField(_l("Most characters"), [Optional(), NumberRange(1, 100_000)])
    total = IntegerField(_l("Points to share out"), [Optional(), NumberRange(1, 1_000_000)])
    randomise = BooleanField(_l("Show the options in a random order"))
    visible_join = joins(_l("This question is asked when"))
    visible_rows = FieldList(FormField(TestRow), max_entries=30)
    visible_keep = BooleanField(_l("Keep this condition as it is"))
    valid_join = joins(_l("An answer is accepted when"))
    valid_rows = FieldList(FormField(TestRow), max_entries=30)
    valid_keep = BooleanField(_l("Keep this check as it is"))
    message_fr = StringField(_l("What to correct, in French"))
    message_ar = StringField(_l("What to correct, in Arabic"))
    message_en = StringField(_l("What to correct, in English"))

    def __init__(
        self,
        question: Question | None,
        subjects: Sequence[Any],
        axes: Mapping[int, str] | None = None,
        kind: str = "",
        **more: Any,
    ) -> None:
        self.kept: dict[str, Any] = {}
        self.axes = axes or {}
        self.before = question
        super().__init__(data=_question_data(question, kind), **more)
        for name in ("options", "columns"):
            entries = self[name]
            if not entries.entries:
                for _number in range(_BLANK):
                    entries.append_entry()
        self.axis.choices = [
            ("", _("None")),
            *((str(key), code) for key, code in self.axes.items()),
        ]
        validity = (question.validity or {}) if question else {}
        self.fill_condition("visible", question.visible_if if question else None, subjects)
        this = (".", _("This answer"))
        key = question.key if question else ""
        self.fill_condition("valid", validity.get("when"), [this, *subjects], key)

    def offers(self, name: str) -> bool:
        """Tell whether the kind has a limit of that name."""
        return name in RULES.get(Kind(self.kind.data), ())

    @property
    def is_listed(self) -> bool:
        """Tell whether the kind has options."""
        return self.kind.data in LISTED

    @property
    def is_lined(self) -> bool:
        """Tell whether the kind is answered line by line."""
        return self.kind.data in LINED

    def values(self, kinds: Mapping[str, str], own: str) -> dict[str, Any]:
        """Return what was given; errors are then with the fields.

        :param kinds: kinds of the questions before this one, by key.
        :param own: the question's key.
        """
        label = _gathered(self, "label")
        if not label:
            self.label_fr.errors = [_("Word the question in one language at least.")]
        when = self.read_condition("valid", {**kinds, own: self.kind.data}, own)
        axis = self.axis.data or ""
        return {
            "key": own,
            "kind": self.kind.data,
            "label": label,
            "hint": _gathered(self, "hint"),
            "is_required": bool(self.is_required.data) and self.kind.data != Kind.NOTE,
            "options": self._options(),
            "rules": self._rules(),
            "visible_if": self.read_condition("visible", kinds),
            "validity": {"when": when, "message": _gathered(self, "message")} if when else None,
            "axis_id": int(axis) if axis.isdecimal() and int(axis) in self.axes else None,
        }

    def _options(self) -> Any:
        """Return the options that were given."""
        if self.is_listed:
            return _listed(self.options, with_open=self.kind.data in _OPEN)
        if self.kind.data == Kind.MATRIX:
            return {"items": _listed(self.options), "columns": _listed(self.columns)}
        if self.kind.data == Kind.SCALE:
            return {
                "items": _listed(self.options),
                "low": _gathered(self, "low"),
                "high": _gathered(self, "high"),
            }
        return []

    def _rules(self) -> dict[str, Any]:
        """Return the limits that were given; rules that no field shows stay."""
        shown = RULES.get(Kind(self.kind.data), ())
        before = (self.before.rules or {}) if self.before else {}
        rules = {name: value for name, value in before.items() if name not in ALL_RULES}
        for name in shown:
            value = self[name].data
            if name in {"min", "max"} and value:
                value = self._limit(name, clean_text(value))
            if value not in {None, "", False}:
                rules[name] = value
        return rules

    def _limit(self, name: str, text: str) -> Any:
        """Return a limit: a number, or a day."""
        from datetime import date

        try:
            if self.kind.data == Kind.DATE:
                return date.fromisoformat(text).isoformat()
            number = float(text.replace(",", "."))
            whole = int(number)
        except (OverflowError, ValueError):
            self[name].errors = [
                _("Give a date like 2022-02-18.")
                if self.kind.data == Kind.DATE
                else _("Give a number.")
            ]
            return None
        return whole if number == whole else number


_OPEN = {Kind.SINGLE_CHOICE, Kind.MULTIPLE_CHOICE}


def _spread(name: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Return a text's languages as the data of fields."""
    return {f"{name}_{code}": texts.get(code, "") for code in LANGUAGES}


def _gathered(form: Any, name: str) -> dict[str, str]:
    """Return a text's languages from their fields."""
    found = {code: clean_text(form[f"{name}_{code}"].data) for code in LANGUAGES}
    return {code: text for code, text in found.items() if text}


def _listed(entries: Iterable[Any], *, with_open: bool = False) -> list[dict[str, Any]]:
    """Return the options of rows; blank rows go, a missing code is made of the words."""
    from app.consultations.building.operations import suggested_key

    options: list[dict[str, Any]] = []
    for row in entries:
        label = {code: clean_text(row[code].data) for code in LANGUAGES}
        label = {code: text for code, text in label.items() if text}
        code = clean_text(row.code.data)
        if not label and not code:
            continue
        taken = {option["code"] for option in options}
        option: dict[str, Any] = {
            "code": code or suggested_key(Texts(label).best("fr")[0], taken),
            "label": label,
        }
        if with_open and row.is_open.data:
            option["is_open"] = True
        options.append(option)
    return options


def _question_data(question: Question | None, kind: str) -> dict[str, Any]:
    """Return what a question's form shows."""
    if question is None:
        return {"kind": kind if kind in set(Kind) else Kind.SINGLE_CHOICE.value}
    rules = question.rules or {}
    validity = question.validity or {}
    data: dict[str, Any] = {
        "kind": question.kind,
        "key": question.key,
        "is_required": question.is_required,
        "axis": str(question.axis_id or ""),
        **_spread("label", question.label),
        **_spread("hint", question.hint),
        **_spread("message", validity.get("message") or {}),
        **{name: rules.get(name) for name in ALL_RULES},
    }
    options: Any = question.options or []
    if question.kind in LINED:
        data["options"] = [_row_data(option) for option in options.get("items", [])]
        data["columns"] = [_row_data(option) for option in options.get("columns", [])]
        data |= _spread("low", options.get("low") or {}) | _spread(
            "high", options.get("high") or {}
        )
    elif question.kind in LISTED:
        data["options"] = [_row_data(option) for option in options]
    return data


def _row_data(option: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an option's row shows."""
    label = option.get("label") or {}
    return {
        "code": option.get("code", ""),
        "is_open": bool(option.get("is_open")),
        **{code: label.get(code, "") for code in LANGUAGES},
    }


def subjects_of(questions: Iterable[Question], lang: str) -> list[tuple[str, str]]:
    """Return what a condition may speak of: questions, and the lines of tables."""
    subjects = []
    for question in questions:
        if question.kind in {Kind.NOTE, Kind.TERRITORY}:
            continue
        label = question.label.best(lang)[0]
        label = label if len(label) <= 60 else f"{label[:59]}…"
        if question.kind in LINED or question.kind == Kind.BUDGET:
            options = question.options
            items = options if question.kind == Kind.BUDGET else options.get("items", [])
            for item in items:
                words = Texts(item.get("label") or {}).best(lang)[0]
                subjects.append((f"{question.key}{JOINT}{item['code']}", f"{label} – {words}"))
        subjects.append((question.key, label))
    return subjects


class PublishForm(PageForm):
    """The decision to publish."""

    version = HiddenField()
    accept = BooleanField(_l("I have read the remarks; publish all the same"))
