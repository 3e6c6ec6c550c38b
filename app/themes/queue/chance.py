"""Chance that can be repeated: which passages fall to a draw, and whose turn a passage is."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast

_PRIME = 2_147_483_647
_FACTOR, _SHIFT, _TWIST = 1_103_515_245, 907_633_409, 69_069


def number_of(*parts: object) -> int:
    """Return a number that these parts alone decide, evenly spread over 32 bits."""
    words = ":".join(str(part) for part in parts)
    return int.from_bytes(blake2b(words.encode(), digest_size=4).digest())


def shuffled(column: Any, salt: int) -> ColumnElement[int]:
    """Return an expression that orders rows by chance, always the same for one salt.

    Two rounds of multiplying modulo a prime, the second of them squared: both databases agree, and
    neither the order in which texts came nor their region shows in it.
    """
    number = cast(column, BigInteger)
    once = (number * _FACTOR + (_SHIFT + salt % 1_000_000)) % _PRIME
    twice: ColumnElement[int] = (once * once + once * _TWIST) % _PRIME
    return twice


def owner_of(passage_id: int, people: Iterable[int]) -> int | None:
    """Return to whom of the people at work a passage falls; None if there is nobody.

    Everybody works it out alike, so that nothing has to be reserved: the same passage falls to one
    person as long as the same people are at work.
    """
    return max(people, key=lambda person: number_of("owner", person, passage_id), default=None)
