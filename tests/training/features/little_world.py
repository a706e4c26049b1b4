"""Make a little parcel network with every kind of dirt, reproducible by its seed."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from data.domain.statuses import Status
from data.facts.facts import Facts
from data.facts.moments import Moments

FIRST_DAY = datetime(2026, 3, 2, tzinfo=UTC)
WAY = (Status.PRE_TRANSIT, Status.ACCEPTED, Status.IN_TRANSIT, Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY, Status.DELIVERED)
DIRT = (Status.UNKNOWN, Status.ATTEMPT_FAILED, Status.ON_HOLD, Status.RETURNING, Status.CANCELLED)
WEATHER = (
    "temperature_c",
    "precipitation_mm",
    "snowfall_cm",
    "wind_kph",
    "visibility_km",
    "humidity_percent",
    "pressure_hpa",
    "wind_gust_kph",
    "wind_direction_deg",
)
LEAST = {"pressure_hpa": 1000.0}


def hour(hours: float) -> datetime:
    """Give the instant so many hours after the first day began (UTC), on the microsecond."""
    return FIRST_DAY + timedelta(microseconds=round(hours * 3_600_000_000))


def little_world(seed: int = 1, shipments: int = 60, days: int = 25) -> Facts:
    """Make facts of some shipments among five facilities, with late, repeated, corrected and impossible scans and off-hour weather."""
    rng = np.random.default_rng(seed)
    places = [("MEM", 35.1, -90.0), ("ORD", 41.9, -87.9), ("DEN", 39.8, -104.7), ("JFK", 40.6, -73.8), ("LAX", None, None)]
    zones = ["America/Chicago", "America/Chicago", "America/Denver", "America/New_York", None]
    facilities = [
        {
            "facility_id": f,
            "name": f,
            "kind": "hub",
            "lat": lat,
            "lon": lon,
            "timezone": z,
            "region": f[:1],
            "country": "US",
            "postal_code": f"{n}8118",
        }
        for n, ((f, lat, lon), z) in enumerate(zip(places, zones, strict=True))
    ]
    ids = [f["facility_id"] for f in facilities]
    orders, sent, boxes, promises, legs, scans = [], [], [], [], [], []
    for n in range(shipments):
        name, created = f"S{n:03d}", float(rng.uniform(0, days * 24))
        origin, via, end = rng.choice(5, 3, replace=False)
        orders.append(
            {"order_id": f"O{n}", "ordered_at": hour(created - rng.uniform(-3, 20)), "merchant": f"shop {n % 3}", "attr_value": float(n)}
        )
        sent.append(
            {
                "shipment_id": name,
                "order_id": f"O{n}",
                "carrier": ["swift", "slow"][n % 2],
                "service": ["ground", "air"][n % 3 == 0],
                "created_at": hour(created),
                "origin_facility_id": ids[origin],
                "destination_facility_id": ids[end] if n % 4 else None,
                "destination_lat": 40.0 + rng.normal(),
                "destination_lon": -74.0 + rng.normal(),
                "destination_timezone": ["America/New_York", "Asia/Kathmandu", "nowhere", None][n % 4],
                "destination_region": f"R{n % 3}",
                "destination_country": ["US", "BR", None][n % 3],
                "destination_postal_code": f"{n % 7}1215",
                "distance_km": 500.0 + n if n % 3 else None,
                "planned_minutes": 1000.0 + n if n % 2 else None,
                "attr_rider": f"rider {n % 15}",
                "attr_fragile": bool(n % 2),
                "attr_deadline": hour(created + 40),
            }
        )
        boxes += [{"parcel_id": f"{name}/{b}", "shipment_id": name, "weight_g": float(rng.uniform(100, 9000))} for b in range(n % 3)]
        promises.append(
            {
                "promise_id": f"{name}/p",
                "shipment_id": name,
                "kind": "shop",
                "promised_at": hour(created + 96),
                "known_at": hour(created + (0, 1, 2, 3, 150)[n % 5]),
            }
        )
        promises += [
            {
                "promise_id": f"{name}/{c}",
                "shipment_id": name,
                "kind": "carrier",
                "promised_at": hour(created + 70 + c),
                "known_at": hour(created + 20 * c),
            }
            for c in range(n % 4)
        ]
        for revision in range(1 + (n % 5 == 0)):
            for s, (a, b) in enumerate(((origin, via), (via, end), (end, None))):
                start = created + 10 + 20 * s + 5 * revision
                legs.append(
                    {
                        "leg_id": f"{name}/{s}/{revision}",
                        "shipment_id": name,
                        "sequence": s,
                        "from_facility_id": ids[a],
                        "to_facility_id": None if b is None else ids[b],
                        "mode": ["truck", "van"][s == 2],
                        "planned_departure_at": hour(start),
                        "planned_arrival_at": hour(start + 15),
                        "distance_km": 300.0,
                        "known_at": hour(created + 30 * revision),
                    }
                )
        scans += scans_of(rng, n, created, [ids[origin], ids[via], ids[end]])
    return Facts.of(
        {
            "facilities": pl.DataFrame(facilities),
            "orders": pl.DataFrame(orders),
            "shipments": pl.DataFrame(sent),
            "parcels": pl.DataFrame(boxes),
            "promises": pl.DataFrame(promises),
            "legs": pl.DataFrame(legs),
            "scans": pl.DataFrame(scans, infer_schema_length=None),
            "weather_observations": observations(rng, ids[:3], days),
            "weather_forecasts": forecasts(rng, ids[:4], days),
            "lane_summaries": pl.DataFrame(
                {
                    "lane_summary_id": ["a", "b"],
                    "origin_facility_id": ["MEM", "ORD"],
                    "destination_facility_id": ["ORD", "JFK"],
                    "shipments": [7, 2],
                    "median_minutes": [900.0, 1500.0],
                    "median_planned_minutes": [700.0, None],
                    "distance_km": [800.0, 1200.0],
                    "known_at": [hour(50), hour(100)],
                }
            ),
        }
    )


def scans_of(rng: np.random.Generator, n: int, created: float, way: list[str]) -> list[dict[str, object]]:
    """Make the scans of one shipment: most in order, some late, corrected, voided, repeated, ahead of the clock or unmapped."""
    stops = [None, way[0], way[1], way[2], way[2], None]
    scans: list[dict[str, object]] = []
    at = created
    for s, (status, stop) in enumerate(zip(WAY, stops, strict=True)):
        if n % 7 == 0 and s == 5:
            break
        at += float(rng.exponential(14))
        name = f"S{n:03d}/{s}"
        heard = max(at + float(rng.choice([0, 0, 0.2, 30])) + (-2 if rng.random() < 0.1 else 0), created)
        happened = at + (5 if rng.random() < 0.1 else 0)
        scans.append(scan(name, n, status, happened, heard, stop, f"code {s}"))
        if rng.random() < 0.2:
            scans.append(scan(f"{name}r", n, status, happened, heard + 3, stop, f"code {s}"))
        if rng.random() < 0.2:
            scans.append(scan(f"{name}d", n, DIRT[int(rng.integers(len(DIRT)))], at + 1, at + 2, stop, None))
        if rng.random() < 0.2:
            scans.append(scan(f"{name}c", n, status, happened + 1, heard + 6, stop, None, corrects=name, voids=bool(rng.random() < 0.5)))
    return scans


def scan(  # noqa: PLR0917 - a row of a table, in the order of its columns
    scan_id: str,
    n: int,
    status: Status,
    at: float,
    heard: float,
    stop: str | None,
    code: str | None,
    *,
    corrects: str | None = None,
    voids: bool = False,
) -> dict[str, object]:
    return {
        "scan_id": scan_id,
        "shipment_id": f"S{n:03d}",
        "status": str(status),
        "occurred_at": hour(at),
        "received_at": hour(heard),
        "facility_id": stop,
        "raw_code": code,
        "source": "test",
        "zone_basis": "explicit",
        "corrects_scan_id": corrects,
        "voids": voids,
    }


def observations(rng: np.random.Generator, ids: list[str], days: int) -> pl.DataFrame:
    """Make weather measured off the hour and published some minutes later."""
    rows = [(f, h + 0.87) for f in ids for h in range(0, days * 24, 2)]
    frame = {
        "observation_id": [f"{f}@{h}" for f, h in rows],
        "facility_id": [f for f, _ in rows],
        "observed_at": [hour(h) for _, h in rows],
        "available_at": [hour(h + 0.4) for _, h in rows],
    }
    return pl.DataFrame(frame | {name: LEAST.get(name, 0.0) + rng.uniform(0, 20, len(rows)) for name in WEATHER})


def forecasts(rng: np.random.Generator, ids: list[str], days: int) -> pl.DataFrame:
    """Make runs every twelve hours, published three hours later, for every third hour of two days; the same hour is forecast anew each time."""
    rows = [(f, run, lead) for f in ids for run in range(0, days * 24, 12) for lead in range(0, 49, 3)]
    frame = {
        "weather_forecast_id": [f"{f}@{run}+{lead}" for f, run, lead in rows],
        "facility_id": [f for f, _, _ in rows],
        "issued_at": [hour(run) for _, run, _ in rows],
        "available_at": [hour(run + 3.1) for _, run, _ in rows],
        "valid_at": [hour(run + lead) for _, run, lead in rows],
    }
    return pl.DataFrame(frame | {name: LEAST.get(name, 0.0) + rng.uniform(0, 20, len(rows)) for name in WEATHER})


def moments_in(facts: Facts, seed: int = 2, each: int = 4) -> Moments:
    """Choose moments of every shipment: some at the very instant of a receipt, some in between, some after everything."""
    rng = np.random.default_rng(seed)
    heard = facts.scans.group_by("shipment_id").agg(pl.col("received_at"))
    by_id = {row["shipment_id"]: [at.replace(tzinfo=UTC) for at in row["received_at"]] for row in heard.iter_rows(named=True)}
    ids, at = [], []
    for row in facts.shipments.sort("shipment_id").iter_rows(named=True):
        created = row["created_at"]
        choices = [created, *by_id.get(row["shipment_id"], [])]
        for _ in range(each):
            moment = choices[int(rng.integers(len(choices)))] + timedelta(hours=float(rng.choice([0, 0, 7.3, 55, 300])))
            ids.append(row["shipment_id"])
            at.append(int((max(moment, created) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)))
    order = rng.permutation(len(ids))
    return Moments(np.array(ids, dtype=object)[order], np.array(at, dtype=np.int64)[order])
