"""Mappings that do not hold, and imports that are not there."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError, NotFoundError
from app.core.tables.errors import ImportRefusedError


class MappingError(ImportRefusedError):
    """The way columns go to fields does not hold."""


class ColumnNotFoundError(MappingError):
    """A column that the file does not have."""

    message = _l("The file has no column “%(name)s”. Its columns are: %(columns)s.")


class FieldNotFoundError(MappingError):
    """A field that this consultation does not have."""

    message = _l("“%(name)s” is not a field of this consultation. Its fields are: %(fields)s.")


class FieldTwiceError(MappingError):
    """Two sources for one field."""

    message = _l("The field “%(name)s” is given twice.")


class NothingMappedError(MappingError):
    """No column goes to a question."""

    message = _l("No column goes to a question of the consultation.")


class ActorTypeNotGivenError(MappingError):
    """Nothing says who answers."""

    message = _l(
        "Nothing says who answers: choose the column, or one capacity for all rows (unknown if it "
        "is not known)."
    )


class ValueNotAcceptedError(MappingError):
    """A fixed, default or replacement value that the field does not take."""

    message = _l(
        "The field “%(field)s” does not take the value “%(value)s”. It takes: %(accepted)s."
    )


class FieldNotFilledError(MappingError):
    """Values are replaced in a field that no column fills."""

    message = _l("Values are given for the field “%(name)s”, but no column goes to it.")


class RowsRefusedError(ImportRefusedError):
    """Some rows are refused, so nothing was written."""

    message = _l("Nothing was written. Refused rows: %(refused)s of %(rows)s.")


class UploadGoneError(NotFoundError):
    """The uploaded file has expired, was imported, or is somebody else's."""

    message = _l("This uploaded file is no longer here. Upload it again.")


class BatchNotFoundError(NotFoundError):
    """No import of that number."""

    message = _l("There is no import of that number.")


class ImportUnderWayError(DomainError):
    """Another file is being written into the consultation."""

    message = _l("Another file is being imported into this consultation. Try again when it is in.")


class MappingNotFoundError(NotFoundError):
    """No saved mapping of that name or number in the consultation."""

    message = _l("There is no saved mapping “%(name)s”. Those that are saved: %(known)s.")


class MappingNameMissingError(DomainError):
    """A mapping to be saved without a name."""

    message = _l("Give the mapping a name.")
    status = 422


class MappingNameTakenError(DomainError):
    """Another saved mapping of the consultation has that name."""

    message = _l("Another mapping is named “%(name)s” already.")
    status = 422
