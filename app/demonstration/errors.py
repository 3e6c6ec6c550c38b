"""What the demonstration refuses."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError


class NotADemonstrationError(DomainError):
    """Accounts with known passwords must not enter an instance that serves people."""

    message = _l("Only an instance started with TACHAWOR_PROFILE=demo takes the demonstration.")
