"""What commands share: errors as one line, and progress bars."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import click

from app.core.db import db
from app.core.errors import DomainError

Command = TypeVar("Command", bound=Callable[..., Any])


class RefusedError(click.ClickException):
    """What the domain refused, said on one line; the command ends with status 2."""

    exit_code = 2


def reporting_errors(command: Command) -> Command:
    """Turn what the domain refuses into one clear line and exit status 2."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        """Run the command."""
        try:
            return command(*args, **kwargs)
        except DomainError as error:
            db.session.rollback()
            raise RefusedError(error.text()) from error

    return run  # type: ignore[return-value]
