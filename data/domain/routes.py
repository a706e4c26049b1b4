"""Describe the way: one leg is one movement between two facilities, planned and actual."""

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Leg"]


@dataclass(frozen=True, slots=True)
class Leg:
    """Hold one movement of a shipment.

    ``to_facility_id`` is ``None`` on the leg to the door. Planned times (UTC) were known at ``known_at``. Actual times are read from
    scans and are ``None`` until heard.
    """

    leg_id: str
    shipment_id: str
    sequence: int
    from_facility_id: str | None
    to_facility_id: str | None
    mode: str
    planned_departure_at: datetime | None
    planned_arrival_at: datetime | None
    distance_km: float | None
    known_at: datetime
    actual_departure_at: datetime | None = None
    actual_arrival_at: datetime | None = None
