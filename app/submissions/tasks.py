"""The jobs of the submissions, and what a worker's sweep looks for."""

from __future__ import annotations

from flask import Flask

from app.submissions.retention import tasks as retention


def init_app(app: Flask) -> None:
    """Install the jobs that come back by themselves."""
    retention.init_app(app)
