"""Keys of what leaves in files: the same thing has the same one in every export."""

from __future__ import annotations

from typing import Literal

from app.themes.exchange.identity import made_guid

Kind = Literal["theme", "answer", "passage"]


def exchange_key(slug: str, kind: Kind, number: int) -> str:
    """Return the key of a theme, an answer or a passage: a version 5 UUID.

    It is made from the consultation's slug and the thing's number, so that a file of another
    consultation, or of another instance, names nothing here.
    """
    return made_guid(kind, f"{slug}:{number}")
