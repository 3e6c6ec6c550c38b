"""Writing the files that leave: at once where they are small, by a job where they may be large."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Literal, cast

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core import audit
from app.core.access import Actor
from app.core.errors import ForbiddenError
from app.core.files.models import StoredFile
from app.core.jobs import Job, enqueue
from app.submissions.queries import scope_of
from app.territories.models import Region
from app.themes import errors
from app.themes.codebook import queries
from app.themes.codebook.book import Book, load_book
from app.themes.codebook.coded import CodedCorpus, Progress, load_project, silent
from app.themes.exchange import (
    Remark,
    passages_csv,
    write_codebook,
    write_codebook_sheet,
    write_passages_xlsx,
    write_project,
)
from app.themes.ledger.recording import DECIDERS
from app.themes.models import AnalysisRun
from app.themes.queries import Narrowing, newest_run

#: Kind of the job that writes a large file.
EXPORT = "themes.codebook.export"
#: Up to so many passages the file is made while its reader waits.
SMALL = 1_000
#: Largest file that is kept, in bytes.
LIMIT = 600 * 1024 * 1024

Language = Literal["fr", "ar"]


@dataclass(frozen=True)
class Format:
    """A kind of file.

    :ivar suffix: of its name.
    :ivar is_of_passages: whether people's words are in it, beyond the examples.
    """

    suffix: str
    media_type: str
    is_of_passages: bool


_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {
    "themes.xlsx": Format("xlsx", _SHEET, is_of_passages=False),
    "themes.qdc": Format("qdc", "application/xml", is_of_passages=False),
    "passages.csv": Format("csv", "text/csv; charset=utf-8", is_of_passages=True),
    "passages.xlsx": Format("xlsx", _SHEET, is_of_passages=True),
    "project.qdpx": Format("qdpx", "application/zip", is_of_passages=True),
}


def file_language(code: str) -> Language:
    """Return the language that files are written in for a page in some language."""
    return "ar" if code == "ar" else "fr"


def file_name(consultation: Consultation, kind: str, lang: str) -> str:
    """Return the name that a file is offered under: ``codebook-slug-fr.xlsx``."""
    words = "passages" if FORMATS[kind].is_of_passages else "codebook"
    return f"{words}-{consultation.slug}-{lang}.{FORMATS[kind].suffix}"


def exportable_part(session: Session, actor: Actor, consultation_id: int) -> Narrowing:
    """Return the part of a corpus that may leave with ``actor``: all, or that of some regions.

    :raises ForbiddenError: if it is none of it.
    """
    codes = session.scalars(select(Region.code).order_by(Region.code))
    scope = scope_of(actor, consultation_id, codes, roles=DECIDERS)
    if scope is None:
        raise ForbiddenError
    return Narrowing(regions=scope.regions)


def regions_of(part: Narrowing) -> list[str] | None:
    """Return the regions that a part is confined to, to be kept beside a file made of it."""
    return None if part.regions is None else sorted(part.regions)


def get_run(session: Session, consultation: Consultation) -> AnalysisRun:
    """Return the run that is read.

    :raises NoAnalysisError: if there is none.
    """
    run = session.scalars(newest_run(consultation.id)).first()
    if run is None:
        raise errors.NoAnalysisError
    return run


class Export:
    """What a file is made of: the codebook, and the passages that may leave with somebody."""

    def __init__(
        self,
        session: Session,
        consultation: Consultation,
        part: Narrowing,
        lang: Language,
        *,
        on_progress: Progress = silent,
    ) -> None:
        self._session, self.lang = session, lang
        self.run = get_run(session, consultation)
        self.part = part
        self.book: Book = load_book(session, consultation, self.run, part, lang)
        self.corpus = CodedCorpus(
            session,
            consultation,
            self.run,
            part,
            lang,
            known=frozenset(self.book.codes),
            on_progress=on_progress,
        )

    @property
    def n_passages(self) -> int:
        """How many passages leave."""
        return self._session.scalar(queries.n_coded(self.run, self.part)) or 0

    def write(self, kind: str, out: BinaryIO) -> tuple[Remark, ...]:
        """Write a file.

        :returns: what could not be written as it was.
        """
        writers: dict[str, Callable[[BinaryIO], tuple[Remark, ...]]] = {
            "themes.xlsx": lambda o: write_codebook_sheet(
                self.book.codebook, o, language=self.lang
            ),
            "themes.qdc": lambda o: write_codebook(self.book.codebook, o, language=self.lang),
            "passages.csv": self._write_csv,
            "passages.xlsx": lambda o: write_passages_xlsx(
                self.corpus.passages(), self.book.codes, o, language=self.lang
            ),
            "project.qdpx": lambda o: write_project(
                load_project(self.book, self.corpus),
                o,
                language=self.lang,
                written_at=self.run.finished_at,
            ),
        }
        return writers[kind](out)

    def _write_csv(self, out: BinaryIO) -> tuple[Remark, ...]:
        """Write the passages as CSV."""
        out.writelines(passages_csv(self.corpus.passages(), self.book.codes, language=self.lang))
        return ()


def note_export(
    session: Session, actor: Actor, consultation: Consultation, kind: str, *, now: datetime
) -> None:
    """Write down that people's words left, and with whom."""
    audit.record(
        session, actor, "themes.export", at=now, target=consultation, detail={"file": kind}
    )


def begin_export(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    kind: str,
    lang: Language,
    *,
    now: datetime,
) -> Job:
    """Ask for a file of passages; the caller commits, then has the job done.

    :raises ForbiddenError: if none of the passages may leave with ``actor``.
    :raises NoAnalysisError: before the first analysis.
    """
    exportable_part(session, actor, consultation.id)
    get_run(session, consultation)
    note_export(session, actor, consultation, kind, now=now)
    payload = {"consultation_id": consultation.id, "kind": kind, "lang": lang}
    return enqueue(session, EXPORT, payload, actor=actor, now=now)


def write_kept(
    session: Session, export: Export, kind: str, path: Path, consultation_id: int
) -> tuple[str, tuple[Remark, ...]]:
    """Write a file to a path; return the print of the words in it, taken before, and remarks."""
    words = queries.print_of_words(session, consultation_id)
    with path.open("wb") as out:
        remarks = export.write(kind, cast("BinaryIO", out))
    return words, remarks


def is_fresh(session: Session, job: Job) -> bool:
    """Tell whether all words of a kept file may still leave."""
    kept = str(job.checkpoint.get("words", ""))
    newest = int(kept.partition(":")[0] or 0)
    now = queries.print_of_words(session, job.payload["consultation_id"], newest)
    return bool(kept) and now == kept


def file_of(session: Session, job: Job) -> StoredFile | None:
    """Return the file that a job made or was given, None if it is gone."""
    number = job.checkpoint.get("file_id") or job.payload.get("file_id")
    file = session.get(StoredFile, number) if number else None
    return None if file is None or file.deleted_at is not None else file


def export_name(kind: str) -> str:
    """Return what a kind of file is called on pages."""
    names = {
        "themes.xlsx": _("Codebook, workbook (XLSX)"),
        "themes.qdc": _("Codebook, REFI-QDA (.qdc)"),
        "passages.csv": _("Passages with their codes (CSV)"),
        "passages.xlsx": _("Passages with their codes, workbook (XLSX)"),
        "project.qdpx": _("Project, REFI-QDA (.qdpx)"),
    }
    return str(names[kind])
