"""The kinds of files that are taken, told by what files hold and never by their names."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import filetype  # type: ignore[import-untyped]
from PIL import Image, UnidentifiedImageError

from app.core.files import archives
from app.core.files.errors import BrokenFileError, InflatedFileError, LockedFileError
from app.core.files.plain import decode

#: Pixels of the largest picture: a page at 600 dots an inch has a third of them.
_PIXELS = 120_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: A PDF may have some bytes before its header; readers look for it in the first 1,024.
_PDF_HEADER_WITHIN = 1024


class FileKind(StrEnum):
    """A kind of file; the value is its usual extension."""

    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    TXT = "txt"
    JPEG = "jpg"
    PNG = "png"

    @property
    def media_type(self) -> str:
        """The name of the kind in headers."""
        return _MEDIA_TYPES[self]

    @property
    def has_text(self) -> bool:
        """Tell whether words can be read from it."""
        return self in DOCUMENTS


_MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.TXT: "text/plain",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
}
_PICTURES = {"image/jpeg": FileKind.JPEG, "image/png": FileKind.PNG}

DOCUMENTS = frozenset({FileKind.PDF, FileKind.DOCX, FileKind.ODT, FileKind.TXT})
SCANS = frozenset({FileKind.PDF, FileKind.JPEG, FileKind.PNG})


def kind_of_media(media_type: str) -> FileKind | None:
    """Return the kind that a kept file's media type names."""
    return next((kind for kind, name in _MEDIA_TYPES.items() if name == media_type), None)


def find_kind(path: Path) -> FileKind | None:
    """Return the kind of a file by its content, None if it is none of ours.

    :raises FileRefusedError: if it is one of ours, but broken, locked or a bomb.
    """
    with path.open("rb") as source:
        head = source.read(_PDF_HEADER_WITHIN)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _office_kind(path)
    if head.startswith(_OLE):
        _refuse_locked(path)
        return None
    picture = filetype.guess_mime(head)
    if picture in _PICTURES:
        _check_picture(path)
        return _PICTURES[picture]
    if _is_pdf(head):
        return FileKind.PDF
    return FileKind.TXT if decode(path) is not None else None


def _is_pdf(head: bytes) -> bool:
    """Tell a PDF, also behind some stray bytes, from a program with one inside."""
    return b"%PDF-" in head and not head.startswith((b"MZ", b"\x7fELF", b"#!"))


def _office_kind(path: Path) -> FileKind | None:
    """Tell the kinds of archives apart."""
    name = archives.find_document(path)
    return FileKind(name) if name else None


def _refuse_locked(path: Path) -> None:
    """Say of the container of old formats whether it hides a document behind a password.

    :raises LockedFileError: if it does.
    """
    name = "EncryptedPackage".encode("utf-16-le")
    kept = b""
    with path.open("rb") as source:
        while chunk := source.read(1 << 20):
            if name in kept + chunk:
                raise LockedFileError
            kept = chunk[-64:]


def _check_picture(path: Path) -> None:
    """Check that a picture can be opened and is of a reasonable size.

    :raises FileRefusedError: if not.
    """
    try:
        with Image.open(path) as picture:
            width, height = picture.size
            if width * height > _PIXELS:
                raise InflatedFileError
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise BrokenFileError from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InflatedFileError from error
