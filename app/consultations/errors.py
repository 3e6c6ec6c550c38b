"""What consultations refuse."""

from __future__ import annotations

from typing import Any

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


class ConditionError(DomainError):
    """A condition that cannot be understood; ``place`` says where in its tree."""

    message: Any = _l("The condition cannot be read (%(place)s).")
    status = 422

    def __init__(self, *, place: str, **values: object) -> None:
        super().__init__(place=place or "/", **values)


class ConditionMalformedError(ConditionError):
    """A part that has not the form of a condition."""


class ConditionTooLargeError(ConditionError):
    """A tree with more branches than anyone could check by eye."""

    message = _l("The condition has too many parts (%(place)s).")


class ConditionPartUnknownError(ConditionError):
    """A word that means nothing in a condition."""

    message = _l("“%(name)s” means nothing in a condition (%(place)s).")


class ConditionOperatorError(ConditionError):
    """A comparison that does not exist."""

    message = _l("“%(name)s” is not a comparison (%(place)s).")


class ConditionQuestionError(ConditionError):
    """A question that does not come before, or does not exist."""

    message = _l("The condition points at “%(key)s”, which is no earlier question (%(place)s).")


class ConditionPatternError(ConditionError):
    """A pattern that is not one, or that could take too long."""

    message = _l("The pattern cannot be used, from “%(part)s” on (%(place)s).")
