"""Letters by e-mail: written into an outbox with what they are about, sent by a worker."""

from __future__ import annotations

from flask import Flask

from app.core.mail.leaving import can_be_left
from app.core.mail.links import public_url
from app.core.mail.models import Letter, LetterState
from app.core.mail.outbox import post, post_all, written

__all__ = [
    "Letter",
    "LetterState",
    "can_be_left",
    "init_app",
    "post",
    "post_all",
    "public_url",
    "written",
]


def init_app(app: Flask) -> None:
    """Install the job that sends, the staff page, and the commands."""
    from app.core.i18n import PREFIX
    from app.core.mail import cli, tasks, views

    app.extensions["mail"] = tasks.KIND
    app.register_blueprint(views.bp, url_prefix=PREFIX)
    app.cli.add_command(cli.group)
