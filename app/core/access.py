"""Who may call what: every view states a rule, and one that states none answers nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from flask import Flask, abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core.errors import ForbiddenError

View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    """What a member of staff is here to do."""

    ADMINISTRATOR = "administrator"
    ANALYST = "analyst"
    COORDINATOR = "coordinator"
    MODERATOR = "moderator"
    DATA_ENTRY = "data_entry"
    OBSERVER = "observer"


#: Everyone who reads staff pages.
STAFF = frozenset(Role)


@dataclass(frozen=True)
class Rule:
    """An access rule.

    :ivar roles: roles that may call the view; empty, and not public: any signed-in person.
    """

    is_public: bool = False
    roles: frozenset[Role] = frozenset()

    def admits(self, roles: Iterable[Role]) -> bool:
        """Tell whether someone signed in with ``roles`` passes."""
        return self.is_public or not self.roles or bool(self.roles & set(roles))


class Actor(Protocol):
    """Someone who acts: the signed-in user, or the command line."""

    @property
    def id(self) -> int | None:
        """The account's number, None for the command line."""

    @property
    def label(self) -> str:
        """The name that the audit log keeps."""

    def may(
        self, roles: Iterable[Role], *, region: str | None = None, consultation: int | None = None
    ) -> bool:
        """Tell whether one of ``roles`` is held for that region and consultation."""


@dataclass(frozen=True)
class System:
    """The command line or a job: whoever can start it already holds the machine."""

    label: str = "system"
    id: int | None = None

    def may(
        self,
        roles: Iterable[Role],  # noqa: ARG002  the same for every actor
        *,
        region: str | None = None,  # noqa: ARG002
        consultation: int | None = None,  # noqa: ARG002
    ) -> bool:
        """Allow everything."""
        return True


def public(view: View) -> View:
    """State that anybody may call the view."""
    view.access_rule = Rule(is_public=True)  # type: ignore[attr-defined]
    return view


def requires(*roles: Role) -> Callable[[View], View]:
    """State that only holders of one of ``roles`` (none: anyone signed in) may call the view."""

    def state(view: View) -> View:
        """Attach the rule."""
        view.access_rule = Rule(roles=frozenset(roles))  # type: ignore[attr-defined]
        return view

    return state


def ensure(
    actor: Actor, *roles: Role, region: str | None = None, consultation: int | None = None
) -> None:
    """Check access to one object.

    :raises ForbiddenError: if ``actor`` holds none of ``roles`` for that region and consultation.
    """
    if not actor.may(roles or STAFF, region=region, consultation=consultation):
        raise ForbiddenError


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    """Return the rule of an endpoint, stated on the view or declared for a library's view."""
    declared: dict[str, Rule] = app.extensions["access"]
    if endpoint in declared:
        return declared[endpoint]
    rule: Rule | None = getattr(app.view_functions.get(endpoint), "access_rule", None)
    return rule


def init_app(app: Flask) -> None:
    """Check the rule before every view."""
    app.extensions["access"] = {"static": Rule(is_public=True)}

    @app.before_request
    def _check() -> Response | None:
        """Let in, send to the sign-in page, or refuse."""
        if request.endpoint is None:
            return None
        rule = rule_of(app, request.endpoint)
        if rule is None:
            app.logger.error("endpoint %s states no access rule", request.endpoint)
            abort(403)
        if rule.is_public:
            return None
        if not current_user.is_authenticated:
            if request.method == "GET":
                return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
            abort(401)
        if not rule.admits(current_user.role_names):
            abort(403)
        return None
