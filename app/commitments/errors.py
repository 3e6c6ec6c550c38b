"""What "my contribution" refuses."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.errors import NotFoundError


class CodeNotFoundError(NotFoundError):
    """No contribution has the code."""

    message = _l(
        "No contribution has this code. Compare it with your receipt: eight letters and digits, "
        "without 0, 1, I, L or O."
    )
