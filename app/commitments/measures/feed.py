"""The public's measures as an Atom feed: an entry each, dated by its last change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from app.commitments.measures import labels
from app.commitments.models import Measure, MeasureState

_ATOM = "http://www.w3.org/2005/Atom"
register_namespace("", _ATOM)


def feed_of(
    measures: Iterable[Measure],
    *,
    title: str,
    author: str,
    lang: str,
    own: str,
    page: str,
    address_of: Callable[[Measure], str],
    is_late: Callable[[Measure], bool],
    since: datetime,
) -> bytes:
    """Return the feed, the last change first.

    :param own: the feed's address; ``page`` is that of the list.
    :param since: the feed's date while it has no entry.
    """
    found = sorted(measures, key=lambda one: (one.updated_at, one.id), reverse=True)
    root = Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": lang})
    _say(root, "id", page)
    _say(root, "title", title)
    _say(root, "updated", _stamp(found[0].updated_at if found else since))
    _say(SubElement(root, f"{{{_ATOM}}}author"), "name", author)
    SubElement(root, f"{{{_ATOM}}}link", {"rel": "self", "href": own})
    SubElement(root, f"{{{_ATOM}}}link", {"rel": "alternate", "href": page})
    for measure in found:
        entry = SubElement(root, f"{{{_ATOM}}}entry")
        address = address_of(measure)
        _say(entry, "id", address)
        _say(entry, "title", labels.text_of(measure.title))
        _say(entry, "published", _stamp(measure.created_at))
        _say(entry, "updated", _stamp(measure.updated_at))
        SubElement(entry, f"{{{_ATOM}}}link", {"rel": "alternate", "href": address})
        state = str(labels.STATES[MeasureState(measure.state)])
        late = labels.late_word() if is_late(measure) else ""
        said = " – ".join(filter(None, (state, late, labels.text_of(measure.description))))
        _say(entry, "summary", said)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _say(parent: Element, name: str, text: str) -> None:
    """Add an element with a text."""
    SubElement(parent, f"{{{_ATOM}}}{name}").text = text


def _stamp(instant: datetime) -> str:
    """Write an instant as feeds do."""
    return instant.isoformat(timespec="seconds")
