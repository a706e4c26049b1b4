"""Make a small parcel network in a moment: two carriers, three lanes, weekdays that matter, some shipments lost. Seeded."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from data.facts.facts import Facts

START = datetime(2026, 3, 2, tzinfo=UTC)
CITIES = {"MEM": (35.1, -90.0, "America/Chicago"), "EWR": (40.7, -74.2, "America/New_York"), "LAX": (33.9, -118.4, "America/Los_Angeles")}
LANES = (("MEM", "EWR", 1780.0, 40.0), ("MEM", "LAX", 2900.0, 70.0), ("EWR", "LAX", 4500.0, 95.0))
CARRIERS = {"swift": 1.0, "snail": 1.5}


def little_facts(shipments: int = 400, *, days: int = 60, seed: int = 1, slower_from_day: float | None = None) -> Facts:
    """Give canonical facts. Transit is lognormal around the lane's hours times the carrier's factor; one in forty is never heard of again."""
    rng = np.random.default_rng(seed)
    tables = {name: [] for name in ("orders", "shipments", "promises", "scans")}
    for number, day in enumerate(np.sort(rng.uniform(0, days, shipments))):
        sid, created = f"S{number:05d}", START + timedelta(days=float(day))
        origin, destination, km, usual = LANES[rng.integers(len(LANES))]
        carrier = str(rng.choice(list(CARRIERS)))
        slower = 1.6 if slower_from_day is not None and day >= slower_from_day else 1.0
        hours = usual * CARRIERS[carrier] * slower * float(np.exp(rng.normal(0, 0.25)))
        tables["orders"].append({"order_id": f"O{number:05d}", "ordered_at": created - timedelta(hours=2)})
        tables["shipments"].append(
            {
                "shipment_id": sid,
                "order_id": f"O{number:05d}",
                "carrier": carrier,
                "service": "ground",
                "created_at": created,
                "origin_facility_id": origin,
                "destination_facility_id": destination,
                "distance_km": km,
                **ends(origin, destination),
            }
        )
        promised = created + timedelta(hours=usual * 1.6)
        tables["promises"].append(
            {"promise_id": f"P{sid}", "shipment_id": sid, "kind": "shop", "promised_at": promised, "known_at": created}
        )
        lost = rng.random() < 1 / 40
        steps = [("pre_transit", 0.01), ("accepted", 0.08), ("in_transit", 0.4), ("out_for_delivery", 0.93), ("delivered", 1.0)]
        for step, (status, share) in enumerate(steps[:3] if lost else steps):
            at = created + timedelta(hours=hours * share)
            heard = at + timedelta(minutes=float(rng.exponential(20)))
            tables["scans"].append(
                {
                    "scan_id": f"{sid}-{step}",
                    "shipment_id": sid,
                    "status": status,
                    "occurred_at": at,
                    "received_at": heard,
                    "facility_id": destination if share > 0.3 else origin,
                    "source": "test",
                    "zone_basis": "explicit",
                    "voids": False,
                }
            )
    facilities = [
        {"facility_id": name, "name": name, "kind": "hub", "lat": lat, "lon": lon, "timezone": zone, "country": "US"}
        for name, (lat, lon, zone) in CITIES.items()
    ]
    # Facts end where the last label is made: what happened later has not been heard yet.
    end = START + timedelta(days=days)
    tables["scans"] = [scan for scan in tables["scans"] if scan["received_at"] < end]
    return Facts.of({**{name: pl.DataFrame(rows) for name, rows in tables.items()}, "facilities": pl.DataFrame(facilities)})


def ends(origin, destination):
    """Give places of both ends."""
    found = {}
    for prefix, name in (("origin_", origin), ("destination_", destination)):
        lat, lon, zone = CITIES[name]
        found |= {f"{prefix}lat": lat, f"{prefix}lon": lon, f"{prefix}timezone": zone, f"{prefix}city": name, f"{prefix}country": "US"}
    return found


def quick_kinds(monkeypatch):
    """Try only the kinds that take a moment; that every kind is tried has tests of its own."""
    monkeypatch.setattr("training.models.learn.candidate_kinds", lambda problem: ("constant", "lane_table", "daily_hazard"))
