"""Uploaded files waiting for their mapping: kept for a day, for the person who sent them alone."""

from __future__ import annotations

import fcntl
import json
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from app.core.tables import ReadingOptions
from app.submissions.imports.bundle import find_bundle, unpack
from app.submissions.imports.errors import FileTooLargeError, UploadGoneError
from app.submissions.imports.mapping import ColumnMapping

#: Largest file, in bytes.
LIMIT = 100 * 1024 * 1024
#: Most rows of a file that comes by the page; the command has no such limit.
MAX_ROWS = 100_000
#: A file up to this size, in bytes, is checked and imported at once, within the request.
SMALL = 128 * 1024
LIFE = timedelta(hours=24)

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_CHUNK = 1 << 16


@dataclass(frozen=True)
class Upload:
    """A file and what was decided about it so far.

    :ivar is_done: it was imported; its rows are gone from here.
    :ivar batch_id: the import it became.
    :ivar job_id: the job that checks it.
    :ivar not_read: other files that came in one archive with it.
    """

    token: str
    folder: Path
    owner_id: int
    consultation_id: int
    file_name: str
    kept_at: datetime
    options: ReadingOptions = field(default_factory=ReadingOptions)
    mapping: ColumnMapping | None = None
    is_done: bool = False
    batch_id: int | None = None
    job_id: int | None = None
    not_read: tuple[str, ...] = ()

    @property
    def is_small(self) -> bool:
        """Tell whether it is dealt with while somebody waits."""
        return self.path.stat().st_size <= SMALL

    @property
    def path(self) -> Path:
        """Where the rows are."""
        return self.folder / "rows"


class UploadStore:
    """The folder of uploaded files, one folder of a random name for each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(
        self,
        source: BinaryIO,
        *,
        file_name: str,
        owner_id: int,
        consultation_id: int,
        options: ReadingOptions,
        now: datetime,
    ) -> Upload:
        """Keep a file; those that have expired are deleted on the way.

        :raises FileTooLargeError: if it is over :data:`LIMIT`.
        """
        self.purge(now=now)
        token = secrets.token_urlsafe(24)
        # Its name begins with a dot until it is whole, and so it is never found half-copied.
        folder = self._folder / f".{token}"
        upload = Upload(
            token=token,
            folder=folder,
            owner_id=owner_id,
            consultation_id=consultation_id,
            file_name=file_name[-255:],
            kept_at=now,
            options=options,
        )
        folder.mkdir(mode=0o700, parents=True)
        try:
            _copy(source, upload.path)
            upload = _unpacked(upload)
            self.save(upload)
        except BaseException:
            self.discard(upload)
            raise
        return replace(upload, folder=folder.rename(self._folder / token))

    def get(self, token: str, *, owner_id: int, now: datetime) -> Upload:
        """Return a kept file.

        :raises UploadGoneError: if it is not there, has expired, or is somebody else's.
        """
        if not _TOKEN.fullmatch(token):
            raise UploadGoneError
        folder = self._folder / token
        try:
            known = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UploadGoneError from error
        upload = _upload(token, folder, known)
        if upload.owner_id != owner_id or now >= upload.kept_at + LIFE:
            raise UploadGoneError
        return upload

    def save(self, upload: Upload) -> None:
        """Write down what is known of a kept file."""
        known = {
            "owner_id": upload.owner_id,
            "consultation_id": upload.consultation_id,
            "file_name": upload.file_name,
            "kept_at": upload.kept_at.isoformat(),
            "options": asdict(upload.options),
            "is_done": upload.is_done,
            "batch_id": upload.batch_id,
            "job_id": upload.job_id,
            "not_read": list(upload.not_read),
            "mapping": upload.mapping.as_json() if upload.mapping else None,
        }
        # A reader sees the old file or the new one, never half of it.
        fresh = upload.folder / f"about-{secrets.token_hex(4)}"
        fresh.write_text(json.dumps(known), encoding="utf-8")
        fresh.replace(upload.folder / "about.json")

    def keep_outcome(self, upload: Upload, text: str) -> None:
        """Keep what a check found, with what was decided about the file at that time."""
        fresh = upload.folder / f"outcome-{secrets.token_hex(4)}"
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(upload.folder / f"outcome.{_decided(upload)}")

    def find_outcome(self, upload: Upload) -> str | None:
        """Return what was found under the decisions as they are now."""
        try:
            return (upload.folder / f"outcome.{_decided(upload)}").read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def forget_outcomes(self, upload: Upload) -> None:
        """Delete what earlier checks found."""
        for path in upload.folder.glob("outcome.*"):
            path.unlink(missing_ok=True)

    def finish(self, upload: Upload, batch_id: int) -> None:
        """Delete the rows of an imported file; that it was imported is known until it expires."""
        upload.path.unlink(missing_ok=True)
        self.save(replace(upload, is_done=True, batch_id=batch_id))

    def discard(self, upload: Upload) -> None:
        """Delete a kept file and all that was decided about it."""
        shutil.rmtree(upload.folder, ignore_errors=True)

    def purge(self, *, now: datetime) -> None:
        """Delete the files that have expired."""
        for about in self._folder.glob("*/about.json"):
            known = json.loads(about.read_text(encoding="utf-8"))
            if now >= datetime.fromisoformat(known["kept_at"]) + LIFE:
                shutil.rmtree(about.parent, ignore_errors=True)

    @contextmanager
    def taking_turns(self, upload: Upload) -> Iterator[Upload]:
        """Hold a kept file, so that a second click waits and then sees what the first one did.

        :raises UploadGoneError: if it is gone meanwhile.
        """
        try:
            lock = (upload.folder / "lock").open("w", encoding="ascii")
        except OSError as error:
            raise UploadGoneError from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self.get(upload.token, owner_id=upload.owner_id, now=upload.kept_at)


def _copy(source: BinaryIO, path: Path) -> None:
    """Copy a file, up to the limit."""
    size = 0
    with path.open("xb") as target:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > LIMIT:
                megabyte = 1024 * 1024
                raise FileTooLargeError(size=f"> {LIMIT // megabyte}", limit=LIMIT // megabyte)
            target.write(chunk)


def _unpacked(upload: Upload) -> Upload:
    """Put the answers of an archive of tables in its place."""
    bundle = find_bundle(upload.path)
    if bundle is None:
        return upload
    unpacked = upload.folder / "unpacked"
    unpack(upload.path, bundle, unpacked)
    unpacked.replace(upload.path)
    return replace(upload, not_read=bundle.others)


def _decided(upload: Upload) -> str:
    """Return a name for all that is decided about a file."""
    mapping = upload.mapping.as_json() if upload.mapping else None
    decided = json.dumps([mapping, asdict(upload.options)], sort_keys=True)
    return sha256(decided.encode()).hexdigest()[:32]


def _upload(token: str, folder: Path, known: dict[str, Any]) -> Upload:
    """Read back what is known of a kept file."""
    mapping = known["mapping"]
    return Upload(
        token=token,
        folder=folder,
        owner_id=known["owner_id"],
        consultation_id=known["consultation_id"],
        file_name=known["file_name"],
        kept_at=datetime.fromisoformat(known["kept_at"]),
        options=ReadingOptions(**known["options"]),
        mapping=ColumnMapping.from_json(mapping) if mapping else None,
        is_done=known["is_done"],
        batch_id=known["batch_id"],
        job_id=known["job_id"],
        not_read=tuple(known["not_read"]),
    )
