"""What the form of a section sends of files: one to attach, or the wish to take one off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict

from app.consultations.models import QuestionKind, Section
from app.core.files.errors import FileRefusedError
from app.submissions.attachments.operations import attach, detach
from app.submissions.models import Draft

#: What the upload's name adds to the question's.
UPLOAD = "-upload"


@dataclass
class Taken:
    """What became of the files of one form.

    :ivar values: what the draft keeps instead of what it had.
    :ivar refusals: why a file was not taken, by question key.
    :ivar jobs: jobs to be announced once all is committed.
    """

    values: dict[str, Any] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)
    jobs: list[int] = field(default_factory=list)


def take_files(
    session: Session,
    draft: Draft,
    section: Section,
    sent: MultiDict[str, FileStorage],
    *,
    prefix: str,
    button: str,
    now: datetime,
) -> Taken:
    """Attach the files that a section's form sends and take off the one whose button was pressed.

    :param button: ``detach:<question key>`` to take one off.
    """
    taken = Taken()
    for question in section.questions:
        if question.kind != QuestionKind.FILE:
            continue
        upload = sent.get(f"{prefix}{question.key}{UPLOAD}")
        if button == f"detach:{question.key}":
            detach(session, draft, question.key, now=now)
            taken.values[question.key] = None
        elif upload is not None and upload.filename:
            try:
                value, job = attach(
                    session, draft, question, upload.stream, name=upload.filename, now=now
                )
            except FileRefusedError as error:
                taken.refusals[question.key] = error.text()
            else:
                taken.values[question.key] = value
                taken.jobs += [job] if job is not None else []
    return taken


def with_taken(values: Mapping[str, Any], taken: Taken) -> dict[str, Any]:
    """Return a draft's values with the files that have just been taken."""
    return {**values, **taken.values}
