"""Make small valid facts for tests; every argument that matters is explicit, the rest is fixed."""

from datetime import UTC, datetime, timedelta

from data.domain.orders import Order, Promise, PromiseKind, Shipment
from data.domain.places import Facility, FacilityKind, Place
from data.domain.scans import Scan
from data.domain.statuses import Status

MONDAY_NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)

MEMPHIS = Place(35.1175, -89.9711, "America/Chicago", "Memphis", "TN", "38118", "US")
BROOKLYN = Place(40.6782, -73.9442, "America/New_York", "Brooklyn", "NY", "11215", "US")


def after(hours: float) -> datetime:
    """Give the instant so many hours after Monday noon UTC."""
    return MONDAY_NOON + timedelta(hours=hours)


def make_facility(facility_id: str = "MEM", place: Place = MEMPHIS, kind: FacilityKind = FacilityKind.HUB) -> Facility:
    return Facility(facility_id, f"{place.city} hub", kind, place)


def make_order(order_id: str = "O1", ordered_at: datetime = MONDAY_NOON, **attributes: float | str | None) -> Order:
    return Order(order_id, ordered_at, "Acme", attributes)


def make_shipment(
    shipment_id: str = "S1", order_id: str = "O1", created_at: datetime = MONDAY_NOON, **attributes: float | str | None
) -> Shipment:
    return Shipment(
        shipment_id,
        order_id,
        "swift",
        "ground",
        created_at,
        BROOKLYN,
        MEMPHIS,
        "MEM",
        tracking_number=f"TN-{shipment_id}",
        distance_km=1780.0,
        planned_minutes=1440.0,
        attributes=attributes,
    )


def make_scan(
    scan_id: str,
    status: Status,
    occurred_at: datetime,
    received_at: datetime | None = None,
    *,
    shipment_id: str = "S1",
    facility_id: str | None = None,
    raw_code: str | None = None,
    raw_text: str | None = None,
    corrects_scan_id: str | None = None,
    voids: bool = False,
) -> Scan:
    return Scan(
        scan_id,
        shipment_id,
        status,
        occurred_at,
        received_at or occurred_at,
        facility_id=facility_id,
        raw_code=raw_code,
        raw_text=raw_text,
        source="test",
        corrects_scan_id=corrects_scan_id,
        voids=voids,
    )


def make_promise(shipment_id: str = "S1", promised_at: datetime | None = None) -> Promise:
    return Promise(f"P-{shipment_id}", shipment_id, PromiseKind.SHOP, promised_at or after(96), MONDAY_NOON)
