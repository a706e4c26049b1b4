"""Let one process at a time change a registry, and nobody read it half-changed."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.domain.errors import Unavailable

__all__ = ["locked"]


@contextmanager
def locked(folder: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the registry's lock: exclusively for a change, shared for a reading. Waits; the system frees it when a process dies.

    Raises `Unavailable` when the folder cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Unavailable(
            f"the registry of models {folder} cannot be locked ({error.strerror}); check that it is a folder you may write to."
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
