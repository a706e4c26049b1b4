"""Choose the parcel that the demo shows: one with something to see."""

from datetime import datetime

from data.domain.statuses import Status
from data.storage.store import Store
from data.storage.summaries import ShipmentSummary

__all__ = ["choose"]

WORTH_SEEING = (Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY, Status.ACCEPTED)
FEWEST_SCANS, MOST_SCANS = 3, 6
"""Scans of a journey that is half done: a way to see behind it and a way to see ahead."""


def choose(store: Store, *, now: datetime) -> ShipmentSummary | None:
    """Give a shipment on its way that is expected in time; ``None`` when nothing is on its way.

    One in transit rather than on the last mile, and of those the one with the most ordinary journey so far.
    """
    for status in WORTH_SEEING:
        moving = [
            (summary, len(store.scans.of(summary.shipment_id)))
            for summary in store.shipments.list(limit=200, status=status)
            if summary.p50 is not None and summary.p50 > now and summary.lat is not None and (summary.late_probability or 0) < 0.5
        ]
        half_done = [pair for pair in moving if FEWEST_SCANS <= pair[1] <= MOST_SCANS]
        if found := max(half_done or moving, key=lambda pair: (pair[1], pair[0].shipment_id), default=None):
            return found[0]
    return None
