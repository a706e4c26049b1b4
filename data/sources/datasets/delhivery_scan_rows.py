"""Read the sample of Delhivery's facility scan rows: the same legs as shipments, here with scans on the way and a true end.

A row says how many minutes (``actual_time``) after ``od_start_time`` the leg had come so far. The leg departs at ``od_start_time`` and is
delivered at ``od_end_time``, its end scan, so y holds the dwell at the destination, too. The rows are a random sample: most scans of a leg
are missing, and the cumulative OSRM numbers of a row are those of a part of the leg, so the plan is unknown.
"""

from pathlib import Path

import polars as pl

from data.facts.facts import Facts
from data.sources.datasets.dataset import Dataset, Defect, Task, moments_frame
from data.sources.datasets.delhivery import leg_id
from data.sources.datasets.delhivery_facilities import ZONE, facilities
from data.sources.datasets.files import Files
from data.sources.datasets.local_time import clock_defects, to_utc

__all__ = ["TASK", "read"]

TASK = Task("delhivery_scan_rows", "minutes", ("departure",), time_ordered=True, timezone=ZONE)

TEXT, NUMBER, LOCAL = pl.String(), pl.Float64(), pl.Datetime("us")
TIMES = ["trip_creation_time", "od_start_time", "od_end_time"]


def read(folder: Path, *, static: Path | None = None) -> Dataset:
    """Read the folder; ``static`` may hold points of facilities. Raises `InvalidTable` without the scan rows."""
    files = Files(folder, static)
    raw = files.rows(
        "scan_rows_sample.parquet",
        {"trip_uuid": TEXT, "source_center": TEXT, "destination_center": TEXT, "od_start_time": LOCAL, "od_end_time": LOCAL},
        {
            "trip_creation_time": LOCAL,
            "route_type": TEXT,
            "source_name": TEXT,
            "destination_name": TEXT,
            **dict.fromkeys(("actual_time", "segment_actual_time", "segment_factor"), NUMBER),
        },
    )
    whole = raw.drop_nulls(["trip_uuid", "source_center", "destination_center", "od_start_time"]).with_columns(shipment_id=leg_id())
    rows = whole.unique(["shipment_id", "actual_time"], keep="first", maintain_order=True)
    depots, depot_defects = facilities(files, [rows["source_center"], rows["destination_center"]])
    local = rows.unique("shipment_id", keep="first", maintain_order=True)
    legs = local.with_columns(to_utc(column, ZONE) for column in TIMES)
    scans = rows.with_columns(to_utc("od_start_time", ZONE)).with_columns(
        at=pl.col("od_start_time") + pl.duration(microseconds=(pl.col("actual_time") * 60e6).round().cast(pl.Int64))
    )
    defects = (
        Defect("row_incomplete", "scans", raw.height - whole.height, "no trip, centre or start", "left out"),
        Defect("row_repeated", "scans", whole.height - rows.height, "same leg and minutes twice", "the first one is kept"),
        *_doubtful(rows),
        *clock_defects(local, TIMES, zone=ZONE, table="scans"),
        *depot_defects,
    )
    return Dataset(TASK, _facts(legs, scans, depots), _moments(legs), defects)


def _doubtful(rows: pl.DataFrame) -> tuple[Defect, ...]:
    start, end, minutes = pl.col("od_start_time"), pl.col("od_end_time"), pl.col("actual_time")
    kinds = (
        ("end_not_after_start", end <= start, "end scan not after the start", "label unknown"),
        ("scan_after_end", start + pl.duration(minutes=minutes) > end, "scan later than the end scan of its leg", "kept as it is"),
        ("segment_without_time", pl.col("segment_actual_time") <= 0, "no time, or less, since the scan before", "kept as it is"),
        ("segment_factor_negative", pl.col("segment_factor") < 0, "negative ratio to OSRM", "not read"),
        (
            "facility_name_missing",
            pl.col("source_name").is_null() | pl.col("destination_name").is_null(),
            "facility name missing",
            "its code is used",
        ),
    )
    counts = rows.select(rule.fill_null(value=False).sum().alias(code) for code, rule, _, _ in kinds).row(0, named=True)
    return tuple(Defect(code, "scans", int(counts[code]), meaning, treatment) for code, _, meaning, treatment in kinds)


def _ended() -> pl.Expr:
    return (pl.col("od_end_time") > pl.col("od_start_time")).fill_null(value=False)


def _facts(legs: pl.DataFrame, rows: pl.DataFrame, depots: pl.DataFrame) -> Facts:
    points = depots.drop("name", "kind")
    ends = {end: points.rename({name: f"{end}_{name}" for name in points.columns}) for end in ("origin", "destination")}
    shipments = (
        legs.join(ends["origin"], left_on="source_center", right_on="origin_facility_id", how="left", maintain_order="left")
        .join(ends["destination"], left_on="destination_center", right_on="destination_facility_id", how="left", maintain_order="left")
        .select(
            "shipment_id",
            pl.col("trip_uuid").alias("order_id"),
            pl.lit("delhivery").alias("carrier"),
            pl.col("route_type").fill_null("unknown").alias("service"),
            pl.col("od_start_time").alias("created_at"),
            pl.col("source_center").alias("origin_facility_id"),
            pl.col("destination_center").alias("destination_facility_id"),
            pl.col(r"^(origin|destination)_(lat|lon|timezone|city|region|postal_code|country)$"),
        )
    )
    # A scan at minute 0 is the departure itself.
    passing = rows.filter(pl.col("actual_time") > 0)
    scans = pl.concat(
        [
            _scans(legs, "departed", "in_transit", "od_start_time", pl.col("source_center")),
            _scans(passing, "passing", "in_transit", "at", pl.lit(None, dtype=TEXT)),
            _scans(legs.filter(_ended()), "ended", "delivered", "od_end_time", pl.col("destination_center")),
        ]
    )
    trips = legs.group_by("trip_uuid", maintain_order=True).agg(
        pl.min_horizontal(pl.col("trip_creation_time").min(), pl.col("od_start_time").min()).alias("ordered_at")
    )
    return Facts.of({"facilities": depots, "orders": trips.rename({"trip_uuid": "order_id"}), "shipments": shipments, "scans": scans})


def _scans(rows: pl.DataFrame, code: str, status: str, at: str, facility: pl.Expr) -> pl.DataFrame:
    name = pl.format("{}/passing/{}", "shipment_id", "actual_time") if code == "passing" else pl.format("{}/" + code, "shipment_id")
    return rows.select(
        name.alias("scan_id"),
        "shipment_id",
        pl.lit(status).alias("status"),
        pl.col(at).alias("occurred_at"),
        pl.col(at).alias("received_at"),
        facility.alias("facility_id"),
        pl.lit(code).alias("raw_code"),
        pl.lit("delhivery").alias("source"),
        pl.lit("carrier_default").alias("zone_basis"),
        pl.lit(value=False).alias("voids"),
    )


def _moments(legs: pl.DataFrame) -> pl.DataFrame:
    end = pl.when(_ended()).then("od_end_time")
    rows = legs.select(
        "shipment_id",
        pl.lit("departure").alias("moment"),
        pl.col("od_start_time").alias("at"),
        _ended().alias("scored"),
        pl.lit(value=True).alias("trains"),
        end.alias("delivered_at"),
        end.alias("label_known_at"),
    )
    return moments_frame([rows], TASK)
