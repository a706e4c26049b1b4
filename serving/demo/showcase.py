"""Choose the parcel that the demo shows: one with something to see."""

from datetime import datetime

from data.domain.statuses import Status
from data.storage.store import Store
from data.storage.summaries import ShipmentSummary

__all__ = ["choose"]

WORTH_SEEING = (Status.OUT_FOR_DELIVERY, Status.IN_TRANSIT)


def choose(store: Store, *, now: datetime) -> ShipmentSummary | None:
    """Give a shipment in transit with a forecast ahead and the most scans so far; ``None`` when nothing is on its way."""
    moving = [
        summary
        for status in reversed(WORTH_SEEING)
        for summary in store.shipments.list(limit=200, status=status)
        if summary.p50 is not None and summary.p50 > now and summary.lat is not None
    ]
    return max(moving, key=lambda s: (len(store.scans.of(s.shipment_id)), s.shipment_id), default=None)
