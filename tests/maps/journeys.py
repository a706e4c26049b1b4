"""Make journeys in every stage for the tests of maps and pages: Memphis to Brooklyn over Columbus, by road."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

from data.domain.forecasts import Forecast, Reason, Target, Window
from data.domain.orders import Promise, PromiseKind
from data.domain.places import Facility, FacilityKind, Place
from data.domain.routes import Leg
from data.domain.scans import Scan
from data.domain.statuses import Status
from data.reference.roads import route
from maps.assemble import assemble
from maps.journey_facts import JourneyFacts
from maps.view import JourneyView, Line
from tests.makers import MONDAY_NOON, after, make_order, make_promise, make_scan, make_shipment

WAREHOUSE = Facility(
    "WH-MEM", "Memphis warehouse", FacilityKind.WAREHOUSE, Place(35.06, -89.87, "America/Chicago", "Memphis", "TN", "38118", "US")
)
HUB = Facility("HUB-CMH", "Columbus hub", FacilityKind.HUB, Place(39.88, -82.93, "America/New_York", "Columbus", "OH", "43207", "US"))
SORT = Facility(
    "SC-EWR", "Newark sorting centre", FacilityKind.SORT_CENTRE, Place(40.70, -74.16, "America/New_York", "Newark", "NJ", "07114", "US")
)
STATION = Facility(
    "DS-BRK", "Brooklyn station", FacilityKind.DELIVERY_STATION, Place(40.65, -73.94, "America/New_York", "Brooklyn", "NY", "11226", "US")
)
FACILITIES = {facility.facility_id: facility for facility in (WAREHOUSE, HUB, SORT, STATION)}

PLAN = (
    ("WH-MEM", "HUB-CMH", 8, 19),
    ("HUB-CMH", "SC-EWR", 24, 34),
    ("SC-EWR", "DS-BRK", 44, 46),
    ("DS-BRK", None, 53, 57),
)


def by_road(start: tuple[float, float], end: tuple[float, float]) -> Line:
    return route(*start, *end).points


def legs() -> tuple[Leg, ...]:
    return tuple(
        Leg(f"L{number}", "S1", number, start, end, "road", after(leaves), after(arrives), None, MONDAY_NOON)
        for number, (start, end, leaves, arrives) in enumerate(PLAN)
    )


def make_forecast(
    as_of_hours: float,
    start: float,
    median: float,
    end: float,
    *,
    late: float | None = 0.12,
    reasons: tuple[Reason, ...] = (Reason("weather", 3.4), Reason("facility", 1.1), Reason("calendar", -2.2), Reason("progress", -0.7)),
    shipment_id: str = "S1",
) -> Forecast:
    return Forecast(
        f"F-{shipment_id}-{as_of_hours}",
        shipment_id,
        Target.DELIVERED,
        after(as_of_hours),
        after(as_of_hours),
        ((0.1, after(start)), (0.5, after(median)), (0.9, after(end))),
        Window(after(start), after(end), 0.8),
        late,
        reasons,
        "2026-06-01-a",
        "digest",
        "America/New_York",
    )


def scan(number: int, status: Status, hours: float, facility: str | None, code: str, text: str, *, late_minutes: float = 1) -> Scan:  # noqa: PLR0917 - a row of a table
    return make_scan(
        f"scan-{number}",
        status,
        after(hours),
        after(hours) + timedelta(minutes=late_minutes),
        facility_id=facility,
        raw_code=code,
        raw_text=text,
    )


SCANS = (
    scan(1, Status.PRE_TRANSIT, 1, "WH-MEM", "OC", "Shipment information sent"),
    scan(2, Status.ACCEPTED, 6, "WH-MEM", "PU", "Picked up"),
    scan(3, Status.IN_TRANSIT, 8.2, "WH-MEM", "DP", "Left location", late_minutes=12),
    scan(4, Status.IN_TRANSIT, 21.5, "HUB-CMH", "AR", "Arrived at location"),
    scan(5, Status.IN_TRANSIT, 26.1, "HUB-CMH", "DP", "Left location", late_minutes=34),
    scan(6, Status.IN_TRANSIT, 37.4, "SC-EWR", "AR", "Arrived at location"),
    scan(7, Status.IN_TRANSIT, 45.2, "SC-EWR", "DP", "Left location"),
    scan(8, Status.IN_TRANSIT, 47.6, "DS-BRK", "AF", "At local facility"),
    scan(9, Status.OUT_FOR_DELIVERY, 49.5, "DS-BRK", "OD", "On vehicle for delivery"),
)

EARLY = make_forecast(1.5, 50, 57, 66, late=0.05, reasons=())
CHANGED = (EARLY, make_forecast(22, 63, 68, 76))
NARROW = (*CHANGED, make_forecast(50, 50.5, 53, 55.6, late=0.02, reasons=(Reason("progress", -3.0),)))


def end(status: Status, hours: float, code: str, text: str) -> Scan:
    return scan(10, status, hours, "DS-BRK", code, text)


def facts(scans: tuple[Scan, ...], forecasts: tuple[Forecast, ...], **changes: object) -> JourneyFacts:
    promises = (make_promise(promised_at=after(80)), Promise("P-C", "S1", PromiseKind.CARRIER, after(72), after(6)))
    shipment = replace(make_shipment(), destination_facility_id="DS-BRK", origin_facility_id="WH-MEM", tracking_number="7841 2209 5513")
    made = JourneyFacts(shipment, make_order(), scans, legs(), promises, FACILITIES, forecasts)
    return replace(made, **changes)  # type: ignore[arg-type]


def view_at(hours: float, scans: tuple[Scan, ...], forecasts: tuple[Forecast, ...], **changes: object) -> JourneyView:
    return assemble(facts(scans, forecasts, **changes), now=after(hours), router=by_road)


def moments() -> dict[str, tuple[float, tuple[Scan, ...], tuple[Forecast, ...]]]:
    """Give hours, scans and forecasts of each stage a customer can meet."""
    missed = (*SCANS, end(Status.ATTEMPT_FAILED, 53, "DE", "Delivery exception, recipient not available"))
    return {
        "before": (3, SCANS[:1], (EARLY,)),
        "no_forecast": (7, SCANS[:2], ()),
        "moving": (31, SCANS[:5], CHANGED),
        "at_hub": (38.5, SCANS[:6], CHANGED),
        "silent": (44.5, SCANS[:5], CHANGED),
        "out": (51, SCANS, NARROW),
        "now": (54, SCANS, NARROW),
        "overdue": (58, SCANS, NARROW),
        "late": (84, SCANS[:6], (*CHANGED, make_forecast(80, 88, 94, 104, late=1.0))),
        "attempt": (54, missed, (*NARROW, make_forecast(53.2, 70, 76, 79, late=0.1))),
        "pickup": (60, (*missed, scan(11, Status.AVAILABLE_FOR_PICKUP, 58, "DS-BRK", "HL", "Ready for pick-up")), NARROW),
        "held": (50, (*SCANS[:8], end(Status.ON_HOLD, 49, "SE", "Address is incomplete, held")), CHANGED),
        "delivered": (60, (*SCANS, end(Status.DELIVERED, 53.2, "DL", "Delivered, front door")), NARROW),
        "returning": (70, (*missed, scan(11, Status.RETURNING, 66, "DS-BRK", "RS", "Returning to shipper")), NARROW),
        "returned": (
            120,
            (
                *missed,
                scan(11, Status.RETURNING, 66, "DS-BRK", "RS", "Returning to shipper"),
                scan(12, Status.RETURNED, 112, "WH-MEM", "RD", "Returned to shipper"),
            ),
            NARROW,
        ),
        "refused": (54, (*SCANS, end(Status.ATTEMPT_FAILED, 53, "RF", "Refused by recipient")), NARROW[:1]),
        "cancelled": (10, (*SCANS[:1], end(Status.CANCELLED, 9, "CA", "Shipment cancelled")), (EARLY,)),
        "expired": (24 * 40, SCANS[:6], CHANGED),
        "lost": (90, (*SCANS[:6], end(Status.LOST_OR_DESTROYED, 85, "XX", "Package lost")), CHANGED),
    }


@cache
def stages() -> dict[str, JourneyView]:
    """Give one view for each stage a customer can meet."""
    return {stage: view_at(*moment) for stage, moment in moments().items()}
