"""Keep what must outlive a process: the calls already spent, and answers that need not be asked for again.

One SQLite file, shared by all processes of one machine. It holds nothing that could not be fetched again, so it may be deleted at any time.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from data.domain.errors import Unavailable

__all__ = ["Kept"]

WAIT_SECONDS: Final = 10.0

TABLES: Final = """
CREATE TABLE IF NOT EXISTS spendings (service TEXT NOT NULL, at REAL NOT NULL, weight REAL NOT NULL);
CREATE INDEX IF NOT EXISTS spendings_by_time ON spendings (service, at);
CREATE TABLE IF NOT EXISTS answers (request TEXT PRIMARY KEY, fetched_at REAL NOT NULL, until REAL NOT NULL, body BLOB NOT NULL);
"""


class Kept:
    """Hold the connection; safe to share between threads. Without a path everything is forgotten on close."""

    def __init__(self, path: Path | None = None) -> None:
        """Open or make the file. Raises `Unavailable` when it cannot be read or written."""
        self._name = "memory" if path is None else str(path)
        self._lock = threading.Lock()
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # The rollback journal: write-ahead logs of Debian's SQLite 3.40 can corrupt a file that several processes write.
            self._connection = sqlite3.connect(
                ":memory:" if path is None else path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._connection.executescript(TABLES)
        except (sqlite3.Error, OSError) as error:
            raise self._broken(error) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection within one transaction that no other process can interleave with."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                except BaseException:
                    self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise self._broken(error) from error

    def close(self) -> None:
        """Close the file; closing twice is fine."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _broken(self, error: Exception) -> Unavailable:
        return Unavailable(f"the memory of outside calls ({self._name}) cannot be used: {error}; it may be deleted without loss.")
