"""What publication and verification refuse."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError


class FileBrokenError(DomainError):
    """A file of the open data cannot be read."""

    message = _l("%(name)s cannot be read: %(why)s.")
    status = 422


class NoOpenDataError(DomainError):
    """What was given to be verified is no open data of a report."""

    message = _l("%(path)s is no copy of the open data of a report: %(why)s.")
    status = 422


class OpenDataMismatchError(DomainError):
    """The open data made for a version do not prove it."""

    message = _l("Nothing was published: the open data do not prove the report. %(what)s")


class LinkEndedError(DomainError):
    """A subscription's address was used up or never stood."""

    message = _l("This address is no longer valid: there is no subscription behind it.")
    status = 404
