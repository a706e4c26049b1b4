"""Keep forecasts from overlooking a scan that is just being written.

A scan is stamped with the moment it was heard before it is durable. A forecast made in between would carry a later moment, and the
rule "a shipment waits for a forecast while it has a scan newer than its latest forecast" would lose the scan. So a forecast of a
shipment looks at the facts from just before the oldest stamp of that shipment still being written.
"""

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

__all__ = ["Watermark"]


class Watermark:
    """Stamp what is heard, and know the oldest stamp of each shipment that is not durable yet."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._writing: dict[object, tuple[datetime, frozenset[str]]] = {}

    @contextmanager
    def stamp(self, shipment_ids: Collection[str]) -> Iterator[datetime]:
        """Give the present instant as the moment of hearing, and hold the watermark of these shipments below it until the block ends."""
        ticket, concerned = object(), frozenset(shipment_ids)
        with self._lock:  # reading the clock and taking note are one step: see seen_at
            received_at = self._clock()
            self._writing[ticket] = received_at, concerned
        try:
            yield received_at
        finally:
            with self._lock:
                del self._writing[ticket]

    def seen_at(self, shipment_ids: Collection[str]) -> datetime:
        """Give the newest moment, at most now, up to which nothing heard of these shipments is still being written."""
        with self._lock:
            now = self._clock()
            oldest = min((at for at, concerned in self._writing.values() if not concerned.isdisjoint(shipment_ids)), default=None)
        return now if oldest is None else min(now, oldest - timedelta(microseconds=1))

    def writing(self) -> frozenset[str]:
        """Name the shipments of which something is being written; whoever writes it sees to their forecasts."""
        with self._lock:
            return frozenset().union(*(concerned for _, concerned in self._writing.values()))
