"""Tell one reader what is new about one shipment, from where it left off, until there is no more to tell."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TypeVar

import anyio
from fastapi.sse import ServerSentEvent
from pydantic import BaseModel

from data.domain.errors import NotFound, Unavailable
from data.domain.statuses import TERMINAL
from data.domain.updates import Update
from data.storage.store import Store
from serving.live.update_feed import UpdateFeed

__all__ = ["EventStream", "position_of"]

T = TypeVar("T")

CHECK_SECONDS = 5.0
"""How soon a link that was revoked or has expired loses its open streams."""
LINGER_SECONDS = 600.0
"""How long a stream stays open after the journey has ended: a correction or a return may come, but seldom."""
RETRY_MILLISECONDS = (1_000, 2_000)
"""When a browser comes back after a cut, spread so that a restarted server is not asked by all at the same moment."""
MOST_REPLAYED = 200
"""More missed updates than this are told as one reset."""


def position_of(text: str | None) -> int | None:
    """Read a Last-Event-ID: the sequence number of the last update seen. -1 for text that is none of ours, so that the reader starts anew."""
    if text is None or not text.strip():
        return None
    told = text.strip()
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 18 else -1


@dataclass(frozen=True)
class EventStream:
    """Hold what a stream works with.

    ``news`` is this reader's event of the feed, see `UpdateFeed.following`. ``still_allowed`` raises `NotFound` once the reader may not follow any more; ``told`` makes the data of an event.
    """

    store: Store
    feed: UpdateFeed
    news: asyncio.Event
    shipment_id: str
    still_allowed: Callable[[], object]
    told: Callable[[Update], BaseModel]

    async def events(self, position: int | None) -> AsyncIterator[ServerSentEvent]:
        """Give the updates after a position, then each as it comes; without a position only what comes.

        ``ready`` comes first. An update is a message with its sequence number as id. ``reset`` says that updates were missed which are not kept: read anew what is
        shown. ``end`` is the last event and says why: ``link`` or ``journey``; do not come back. A stream that ends without it ended
        because the server does: come back with the last id.
        """
        try:
            last, missed = await self._read(self._start, position)
            retry = random.randint(*RETRY_MILLISECONDS)  # noqa: S311  # spreads load, keeps no secret
            # A page trusts the stream from here on: a proxy that holds answers back would hold this one back too.
            yield ServerSentEvent(event="ready", id=str(last), retry=retry, data={"sequence": last})
            if missed:
                yield ServerSentEvent(event="reset", id=str(last), data={"sequence": last})
            closes_at = await self._read(self._closes_at)
            while not self.feed.ending:
                self.news.clear()
                await self._read(self.still_allowed)
                fresh = await self._read(self._after, last)
                for update in fresh:
                    last = update.sequence
                    yield ServerSentEvent(id=str(last), data=self.told(update))
                if fresh:
                    closes_at = await self._read(self._closes_at)
                if time.monotonic() >= closes_at:
                    yield ServerSentEvent(event="end", data={"reason": "journey"})
                    return
                await self._wait()
        except NotFound:
            yield ServerSentEvent(event="end", data={"reason": "link"})
        except Unavailable:
            return  # the database is away: the reader comes back, and meanwhile asks for the page

    def _start(self, position: int | None) -> tuple[int, bool]:
        """Give where to tell from, and whether something was missed that cannot be told."""
        updates = self.store.updates
        if position is None:
            return updates.newest(), False
        newest = updates.newest()  # before the look at what was missed: what comes in between is told twice rather than never
        if (
            not updates.reaches_back_to(position)
            or len(updates.of(self.shipment_id, after=position, limit=MOST_REPLAYED + 1)) > MOST_REPLAYED
        ):
            return newest, True
        return position, False

    def _after(self, last: int) -> tuple[Update, ...]:
        return self.store.updates.of(self.shipment_id, after=last)

    def _closes_at(self) -> float:
        """Give when the stream ends by the monotonic clock, counted from now; never for a journey that goes on."""
        ended = self.store.shipments.summary(self.shipment_id).status in TERMINAL
        return time.monotonic() + LINGER_SECONDS if ended else float("inf")

    async def _wait(self) -> None:
        """Wait for news, at most until the next look at what the reader may see."""
        with anyio.move_on_after(CHECK_SECONDS):
            await self.news.wait()

    async def _read(self, ask: Callable[..., T], *arguments: object) -> T:
        """Ask the store in a thread that only streams use."""
        return await anyio.to_thread.run_sync(ask, *arguments, limiter=self.feed.readers)
