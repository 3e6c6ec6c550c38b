"""Remembering for a moment what every page asks anew and what seldom changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import current_app

P = ParamSpec("P")
T = TypeVar("T")

#: Answers remembered by one function; beyond, all are asked anew.
_MOST = 500


def for_a_moment(seconds: float) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let a function of few, hashable arguments answer from memory for some seconds.

    Each process remembers for itself. Tests, whose clock and database change under the
    application, always ask anew.
    """

    def remember(function: Callable[P, T]) -> Callable[P, T]:
        """Wrap the function."""
        known: dict[Hashable, tuple[float, T]] = {}

        @wraps(function)
        def answer(*args: P.args, **kwargs: P.kwargs) -> T:
            """Return what is remembered, or ask."""
            if current_app.testing:
                return function(*args, **kwargs)
            key = (args, tuple(sorted(kwargs.items())))
            now = time.monotonic()
            found = known.get(key)
            if found is not None and now - found[0] < seconds:
                return found[1]
            if len(known) >= _MOST:
                known.clear()
            result = function(*args, **kwargs)
            known[key] = (now, result)
            return result

        return answer

    return remember
