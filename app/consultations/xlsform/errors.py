"""What the reading of a form file refuses."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError


class FormFileError(DomainError):
    """The file is no form."""

    message = _l("This file is not an XLSForm.")
    status = 422


class NotAFormError(FormFileError):
    """It is no spreadsheet, or a broken one."""

    message = _l("This file cannot be read: choose an XLSForm in .xlsx, .xls or .csv.")


class FormTooLargeError(FormFileError):
    """It is larger than any form, or unpacks into too much."""

    message = _l("This file is larger than a form can be.")


class SurveyMissingError(FormFileError):
    """It has no sheet of questions."""

    message = _l("The file has no sheet “survey” with the columns “type” and “name”.")


class InvalidFormError(FormFileError):
    """KoboToolbox and ODK would refuse it as well."""

    message = _l("The form has an error, which KoboToolbox and ODK would refuse too: %(reason)s")
