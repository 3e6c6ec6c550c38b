"""Who may call what: the one table that the application is held to.

A line is an endpoint, then for each method who passes: ``EVERYONE``, ``SIGNED_IN`` or a set of roles.
An endpoint that is not here fails the tests, and so does one here that is gone.
"""

from __future__ import annotations

from app.core.access import Role

EVERYONE = "everyone"
SIGNED_IN = frozenset(Role)
ADMIN = frozenset({Role.ADMINISTRATOR})
ANALYSTS = frozenset({Role.ADMINISTRATOR, Role.ANALYST})
ENTRY = frozenset({Role.ADMINISTRATOR, Role.ANALYST, Role.DATA_ENTRY})

Passes = str | frozenset[Role]

TABLE: dict[str, dict[str, Passes]] = {
    "static": {"GET": EVERYONE},
    "language.entrance": {"GET": EVERYONE},
    "security.login": {"GET": EVERYONE, "POST": EVERYONE},
    "security.logout": {"POST": EVERYONE},
    "security.change_password": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "accounts.index": {"GET": ADMIN},
    "accounts.create": {"GET": ADMIN, "POST": ADMIN},
    "accounts.edit": {"GET": ADMIN, "POST": ADMIN},
    "accounts.audit": {"GET": ADMIN},
}
