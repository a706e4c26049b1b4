"""Let one writer at a time into a SQLite file, across threads and processes, in the order of coming.

SQLite before 3.51.3 may corrupt a WAL that two connections write or checkpoint at the same instant, so every write
transaction and checkpoint of Doorcast happens behind this lock. The database's own busy timeout stays on as a second fence.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.domain.errors import Unavailable

__all__ = ["Turnstile"]

POLL_SECONDS = 0.002


class Turnstile:
    """Hold two advisory locks beside the database: who waits stands in the gate, who writes is inside.

    A bulk import that goes in and out many times must queue at the gate each time, so another process gets its turn.
    """

    def __init__(self, database: Path, *, patience_seconds: float) -> None:
        self._gate_path = database.with_name(f"{database.name}-gate")
        self._inside_path = database.with_name(f"{database.name}-writer")
        self._patience_seconds = patience_seconds

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Wait for the turn and hold it; raises `Unavailable` when patience ends."""
        deadline = time.monotonic() + self._patience_seconds
        inside = None
        gate = self._take(self._gate_path, deadline)
        try:
            inside = self._take(self._inside_path, deadline)
        finally:
            os.close(gate)
        try:
            yield
        finally:
            os.close(inside)

    def _take(self, path: Path, deadline: float) -> int:
        # A fresh descriptor each time: flock belongs to the open file, so threads of one process exclude each other too,
        # and the system releases it when a process dies.
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unavailable(f"{path} cannot be opened ({error.strerror}); check that its folder is one you may write to.") from error
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    os.close(descriptor)
                    raise Unavailable(
                        f"another process has been writing {path} for more than {self._patience_seconds:g} s; try again later."
                    ) from None
                time.sleep(POLL_SECONDS)
            else:
                return descriptor
