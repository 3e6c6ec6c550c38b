"""The report of refused rows: a table for spreadsheets, and lines for a terminal."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any, Protocol

from flask_babel import gettext as _

from app.core.i18n import language
from app.submissions.imports import errors
from app.submissions.imports.reasons import named, reason_text
from app.submissions.receipts import written


class Refused(Protocol):
    """A refusal, as it was just found or as it was stored."""

    @property
    def row(self) -> int:
        """Number of the row."""

    @property
    def column(self) -> str:
        """Name of the column, or empty."""

    @property
    def value(self) -> str:
        """Beginning of the cell."""

    @property
    def reason(self) -> str:
        """Name of the reason."""

    @property
    def values(self) -> object:
        """What fills the sentence."""


def sentence(refusal: Refused, *, is_isolated: bool = False) -> str:
    """Return why, in the reader's language; pages want its values isolated."""
    values = refusal.values if isinstance(refusal.values, dict) else {}
    return reason_text(refusal.reason, values, language().code, is_isolated=is_isolated)


def line(refusal: Refused) -> str:
    """Return one line for a terminal."""
    said = {"row": refusal.row, "column": refusal.column, "reason": sentence(refusal)}
    if refusal.column:
        return str(_("Row %(row)s, column “%(column)s”: %(reason)s", **said))
    return str(_("Row %(row)s: %(reason)s", **said))


def as_csv(refusals: Iterable[Refused]) -> str:
    """Return the report as CSV that any spreadsheet opens (a mark at its start says UTF-8)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Row"), _("Column"), _("Value"), _("Reason")])
    for refusal in refusals:
        texts = (refusal.column, refusal.value, sentence(refusal))
        writer.writerow([refusal.row, *map(_harmless, texts)])
    return "\ufeff" + out.getvalue()


def receipts_csv(rows: Iterable[Any]) -> str:
    """Return which receipt code each row of a source got, for the source to hand out."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Source"), _("Identifier in the source"), _("Receipt code")])
    for source, source_id, code in rows:
        writer.writerow([_harmless(source or ""), _harmless(source_id or ""), written(code)])
    return "\ufeff" + out.getvalue()


def failure(error: str, *, limit: int = 0) -> str:
    """Say in the reader's language why a job failed, as far as it is something they can mend.

    :param limit: most rows, where too many are the reason.
    """
    name = error.partition(":")[0]
    if name == errors.TooManyRowsError.__name__:
        return errors.TooManyRowsError(limit=limit).text()
    known = named(errors.ImportRefusedError).get(name)
    if known is None or "%(" in str(known.message):
        return str(_("The rows could not be read to the end."))
    return str(known.message)


def _harmless(text: str) -> str:
    """Keep a spreadsheet from computing what somebody typed."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
