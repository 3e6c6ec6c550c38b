"""What the registry of organisations and their mandates refuse."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError, ForbiddenError, NotFoundError
from app.core.tables.errors import RowRefusedError


class OrganisationNotFoundError(NotFoundError):
    """No such organisation, or none that this reader may see."""

    message = _l("We could not find this organisation.")


class NameMissingError(DomainError):
    """An organisation without any name."""

    message = _l("Give the organisation’s name, in French, in Arabic or in both.")
    status = 422


class NotAnOrganisationError(DomainError):
    """A capacity in which people answer for themselves."""

    message = _l("Choose a type of organisation.")
    status = 422


class PlaceOutsideError(DomainError):
    """A province or commune that lies elsewhere, or does not exist."""

    message = _l("The territories chosen do not lie in one another.")
    status = 422


class RegistrationTakenError(DomainError):
    """Another organisation of the same type bears the registration number."""

    message = _l("“%(name)s” is already in the registry under this registration number.")
    status = 422


class AlreadyKnownError(DomainError):
    """Another organisation of the same type and place bears the name."""

    message = _l("“%(name)s” is already in the registry, in the same place.")
    status = 422


class ReasonMissingError(DomainError):
    """A refusal that says nothing."""

    message = _l("Say why: the organisation will read it.")
    status = 422


class AlreadyDecidedError(DomainError):
    """The same decision, taken again or by somebody else meanwhile."""

    message = _l("This was decided already, on %(day)s.")


class MergeRefusedError(DomainError):
    """Two organisations that cannot become one."""

    message = _l("These two organisations cannot be merged: both have positions or contributions.")


class MandateEndedError(ForbiddenError):
    """A mandate that stood once, or does not stand yet."""

    message = _l("Your mandate for this organisation does not stand today.")


class MandateTooNarrowError(ForbiddenError):
    """A mandate that stands, but for less than this."""

    message = _l("Your mandate does not allow this: ask the organisation’s signatory.")


class OrganisationRefusedError(ForbiddenError):
    """Nobody acts for an organisation that was refused."""

    message = _l("This organisation was not verified, so nobody can act for it here.")


class NotVerifiedError(DomainError):
    """Only a verified organisation signs."""

    message = _l(
        "The regional coordination has not verified this organisation yet, so its position cannot "
        "be signed. The draft is kept."
    )


class DatesReversedError(DomainError):
    """A mandate that ends before it begins."""

    message = _l("The mandate must end after it begins.")
    status = 422


class MandateNotFoundError(NotFoundError):
    """No such mandate in this organisation."""

    message = _l("We could not find this mandate.")


class InvitationGoneError(DomainError):
    """A link that is altered, too old, or was followed already."""

    message = _l(
        "This link is no longer valid: it was already used, or is older than 14 days. Ask whoever "
        "sent it for a new one."
    )
    status = 410


class RegionMissingInRowError(RowRefusedError):
    """A row that names no territory."""

    message = _l("The row does not say where the organisation is.")


class NameMissingInRowError(RowRefusedError):
    """A row without a name."""

    message = _l("The row does not name the organisation.")


class TypeUnknownInRowError(RowRefusedError):
    """A type that is not recognised, or that is not one of organisations."""

    message = _l("“%(value)s” is not a type of organisation.")


class RegionOutOfScopeInRowError(RowRefusedError):
    """A region for which the person who imports does not act."""

    message = _l("Your role does not cover the region of this row.")


class RegistrationTakenInRowError(RowRefusedError):
    """Two organisations under one number."""

    message = _l("“%(name)s” bears the same registration number.")


class CellOverLimitError(RowRefusedError):
    """A cell longer than its column in the registry."""

    message = _l("The text is too long: %(count)s characters; the limit is %(limit)s.")
