"""Rows that cannot enter, each for a reason that its class names."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.tables.errors import RowRefusedError


class RequiredCellError(RowRefusedError):
    """Nothing in a column that goes to a required question."""

    message = _l("This question is required and the cell is empty.")


class NothingAnsweredError(RowRefusedError):
    """A row that answers no question."""

    message = _l("No question is answered in this row.")


class NotAskedError(RowRefusedError):
    """An answer to a question that was not asked, given the others."""

    message = _l("This question is not asked of someone who gave the other answers of this row.")


class ActorTypeUnknownError(RowRefusedError):
    """A capacity that is not recognised."""

    message = _l("“%(value)s” is not a known capacity.")


class ActorTypeEmptyError(RowRefusedError):
    """A row that does not say who answers."""

    message = _l("The row does not say who answers.")


class PlaceNotConsultedError(RowRefusedError):
    """A territory that this consultation does not cover."""

    message = _l("This consultation does not cover the region of “%(value)s”.")


class PlaceOutOfScopeError(RowRefusedError):
    """A territory for which the person who imports does not act."""

    message = _l("Your role does not cover the region of this row.")


class DateUnknownError(RowRefusedError):
    """Something that does not read as a date."""

    message = _l(
        "“%(value)s” is not a date. Write 2022-02-18 or 18/02/2022, with the time or without it."
    )


class DateInFutureError(RowRefusedError):
    """A date that has not come yet."""

    message = _l("The date %(value)s has not come yet.")


class LanguageUnknownError(RowRefusedError):
    """A language that the interface does not have."""

    message = _l("“%(value)s” is not a known language: write fr, ar or en.")


class TextTooLongError(RowRefusedError):
    """A name or an identifier over its limit."""

    message = _l("The text is too long: %(count)s characters; the limit is %(limit)s.")


class IdentityMissingError(RowRefusedError):
    """An empty identifier."""

    message = _l("The identifier of the row is empty.")


class IdentityConflictError(RowRefusedError):
    """Two rows of one file with one identifier and different contents."""

    message = _l("Row %(row)s has the same identifier and another content.")


class AlreadyDifferentError(RowRefusedError):
    """A row imported before with another content."""

    message = _l("A row with this identifier was imported before with another content.")


class RejectedInSourceError(RowRefusedError):
    """An answer that the reviewers of its source did not keep."""

    message = _l("The source itself has rejected this answer (“%(value)s”).")


class NeverSentError(RowRefusedError):
    """An answer that its author began and never sent."""

    message = _l("This answer was begun in the source and never sent.")
