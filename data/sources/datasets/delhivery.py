"""Read the line-haul legs of Delhivery (India, 2018): one leg between two facilities is one shipment, its trip the order.

Times are local to India. A leg departs at ``od_start_time`` and is delivered ``actual_time`` minutes later; that was heard, to be on the safe
side, only after 2 x actual_time + 60 minutes (the true end scan is not in the legs). ``planned_minutes`` is OSRM's time. There is no promise.
Lane summaries hold the corridors of 12-26 September, before every leg. The file ``legs_published_predictions.parquet`` is never read.
"""

from datetime import datetime
from pathlib import Path

import polars as pl

from data.facts.facts import Facts
from data.facts.schema import INSTANT
from data.sources.datasets.dataset import Dataset, Defect, Task, moments_frame
from data.sources.datasets.delhivery_facilities import ZONE, facilities, facility_metrics
from data.sources.datasets.files import Files
from data.sources.datasets.local_time import clock_defects, to_utc

__all__ = ["TASK", "corridors", "read"]

TASK = Task("delhivery", "minutes", ("departure",), time_ordered=True, timezone=ZONE)
SUMMED_UP = datetime(2018, 9, 26, 23, 59, 59, 999_999)  # local end of the period of the corridor and facility tables

TEXT, NUMBER, LOCAL = pl.String(), pl.Float64(), pl.Datetime("us")
LONGEST_MINUTES = 1_000_000.0


def read(folder: Path, *, static: Path | None = None) -> Dataset:
    """Read the folder; ``static`` may hold corridors and facilities. Raises `InvalidTable` without the legs."""
    files = Files(folder, static)
    raw = files.rows(
        "legs.parquet",
        {"trip_uuid": TEXT, "source_center": TEXT, "destination_center": TEXT, "od_start_time": LOCAL, "osrm_time": NUMBER},
        {"route_type": TEXT, "actual_time": NUMBER, "osrm_distance": NUMBER},
    )
    whole = raw.drop_nulls(["trip_uuid", "source_center", "destination_center", "od_start_time"])
    legs = whole.with_columns(shipment_id=leg_id()).unique("shipment_id", keep="first", maintain_order=True)
    lanes = corridors(files)
    depots, depot_defects = facilities(files, [legs["source_center"], legs["destination_center"], lanes["source"], lanes["destination"]])
    impossible = pl.col("actual_time").is_not_null() & ~pl.col("actual_time").is_between(0, LONGEST_MINUTES, closed="right")
    defects = (
        Defect("leg_incomplete", "shipments", raw.height - whole.height, "no trip, centre or start", "left out"),
        Defect("leg_repeated", "shipments", whole.height - legs.height, "same trip and corridor twice", "the first one is kept"),
        Defect("impossible_duration", "scans", legs.filter(impossible).height, "actual_time not above 0 minutes", "label unknown"),
        *clock_defects(legs, ["od_start_time"], zone=ZONE, table="scans"),
        *depot_defects,
    )
    timed = legs.with_columns(to_utc("od_start_time", ZONE).alias("at"), minutes=pl.when(~impossible).then("actual_time")).with_columns(
        (pl.col("at") + _minutes("minutes")).alias("delivered_at"),
        (pl.col("at") + 2 * _minutes("minutes") + pl.duration(minutes=60)).alias("heard_at"),
    )
    return Dataset(TASK, _facts(timed, lanes, depots, facility_metrics(files)), _moments(timed, lanes), defects)


def leg_id() -> pl.Expr:
    """Give the shipment id of a leg: trip, from, to."""
    return pl.format("{}/{}/{}", "trip_uuid", "source_center", "destination_center")


def corridors(files: Files) -> pl.DataFrame:
    """Give the lane summaries of 12-26 September 2018."""
    columns = {"n_legs": pl.Int64(), "median_actual_min": NUMBER, "median_osrm_min": NUMBER, "median_osrm_km": NUMBER}
    key = {"source_center": TEXT, "destination_center": TEXT}
    table = files.known("corridors_train_period.parquet", [*key], key, columns).drop_nulls([*key, "n_legs", "median_actual_min"])
    return table.select(
        pl.format("{}/{}", "source_center", "destination_center").alias("lane"),
        pl.col("source_center").alias("source"),
        pl.col("destination_center").alias("destination"),
        *columns,
    )


