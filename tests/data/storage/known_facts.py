"""Make small facts that fill every canonical table, for the tests of the store."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import polars as pl

from data.domain.forecasts import Forecast, Reason, Target, Window
from data.domain.scans import Scan
from data.domain.statuses import Status
from data.facts.facts import Facts
from tests.makers import MONDAY_NOON, after, make_scan

NOW = after(100)
"""The clock of stores under test stands still here."""

HOSTILE = [
    "'; DROP TABLE scans; --",
    "{{ 7 * 7 }} ${alert(1)} `x` {%",
    '"quoted", comma\tand\\back\\nslash\r\nand line',
    "\\N",
    "NULL",
    "😀 \u202eright to left\u202c é e\u0301",
    "\u2028\u2029\x01\x1f\x7f\ufeff",
    "x" * 100_000,
    " leading and trailing ",
]
"""Text that breaks somebody somewhere; the store must give each back as it came."""

SCANS = (
    make_scan("E1", Status.ACCEPTED, after(2), facility_id="MEM", raw_code="PU", raw_text="Picked up"),
    make_scan("E2", Status.IN_TRANSIT, after(10), after(11), facility_id="JFK"),
    make_scan("E3", Status.DELIVERED, after(50), after(50.5)),
    make_scan("E4", Status.ACCEPTED, after(3), shipment_id="S2", facility_id="MEM"),
)


def scan_frame(scans: Sequence[Scan]) -> pl.DataFrame:
    return pl.DataFrame([asdict(scan) for scan in scans], infer_schema_length=None)


def known_facts(scans: Sequence[Scan] = SCANS) -> Facts:
    """Give two shipments: S1 (delivered, with everything) and S2 (under way); S3 is new and silent."""
    return Facts.of(
        {
            "facilities": pl.DataFrame(
                {
                    "facility_id": ["MEM", "JFK", "FAR"],
                    "name": ["Memphis hub", "Kennedy station", "Far away"],
                    "kind": ["hub", "delivery_station", "hub"],
                    "lat": [35.1175, 40.6413, None],
                    "lon": [-89.9711, -73.7781, None],
                    "timezone": ["America/Chicago", "America/New_York", None],
                }
            ),
            "orders": pl.DataFrame(
                {
                    "order_id": ["O1", "O2"],
                    "ordered_at": [MONDAY_NOON, after(1)],
                    "merchant": ["Acme", None],
                    "attr_priority": [True, None],
                }
            ),
            "shipments": pl.DataFrame(
                {
                    "shipment_id": ["S1", "S2", "S3"],
                    "order_id": ["O1", "O2", "O2"],
                    "carrier": ["swift", "slow", "swift"],
                    "service": ["ground", "ground", "air"],
                    "created_at": [MONDAY_NOON, after(1), after(2)],
                    "tracking_number": ["TN", "TN", None],
                    "origin_facility_id": ["MEM", "MEM", None],
                    "destination_facility_id": ["JFK", None, None],
                    "destination_lat": [40.6782, None, None],
                    "destination_lon": [-73.9442, None, None],
                    "destination_timezone": ["America/New_York", None, None],
                    "destination_city": ["Brooklyn", None, None],
                    "distance_km": [1780.123456789, None, None],
                    "attr_vehicle": ["bike", None, "van"],
                    "attr_pieces": [3, 1, None],
                    "attr_weight_kg": [0.1, None, 2.0],
                }
            ),
            "parcels": pl.DataFrame({"parcel_id": ["K1"], "shipment_id": ["S1"], "weight_g": [412.5]}),
            "promises": pl.DataFrame(
                {
                    "promise_id": ["P1", "P2", "P3"],
                    "shipment_id": ["S1", "S1", "S2"],
                    "kind": ["shop", "carrier", "shop"],
                    "promised_at": [after(96), after(90), after(40)],
                    "known_at": [MONDAY_NOON, after(3), after(1)],
                }
            ),
            "legs": pl.DataFrame(
                {
                    "leg_id": ["L1", "L2"],
                    "shipment_id": ["S1", "S1"],
                    "sequence": [0, 1],
                    "from_facility_id": ["MEM", "JFK"],
                    "to_facility_id": ["JFK", None],
                    "mode": ["air", "van"],
                    "planned_departure_at": [after(5), after(30)],
                    "planned_arrival_at": [after(9), None],
                    "known_at": [MONDAY_NOON, MONDAY_NOON],
                }
            ),
            "scans": scan_frame(scans) if scans else Facts.of({}).scans,
            "weather_observations": pl.DataFrame(
                {
                    "observation_id": ["W1", "W2", "W3"],
                    "facility_id": ["MEM", "MEM", "FAR"],
                    "observed_at": [after(1), after(24 * 90), after(1)],
                    "available_at": [after(1.5), after(24 * 90), after(1.5)],
                    "snowfall_cm": [0.3, None, 9.0],
                    "humidity_percent": [81.25, None, 100.0],
                    "pressure_hpa": [1002.4, None, 987.654321],
                }
            ),
            "weather_forecasts": pl.DataFrame(
                {
                    "weather_forecast_id": ["V1"],
                    "facility_id": ["JFK"],
                    "issued_at": [after(0)],
                    "available_at": [after(4)],
                    "valid_at": [after(24)],
                    "wind_kph": [55.5],
                    "wind_gust_kph": [88.8],
                    "wind_direction_deg": [337.5],
                }
            ),
            "lane_summaries": pl.DataFrame(
                {
                    "lane_summary_id": ["N1"],
                    "origin_facility_id": ["MEM"],
                    "destination_facility_id": ["JFK"],
                    "shipments": [12],
                    "median_minutes": [1440.5],
                    "known_at": [MONDAY_NOON],
                }
            ),
        }
    )


def make_forecast(
    forecast_id: str = "F1",
    shipment_id: str = "S2",
    as_of: datetime = MONDAY_NOON,
    *,
    made_at: datetime | None = None,
    late_probability: float | None = 0.25,
) -> Forecast:
    return Forecast(
        forecast_id=forecast_id,
        shipment_id=shipment_id,
        target=Target.DELIVERED,
        as_of=as_of,
        made_at=made_at or as_of,
        quantiles=tuple((percent / 100, after(percent + 1 / 3_600_000_000)) for percent in range(5, 100, 5)),
        window=Window(after(10), after(90), 0.8),
        late_probability=late_probability,
        reasons=(Reason("weather", 2.5, ("MEM",)), Reason("history", -0.1)),
        model_version="2026-06-01-a",
        input_digest="d1gest",
        timezone="America/New_York",
    )
