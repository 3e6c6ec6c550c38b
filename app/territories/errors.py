"""Names of territories that cannot be told, in a row of a file."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.tables.errors import RowRefusedError


class PlaceUnknownError(RowRefusedError):
    """A territory that is not recognised."""

    message = _l("“%(value)s” is not a known territory.")


class PlaceAmbiguousError(RowRefusedError):
    """A name that several territories bear."""

    message = _l(
        "“%(value)s” is the name of several territories (%(codes)s): give the code, or the "
        "province too."
    )


class PlaceElsewhereError(RowRefusedError):
    """Territories of one row that do not lie in one another."""

    message = _l("“%(value)s” does not lie in the territory that the row names otherwise.")
