"""Feeds of published versions, for readers of feeds (Atom, RFC 4287)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import flask_babel

from app.consultations.models import Consultation
from app.core.i18n import localized
from app.core.mail.links import public_url
from app.reports.claims.wording import bare, to_plain
from app.reports.models import Report
from app.reports.publishing.listing import changed

_: Callable[..., str] = flask_babel.gettext

#: Versions that a feed lists.
MOST = 50
_SPACE = "http://www.w3.org/2005/Atom"


def atom(reports: Sequence[Report], consultation: Consultation | None, lang: str) -> bytes:
    """Return a feed.

    :param consultation: whose versions they are; None for those of all.
    """
    feed = Element("feed", {"xmlns": _SPACE, "xml:lang": lang})
    if consultation is None:
        title, own = _("Synthesis reports"), public_url("reports.feed_all")
        page, since = public_url("site.home"), None
    else:
        title = _("Synthesis: %(title)s", title=title_of(consultation))
        own = public_url("reports.feed", slug=consultation.slug)
        page = public_url("reports.versions", slug=consultation.slug)
        since = consultation.opens_at
    _text(feed, "title", title)
    _text(feed, "id", own)
    SubElement(feed, "link", {"rel": "self", "href": own, "type": "application/atom+xml"})
    SubElement(feed, "link", {"rel": "alternate", "href": page, "type": "text/html"})
    _text(feed, "updated", _instant(max((one.published_at for one in reports), default=since)))
    author = SubElement(feed, "author")
    _text(author, "name", _("Ministry of Solidarity, Social Inclusion and Family"))
    for report in reports:
        _entry(feed, report)
    indent(feed)
    content: bytes = tostring(feed, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + content + b"\n"


def title_of(consultation: Consultation) -> str:
    """Return a consultation's title as plain text."""
    title = localized(consultation.title)
    return str(title.striptags() if hasattr(title, "striptags") else title)


def _entry(feed: Element, report: Report) -> None:
    """Add a version."""
    consultation = report.consultation
    address = public_url("reports.show", slug=consultation.slug, version=report.version)
    entry = SubElement(feed, "entry")
    named = _(
        "%(title)s: version %(version)s of the synthesis",
        title=title_of(consultation),
        version=report.label,
    )
    _text(entry, "title", named)
    # The same entry in every language: known by the address in French.
    known = public_url("reports.show", lang="fr", slug=consultation.slug, version=report.version)
    _text(entry, "id", known)
    SubElement(entry, "link", {"rel": "alternate", "href": address, "type": "text/html"})
    _text(entry, "published", _instant(report.published_at))
    _text(entry, "updated", _instant(report.published_at))
    _text(entry, "summary", bare(to_plain(changed(report))))


def _text(parent: Element, name: str, text: str) -> None:
    """Add an element with words."""
    SubElement(parent, name).text = text


def _instant(instant: datetime | None) -> str:
    """Write an instant."""
    return instant.isoformat() if instant else "1970-01-01T00:00:00+00:00"
