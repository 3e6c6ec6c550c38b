"""Changing the version being written: sections and questions, their order and their words.

Each change names what the page had shown (``seen``, a stamp): what somebody else changed meanwhile
is not overwritten unseen. A change made twice is made once.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.consultations.building.content import content_of, stamp
from app.consultations.building.errors import (
    BadKeyError,
    ChangedMeanwhileError,
    KeyTakenError,
    QuestionNotFoundError,
    SectionNotEmptyError,
    SectionNotFoundError,
)
from app.consultations.building.queries import get_draft, get_question, get_section
from app.consultations.files import RESERVED_KEYS
from app.consultations.models import Consultation, Question, Questionnaire, Section
from app.core import audit
from app.core.access import Actor
from app.core.db import Texts
from app.core.text import fold

KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,39}")


def suggested_key(label: str, taken: set[str]) -> str:
    """Make a key of a label: its first words, without accents, different from those taken."""
    words = re.findall(r"[a-z0-9]+", fold(label))
    base = "_".join(words)[:30].strip("_")
    if not base or not base[0].isalpha():
        base = f"q_{base}".strip("_")
    taken = taken | RESERVED_KEYS
    if base not in taken and base != "q":
        return base
    number = next(n for n in range(1, len(taken) + 3) if f"{base}_{n}" not in taken)
    return f"{base}_{number}"


def check_key(key: str) -> None:
    """Check the form of a key.

    :raises BadKeyError: if it cannot be one.
    """
    if not KEY.fullmatch(key) or key in RESERVED_KEYS:
        raise BadKeyError


# --- sections -----------------------------------------------------------------------------------


def add_section(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    values: dict[str, Any],
    *,
    position: int,
    now: datetime,
) -> Section:
    """Add a section as the ``position``-th, or after the last; the same one is not added twice."""
    draft = get_draft(session, consultation)
    sections = list(draft.sections)
    here = sections[position - 1] if 0 < position <= len(sections) else None
    if here is not None and _says(here, values):
        return here
    section = Section(
        position=len(sections) + 1, **_with_texts({"intro": {}} | values, ("title", "intro"))
    )
    draft.sections.append(section)
    session.flush()
    _record(session, actor, "add_section", section, draft, now)
    return section


def edit_section(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    section_id: int,
    values: dict[str, Any],
    *,
    seen: str,
    now: datetime,
) -> Section:
    """Change a section's words or its condition.

    :raises ChangedMeanwhileError: if it is not any more what the page had shown.
    """
    draft = get_draft(session, consultation)
    section = get_section(session, draft, section_id)
    if _says(section, values):
        return section
    _check_seen(section, seen)
    for name, value in _with_texts(values, ("title", "intro")).items():
        setattr(section, name, value)
    session.flush()
    _record(session, actor, "edit_section", section, draft, now)
    return section


def move_section(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    section_id: int,
    *,
    position: int,
    now: datetime,
) -> None:
    """Make a section the ``position``-th."""
    draft = get_draft(session, consultation)
    section = get_section(session, draft, section_id)
    order = [one for one in draft.sections if one is not section]
    order.insert(max(0, min(position - 1, len(order))), section)
    if order == list(draft.sections):
        return
    _number(session, order)
    session.expire(draft, ["sections"])
    _record(session, actor, "move_section", section, draft, now)


def delete_section(
    session: Session, actor: Actor, consultation: Consultation, section_id: int, *, now: datetime
) -> None:
    """Delete a section without questions; one that is gone already stays gone.

    :raises SectionNotEmptyError: if it has any.
    """
    draft = get_draft(session, consultation)
    try:
        section = get_section(session, draft, section_id)
    except SectionNotFoundError:
        return
    if section.questions:
        raise SectionNotEmptyError
    _record(session, actor, "delete_section", section, draft, now)
    order = [one for one in draft.sections if one is not section]
    draft.sections.remove(section)
    session.flush()
    _number(session, order)


# --- questions ----------------------------------------------------------------------------------


def add_question(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    section_id: int,
    values: dict[str, Any],
    *,
    now: datetime,
) -> Question:
    """Add a question at the end of a section; the same one is not added twice.

    :raises BadKeyError: if the key cannot be one.
    :raises KeyTakenError: if another question has it.
    """
    draft = get_draft(session, consultation)
    section = get_section(session, draft, section_id)
    check_key(values["key"])
    taken = {question.key: question for question in draft.questions}
    if values["key"] in taken:
        if _says(taken[values["key"]], values):
            return taken[values["key"]]
        raise KeyTakenError(key=values["key"])
    question = Question(
        questionnaire_id=draft.id,
        position=len(section.questions) + 1,
        **_with_texts({"hint": {}} | values, ("label", "hint")),
    )
    try:
        with session.begin_nested():
            section.questions.append(question)
            session.flush()
    except IntegrityError as error:
        raise KeyTakenError(key=values["key"]) from error
    _record(session, actor, "add_question", question, draft, now)
    return question


def edit_question(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    question_id: int,
    values: dict[str, Any],
    *,
    seen: str,
    now: datetime,
) -> Question:
    """Change a question.

    :raises ChangedMeanwhileError: if it is not any more what the page had shown.
    :raises BadKeyError: if the key cannot be one.
    :raises KeyTakenError: if another question has it.
    """
    draft = get_draft(session, consultation)
    question = get_question(session, draft, question_id)
    if _says(question, values):
        return question
    _check_seen(question, seen)
    if values["key"] != question.key:
        check_key(values["key"])
    if any(one.key == values["key"] and one is not question for one in draft.questions):
        raise KeyTakenError(key=values["key"])
    if values["key"] != question.key:
        values = _renamed(draft, question.key, values["key"], values)
    for name, value in _with_texts(values, ("label", "hint")).items():
        setattr(question, name, value)
    session.flush()
    _record(session, actor, "edit_question", question, draft, now)
    return question


def move_question(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    question_id: int,
    *,
    section_id: int,
    position: int,
    now: datetime,
) -> None:
    """Make a question the ``position``-th of a section, its own or another."""
    draft = get_draft(session, consultation)
    question = get_question(session, draft, question_id)
    target = get_section(session, draft, section_id)
    origin = get_section(session, draft, question.section_id)
    order = [one for one in target.questions if one is not question]
    order.insert(max(0, min(position - 1, len(order))), question)
    if order == list(target.questions):
        return
    if origin is not target:
        # Positions are unique in a section: far beyond the last one first.
        question.position = 1_000_000 + question.id
        question.section_id = target.id
        session.flush()
        _number(session, [one for one in origin.questions if one is not question])
    _number(session, order)
    session.expire(origin, ["questions"])
    session.expire(target, ["questions"])
    _record(session, actor, "move_question", question, draft, now)


def delete_question(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    question_id: int,
    *,
    seen: str,
    now: datetime,
) -> None:
    """Delete a question; one that is gone already stays gone.

    :raises ChangedMeanwhileError: if it is not any more what the page had shown.
    """
    draft = get_draft(session, consultation)
    try:
        question = get_question(session, draft, question_id)
    except QuestionNotFoundError:
        return
    _check_seen(question, seen)
    _record(session, actor, "delete_question", question, draft, now)
    section = get_section(session, draft, question.section_id)
    order = [one for one in section.questions if one is not question]
    section.questions.remove(question)
    session.flush()
    _number(session, order)


def _renamed(draft: Questionnaire, old: str, new: str, values: dict[str, Any]) -> dict[str, Any]:
    """Let every condition of the draft speak of a question by its new key."""
    parts: list[Section | Question] = [*draft.sections, *draft.questions]
    for thing in parts:
        thing.visible_if = _speaking_of(thing.visible_if, old, new)
        if isinstance(thing, Question):
            thing.validity = _speaking_of(thing.validity, old, new)
    speaking: dict[str, Any] = {
        name: _speaking_of(values[name], old, new)
        for name in ("visible_if", "validity")
        if name in values
    }
    return {**values, **speaking}


def _speaking_of(tree: Any, old: str, new: str) -> Any:
    """Return a condition with another key in the place of one."""
    if isinstance(tree, list):
        return [_speaking_of(part, old, new) for part in tree]
    if not isinstance(tree, dict):
        return tree
    return {
        name: new if name == "question" and part == old else _speaking_of(part, old, new)
        for name, part in tree.items()
    }


# --- what they share ----------------------------------------------------------------------------


def _number(session: Session, order: list[Any]) -> None:
    """Number things in an order; positions are unique, so they pass through numbers nobody has."""
    if [one.position for one in order] == list(range(1, len(order) + 1)):
        return
    for number, one in enumerate(order, 1):
        one.position = -number
    session.flush()
    for number, one in enumerate(order, 1):
        one.position = number
    session.flush()


def _with_texts(values: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return values whose texts in several languages are such."""
    return {name: Texts(value) if name in names else value for name, value in values.items()}


def _says(thing: Section | Question, values: dict[str, Any]) -> bool:
    """Tell whether it says already what is wanted."""
    kept = content_of(thing)
    return all(kept[name] == value for name, value in values.items())


def _check_seen(thing: Section | Question, seen: str) -> None:
    """Refuse a change of what somebody else has changed since.

    :raises ChangedMeanwhileError: if the stamp is another.
    """
    if stamp(thing) != seen:
        raise ChangedMeanwhileError


def _record(
    session: Session,
    actor: Actor,
    verb: str,
    target: Section | Question,
    draft: Questionnaire,
    now: datetime,
) -> None:
    """Note who changed what."""
    detail = {"version": draft.version, "key": target.key}
    audit.record(session, actor, f"consultations.{verb}", at=now, target=target, detail=detail)