def _facts(legs: pl.DataFrame, lanes: pl.DataFrame, depots: pl.DataFrame, metrics: pl.DataFrame) -> Facts:
    points = depots.drop("name", "kind")
    shipments = legs.join(
        points.rename(lambda c: f"origin_{c}"),
        left_on="source_center",
        right_on="origin_facility_id",
        how="left",
        coalesce=True,
        maintain_order="left",
    )
    shipments = shipments.join(
        points.rename(lambda c: f"destination_{c}"),
        left_on="destination_center",
        right_on="destination_facility_id",
        how="left",
        coalesce=True,
    )
    for end, center in (("origin", "source_center"), ("destination", "destination_center")):
        named = metrics.rename({c: f"attr_{end}_{c}" for c in metrics.columns if c != "center"})
        shipments = shipments.join(named, left_on=center, right_on="center", how="left", maintain_order="left")
    shipments = shipments.join(
        lanes.select("source", "destination", corridor_km="median_osrm_km"),
        left_on=["source_center", "destination_center"],
        right_on=["source", "destination"],
        how="left",
        maintain_order="left",
    ).select(
        "shipment_id",
        pl.col("trip_uuid").alias("order_id"),
        pl.lit("delhivery").alias("carrier"),
        pl.col("route_type").fill_null("unknown").alias("service"),
        pl.col("at").alias("created_at"),
        pl.col("source_center").alias("origin_facility_id"),
        pl.col("destination_center").alias("destination_facility_id"),
        pl.col(r"^origin_(lat|lon|timezone|city|region|postal_code|country)$"),
        pl.col(r"^destination_(lat|lon|timezone|city|region|postal_code|country)$"),
        # The shared legs come without OSRM's kilometres; those of the corridor table were known before.
        pl.coalesce("osrm_distance", "corridor_km").alias("distance_km"),
        pl.col("osrm_time").alias("planned_minutes"),
        pl.col(r"^attr_.*$"),
    )
    scan = {"source": pl.lit("delhivery"), "zone_basis": pl.lit("carrier_default"), "voids": pl.lit(value=False)}
    departed = legs.select(
        pl.format("{}/departed", "shipment_id").alias("scan_id"),
        "shipment_id",
        pl.lit("in_transit").alias("status"),
        pl.col("at").alias("occurred_at"),
        pl.col("at").alias("received_at"),
        pl.col("source_center").alias("facility_id"),
        pl.lit("departed").alias("raw_code"),
        **scan,
    )
    delivered = legs.filter(pl.col("delivered_at").is_not_null()).select(
        pl.format("{}/delivered", "shipment_id").alias("scan_id"),
        "shipment_id",
        pl.lit("delivered").alias("status"),
        pl.col("delivered_at").alias("occurred_at"),
        pl.col("heard_at").alias("received_at"),
        pl.col("destination_center").alias("facility_id"),
        pl.lit("delivered").alias("raw_code"),
        **scan,
    )
    summaries = lanes.select(
        pl.col("lane").alias("lane_summary_id"),
        pl.col("source").alias("origin_facility_id"),
        pl.col("destination").alias("destination_facility_id"),
        pl.col("n_legs").alias("shipments"),
        pl.col("median_actual_min").alias("median_minutes"),
        pl.col("median_osrm_min").alias("median_planned_minutes"),
        pl.col("median_osrm_km").alias("distance_km"),
        pl.lit(SUMMED_UP).dt.replace_time_zone(ZONE).dt.convert_time_zone("UTC").cast(INSTANT).alias("known_at"),
    )
    trips = legs.group_by("trip_uuid", maintain_order=True).agg(pl.col("at").min().alias("ordered_at")).rename({"trip_uuid": "order_id"})
    return Facts.of(
        {
            "facilities": depots,
            "orders": trips,
            "shipments": shipments,
            "scans": pl.concat([departed, delivered]),
            "lane_summaries": summaries,
        }
    )


def _moments(legs: pl.DataFrame, lanes: pl.DataFrame) -> pl.DataFrame:
    """Give the departures. The protocol lets every leg be learnt from once it has ended, earlier than it was surely heard."""
    seen = pl.format("{}/{}", "source_center", "destination_center").is_in(lanes["lane"].implode())
    rows = legs.select(
        "shipment_id",
        pl.lit("departure").alias("moment"),
        "at",
        pl.col("delivered_at").is_not_null().alias("scored"),
        pl.lit(value=True).alias("trains"),
        "delivered_at",
        pl.col("heard_at").alias("label_known_at"),
        pl.col("delivered_at").alias("label_usable_at"),
        pl.col("minutes").alias("y"),
        pl.when(seen).then(pl.lit("seen")).otherwise(pl.lit("cold")).alias("group"),
    )
    return moments_frame([rows], TASK)


def _minutes(column: str) -> pl.Expr:
    return pl.duration(microseconds=(pl.col(column) * 60e6).round().cast(pl.Int64))
