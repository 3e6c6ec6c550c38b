"""What accounts refuse."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError, NotFoundError


class EmailTakenError(DomainError):
    """Two people cannot sign in with one address."""

    message = _l("Someone already signs in with %(email)s.")
    status = 422


class PersonNotFoundError(NotFoundError):
    """Nobody has that number or address."""

    message = _l("We could not find this person.")


class LastAdministratorError(DomainError):
    """The instance would be left without anybody to administer it."""

    message = _l("At least one active administrator of the whole instance must remain.")
    status = 422


class WeakPasswordError(DomainError):
    """The password is too short."""

    message = _l("A password has at least %(least)s characters.")
    status = 422
