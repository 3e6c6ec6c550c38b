"""GUIDs of what is exchanged: the same thing has the same one in every export."""

from __future__ import annotations

import re
from uuid import UUID, uuid5

#: All GUIDs that are made here come from this one.
NAMESPACE = UUID("6f2a7c1e-0f5b-5d0e-9a64-3c1f8f5b7d21")

_GUID = re.compile(r"\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?", re.IGNORECASE)


def normal_guid(text: str | None) -> str | None:
    """Return a GUID in small letters without braces, None if the text is none."""
    found = _GUID.fullmatch((text or "").strip())
    return found[1].lower() if found else None


def made_guid(kind: str, key: str) -> str:
    """Return the GUID that stands for a thing without one."""
    return str(uuid5(NAMESPACE, f"{kind}:{key}"))


def guid_of(kind: str, key: str) -> str:
    """Return a thing's GUID: its key when that is one, else one made from it."""
    return key if normal_guid(key) == key else made_guid(kind, key)
