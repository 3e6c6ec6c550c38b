"""Where a column can go: what is known of a submission, and the questions of the consultation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.consultations.models import Question, QuestionKind
from app.core.text import fold
from app.submissions import answers

#: An option of a choice, or an item of a scale: its code and its label in several languages.
Option = dict[str, Any]

#: What is known of a submission beside its answers.
ABOUT = (
    "actor_type",
    "organisation",
    "territory",
    "region",
    "province",
    "commune",
    "submitted_at",
    "language",
    "source",
    "source_id",
    "review",
)
#: Kinds whose parts have a column each, always.
_BY_PART = {QuestionKind.SCALE, QuestionKind.MATRIX, QuestionKind.BUDGET}
PLACE_FIELDS = ("region", "province", "commune", "territory")

#: Names that columns have in real files, folded, without punctuation.
_USUAL_NAMES = {
    "actor_type": (
        "actor type",
        "type acteur",
        "type d acteur",
        "acteur",
        "qualite",
        "vous etes",
        "profil",
        "categorie",
        "category",
        "respondent type",
        "role",
        "en tant que",
        "الصفه",
        "صفه",
        "نوع الفاعل",
        "الفاعل",
        "فئه",
        "الفئه",
        "صفتكم",
    ),
    "organisation": (
        "organisation",
        "organization",
        "organisme",
        "structure",
        "nom de l organisation",
        "nom organisation",
        "nom de l association",
        "institution",
        "الهيئه",
        "المنظمه",
        "المؤسسه",
        "اسم الهيئه",
        "اسم الجمعيه",
    ),
    "territory": (
        "territory",
        "territoire",
        "lieu",
        "localisation",
        "localite",
        "place",
        "location",
        "المكان",
        "المجال الترابي",
        "الموقع",
    ),
    "region": ("region", "nom region", "code region", "الجهه", "جهه"),
    "province": (
        "province",
        "prefecture",
        "province ou prefecture",
        "province prefecture",
        "الاقليم",
        "اقليم",
        "العماله",
        "العماله او الاقليم",
    ),
    "commune": (
        "commune",
        "ville",
        "municipalite",
        "city",
        "municipality",
        "الجماعه",
        "جماعه",
        "المدينه",
    ),
    "submitted_at": (
        "submitted at",
        "submission date",
        "date",
        "horodateur",
        "timestamp",
        "date de reponse",
        "date de depot",
        "date de soumission",
        "created at",
        "start",
        "end",
        "submitdate",
        "التاريخ",
        "تاريخ",
        "تاريخ الارسال",
        "طابع زمني",
    ),
    "language": ("language", "langue", "lang", "startlanguage", "اللغه", "لغه"),
    "source": ("source", "origine", "المصدر", "مصدر"),
    "source_id": (
        "source id",
        "id",
        "identifiant",
        "identifier",
        "numero",
        "n",
        "no",
        "reference",
        "ref",
        "uuid",
        "response id",
        "رقم",
        "الرقم",
        "المعرف",
        "رقم المساهمه",
    ),
    "review": ("validation status", "reviewstate", "review state", "statut de validation"),
}
_TEXT_NAMES = (
    "text",
    "texte",
    "contribution",
    "reponse",
    "answer",
    "response",
    "message",
    "commentaire",
    "comment",
    "verbatim",
    "proposition",
    "avis",
    "النص",
    "نص",
    "الجواب",
    "جواب",
    "المساهمه",
    "التعليق",
    "المقترح",
    "الراي",
)
_TITLE_NAMES = (
    "title",
    "titre",
    "objet",
    "sujet",
    "subject",
    "intitule",
    "العنوان",
    "عنوان",
    "الموضوع",
)


@dataclass(frozen=True)
class Field:
    """A place for a column.

    :ivar question: the question it answers, or None for what is known of the submission.
    :ivar item: code of an item of the question, or of the option that is ticked or not.
    """

    key: str
    question: Question | None = None
    item: str | None = None

    @property
    def is_tick(self) -> bool:
        """Tell whether the cell says if one option of several was chosen."""
        is_choice = self.question is not None and answers.is_choice(self.question)
        return is_choice and self.item is not None

    @property
    def takes_words(self) -> bool:
        """Tell whether the cell may say an option in words of one's own ("other")."""
        parts = parts_of(self.question) if self.question is not None and self.is_tick else []
        return any(answers.is_open(part) for part in parts if part["code"] == self.item)

    @property
    def is_verbatim(self) -> bool:
        """Tell whether the cell is stored as it is, so that it need not be kept a second time."""
        if self.question is not None:
            return self.question.kind in {QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT}
        return self.key in {"organisation", "source", "source_id"}


def parts_of(question: Question) -> list[Option]:
    """Return what a question is made of where a file may give each a column: items, options."""
    if answers.has_items(question) or question.kind == QuestionKind.MULTIPLE_CHOICE:
        return answers.items_of(question)
    if question.kind == QuestionKind.SINGLE_CHOICE:
        return [option for option in answers.items_of(question) if answers.is_open(option)]
    return []


def fields_of(questions: Iterable[Question]) -> dict[str, Field]:
    """Return every field by its key; an item of a scale, an option is ``question.code``."""
    fields = {key: Field(key) for key in ABOUT}
    for question in filter(answers.is_answerable, questions):
        if question.kind not in _BY_PART and question.key not in fields:
            fields[question.key] = Field(question.key, question)
        for part in parts_of(question):
            key = f"{question.key}.{part['code']}"
            fields[key] = Field(key, question, part["code"])
    return fields


def normal(name: str) -> str:
    """Fold a name and take its punctuation out."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(name)).split())


def known_names(questions: list[Question]) -> dict[str, str]:
    """Return the field that each folded name stands for; questions come before usual names."""
    names: dict[str, str] = {}
    for key, field in fields_of(questions).items():
        names.setdefault(normal(key), key)
        if field.question is not None and not field.is_tick:
            for label in _labels(field):
                names.setdefault(normal(label), key)
    for key, usual in _USUAL_NAMES.items():
        names |= {name: key for name in usual if name not in names}
    for kind, usual in (
        (QuestionKind.LONG_TEXT, _TEXT_NAMES),
        (QuestionKind.SHORT_TEXT, _TITLE_NAMES),
    ):
        first = next((question.key for question in questions if question.kind == kind), None)
        if first is not None:
            names |= {name: first for name in usual if name not in names}
    return names


def _labels(field: Field) -> list[str]:
    """Return the labels of a question in all languages, with those of the item in a scale."""
    if field.question is None:
        return []
    if field.item is None:
        return list(field.question.label.values())
    parts = parts_of(field.question)
    return next(list(part["label"].values()) for part in parts if part["code"] == field.item)
