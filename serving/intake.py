"""Take scans in: stamp them, understand their codes, make them durable, and say what became of each."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from data.domain.errors import NotFound
from data.domain.orders import Shipment
from data.domain.scans import Scan
from data.domain.statuses import Status
from data.reference.status_codes import status_of
from data.storage.quarantine import Refused
from serving.schemas.scans import ScanIn, ScanResult

if TYPE_CHECKING:
    from datetime import datetime

    from serving.wiring import Wiring

__all__ = ["take_scans"]

UNKNOWN_SHIPMENT = "no shipment with this id is registered: the scan is kept in quarantine; register the shipment (POST /v1/shipments), then send it again."
CONFLICT = "this scan_id is known with other content; what came first stands. Send a correction under a new id with corrects_scan_id."
DUPLICATE = "known already; nothing changed."


@dataclass(frozen=True, slots=True)
class Known:
    """Hold what the store knows of one shipment that a scan names."""

    shipment: Shipment
    scans: dict[str, Scan]


def take_scans(wiring: "Wiring", items: Sequence[ScanIn]) -> list[ScanResult]:
    """Store scans durably and give one result for each, in their order; blocks until they are durable.

    A scan sent again is a duplicate although it is heard at another moment: the first hearing counts. Scans of unknown shipments go
    to quarantine, and so do those in conflict.
    """
    known = {shipment_id: known_of(wiring, shipment_id) for shipment_id in {item.shipment_id for item in items}}
    with wiring.watermark.stamp(known) as received_at:
        scans = [scan_from(item, known[item.shipment_id], received_at) for item in items]
        strangers = [scan for scan in scans if known[scan.shipment_id] is None]
        wiring.store.quarantine.add([Refused("scans", row(scan), "unknown_shipment", UNKNOWN_SHIPMENT, scan.source) for scan in strangers])
        kept = wiring.store.scans.append([scan for scan in scans if known[scan.shipment_id] is not None])
    appended = iter(kept)
    results = []
    for scan in scans:
        if known[scan.shipment_id] is None:
            results.append(result_of(scan, "quarantined"))
        else:
            outcome = next(appended).result
            if outcome == "conflict" and said_the_same(wiring, scan):
                outcome = "duplicate"  # the same scan was sent twice at the same time: only the moments of hearing differ
            results.append(result_of(scan, "accepted" if outcome == "new" else outcome))
    return results


def known_of(wiring: "Wiring", shipment_id: str) -> Known | None:
    try:
        shipment = wiring.store.shipments.get(shipment_id)
    except NotFound:
        return None
    return Known(shipment, {scan.scan_id: scan for scan in wiring.store.scans.of(shipment_id)})


def scan_from(item: ScanIn, known: Known | None, received_at: "datetime") -> Scan:
    """Make the scan; one that is known already keeps the moment of its first hearing and the meaning of its code then."""
    before = known.scans.get(item.scan_id) if known else None
    if item.status is not None:
        status = item.status
    elif before is not None and before.raw_code == item.raw_code:
        status = before.status
    elif known is not None and item.raw_code is not None:
        status = status_of(known.shipment.carrier, item.raw_code)
    else:
        status = Status.UNKNOWN
    fields = item.model_dump(exclude={"status"})
    return Scan(**fields, status=status, received_at=before.received_at if before else received_at)


def said_the_same(wiring: "Wiring", scan: Scan) -> bool:
    """Say whether the store knows this scan with the same content, apart from when it was heard."""
    stored = next((other for other in wiring.store.scans.of(scan.shipment_id) if other.scan_id == scan.scan_id), None)
    return stored is not None and replace(stored, received_at=scan.received_at) == scan


def row(scan: Scan) -> dict[str, object]:
    """Give what is kept of a scan in quarantine; without the moment of hearing, so that sending it again keeps it once."""
    return {name: value for name, value in asdict(scan).items() if name != "received_at"}


def result_of(scan: Scan, result: str) -> ScanResult:
    detail = {"quarantined": UNKNOWN_SHIPMENT, "conflict": CONFLICT, "duplicate": DUPLICATE}.get(result)
    return ScanResult(scan_id=scan.scan_id, shipment_id=scan.shipment_id, result=result, status=scan.status, detail=detail)
