"""Serving the demonstration: the site and its worker, together, until stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
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
    children = [
        subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603  our own commands
        for command in commands(port)
    ]

    def stop(_signal: int, _frame: FrameType | None) -> None:
        """End the children, which ends the wait below."""
        _end(children)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        first, _status = os.wait()
    except ChildProcessError:
        return 0
    ended = next((child for child in children if child.pid == first), children[0])
    _end([child for child in children if child.pid != first])
    ended.returncode = os.waitstatus_to_exitcode(_status)
    return 0 if ended.returncode in {0, -signal.SIGTERM, -signal.SIGINT} else ended.returncode


def _end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask the children to stop and wait for them."""
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    for child in children:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
