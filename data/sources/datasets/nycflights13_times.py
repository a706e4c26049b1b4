"""Turn the local HHMM numbers and delays of flights into instants."""

import polars as pl

from data.facts.schema import INSTANT
from data.sources.datasets.dataset import Defect
from data.sources.datasets.local_time import to_utc

__all__ = ["ZONE", "timed"]

ZONE = "America/New_York"
TAXI = pl.duration(minutes=25)
LONGEST_FLIGHT = pl.duration(hours=14)


def timed(flights: pl.DataFrame, zones: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Defect, ...]]:
    """Add ``planned_departure_at, planned_arrival_at, departed_at, arrived_at, heard_at`` (UTC; null where unknown).

    ``zones`` has ``dest`` and ``zone``. The planned arrival is the next such time on the clock of the destination after the planned
    departure. Actual times are plan + delay, so that 2400 and changes of the clock in the actual HHMM columns do no harm.
    """
    day = pl.datetime("year", "month", "day", time_unit="us")
    hour = pl.col("time_hour").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us", strict=False).dt.replace_time_zone("UTC")
    local = flights.join(zones, on="dest", how="left", maintain_order="left").with_columns(
        pl.col("zone").fill_null(ZONE),
        unzoned=pl.col("zone").is_null(),
        by_clock=day + _clock("sched_dep_time"),
        by_hour=hour + pl.duration(minutes=pl.col("sched_dep_time") % 100),
        arrival=day + _clock("sched_arr_time"),
    )
    planned = _in_zones(local.with_columns(to_utc("by_clock", ZONE))).with_columns(
        planned_departure_at=pl.coalesce("by_hour", "by_clock").cast(INSTANT),
    )
    before = pl.col("planned_departure_at")
    # From New York no flight arrives, on the clock of its destination, before the local day of its departure.
    arrival = pl.when(pl.col("arrival") > before).then("arrival").otherwise(pl.col("arrival") + pl.duration(days=1))
    complete = (
        planned.with_columns(planned_arrival_at=arrival)
        .with_columns(departed_at=before + _minutes("dep_delay"), arrived_at=pl.col("planned_arrival_at") + _minutes("arr_delay"))
        # The label must not be known before it is true: where air time + 25 minutes falls short, the arrival itself counts.
        .with_columns(heard_at=pl.max_horizontal("arrived_at", pl.col("departed_at") + _minutes("air_time") + TAXI))
        .with_columns(heard_at=pl.when(pl.col("arrived_at").is_not_null()).then("heard_at"))
    )
    return complete, _defects(complete)


def _clock(column: str) -> pl.Expr:
    """Read HHMM; 2400 is the midnight that ends the day."""
    return pl.duration(hours=pl.col(column) // 100, minutes=pl.col(column) % 100)


def _minutes(column: str) -> pl.Expr:
    return pl.duration(microseconds=(pl.col(column) * 60e6).round().cast(pl.Int64))


def _in_zones(flights: pl.DataFrame) -> pl.DataFrame:
    """Read the local ``arrival`` of each row in its own ``zone``; the order of rows is kept."""
    numbered = flights.with_row_index("row")
    parts = [part.with_columns(to_utc("arrival", str(zone))) for (zone,), part in numbered.group_by("zone", maintain_order=True)]
    return pl.concat(parts).sort("row").drop("row") if parts else flights.with_columns(to_utc("arrival", ZONE))


def _defects(flights: pl.DataFrame) -> tuple[Defect, ...]:
    length = pl.col("planned_arrival_at") - pl.col("planned_departure_at")
    heard_early = pl.col("departed_at") + _minutes("air_time") + TAXI < pl.col("arrived_at")
    midnight = (pl.col("dep_time") == 2400) | (pl.col("arr_time") == 2400)
    kinds = (
        (
            "departure_clock_differs",
            "legs",
            pl.col("by_hour") != pl.col("by_clock"),
            "time_hour and the local clock differ",
            "time_hour counts",
        ),
        ("destination_without_zone", "legs", pl.col("unzoned"), "planned arrival at a place without a zone", "read as New York time"),
        ("plan_too_long", "legs", length > LONGEST_FLIGHT, "planned for more than 14 h", "kept as it is"),
        ("midnight_2400", "scans", midnight, "actual time 2400", "actual times are plan + delay"),
        ("cancelled", "scans", pl.col("dep_delay").is_null(), "never departed", "no scans"),
        (
            "diverted",
            "scans",
            pl.col("dep_delay").is_not_null() & pl.col("arr_delay").is_null(),
            "departed, no arrival delay",
            "no arrival scan",
        ),
        ("heard_before_arrival", "scans", heard_early, "air time + 25 minutes ends before the arrival", "heard at the arrival"),
    )
    counts = flights.select(rule.fill_null(value=False).sum().alias(code) for code, _, rule, _, _ in kinds).row(0, named=True)
    return tuple(Defect(code, table, int(counts[code]), meaning, treatment) for code, table, _, meaning, treatment in kinds)
