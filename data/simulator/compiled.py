"""Compile loops with numba.

Compiled code is kept in the user's own cache folder, never inside the package, under a digest of all sources of this room: numba looks only at
the file of the outermost loop, and would go on with old code when an inner one changes. `inner` is for functions that only compiled code calls:
without the wrappers for Python, which unpack every array of every argument, compiling takes half the time.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numba

__all__ = ["inner", "outer"]

P = ParamSpec("P")
R = TypeVar("R")

LIGHT: dict[str, Any] = {"no_cfunc_wrapper": True}  # nobody calls our loops from C; numba's type hints do not know the option
LIGHTER: dict[str, Any] = {**LIGHT, "no_cpython_wrapper": True, "forceinline": True}


def outer(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that Python calls."""
    return kept(function, LIGHT)


def inner(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that only compiled code calls."""
    return kept(function, LIGHTER)


@cache
def cache_folder() -> Path:
    """Give the folder of the compiled code of exactly these sources."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return Path("~/.cache/doorcast/numba").expanduser() / f"simulator-{digest.hexdigest()[:16]}"


def kept(function: Callable[P, R], options: dict[str, Any]) -> Callable[P, R]:
    """Compile into the cache; where the home is not writable, compile in every process."""
    compiled: Callable[P, R]
    settings = vars(numba.config)
    before = settings["CACHE_DIR"]
    settings["CACHE_DIR"] = str(cache_folder())
    try:
        compiled = numba.njit(cache=True, **options)(function)
    except (RuntimeError, OSError):
        compiled = numba.njit(**options)(function)
    finally:
        settings["CACHE_DIR"] = before
    return compiled
