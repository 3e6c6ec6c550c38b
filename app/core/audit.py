"""The audit log: who did what to which thing, and when; rows are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from flask_login import current_user
from sqlalchemy import JSON, ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.wrappers import Response

from app.core import clock
from app.core.access import Actor, rule_of
from app.core.db import Instant, Key, Model, db


class AuditEntry(Model):
    """One action of a member of staff, a command or a job."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_target", "target_type", "target_id"),)

    id: Mapped[Key]
    at: Mapped[Instant] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    #: The actor's name at the time, kept when the account goes.
    actor_label: Mapped[str] = mapped_column(String(200))
    #: ``theme.rename``: the feature, then the verb.
    action: Mapped[str] = mapped_column(String(80), index=True)
    target_type: Mapped[str] = mapped_column(String(40), default="")
    target_id: Mapped[str] = mapped_column(String(80), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class AppendOnlyError(RuntimeError):
    """A row of a table that only grows was about to be changed."""


def refuse_changes(model: type) -> None:
    """Make a table append-only for the application."""

    def refuse(_mapper: Any, _connection: Any, target: Any) -> None:
        """Stop the change."""
        raise AppendOnlyError(type(target).__name__)

    event.listen(model, "before_update", refuse)
    event.listen(model, "before_delete", refuse)


refuse_changes(AuditEntry)


def record(
    session: Session,
    actor: Actor,
    action: str,
    *,
    at: datetime,
    target: Any = None,
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Add an entry, in the transaction of the action itself, flushed.

    :param target: the object acted upon (its table's name and ``id`` or ``code`` are kept).
    """
    identity = (
        "" if target is None else str(getattr(target, "id", None) or getattr(target, "code", ""))
    )
    entry = AuditEntry(
        at=at,
        actor_id=actor.id,
        actor_label=actor.label,
        action=action,
        target_type="" if target is None else target.__tablename__,
        target_id=identity,
        detail=detail or {},
    )
    session.add(entry)
    session.flush()
    if has_request_context():
        g.audited = True
    return entry


def _is_for_everybody() -> bool:
    """Tell whether the page is one that visitors use.

    What somebody signed in does there, they do as a visitor: an entry here would tell who sent a
    personal contribution.
    """
    rule = rule_of(current_app, request.endpoint or "")
    return rule is not None and rule.is_public


def init_app(app: Flask) -> None:
    """Record any successful staff request that changes something and left no entry of its own."""

    @app.after_request
    def _never_unseen(response: Response) -> Response:
        """Add the missing entry."""
        changes = request.method not in {"GET", "HEAD", "OPTIONS"} and response.status_code < 400
        endpoint = "" if g.get("audited") or _is_for_everybody() else request.endpoint
        if changes and endpoint and current_user.is_authenticated:
            detail = {name: str(value) for name, value in (request.view_args or {}).items()}
            record(db.session(), current_user, endpoint, at=clock.now(), detail=detail)
            db.session.commit()
        return response
