"""Name what may be new about a shipment."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = ["Update", "UpdateKind"]


class UpdateKind(StrEnum):
    """Say what is new, in the event names of the house."""

    CHECKPOINT_ADDED = "checkpoint.added"
    """At least one scan came that corrects none before it."""
    CHECKPOINT_CORRECTED = "checkpoint.corrected"
    """At least one scan came that corrects or voids one before it."""
    STATUS_CHANGED = "status.changed"
    """The stage of the shipment is another one; corrections may also lead back."""
    DELIVERY_ATTEMPTED = "delivery.attempted"
    """One more attempt to deliver has failed."""
    DELIVERY_COMPLETED = "delivery.completed"
    """The shipment is delivered now and was not before."""
    ETA_REVISED = "eta.revised"
    """The newest forecast is another one than before, or the first."""


@dataclass(frozen=True, slots=True)
class Update:
    """Say that something is new about a shipment, and nothing of what it is: readers fetch that where they have the right to.

    ``sequence`` rises by the order in which updates became readable. ``occurred_at`` is when the newest scan of it happened, or when the
    forecast was made; ``recorded_at`` is when we stored it (both UTC).
    """

    sequence: int
    shipment_id: str
    kind: UpdateKind
    occurred_at: datetime
    recorded_at: datetime
