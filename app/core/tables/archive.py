"""What an XLSX file is inside: counted and measured before anything of it is unpacked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from app.core.archives import Limits, Refusals, measured
from app.core.tables import errors

#: Total of the parts, unpacked.
UNPACKED = 200 * 1024 * 1024
#: Size, unpacked, of any part but sheets and their strings: those are read whole.
_OTHER_PART = 20 * 1024 * 1024
#: How many times larger a big part may be unpacked: the most that real sheets reach is about fifty.
_RATIO = 250
_BIG = 10 * 1024 * 1024
#: Most bytes of one row or string: the reader keeps one whole in memory.
_STRETCH = 16 * 1024 * 1024
_CHUNK = 1 << 16
_END = re.compile(rb"</(?:\w{1,8}:)?(?:row|si)>")


def check_archive(path: Path) -> None:
    """Check that a file is an XLSX workbook that unpacks into a reasonable size.

    :raises ImportRefusedError: if not; at most a few hundred kilobytes were read by then.
    """
    with measured(path, _LIMITS, _REFUSALS) as archive:
        parts = archive.infolist()
        _check_kind(archive, {part.filename for part in parts})
        _check_declared(parts)
        for part in parts:
            _measure(archive, part)


def _too_large() -> errors.InflatedWorkbookError:
    """Return the error of a workbook that unpacks into too much."""
    return errors.InflatedWorkbookError(limit=UNPACKED // 1024 // 1024)


_LIMITS = Limits(parts=5_000, unpacked=UNPACKED)
_REFUSALS = Refusals(
    broken=errors.DamagedWorkbookError,
    inflated=_too_large,
    locked=errors.EncryptedWorkbookError,
)


def _check_kind(archive: ZipFile, names: set[str]) -> None:
    """Check that the archive is a workbook in XML."""
    if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:100]:
        raise errors.OpenDocumentError
    if "xl/workbook.bin" in names:
        raise errors.BinaryWorkbookError
    if "EncryptedPackage" in names:
        raise errors.EncryptedWorkbookError
    if "[Content_Types].xml" not in names:
        raise errors.NotATableError(kind="ZIP")
    for folder, kind in (("word/", "DOCX"), ("ppt/", "PPTX")):
        if any(name.startswith(folder) for name in names):
            raise errors.NotATableError(kind=kind)


def _check_declared(parts: list[ZipInfo]) -> None:
    """Check what the directory declares of each part."""
    for part in parts:
        is_large = part.file_size > _BIG and part.file_size > part.compress_size * _RATIO
        if is_large or (part.file_size > _OTHER_PART and not _is_streamed(part.filename)):
            raise _too_large()


def _is_streamed(name: str) -> bool:
    """Tell whether a part holds cells or their strings; pictures are never opened."""
    return name.startswith(("xl/worksheets/", "xl/media/")) or name == "xl/sharedStrings.xml"


def _chunks(archive: ZipFile, part: ZipInfo) -> Iterator[bytes]:
    """Unpack a part piece by piece; never more than it declares, and its checksum is verified."""
    with archive.open(part) as source:
        while chunk := source.read(_CHUNK):
            yield chunk


def _measure(archive: ZipFile, part: ZipInfo) -> None:
    """Check a part's real size and, for cells, that no single row or string fills it."""
    size = stretch = 0
    is_xml = part.filename.endswith(".xml") and _is_streamed(part.filename)
    for chunk in _chunks(archive, part):
        size, stretch = size + len(chunk), stretch + len(chunk)
        if size > part.file_size or (is_xml and stretch > _STRETCH):
            raise _too_large()
        if is_xml and b"\0" in chunk:
            raise errors.DamagedWorkbookError
        if is_xml and (ends := list(_END.finditer(chunk))):
            stretch = len(chunk) - ends[-1].end()
