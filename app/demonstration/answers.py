"""Fictional answers of the ministry to some of the themes that the run found."""

from __future__ import annotations

import json
from datetime import datetime
from importlib.resources import files
from typing import Any

from sqlalchemy.orm import Session

from app.commitments.answers.content import Content
from app.commitments.answers.operations import save
from app.commitments.answers.queries import Families, find_answer
from app.consultations.models import Consultation
from app.core.access import Actor
from app.core.db import Texts
from app.core.text import fold
from app.reports.queries import newest_report
from app.themes.models import Theme

#: Words of an answer that a theme must have for the answer to be about it.
LEAST = 2


def entries() -> list[dict[str, Any]]:
    """Return the answers of the data file."""
    path = files("app.demonstration").joinpath("data", "answers.json")
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def load_answers(
    session: Session, actor: Actor, consultation: Consultation, *, now: datetime
) -> int:
    """Publish the answers whose theme the newest report has, flushed; return how many were.

    Themes that have an answer, whoever wrote it, are left as they are.
    """
    report = newest_report(session, consultation.id)
    if report is None:
        return 0
    families = Families(session, consultation.id)
    made, taken = 0, set[int]()
    for entry in entries():
        theme_id = _theme_for(entry, report.body["themes"], families, taken)
        if theme_id is None:
            continue
        taken.add(theme_id)
        if find_answer(session, theme_id) is None:
            theme = session.get_one(Theme, theme_id)
            said = _content(entry)
            save(session, actor, consultation, theme, said, seen=0, publish=True, now=now)
            made += 1
    return made


def _content(entry: dict[str, Any]) -> Content:
    """Return what an entry says."""
    texts = {part: Texts(entry.get(part, {})) for part in ("text", "reason", "passed_to")}
    return Content(state=entry["state"], **texts)


def _theme_for(
    entry: dict[str, Any], themes: list[dict[str, Any]], families: Families, taken: set[int]
) -> int | None:
    """Return the theme that shares most words with an answer, None if none shares enough."""
    wanted = {fold(word) for word in entry["words"]}
    best, most = None, LEAST - 1
    for theme in themes:
        holder = families.holder(theme["id"])
        shared = len(wanted & _words(theme))
        if holder not in taken and shared > most:
            best, most = holder, shared
    return best


def _words(theme: dict[str, Any]) -> set[str]:
    """Return the names and keywords of a theme, folded."""
    words = [*theme["name"].values(), *(w for found in theme["keywords"].values() for w in found)]
    return {fold(word) for word in words}
