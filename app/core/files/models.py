"""The table of kept files."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.core.db import Instant, Key, Model


class StoredFile(Model):
    """A file that was sent: its bytes are in the instance's folder under a random name."""

    __tablename__ = "stored_files"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size_not_negative"),
        CheckConstraint("length(sha256) = 64", name="sha256_form"),
        CheckConstraint(
            "text_state IN ('none', 'read', 'empty', 'unreadable')", name="text_state_is_known"
        ),
    )

    id: Mapped[Key]
    #: Random name on disk and in addresses; tells nothing of the content.
    token: Mapped[str] = mapped_column(String(64), unique=True)
    #: The name it had where it came from, shown and offered for download, never used as a path.
    name: Mapped[str] = mapped_column(String(255))
    #: What the content is, whatever the name says.
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    #: SHA-256 of the bytes, hexadecimal.
    sha256: Mapped[str] = mapped_column(String(64))
    n_pages: Mapped[int | None]
    #: ``none``: a picture; ``empty``: no words in it (a scan); ``unreadable``: broken or locked.
    text_state: Mapped[str] = mapped_column(String(16), default="none")
    #: The words, pages one after the other.
    text: Mapped[str | None] = deferred(mapped_column(Text))
    #: Offset in ``text`` (code points) at which each page begins.
    page_starts: Mapped[list[int]] = mapped_column(JSON, default=list)
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    #: When the bytes and the text were deleted; the row remembers that the file was.
    deleted_at: Mapped[Instant | None]
