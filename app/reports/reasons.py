"""Corrections and masks as reasons why a version differs, said alike on every page.

They are counted exactly, for staff and for the public, one or two like a thousand. The rule on
small numbers (:mod:`app.reports.claims.disclosure`) protects groups: the people of a region or of
an actor type, whom a count of few would describe. These counts are of everybody; they tell neither
place nor actor type nor words. What "a few" would keep back follows besides from the open data of
the two versions: a passage masked since stands at the same place with another hash or none (a test
counts them so), and submissions that came or went are told to the unit in the same sentence. An
exact number is one that readers can check.
"""

from __future__ import annotations

from collections.abc import Callable

import flask_babel
from markupsafe import Markup

from app.core.i18n import number
from app.reports.sentences import fill

ngettext: Callable[..., str] = flask_babel.ngettext


def corrected(n: int | None) -> list[Markup]:
    """Say how many answers were corrected; nothing of none, or where it is not known."""
    message = ngettext(
        "%(n)s answer was corrected", "%(n)s answers were corrected", n or 0, n="%(n)s"
    )
    return [fill(message, n=number(n))] if n else []


def masked(n: int | None) -> list[Markup]:
    """Say in how many passages words were masked; nothing of none, or where it is not known."""
    message = ngettext("%(n)s passage was masked", "%(n)s passages were masked", n or 0, n="%(n)s")
    return [fill(message, n=number(n))] if n else []
