"""Give every repository the same two doors: a consistent read, and a durable write."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection

from data.storage.engine import Engines
from data.storage.trouble import reachable
from data.storage.writer import Answer, Writer

__all__ = ["Database"]

T = TypeVar("T")
P = TypeVar("P")


class Database:
    """Hold the engines and the writer of one store."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._listeners: tuple[Callable[[], None], ...] = ()
        self._lock = threading.Lock()
        self._writer = Writer(engines, on_updates=self._tell)

    @property
    def engine_name(self) -> str:
        """Give ``sqlite`` or ``postgresql``."""
        return self._engines.reader.dialect.name

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open one snapshot: all statements inside see the same state. Raises `Unavailable` when the database is away."""
        with reachable("read"), self._engines.reader.connect() as connection:
            if self.engine_name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run work in a transaction shared with others; give its result once it is durable."""
        return self._writer.run(work)

    def write_merged(self, handle: Callable[[Connection, Sequence[P]], Sequence[Answer[T]]], payload: P) -> T:
        """Let one handler work for many callers at once, see `Writer.run_merged`."""
        return self._writer.run_merged(handle, payload)

    def on_updates(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call a listener after every commit that left updates, in the writer's thread; the result takes it away again."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def leave() -> None:
            with self._lock:
                self._listeners = tuple(other for other in self._listeners if other is not listener)

        return leave

    def close(self) -> None:
        """Finish waiting writes and close every connection."""
        self._writer.close()
        self._engines.dispose()

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
