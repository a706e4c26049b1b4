"""Wake those who follow shipments when the store has something new about them, whoever wrote it.

One task looks into the store: at once after a commit of this process, and every half second for other processes (an import, another
server). It only wakes; what is new is read from the store by whoever is woken, so order and replay have one source. The task
lives while somebody follows.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import anyio
import structlog

from data.domain.errors import Unavailable
from data.storage.updates import UpdatesRepository

__all__ = ["POLL_SECONDS", "UpdateFeed"]

POLL_SECONDS = 0.5
"""How soon news of another process is seen; looking costs one read at the end of an index (0.2 ms on SQLite)."""

READERS = 4
"""Threads in which all streams read the store; requests have others."""


class UpdateFeed:
    """Hold the followers of each shipment. Belongs to one event loop; `end` may be called from any thread of it."""

    def __init__(self, updates: UpdatesRepository) -> None:
        self._updates = updates
        self._followers: dict[str, set[asyncio.Event]] = {}
        self._task: asyncio.Task[None] | None = None
        self._looking = anyio.CapacityLimiter(1)  # its own thread: pages that wait for a model must not hold it up
        self.readers = anyio.CapacityLimiter(READERS)
        self.ending = False

    @contextmanager
    def following(self, shipment_id: str) -> Iterator[asyncio.Event]:
        """Give an event that is set whenever there may be something new about a shipment, and when the server is about to end.

        Read the store after entering: what was committed before is there, what is committed later sets the event.
        """
        news = asyncio.Event()
        if self.ending:
            news.set()
        self._followers.setdefault(shipment_id, set()).add(news)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._look())
        try:
            yield news
        finally:
            self._leave(shipment_id, news)

    def end(self) -> None:
        """Let every stream end, now and from now on; call it in the event loop, before the server waits for its requests."""
        self.ending = True
        self._wake(frozenset(self._followers))

    def _leave(self, shipment_id: str, news: asyncio.Event) -> None:
        followers = self._followers[shipment_id]
        followers.discard(news)
        if not followers:
            del self._followers[shipment_id]
        if not self._followers and self._task is not None:
            self._task.cancel()
            self._task = None

    def _wake(self, shipment_ids: frozenset[str]) -> None:
        for shipment_id in shipment_ids:
            for news in self._followers.get(shipment_id, ()):
                news.set()

    async def _look(self) -> None:
        loop, committed = asyncio.get_running_loop(), asyncio.Event()

        def tell() -> None:  # in the thread that wrote, which must live on when this loop has ended without a word
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(committed.set)

        leave = self._updates.subscribe(tell)
        last: int | None = None
        try:
            while True:
                committed.clear()
                last = await self._pass_on(last)
                with anyio.move_on_after(POLL_SECONDS):
                    await committed.wait()
        finally:
            leave()

    async def _pass_on(self, last: int | None) -> int | None:
        """Wake whom the news since ``last`` concern, and give how far that was."""
        asked = frozenset(self._followers)
        try:
            newest, concerned = await anyio.to_thread.run_sync(self._updates.since, last or 0, asked, limiter=self._looking)
        except Unavailable as error:
            structlog.get_logger("doorcast.live").warning("updates cannot be read; trying again", reason=str(error))
            return last
        # Whoever came while the store was read may have looked before these news and after that read: they look once more.
        came = frozenset(self._followers) - asked
        started_anew = last is None or newest < last  # the database was put back to an earlier state
        self._wake(frozenset(self._followers) if started_anew else concerned | came)
        return newest
