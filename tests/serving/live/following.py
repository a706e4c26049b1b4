"""Follow a shipment as a stream does, without the network."""

import asyncio
from collections.abc import Callable

from data.storage.store import Store
from serving.live.event_stream import EventStream
from serving.live.update_feed import UpdateFeed
from serving.schemas.updates import UpdateSign


def nothing() -> None:
    pass


def follow(
    store: Store,
    position: int | None,
    *,
    stop: int | None = None,
    meanwhile: Callable[[], object] = nothing,
    still_allowed: Callable[[], object] = nothing,
    shipment_id: str = "S1",
    feed: UpdateFeed | None = None,
    seconds: float = 5,
) -> list[tuple[str | None, str | None, object]]:
    """Give (event, id, data) of what is told until ``stop`` events came or the stream ended; ``meanwhile`` runs once after the first."""

    async def run() -> list[tuple[str | None, str | None, object]]:
        used = feed or UpdateFeed(store.updates)
        told: list[tuple[str | None, str | None, object]] = []
        with used.following(shipment_id) as news:
            stream = EventStream(
                store, used, news, shipment_id, still_allowed, lambda update: UpdateSign(sequence=update.sequence, type=update.kind.value)
            )
            async for event in stream.events(position):
                told.append((event.event, event.id, {"type": event.data.type} if isinstance(event.data, UpdateSign) else event.data))
                if len(told) == 1:
                    await asyncio.to_thread(meanwhile)
                if len(told) == stop:
                    break
        return told

    return asyncio.run(asyncio.wait_for(run(), seconds))
