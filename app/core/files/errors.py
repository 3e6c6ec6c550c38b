"""Why a file is not taken, said to the person who sends it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError, NotFoundError


class FileRefusedError(DomainError):
    """A file that cannot be kept."""

    message = _l("This file cannot be accepted.")
    status = 422


class EmptyFileError(FileRefusedError):
    """Nothing in it."""

    message = _l("This file is empty. Choose it again, or choose another one.")


class FileTooLargeError(FileRefusedError):
    """More bytes than are taken."""

    message = _l("This file weighs more than %(limit)s MB, the most that can be sent.")


class KindNotAllowedError(FileRefusedError):
    """Its content is of another kind than those asked for."""

    message = _l(
        "This file cannot be accepted: what it holds is not one of the kinds accepted here "
        "(%(kinds)s), whatever its name says."
    )


class BrokenFileError(FileRefusedError):
    """Its content cannot be read to the end."""

    message = _l(
        "This file is damaged: it cannot be opened. Open it on your device, save it again, then "
        "send it."
    )


class LockedFileError(FileRefusedError):
    """It cannot be read without a password."""

    message = _l("This file is protected by a password. Remove the password, then send it again.")


class InflatedFileError(FileRefusedError):
    """It unpacks into far more than it weighs."""

    message = _l("This file unpacks into far too much data. Save it again, then send it.")


class TooMuchTextError(FileRefusedError):
    """More words than one answer can hold."""

    message = _l(
        "This file holds more than %(limit)s characters of text. Send its essential part, or send "
        "it in several parts."
    )


class FileGoneError(NotFoundError):
    """The bytes were deleted, or are not where they should be."""

    message = _l("This file is no longer kept.")
