"""Open streams of updates for the readers of one app."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fastapi import Request
from pydantic import BaseModel

from data.domain.updates import Update
from serving.errors import Refusal
from serving.live.event_stream import EventStream
from serving.live.open_streams import OpenStreams
from serving.live.update_feed import UpdateFeed
from serving.wiring import Wiring

__all__ = ["Live"]


class Live:
    """Hold the feed and the count of open streams; ``request.app.state.live`` in every route. Belongs to the app's event loop."""

    def __init__(self, wiring: Wiring) -> None:
        self._store = wiring.store
        self.feed = UpdateFeed(wiring.store.updates)
        self.streams = OpenStreams(wiring.settings)

    @contextmanager
    def opened(
        self,
        request: Request,
        shipment_id: str,
        *,
        link: str,
        still_allowed: Callable[[], object],
        told: Callable[[Update], BaseModel],
    ) -> Iterator[EventStream]:
        """Hold a stream open until the block ends; see `EventStream` and `OpenStreams.one_more`. Raises a `Refusal` (503) while the server ends."""
        if self.feed.ending:
            raise Refusal(503, "the server is about to end")
        host = request.client.host if request.client else None
        with self.streams.one_more(link=link, host=host), self.feed.following(shipment_id) as news:
            yield EventStream(self._store, self.feed, news, shipment_id, still_allowed, told)

    def end(self) -> None:
        """Let all streams end; call it in the event loop."""
        self.feed.end()
