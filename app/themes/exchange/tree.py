"""Codes as a tree: put in order, checked for loops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.themes.exchange import errors
from app.themes.exchange.remarks import RemarkKind, Remarks
from app.themes.exchange.values import Code

#: How deep codes may stand under one another.
LEVELS = 40
#: How many codes a codebook may have.
N_CODES = 20_000


def check_tree(codes: Sequence[Code], remarks: Remarks) -> None:
    """Check that codes can be written as a tree.

    :raises ExchangeRefusedError: if there is none, two have one key, or one stands above itself.
    """
    if not codes:
        raise errors.NoCodeError
    known: dict[str, Code] = {}
    for code in codes:
        if code.key in known:
            raise errors.GuidTwiceError(guid=code.key)
        known[code.key] = code
        if not (code.name_fr or code.name_ar):
            raise errors.CodeNameMissingError(guid=code.key)
    for code in codes:
        if code.parent is not None and code.parent not in known:
            remarks.add(RemarkKind.PARENT_UNKNOWN, code.name_fr or code.name_ar)
        _check_line(code, known)


def _check_line(code: Code, known: dict[str, Code]) -> None:
    """Check that going up from a code ends."""
    seen, above = {code.key}, known.get(code.parent or "")
    while above is not None:
        if above.key in seen:
            raise errors.ParentLoopError(name=code.name_fr or code.name_ar)
        seen.add(above.key)
        if len(seen) > LEVELS:
            raise errors.TooDeepError(limit=LEVELS)
        above = known.get(above.parent or "")


def children_of(codes: Sequence[Code]) -> dict[str | None, list[Code]]:
    """Return the codes under each key; those at the top are under None."""
    known = {code.key for code in codes}
    under: dict[str | None, list[Code]] = {}
    for code in codes:
        under.setdefault(code.parent if code.parent in known else None, []).append(code)
    return under


def in_order(codes: Sequence[Code]) -> Iterator[Code]:
    """Yield codes, each before those under it."""
    under = children_of(codes)
    waiting = list(reversed(under.get(None, [])))
    while waiting:
        code = waiting.pop()
        yield code
        waiting.extend(reversed(under.get(code.key, [])))
