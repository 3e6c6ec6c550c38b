"""A published version never changes: the session itself refuses, whoever asks.

What is made and published in one transaction may still be filled in it, as when a consultation is
loaded from a file.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, object_session

from app.consultations.building.errors import PublishedVersionError
from app.consultations.models import Question, Questionnaire, QuestionnaireState, Section

_NEW = "questionnaires made in this transaction"


def _is_open(session: Session | None, questionnaire_id: int | None) -> bool:
    """Tell whether a version may be changed in this session."""
    if session is None or questionnaire_id in session.info.get(_NEW, ()):
        return True
    with session.no_autoflush:
        # Read from the table: in memory it may be on its way to another state.
        state = session.connection().scalar(
            Questionnaire.__table__.select()
            .with_only_columns(Questionnaire.__table__.c.state)
            .where(Questionnaire.__table__.c.id == questionnaire_id)
        )
    return state != QuestionnaireState.PUBLISHED


def _part(_mapper: Any, _connection: Any, target: Section | Question) -> None:
    """Refuse to add, change or take away a part of a published version."""
    session = object_session(target)
    if session is not None and not (target in session.new or target in session.deleted):
        is_changed = session.is_modified(target, include_collections=False)
        if not is_changed:
            return
    state: Any = inspect(target)
    before = state.attrs.questionnaire_id.history.deleted or ()
    for identity in (target.questionnaire_id, *before):
        if not _is_open(session, identity):
            raise PublishedVersionError


def _version(_mapper: Any, _connection: Any, target: Questionnaire) -> None:
    """Refuse to change or delete a version that was published before."""
    session = object_session(target)
    is_gone = session is not None and target in session.deleted
    is_changed = session is None or session.is_modified(target, include_collections=False)
    if (is_gone or is_changed) and not _is_open(session, target.id):
        raise PublishedVersionError


def _made(_mapper: Any, _connection: Any, target: Questionnaire) -> None:
    """Note a version made in this transaction."""
    session = object_session(target)
    if session is not None:
        session.info.setdefault(_NEW, set()).add(target.id)


def _over(session: Session) -> None:
    """Forget them when the transaction ends."""
    session.info.pop(_NEW, None)


def watch() -> None:
    """Attach the guard to the models, once."""
    if event.contains(Questionnaire, "after_insert", _made):
        return
    event.listen(Questionnaire, "after_insert", _made)
    event.listen(Questionnaire, "before_update", _version)
    event.listen(Questionnaire, "before_delete", _version)
    for model in (Section, Question):
        for moment in ("before_insert", "before_update", "before_delete"):
            event.listen(model, moment, _part)
    for moment in ("after_commit", "after_rollback"):
        event.listen(Session, moment, _over)
