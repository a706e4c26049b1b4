"""Read the flights out of New York in 2013 as a stand-in for carrier legs: one flight is one shipment, two hours before its departure.

``time_hour`` is UTC, every other time a local HHMM number: departures in New York, arrivals in the zone of the destination. The promise
is the planned arrival + 15 minutes. A departure is heard when it happens. An arrival is heard at departure + air time + 25 minutes (the protocol), but
never before it happened. Cancelled and diverted flights have no arrival; they stand in ``ended_otherwise``. The tail number is not read: it
is that of the aircraft which really flew. y is the arrival delay, so it counts from the planned arrival.
"""

from pathlib import Path

import polars as pl

from data.facts.facts import Facts
from data.sources.datasets.dataset import Dataset, Defect, Task, moments_frame
from data.sources.datasets.files import Files
from data.sources.datasets.nycflights13_airports import KM_PER_MILE, airports, weather
from data.sources.datasets.nycflights13_times import ZONE, timed

__all__ = ["TASK", "read"]

TASK = Task("nycflights13", "minutes", ("two_hours_before",), time_ordered=True, timezone=ZONE)

TEXT, NUMBER, WHOLE = pl.String(), pl.Float64(), pl.Int64()
BEFORE = pl.duration(hours=2)
PLANNED = pl.duration(days=1)
"""How long before its departure a flight counts as known; a convention, the set does not say when a flight was put on sale."""
ON_TIME = pl.duration(minutes=15)


def read(folder: Path, *, static: Path | None = None) -> Dataset:
    """Read the folder; ``static`` may hold airports and weather. Raises `InvalidTable` without the flights."""
    files = Files(folder, static)
    required = dict.fromkeys(("year", "month", "day", "sched_dep_time", "sched_arr_time", "flight"), WHOLE)
    names = dict.fromkeys(("carrier", "origin", "dest"), TEXT)
    optional = {"time_hour": TEXT, **dict.fromkeys(("dep_delay", "arr_delay", "air_time", "distance", "dep_time", "arr_time"), NUMBER)}
    raw = files.rows("flights.parquet", {**required, **names}, optional)
    whole = (
        raw.drop_nulls([*required, *names]).with_columns(shipment_id=_flight_id()).unique("shipment_id", keep="first", maintain_order=True)
    )
    observations, weather_defects = weather(files)
    places, place_defects = airports(files, pl.concat([whole["origin"], whole["dest"], observations["facility_id"]]))
    flights, time_defects = timed(whole, places.select(pl.col("facility_id").alias("dest"), pl.col("timezone").alias("zone")))
    incomplete = Defect("flight_incomplete", "shipments", raw.height - whole.height, "no plan, or the same flight twice", "left out")
    return Dataset(
        TASK, _facts(flights, places, observations), _moments(flights), (incomplete, *time_defects, *place_defects, *weather_defects)
    )


def _flight_id() -> pl.Expr:
    month, day = (pl.col(part).cast(TEXT).str.zfill(2) for part in ("month", "day"))
    planned = pl.col("sched_dep_time").cast(TEXT).str.zfill(4)
    return pl.format("{}-{}-{}/{}{}/{}-{}/{}", "year", month, day, "carrier", "flight", "origin", "dest", planned)


def _facts(flights: pl.DataFrame, places: pl.DataFrame, observations: pl.DataFrame) -> Facts:
    departure, arrival = pl.col("planned_departure_at"), pl.col("planned_arrival_at")
    points = places.select("facility_id", "lat", "lon", "timezone", "country")
    ends = {end: points.rename({name: f"{end}_{name}" for name in points.columns}) for end in ("origin", "destination")}
    placed = flights.join(ends["origin"], left_on="origin", right_on="origin_facility_id", how="left", maintain_order="left").join(
        ends["destination"], left_on="dest", right_on="destination_facility_id", how="left", maintain_order="left"
    )
    km = (pl.col("distance") * KM_PER_MILE).alias("distance_km")
    shipments = placed.select(
        "shipment_id",
        pl.col("shipment_id").alias("order_id"),
        "carrier",
        pl.lit("flight").alias("service"),
        (departure - PLANNED).alias("created_at"),
        pl.format("{}{}", "carrier", "flight").alias("tracking_number"),
        pl.col("origin").alias("origin_facility_id"),
        pl.col("dest").alias("destination_facility_id"),
        pl.col(r"^(origin|destination)_(lat|lon|timezone|country)$"),
        km,
        ((arrival - departure).dt.total_seconds() / 60).alias("planned_minutes"),
        pl.format("{}{}", "carrier", "flight").alias("attr_flight"),
    )
    legs = flights.select(
        pl.format("{}/leg", "shipment_id").alias("leg_id"),
        "shipment_id",
        pl.lit(1, dtype=WHOLE).alias("sequence"),
        pl.col("origin").alias("from_facility_id"),
        pl.col("dest").alias("to_facility_id"),
        pl.lit("air").alias("mode"),
        departure,
        arrival,
        km,
        (departure - PLANNED).alias("known_at"),
    )
    promises = flights.select(
        pl.format("{}/promise", "shipment_id").alias("promise_id"),
        "shipment_id",
        pl.lit("shop").alias("kind"),
        (arrival + ON_TIME).alias("promised_at"),
        (departure - PLANNED).alias("known_at"),
    )
    scans = pl.concat(
        flights.filter(pl.col(occurred).is_not_null()).select(
            pl.format("{}/" + code, "shipment_id").alias("scan_id"),
            "shipment_id",
            pl.lit(status).alias("status"),
            pl.col(occurred).alias("occurred_at"),
            pl.col(received).alias("received_at"),
            pl.col(at).alias("facility_id"),
            pl.lit(code).alias("raw_code"),
            pl.lit("bts").alias("source"),
            pl.lit("facility").alias("zone_basis"),
            pl.lit(value=False).alias("voids"),
        )
        for code, status, occurred, received, at in (
            ("departed", "in_transit", "departed_at", "departed_at", "origin"),
            ("arrived", "delivered", "arrived_at", "heard_at", "dest"),
        )
    )
    orders = flights.select(pl.col("shipment_id").alias("order_id"), (departure - PLANNED).alias("ordered_at"))
    return Facts.of(
        {
            "facilities": places,
            "orders": orders,
            "shipments": shipments,
            "promises": promises,
            "legs": legs,
            "scans": scans,
            "weather_observations": observations,
        }
    )


def _moments(flights: pl.DataFrame) -> pl.DataFrame:
    rows = flights.select(
        "shipment_id",
        pl.lit("two_hours_before").alias("moment"),
        (pl.col("planned_departure_at") - BEFORE).alias("at"),
        pl.col("arr_delay").is_not_null().alias("scored"),
        pl.lit(value=True).alias("trains"),
        pl.col("planned_arrival_at").alias("counts_from"),
        pl.col("arrived_at").alias("delivered_at"),
        pl.col("heard_at").alias("label_known_at"),
        (pl.col("planned_arrival_at") + ON_TIME).alias("promised_at"),
        pl.col("arr_delay").alias("y"),
        pl.col("arr_delay").is_null().alias("ended_otherwise"),
    )
    return moments_frame([rows], TASK)
