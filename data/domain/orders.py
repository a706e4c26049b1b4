"""Describe what was bought and how it is sent: order, shipment, parcel, promise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from data.domain.places import Place

__all__ = ["Attributes", "Order", "Parcel", "Promise", "PromiseKind", "Shipment"]

Attributes = Mapping[str, float | str | None]
"""Declared columns of the user's own (vehicle, weight, rating …): numbers or categories, known from creation on."""


class PromiseKind(StrEnum):
    """Say whose date it is."""

    SHOP = "shop"
    CARRIER = "carrier"


@dataclass(frozen=True, slots=True)
class Order:
    """Hold what a customer bought, in one go, from one merchant. ``ordered_at`` is UTC."""

    order_id: str
    ordered_at: datetime
    merchant: str | None = None
    attributes: Attributes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shipment:
    """Hold one consignment given to one carrier.

    Times are UTC. ``distance_km`` is the routed distance and ``planned_minutes`` the undisturbed travel time from origin to
    destination, where somebody (a router, a timetable) gave them.
    """

    shipment_id: str
    order_id: str
    carrier: str
    service: str
    created_at: datetime
    destination: Place
    origin: Place = field(default_factory=Place)
    origin_facility_id: str | None = None
    destination_facility_id: str | None = None
    tracking_number: str | None = None
    distance_km: float | None = None
    planned_minutes: float | None = None
    attributes: Attributes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parcel:
    """Hold one box of a shipment. Grams and centimetres."""

    parcel_id: str
    shipment_id: str
    weight_g: float | None = None
    length_cm: float | None = None
    width_cm: float | None = None
    height_cm: float | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """Hold a date given to the customer: by the shop (never changes by itself) or by the carrier (may be revised).

    ``promised_at`` is the last instant (UTC) at which the parcel still counts as on time; ``known_at`` is when we heard of it.
    """

    promise_id: str
    shipment_id: str
    kind: PromiseKind
    promised_at: datetime
    known_at: datetime
