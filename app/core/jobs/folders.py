"""The folder of files that a job works with; the job itself removes it at its end."""

from __future__ import annotations

import shutil
from pathlib import Path

from flask import Flask


def job_folder(app: Flask, job_id: int) -> Path:
    """Return the folder of a job's files, which may not exist."""
    return Path(app.config["INSTANCE"]) / "jobs" / str(job_id)


def give_file(app: Flask, job_id: int, source: Path, name: str) -> Path:
    """Copy a file into a job's folder, whole or not at all."""
    folder = job_folder(app, job_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(source, folder / f".{name}")
    return (folder / f".{name}").replace(folder / name)


def remove_folder(app: Flask, job_id: int) -> None:
    """Delete a job's files."""
    shutil.rmtree(job_folder(app, job_id), ignore_errors=True)
