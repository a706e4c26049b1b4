"""Write through one thread, so that many callers share one commit.

Each caller blocks until its work is durable. The work of each caller runs in a savepoint of its own: when it fails, it alone is
undone and it alone hears of it. Work of the same kind that arrives together may be merged into one pass over the database.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from data.domain.errors import DoorcastError, Unavailable
from data.storage.engine import Engines
from data.storage.noting import begin_noting, noting, write_noted
from data.storage.trouble import as_trouble, breaks_transaction, is_deadlock, reachable

__all__ = ["Answer", "Writer"]

T = TypeVar("T")
P = TypeVar("P")
Answer: TypeAlias = T | DoorcastError
"""What a merged handler gives for each caller: a result, or the error that this caller alone shall hear."""

MOST_JOBS_PER_COMMIT = 1024
MOST_ATTEMPTS = 5
"""How often work is tried that another process keeps locking out: each job locks in order, but jobs that share a commit do not."""


@dataclass(frozen=True, slots=True)
class _Job:
    handle: Callable[[Connection, Sequence[Any]], Sequence[Any]]
    payload: Any
    merges: bool
    answer: Future[Any] = field(default_factory=Future)


def _call_each(connection: Connection, works: Sequence[Callable[[Connection], Any]]) -> Sequence[Any]:
    return [work(connection) for work in works]


class Writer:
    """Own the only writing connection of this process."""

    def __init__(self, engines: Engines, *, on_updates: Callable[[], None] = lambda: None) -> None:
        self._engines = engines
        self._on_updates = on_updates
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="doorcast-writer", daemon=True)
        self._thread.start()

    def run(self, work: Callable[[Connection], T]) -> T:
        """Run the work in the next transaction and give its result once it is durable; raises what the work raised."""
        result: T = self._submit(_Job(_call_each, work, merges=False))
        return result

    def run_merged(self, handle: Callable[[Connection, Sequence[P]], Sequence[Answer[T]]], payload: P) -> T:
        """Let ``handle`` work on this payload together with those of other callers that wait at the same time.

        ``handle`` gives one answer for each payload, in order, and stores nothing for a payload that it answers with an error.
        """
        result: T = self._submit(_Job(handle, payload, merges=True))
        return result

    def close(self) -> None:
        """Finish the waiting work and stop; later calls raise `Unavailable`."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        self._thread.join()

    def _submit(self, job: _Job) -> Any:
        if threading.current_thread() is self._thread:
            raise RuntimeError("work that runs in the writer asked the writer to wait for itself; use its connection instead")
        with self._closing:
            if self._closed:
                raise Unavailable("the store is closed; open it again.")
            self._jobs.put(job)
        return job.answer.result()

    def _serve(self) -> None:
        while (first := self._jobs.get()) is not None:
            jobs, last = self._waiting(first)
            self._commit(jobs)
            if last:
                return

    def _waiting(self, first: _Job) -> tuple[list[_Job], bool]:
        jobs = [first]
        while len(jobs) < MOST_JOBS_PER_COMMIT:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return jobs, True
            jobs.append(job)
        return jobs, False

    def _commit(self, jobs: list[_Job], attempt: int = 1) -> None:
        answers: list[Any] = []
        updates = 0
        try:
            with reachable("written"), self._engines.turn(), self._engines.writer.begin() as connection:
                begin_noting(connection)
                # Only neighbours are merged, so that work happens in the order in which it was asked for.
                for (handle, merges), group in groupby(jobs, key=lambda job: (job.handle, job.merges)):
                    answers += self._attempt(connection, handle, [job.payload for job in group], merges=merges)
                updates = write_noted(connection)
        except BaseException as error:  # noqa: BLE001  # every waiting caller must hear of it, and the thread must live on
            answers, updates = [error] * len(jobs), 0
        again: list[_Job] = []
        for job, answer in zip(jobs, answers, strict=True):
            if attempt < MOST_ATTEMPTS and is_deadlock(answer):
                again.append(job)
            elif isinstance(answer, BaseException):
                job.answer.set_exception(answer)
            else:
                job.answer.set_result(answer)
        if updates:
            self._on_updates()
        for job in again:
            self._commit([job], attempt + 1)

    def _attempt(
        self,
        connection: Connection,
        handle: Callable[[Connection, Sequence[Any]], Sequence[Any]],
        payloads: list[Any],
        *,
        merges: bool,
    ) -> list[Any]:
        if not merges and len(payloads) > 1:
            return [answer for payload in payloads for answer in self._attempt(connection, handle, [payload], merges=False)]
        try:
            with noting(connection), connection.begin_nested():
                return list(handle(connection, payloads))
        except DBAPIError as error:
            if breaks_transaction(error):  # nobody in this commit can be acknowledged
                raise
            failure = as_trouble(error, "written")
        except Exception as error:  # noqa: BLE001  # goes to the caller whose work it was
            failure = error
        if len(payloads) == 1:
            return [failure]
        return [answer for payload in payloads for answer in self._attempt(connection, handle, [payload], merges=merges)]
