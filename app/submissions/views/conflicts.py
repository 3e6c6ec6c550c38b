"""Two devices answered the same section: both answers are shown, and one chooses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from app.consultations.models import Question
from app.core.db import db
from app.core.i18n import localized, spaced
from app.submissions import answers
from app.submissions.display import Written, write
from app.submissions.models import Draft
from app.submissions.operations import differing
from app.submissions.steps import Step, Way
from app.submissions.views.device import proof_of

#: Fields of ours that the choice states anew.
_OURS = {"csrf_token", "proof", "seen", "mark", "go", "keep"}
_CHOICE = "keep:"


@dataclass(frozen=True)
class Clash:
    """One question that was answered twice.

    :ivar written: the answer in the form that its kind is shown in, None for a plain text.
    """

    key: str
    label: Any
    mine: Written | str
    theirs: Written | str


def was_chosen() -> bool:
    """Tell whether the form sent is that of a choice."""
    return "keep" in request.form


def chosen(draft: Draft, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed, with what the draft holds where that was chosen instead."""
    whole = request.form.get("keep", "mine")
    if whole == "mine":
        return dict(typed)
    return {
        key: draft.values.get(key)
        if "theirs" in {whole, request.form.get(f"{_CHOICE}{key}")}
        else value
        for key, value in typed.items()
    }


def show(draft: Draft, way: Way, here: Step, typed: Mapping[str, Any]) -> str:
    """Render both answers of each question that differs; all that was typed goes along."""
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in _OURS and not name.startswith(_CHOICE)
    ]
    return render_template(
        "submissions/conflict.html",
        consultation=draft.consultation,
        draft=draft,
        way=way,
        here=here,
        clashes=list(_clashes(draft, typed)),
        fields=fields,
        go=request.form.get("go", "next"),
        proof=proof_of(draft),
    )


def _clashes(draft: Draft, typed: Mapping[str, Any]) -> Iterator[Clash]:
    """Yield the questions that were answered twice, in the order of the section."""
    questions = {question.key: question for question in draft.questionnaire.questions}
    for key in differing(draft.values, typed):
        pair = typed[key], draft.values.get(key)
        if key in questions:
            question = questions[key]
            label = spaced(str(localized(question.label)))
            yield Clash(key, label, *(_written(question, value) for value in pair))
        elif key == "actor_type":
            yield Clash(key, _("In what capacity are you answering?"), *map(_capacity, pair))
        else:
            yield Clash(
                key, _("What is the name of your organisation?"), *(str(v or "") for v in pair)
            )


def _capacity(value: Any) -> str:
    """Write a capacity."""
    kind = next((kind for kind in answers.ACTOR_TYPES if kind == value), None)
    return str(localized(kind.texts)) if kind else ""


def _written(question: Question, typed: Any) -> Written | str:
    """Write what was typed as its kind is shown, or as it stands if it is not a right answer."""
    value, problems = answers.check_value(question, typed)
    if problems or value is None:
        return ", ".join(_leaves(typed))
    return write(db.session(), question, value)


def _leaves(typed: Any) -> Iterator[str]:
    """Walk what was typed down to its words."""
    if isinstance(typed, dict):
        typed = list(typed.values())
    if isinstance(typed, list):
        for part in typed:
            yield from _leaves(part)
    elif typed not in {None, ""}:
        yield str(typed)
