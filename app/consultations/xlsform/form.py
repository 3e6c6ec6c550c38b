"""A form that was read: sections and questions, with the cells they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.consultations.building.content import digest
from app.consultations.models import Question, Section
from app.consultations.xlsform.remarks import Remark
from app.consultations.xlsform.sheets import Row


@dataclass
class QuestionSpec:
    """A question of a form.

    :ivar id: number of its first line among the lines of the sheet; how the layout knows it.
    :ivar lines: name of each of its lines (items of a table), by the item's code.
    """

    id: int
    name: str
    rows: list[Row]
    key: str = ""
    kind: str = ""
    label: dict[str, str] = field(default_factory=dict)
    hint: dict[str, str] = field(default_factory=dict)
    is_required: bool = False
    options: Any = field(default_factory=list)
    rules: dict[str, Any] = field(default_factory=dict)
    visible_if: dict[str, Any] | None = None
    validity: dict[str, Any] | None = None
    axis: str = ""
    #: Identities of the inner groups that it stands in, the outermost first.
    path: list[int] = field(default_factory=list)
    #: The inner group that it stands for, if it is the heading of one.
    opens: int | None = None
    lines: dict[str, str] = field(default_factory=dict)
    relevant: str = ""
    constraint: str = ""
    constraint_message: dict[str, str] = field(default_factory=dict)

    def source(self) -> dict[str, Any]:
        """Return what is kept so that the file can be written again as it was."""
        return {
            "id": self.id,
            "name": self.name,
            "rows": self.rows,
            "path": self.path,
            "opens": self.opens,
            "lines": self.lines,
            "stamps": stamps(self),
        }


@dataclass
class SectionSpec:
    """A section of a form: an outer group, or the questions between two of them.

    :ivar id: number of the line that opens the group, None if there is none.
    """

    id: int | None
    begin: Row = field(default_factory=dict)
    end: Row = field(default_factory=dict)
    end_id: int = 0
    key: str | None = None
    title: dict[str, str] = field(default_factory=dict)
    intro: dict[str, str] = field(default_factory=dict)
    intro_rows: list[Row] = field(default_factory=list)
    minutes: int = 2
    visible_if: dict[str, Any] | None = None
    relevant: str = ""
    questions: list[QuestionSpec] = field(default_factory=list)

    def source(self) -> dict[str, Any]:
        """Return what is kept so that the file can be written again as it was."""
        return {
            "id": self.id,
            "begin": self.begin,
            "end": self.end,
            "intro": self.intro_rows,
            "stamps": section_stamps(self),
        }


@dataclass
class Form:
    """A whole form."""

    sections: list[SectionSpec]
    source: dict[str, Any]
    remarks: list[Remark]

    @property
    def questions(self) -> list[QuestionSpec]:
        """Every question, in order."""
        return [question for section in self.sections for question in section.questions]


def stamps(question: QuestionSpec | Question) -> dict[str, str]:
    """Return a print of each thing that cells say; a cell stands as long as its print does."""
    return {
        "key": digest(question.key),
        "kind": digest([question.kind, question.options]),
        "label": digest(_said(question.label)),
        "hint": digest(_said(question.hint)),
        "required": digest(question.is_required),
        "relevant": digest(question.visible_if),
        "checks": digest([question.rules, question.validity]),
    }


def section_stamps(section: SectionSpec | Section) -> dict[str, str]:
    """Return the prints of a section."""
    return {
        "label": digest(_said(section.title)),
        "intro": digest(_said(section.intro)),
        "minutes": digest(section.minutes),
        "relevant": digest(section.visible_if),
    }


def _said(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the languages in which something is said."""
    return {code: text for code, text in texts.items() if text}
