"""Name each shipment's keys: its lane, regions, carrier, places, entities."""

import numpy as np
import numpy.typing as npt
import polars as pl

from training.features.calendar import DAY
from training.features.codes import UNKNOWN_TIME
from training.features.hours import HOUR
from training.features.local_time import local_micros, zone_codes
from training.features.subjects import Subjects

__all__ = ["key_texts", "start_week_hours"]

Whole = npt.NDArray[np.int64]
WEEK_HOURS = 168
AREA_DIGITS = 3
"""Leading characters of a postal code that name an area (US: a sectional centre)."""


def pair(*parts: pl.Expr) -> pl.Expr:
    """Join texts so that different parts never give the same text; null when one is null."""
    measured = [pl.concat_str([part.str.len_bytes().cast(pl.String), pl.lit(":"), part]) for part in parts]
    return pl.concat_str(measured)


def key_texts(frame: pl.DataFrame, levels: tuple[str, ...]) -> dict[str, pl.Series]:
    """Give the text of every level's key for each row of a frame of shipments (`Subjects.frame`), null where it is unknown.

    A lane runs between facilities where both ends are known, else between areas (leading digits of the postal code, else the region). The level
    ``start_hour`` and ``start_week_hour`` hang on the moment (`start_week_hours`), so they are null here.
    """
    nothing = pl.lit(None, dtype=pl.String)
    region = {end: pair(pl.col(f"{end}.country").fill_null(""), pl.col(f"{end}.region")) for end in ("from", "to")}
    area = {
        end: pl.coalesce(pl.lit("z") + pl.col(f"{end}.postal_code").str.slice(0, AREA_DIGITS), pl.lit("r") + region[end]) for end in region
    }
    facility = {"from": pl.lit("f") + pl.col("origin_facility_id"), "to": pl.lit("f") + pl.col("destination_facility_id")}
    lane = pl.coalesce(pair(facility["from"], facility["to"]), pair(area["from"], area["to"]))
    known = {
        "all": pl.lit("all"),
        "origin_region": region["from"],
        "destination_region": region["to"],
        "region_pair": pair(region["from"], region["to"]),
        "origin_place": pl.coalesce(facility["from"], pl.lit("z") + pl.col("from.postal_code")),
        "destination_place": pl.coalesce(facility["to"], area["to"]),
        "lane": lane,
        "lane_service": pair(lane, pl.col("carrier"), pl.col("service")),
        "carrier": pl.col("carrier"),
        "carrier_service": pair(pl.col("carrier"), pl.col("service")),
        "merchant": pl.when(pl.col("ordered_at").is_not_null() & (pl.col("ordered_at") <= pl.col("created_at"))).then("merchant"),
        "start_hour": nothing,
        "start_week_hour": nothing,
    }
    exprs = []
    for level in levels:
        name = level.removeprefix("entity:")
        if level in known:
            exprs.append(known[level].alias(level))
        elif name in frame.columns and frame[name].dtype in (pl.String, pl.Categorical, pl.Enum):
            late = pl.col("ordered_at") > pl.col("created_at") if name.startswith("orders.") else pl.lit(value=False)
            exprs.append(pl.when(~late).then(pl.col(name).cast(pl.String)).alias(level))
        else:
            exprs.append(nothing.alias(level))
    named = frame.with_columns(*exprs)
    return {level: named[level] for level in levels}


def start_week_hours(subjects: Subjects, row: Whole, *candidates: Whole) -> Whole:
    """Give the local hour of the week (0..167 from Monday, at the origin) of the first candidate instant that is known, -1 where none is."""
    start = np.full(len(row), UNKNOWN_TIME, dtype=np.int64)
    for candidate in candidates:
        start = np.where(start == UNKNOWN_TIME, candidate, start)
    zones, zone = zone_codes(subjects.frame["from.timezone"], subjects.frame["to.timezone"])
    local = local_micros(start, zones, zone[row])
    # 1970 began on a Thursday.
    return np.where(start == UNKNOWN_TIME, -1, (local // HOUR + 3 * DAY // HOUR) % WEEK_HOURS)
