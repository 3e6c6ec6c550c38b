"""Work shared among threads: the numerical libraries let other threads run while they compute."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import cache
from typing import Any, TypeVar

from threadpoolctl import ThreadpoolController

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Threads at most: the parts are few, and memory is shared by all.
_MOST_THREADS = 4


@cache
def _controller() -> ThreadpoolController:
    """Return what commands the thread pools of the numerical libraries, sought out once."""
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[Any]:
    """Hold the numerical libraries to one thread: sums keep their order, small work is faster."""
    limiter: AbstractContextManager[Any] = _controller().limit(limits=1)
    return limiter


def n_threads() -> int:
    """Return how many threads this process may keep busy."""
    return max(1, min(_MOST_THREADS, len(os.sched_getaffinity(0))))


def in_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Return the result of some work on each item, in order; the results do not depend on timing.

    :raises Exception: what the work on the first failing item raised.
    """
    with ThreadPoolExecutor(max_workers=n_threads()) as pool:
        return list(pool.map(work, items))
