"""What consultations refuse."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError, NotFoundError


class ConsultationNotFoundError(NotFoundError):
    """No consultation has that address."""

    message = _l("There is no consultation at this address.")


class DocumentNotFoundError(NotFoundError):
    """The consultation has no such document."""

    message = _l("There is no document at this address.")


class ConsultationFileError(DomainError):
    """The file does not describe a consultation."""

    message = _l("The consultation's file is not right at %(place)s: %(reason)s.")
    status = 422


class QuestionnaireInUseError(DomainError):
    """Answers were given to the questionnaire, which is therefore not changed in place."""

    message = _l("This consultation already has answers: its questions are not changed in place.")
