"""Name the fourteen stages of a shipment, in the order of progress."""

from enum import StrEnum

__all__ = ["PROGRESS", "TERMINAL", "ActionRequired", "OnTimeStatus", "Status"]


class Status(StrEnum):
    """Say at which stage a shipment is; never whether it is late and never who must act."""

    UNKNOWN = "unknown"
    PRE_TRANSIT = "pre_transit"
    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPT_FAILED = "attempt_failed"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    ON_HOLD = "on_hold"
    DELIVERED = "delivered"
    RETURNING = "returning"
    RETURNED = "returned"
    LOST_OR_DESTROYED = "lost_or_destroyed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class OnTimeStatus(StrEnum):
    """Say how a shipment stands against one date: the shop's promise or the carrier's."""

    EARLY = "early"
    ON_TIME = "on_time"
    TRENDING_LATE = "trending_late"
    LATE = "late"
    UNKNOWN = "unknown"


class ActionRequired(StrEnum):
    """Say who must act before the shipment moves on."""

    NONE = "none"
    RECIPIENT = "recipient"
    SHIPPER = "shipper"
    CARRIER = "carrier"


PROGRESS: dict[Status, int] = {status: rank for rank, status in enumerate(Status)}
"""Rank of each stage; also its integer code in feature columns."""

TERMINAL: frozenset[Status] = frozenset({Status.DELIVERED, Status.RETURNED, Status.LOST_OR_DESTROYED, Status.CANCELLED})
"""Stages after which no arrival is forecast."""
