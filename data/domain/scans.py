"""Describe an event of a parcel, with two clocks and the carrier's own words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.domain.errors import InvalidFact
from data.domain.statuses import Status

__all__ = ["EARLIEST", "LATEST", "Scan", "ZoneBasis", "check_instant"]

EARLIEST, LATEST = 1990, 2100
"""Years outside which an instant is a mistake (first carrier web tracking: 1994)."""


class ZoneBasis(StrEnum):
    """Say how the zone of an event's time is known."""

    EXPLICIT = "explicit"
    GMT_FIELD = "gmt_field"
    PLACE = "place"
    FACILITY = "facility"
    CARRIER_DEFAULT = "carrier_default"
    UNKNOWN = "unknown"


def check_instant(name: str, value: datetime) -> datetime:
    """Give the instant back, or raise `InvalidFact` when it has no zone or lies outside 1990..2100."""
    if value.tzinfo is None:
        raise InvalidFact(f"{name} {value.isoformat()} has no offset; add one, such as +00:00.")
    if not EARLIEST <= value.year < LATEST:
        raise InvalidFact(f"{name} {value.isoformat()} must lie in {EARLIEST}..{LATEST}.")
    return value


@dataclass(frozen=True, slots=True)
class Scan:
    """Hold one immutable event.

    ``occurred_at`` is when it happened and ``received_at`` when we heard, both UTC. ``status`` is ``unknown`` when the raw code could
    not be mapped; such a scan never moves a shipment. A scan with ``corrects_scan_id`` replaces that scan, or voids it when
    ``voids`` is true.
    """

    scan_id: str
    shipment_id: str
    status: Status
    occurred_at: datetime
    received_at: datetime
    facility_id: str | None = None
    raw_code: str | None = None
    raw_text: str | None = None
    source: str = "unknown"
    zone_basis: ZoneBasis = ZoneBasis.EXPLICIT
    parcel_id: str | None = None
    corrects_scan_id: str | None = None
    voids: bool = False

    def __post_init__(self) -> None:
        check_instant("occurred_at", self.occurred_at)
        check_instant("received_at", self.received_at)
