"""List what happened, newest first: repetitions folded, corrected entries kept and struck through."""

from collections import Counter
from datetime import datetime

from data.domain.journeys import happened_at, in_order
from data.domain.scans import Scan, ZoneBasis
from maps.journey_facts import JourneyFacts
from maps.movements import event_of
from maps.view import EventView

__all__ = ["timeline"]


def same(scan: Scan) -> tuple[object, ...]:
    return scan.status, happened_at(scan), scan.facility_id, scan.raw_code, scan.parcel_id


def timeline(facts: JourneyFacts, seen_at: datetime) -> tuple[EventView, ...]:
    """Give an entry for each distinct scan received by ``seen_at``; messages that only take another one back are not entries."""
    known = {scan.scan_id: scan for scan in facts.scans if scan.received_at <= seen_at}
    corrected = {scan.corrects_scan_id for scan in known.values() if scan.corrects_scan_id}
    shown = sorted((scan for scan in known.values() if not scan.voids), key=in_order)
    counts = Counter((same(scan), scan.scan_id in corrected) for scan in shown)
    entries: dict[tuple[tuple[object, ...], bool], EventView] = {}
    for scan in shown:
        key = (same(scan), scan.scan_id in corrected)
        if key not in entries:
            entries[key] = entry(scan, facts, struck=key[1], repeats=counts[key] - 1)
    return tuple(reversed(entries.values()))


def entry(scan: Scan, facts: JourneyFacts, *, struck: bool, repeats: int) -> EventView:
    facility = facts.facilities.get(scan.facility_id or "")
    return EventView(
        status=scan.status,
        event=event_of(scan, facts.shipment.carrier),
        at=happened_at(scan),
        heard_at=scan.received_at,
        timezone=facts.timezone(scan.facility_id) or facts.shipment.destination.timezone,
        zone_known=scan.zone_basis not in {ZoneBasis.UNKNOWN, ZoneBasis.CARRIER_DEFAULT},
        place=facts.place_words(scan.facility_id),
        facility_kind=facility.kind.value if facility else None,
        carrier_words=scan.raw_text,
        carrier_code=scan.raw_code,
        struck=struck,
        repeats=repeats,
    )
