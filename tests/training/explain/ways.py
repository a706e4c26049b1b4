"""Make one shipment with a plan over two hubs, and scans at chosen hours; hours count from Monday noon UTC."""

import polars as pl

from data.facts.facts import Facts
from tests.makers import after

PLACES = {"WH": (35.0, -90.0, "warehouse"), "HUB": (37.0, -84.0, "hub"), "END": (40.0, -75.0, "delivery_station")}
PLAN = (("WH", "HUB", 6.0, 16.0), ("HUB", "END", 20.0, 32.0), ("END", None, 44.0, 50.0))
CODES = {"label": ("pre_transit", "OC"), "picked_up": ("accepted", "PU"), "arrived": ("in_transit", "AR"), "departed": ("in_transit", "DP"),
         "missorted": ("in_transit", "PL"), "out": ("out_for_delivery", "OD"), "held": ("on_hold", "SE"), "failed": ("attempt_failed", "DE")}  # fmt: skip


def way(*scans, weather=(), plan=PLAN, shipment_id="S1"):
    """Give facts; ``scans`` are (event, facility, hour), ``weather`` (facility, hour, wind_kph)."""
    legs = [
        {"leg_id": f"L{k}", "shipment_id": shipment_id, "sequence": k, "from_facility_id": start, "to_facility_id": end, "mode": "truck",
         "planned_departure_at": after(leaves), "planned_arrival_at": after(reaches), "known_at": after(0)}
        for k, (start, end, leaves, reaches) in enumerate(plan)
    ]  # fmt: skip
    heard = [
        {"scan_id": f"C{k}", "shipment_id": shipment_id, "status": CODES[event][0], "raw_code": CODES[event][1], "facility_id": facility,
         "occurred_at": after(hour), "received_at": after(hour), "source": "test", "zone_basis": "explicit", "voids": False}
        for k, (event, facility, hour) in enumerate(scans)
    ]  # fmt: skip
    seen = [
        {
            "observation_id": f"W{k}",
            "facility_id": facility,
            "observed_at": after(hour),
            "available_at": after(hour),
            "wind_kph": float(wind),
        }
        for k, (facility, hour, wind) in enumerate(weather)
    ]
    tables = {
        "facilities": [
            {"facility_id": name, "name": name, "kind": kind, "lat": lat, "lon": lon, "timezone": "UTC", "country": "US"}
            for name, (lat, lon, kind) in PLACES.items()
        ],
        "orders": [{"order_id": "O1", "ordered_at": after(-1)}],
        "shipments": [
            {"shipment_id": shipment_id, "order_id": "O1", "carrier": "swift", "service": "ground", "created_at": after(0),
             "origin_facility_id": "WH", "destination_facility_id": "END"}
        ],
        "legs": legs,
        "scans": heard,
        "weather_observations": seen,
    }  # fmt: skip
    return Facts.of({name: pl.DataFrame(rows) for name, rows in tables.items() if rows})
