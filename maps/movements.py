"""Say whether a scan is an arrival or a departure, by the carrier's own code where its list is known."""

from functools import cache

from data.domain.scans import Scan
from data.domain.statuses import Status
from data.reference.status_codes import coded_events

__all__ = ["departs", "event_of", "stands_at"]

NOT_THERE = frozenset({Status.UNKNOWN, Status.PRE_TRANSIT, Status.CANCELLED, Status.DELIVERED, Status.ATTEMPT_FAILED})
"""Stages whose scans do not prove that the parcel stood at the facility they name."""


@cache
def events_by_code() -> dict[tuple[str, str], str]:
    return {(carrier, code): entry.event for entry in coded_events() for carrier, (code, _) in entry.said.items()}


def event_of(scan: Scan, carrier: str) -> str | None:
    """Give the enumerated event of a scan's raw code (``arrived``, ``departed`` …); ``None`` where the code list is not known."""
    return events_by_code().get((carrier, scan.raw_code or ""))


def departs(scan: Scan, carrier: str) -> bool:
    """Say whether a scan says that the parcel left the place it names."""
    return scan.status is Status.OUT_FOR_DELIVERY or event_of(scan, carrier) == "departed"


def stands_at(scan: Scan) -> bool:
    """Say whether a scan proves that the parcel was at the facility it names."""
    return scan.facility_id is not None and scan.status not in NOT_THERE
