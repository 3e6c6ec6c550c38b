"""The control of a question that is answered with a file."""

from __future__ import annotations

from typing import Any

from app.consultations.models import QuestionKind
from app.core.files.store import MEGABYTE
from app.submissions.attachments.operations import kinds_for, limit_of
from app.submissions.attachments.uploads import UPLOAD
from app.submissions.question_fields import FIELDS, QuestionField


class FileField(QuestionField):
    """Shows what the draft holds: the file itself arrives beside the form's words.

    What a form says of a token is never believed, so a draft shows its own files alone.
    """

    def read(self, formdata: Any) -> Any:  # noqa: ARG002  the same for every control
        """Return what the draft holds."""
        return self.data

    @property
    def upload_name(self) -> str:
        """The name of the control that takes the file."""
        return f"{self.name}{UPLOAD}"

    @property
    def attached(self) -> str:
        """The name of the file that is attached, empty if none is."""
        return str(self.data.get("name") or "") if isinstance(self.data, dict) else ""

    @property
    def kinds(self) -> list[str]:
        """The kinds of files it takes, as people call them."""
        return sorted(kind.upper() for kind in kinds_for(self.question))

    @property
    def accept(self) -> str:
        """The same for the browser's own window of files."""
        kinds = sorted(kinds_for(self.question))
        return ",".join([*(f".{kind}" for kind in kinds), *(kind.media_type for kind in kinds)])

    @property
    def megabytes(self) -> float:
        """The most it takes."""
        return round(limit_of(self.question) / MEGABYTE, 1)


FIELDS[QuestionKind.FILE] = FileField
