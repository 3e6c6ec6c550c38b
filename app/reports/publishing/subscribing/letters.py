"""Letters to those who want to be told of new versions, in the language that they chose."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.core.i18n import in_language
from app.core.mail import can_be_left, post, post_all, written
from app.core.mail.links import public_url
from app.reports.claims.wording import bare, to_plain
from app.reports.models import Report, ReportSubscription
from app.reports.publishing.feeds import title_of
from app.reports.publishing.listing import changed
from app.reports.publishing.subscribing.operations import mark_of, told

#: Kind of the letters that tell of a version.
VERSION = "reports.version"

can_be_left(VERSION)


def ask_to_confirm(session: Session, row: ReportSubscription, *, now: datetime) -> None:
    """Write the letter by which an address confirms; one for each time it was asked."""
    with in_language(row.lang):
        title = title_of(row.consultation)
        subject = _("Confirm your address")
        body = _(
            "Hello,\n\nSomebody, probably you, asked to be told by e-mail of new versions of the "
            "synthesis of “%(title)s”.\n\nTo confirm, open this page and press the button:\n\n"
            "%(address)s\n\nIf it was not you, do nothing: without an answer, the address is "
            "forgotten in seven days.",
            title=title,
            address=public_url("reports.confirm", token=row.token),
        )
    mark, at = mark_of(row), row.asked_at.date().isoformat()
    post(
        session,
        key=f"reports.confirm:{mark}:{at}",
        kind="reports.confirm",
        to=row.email,
        subject=subject,
        body=body,
        lang=row.lang,
        now=now,
    )


def tell_version(session: Session, report: Report, *, now: datetime) -> int:
    """Write to everybody who wants to hear of a version; posted twice, a letter is one."""
    rows = told(session, report.consultation_id)
    post_all(session, [_telling(report, row, now=now) for row in rows])
    return len(rows)


def _telling(report: Report, row: ReportSubscription, *, now: datetime) -> dict[str, Any]:
    """Write to one of them."""
    consultation = row.consultation
    with in_language(row.lang):
        subject = _(
            "Version %(version)s of the synthesis: %(title)s",
            version=report.label,
            title=title_of(consultation),
        )
        body = _(
            "Hello,\n\nVersion %(version)s of the synthesis of “%(title)s” is published.\n"
            "%(changed)s\n\nRead it here:\n\n%(address)s\n\nEvery version and its open data:\n\n"
            "%(versions)s\n\nTo get no more of these letters and have your address forgotten:\n\n"
            "%(end)s",
            version=report.label,
            title=title_of(consultation),
            changed=bare(to_plain(changed(report))),
            address=public_url("reports.show", slug=consultation.slug, version=report.version),
            versions=public_url("reports.versions", slug=consultation.slug),
            end=public_url("reports.unsubscribe", token=row.token),
        )
    return written(
        key=f"{VERSION}:{mark_of(row)}:{report.id}",
        kind=VERSION,
        to=row.email,
        subject=subject,
        body=body,
        lang=row.lang,
        now=now,
    )
