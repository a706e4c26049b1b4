"""Compile plain loops with numba, on first call, into a cache in the user's own folder."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

import numba

__all__ = ["CACHE_FOLDER", "compiled", "inlined"]

CACHE_FOLDER = Path("~/.cache/doorcast/numba")
"""Compiled loops are kept here, never inside the package. Numba renews an entry when the loop's own file changes, so a loop and
the small functions that it calls live in one file."""

P = ParamSpec("P")
R = TypeVar("R")


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a small function that compiled loops of the same file call."""
    return cast("Callable[P, R]", numba.njit(function))


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a loop on its first call; no fast-math, so that a row's bits do not depend on the rows beside it."""

    @functools.cache
    def loop() -> Callable[P, R]:
        settings = vars(numba.config)
        before = settings["CACHE_DIR"]
        settings["CACHE_DIR"] = str(CACHE_FOLDER.expanduser())
        try:
            ready = numba.njit(function, cache=True)
        except (RuntimeError, OSError):
            ready = numba.njit(function)  # no writable home: compile in every process
        finally:
            settings["CACHE_DIR"] = before
        return cast("Callable[P, R]", ready)

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return loop()(*args, **kwargs)

    return call
