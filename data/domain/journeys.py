"""Fold a set of scans into the journey as it was seen at any moment.

The fold is over a *set*: order of arrival, duplicates and late news of the same scans give the same journey. Only scans
received by the moment count, so a journey of the past can be rebuilt exactly.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.domain.outcomes import Outcome
from data.domain.scans import Scan
from data.domain.statuses import PROGRESS, TERMINAL, Status

__all__ = ["EXPIRES_AFTER", "POSSESSION", "Journey", "as_seen", "outcome_of"]

EXPIRES_AFTER = timedelta(days=30)
"""Silence after which an open shipment counts as expired (AfterShip's rule; news revives it)."""

POSSESSION = frozenset(Status) - {
    Status.UNKNOWN,
    Status.PRE_TRANSIT,
    Status.CANCELLED,
    Status.EXPIRED,
}
"""Stages which prove that the carrier has the parcel."""


@dataclass(frozen=True, slots=True)
class Journey:
    """Hold what was known of a shipment at ``seen_at`` (UTC).

    ``checkpoints`` are the effective scans in order of happening: corrected ones replaced, voided ones and repetitions left out.
    ``unmapped`` counts scans whose code nobody could map; they never move the stage.
    """

    seen_at: datetime
    status: Status
    status_since: datetime | None
    checkpoints: tuple[Scan, ...]
    possession_at: datetime | None
    delivered_at: datetime | None
    last_heard_at: datetime | None
    last_facility_id: str | None
    failed_attempts: int
    unmapped: int
    repetitions: int


def happened_at(scan: Scan) -> datetime:
    """Give when a scan happened: a clock that runs ahead cannot report from the future, so never after it was received."""
    return min(scan.occurred_at, scan.received_at)


def in_order(scan: Scan) -> tuple[datetime, int, str]:
    """Give the total order of scans: time of happening, then progress of the stage, then id."""
    return happened_at(scan), PROGRESS[scan.status], scan.scan_id


def effective(scans: Iterable[Scan], seen_at: datetime) -> tuple[tuple[Scan, ...], int]:
    """Give the scans that stand at a moment, in order of happening, and how many repetitions were folded away."""
    known = {scan.scan_id: scan for scan in scans if scan.received_at <= seen_at}
    replaced = {scan.corrects_scan_id for scan in known.values()} - {None}
    standing = sorted(
        (scan for scan in known.values() if scan.scan_id not in replaced and not scan.voids),
        key=in_order,
    )
    seen: set[tuple[object, ...]] = set()
    kept: list[Scan] = []
    for scan in standing:
        same = (
            scan.status,
            happened_at(scan),
            scan.facility_id,
            scan.raw_code,
            scan.parcel_id,
        )
        if same not in seen:
            seen.add(same)
            kept.append(scan)
    return tuple(kept), len(standing) - len(kept)


def next_status(status: Status, scan: Scan) -> Status:
    """Give the stage after one more scan in order of happening.

    An end stays an end, except that a delivered parcel may start to return and a returning one may be returned.
    """
    if scan.status is Status.UNKNOWN:
        return status
    if status is Status.DELIVERED and scan.status not in {
        Status.RETURNING,
        Status.RETURNED,
    }:
        return status
    if status in TERMINAL - {Status.DELIVERED}:
        return status
    return scan.status


def as_seen(scans: Iterable[Scan], seen_at: datetime) -> Journey:
    """Fold the scans received by ``seen_at`` into a journey."""
    checkpoints, repetitions = effective(scans, seen_at)
    status, since = Status.UNKNOWN, None
    possession_at = delivered_at = heard_at = facility_id = None
    attempts = 0
    for scan in checkpoints:
        moved = next_status(status, scan)
        if moved is not status:
            status, since = moved, happened_at(scan)
        if possession_at is None and scan.status in POSSESSION:
            possession_at = happened_at(scan)
        if delivered_at is None and scan.status is Status.DELIVERED:
            delivered_at = happened_at(scan)
        attempts += scan.status is Status.ATTEMPT_FAILED
        facility_id = scan.facility_id or facility_id
        heard_at = scan.received_at if heard_at is None else max(heard_at, scan.received_at)
    if status not in TERMINAL and heard_at and seen_at - heard_at > EXPIRES_AFTER:
        status, since = Status.EXPIRED, heard_at + EXPIRES_AFTER
    return Journey(
        seen_at=seen_at,
        status=status,
        status_since=since,
        checkpoints=checkpoints,
        possession_at=possession_at,
        delivered_at=delivered_at,
        last_heard_at=heard_at,
        last_facility_id=facility_id,
        failed_attempts=attempts,
        unmapped=sum(scan.status is Status.UNKNOWN for scan in checkpoints),
        repetitions=repetitions,
    )


def outcome_of(shipment_id: str, scans: Iterable[Scan], seen_at: datetime) -> Outcome | None:
    """Give how the shipment ended, as known at ``seen_at``; ``None`` while it is open.

    The end counts from the scan that brought the shipment into its terminal stage.
    """
    checkpoints, _ = effective(scans, seen_at)
    status, ending = Status.UNKNOWN, None
    for scan in checkpoints:
        moved = next_status(status, scan)
        if moved is not status:
            status, ending = moved, scan
    if ending is None or status not in TERMINAL:
        return None
    return Outcome(shipment_id, status, happened_at(ending), ending.received_at)
