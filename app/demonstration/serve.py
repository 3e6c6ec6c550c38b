"""Serving the demonstration: the site and its worker, together, until stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[2]


def commands(port: int) -> list[list[str]]:
    """Return the two commands: the web server and the worker."""
    site = [
        sys.executable,
        "-m",
        "gunicorn",
        "wsgi:app",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "2",
        "--threads",
        "2",
        "--graceful-timeout",
        "3",
        "--timeout",
        "180",
        "--log-level",
        "warning",
    ]
    worker = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "run"]
    return [site, worker]


def serve(port: int) -> int:
    """Run both until one ends or we are told to stop; return the status of the first to end."""
    environment = os.environ | {"TACHAWOR_PROFILE": "demo"}
    told_to_stop = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        """Leave the loop below."""
        told_to_stop.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    children = [
        subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603  our own commands
        for command in commands(port)
    ]
    status = None
    while status is None and not told_to_stop.wait(0.3):
        status = next((child.returncode for child in children if child.poll() is not None), None)
    _end(children)
    return status or 0


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask the children to stop; insist after a few seconds (jobs are resumed from their rows)."""
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    for child in children:
        try:
            child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
