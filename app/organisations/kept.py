"""A spreadsheet between its dry run and its import: kept for a day, for whoever sent it alone."""

from __future__ import annotations

import re
import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from app.core.tables.errors import FileTooLargeError
from app.organisations.errors import OrganisationNotFoundError
from app.organisations.importing import LIMIT

LIFE = timedelta(hours=24)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_CHUNK = 1 << 16


class KeptFiles:
    """The folder of uploaded spreadsheets; a file's name says whose it is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, source: BinaryIO, *, owner_id: int, now: datetime) -> str:
        """Keep a file and return its token; those that have expired are deleted on the way.

        :raises FileTooLargeError: over the limit.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in self._folder.iterdir():
            begun = int(old.name.split(".")[1])
            if now.timestamp() > begun + LIFE.total_seconds():
                old.unlink(missing_ok=True)
        token = secrets.token_urlsafe(24)
        path = self._folder / f"{owner_id}.{int(now.timestamp())}.{token}"
        with path.open("xb") as target:
            shutil.copyfileobj(source, target, _CHUNK)
        if path.stat().st_size > LIMIT:
            path.unlink()
            megabyte = 1024 * 1024
            raise FileTooLargeError(size=f"> {LIMIT // megabyte}", limit=LIMIT // megabyte)
        return token

    def get(self, token: str, *, owner_id: int, now: datetime) -> Path:
        """Return where a kept file is.

        :raises OrganisationNotFoundError: if it is gone, or somebody else's.
        """
        found = list(self._folder.glob(f"{owner_id}.*.{token}")) if _TOKEN.fullmatch(token) else []
        for path in found:
            if now.timestamp() <= int(path.name.split(".")[1]) + LIFE.total_seconds():
                return path
        raise OrganisationNotFoundError
