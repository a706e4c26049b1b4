"""Compile loops with numba.

Compiled code is cached beside the sources (or in numba's own cache folder where these are read-only). `inner` is for functions that only
compiled code calls: without the wrappers for Python, which unpack every array of every argument, compiling takes half the time.
"""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import numba

__all__ = ["inner", "outer"]

P = ParamSpec("P")
R = TypeVar("R")

LIGHT: dict[str, Any] = {"no_cfunc_wrapper": True}  # nobody calls our loops from C; numba's type hints do not know the option
LIGHTER: dict[str, Any] = {**LIGHT, "no_cpython_wrapper": True}


def outer(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that Python calls."""
    return kept(function, LIGHT)


def inner(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that only compiled code calls."""
    return kept(function, LIGHTER)


def kept(function: Callable[P, R], options: dict[str, Any]) -> Callable[P, R]:
    """Compile into the cache; where neither the sources nor the home are writable, compile in every process."""
    compiled: Callable[P, R]
    try:
        compiled = numba.njit(cache=True, **options)(function)
    except RuntimeError:
        compiled = numba.njit(**options)(function)
    return compiled
