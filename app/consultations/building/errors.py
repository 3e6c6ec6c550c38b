"""What the writing of a questionnaire refuses."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError, NotFoundError


class NoDraftVersionError(NotFoundError):
    """There is no version being written."""

    message = _l("No version of this questionnaire is being written.")


class SectionNotFoundError(NotFoundError):
    """The draft has no such section."""

    message = _l("This section is no longer in the version being written.")


class QuestionNotFoundError(NotFoundError):
    """The draft has no such question."""

    message = _l("This question is no longer in the version being written.")


class PublishedVersionError(DomainError):
    """A published version was about to be changed."""

    message = _l("A published version does not change: write a new version of it.")


class ChangedMeanwhileError(DomainError):
    """Somebody else changed the same thing since the page was shown."""

    message = _l(
        "Somebody else has changed this since you opened the page. What you typed is below; what "
        "is kept now stands beside it. Save again to put yours in its place."
    )


class KeyTakenError(DomainError):
    """Another question of the version has that key."""

    message = _l("Another question has the key “%(key)s”.")
    status = 422


class BadKeyError(DomainError):
    """The key cannot be one."""

    message = _l(
        "A key begins with a letter and has only letters without accents, digits and “_”, 40 at "
        "most; “actor_type” and “organisation” are taken."
    )
    status = 422


class SectionNotEmptyError(DomainError):
    """A section that still has questions was to be deleted."""

    message = _l("Move or delete the questions of this section first.")


class NotPublishableError(DomainError):
    """Something has to be mended first."""

    message = _l("This version cannot be published yet: see what is to be corrected.")
    status = 422


class NotConfirmedError(DomainError):
    """There are remarks that have not been accepted."""

    message = _l("Tick the box to publish in spite of the remarks.")
    status = 422


class NothingChangedError(DomainError):
    """The draft says what the published version says."""

    message = _l("This version is the same as the one being answered: there is nothing to publish.")
    status = 422
