"""Turn hourly weather into canonical rows with both clocks."""

from datetime import datetime, timedelta
from typing import Final

import polars as pl

from data.facts.facts import conform
from data.facts.schema import INSTANT

__all__ = ["ARCHIVE_DELAY", "RUN_DELAY", "RUN_EVERY", "archive_rows", "newest_run", "run_rows", "stitched_rows"]

READING: Final = "OM2"
"""Begins every id and changes with the list of variables. What was fetched with fewer stays in the store as it was, and the same hours fetched again are
rows of their own, not contradictions; of two rows for one hour from one run the larger id counts, so the later reading."""

RUN_EVERY: Final = timedelta(hours=6)
RUN_DELAY: Final = timedelta(hours=7)
"""From the start of a run until anybody can have it: 4 to 6 hours for global models, 1 to 3 for regional ones (open-meteo.com, single runs API,
November 2026). One hour is added, because a row that claims to have been there too early would let training see what nobody could."""

ARCHIVE_DELAY: Final = timedelta(days=7)
"""The reanalysis of a day is out after 5 days (ERA5; open-meteo.com, historical weather API); two are added."""


def newest_run(now: datetime) -> datetime:
    """Give the start of the newest run that is surely out."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    behind = now - RUN_DELAY - midnight
    return midnight + (behind // RUN_EVERY) * RUN_EVERY


def run_rows(hourly: pl.DataFrame, *, model: str, issued_at: datetime) -> pl.DataFrame:
    """Give ``weather_forecasts`` of one run; hours before its start are no forecast and are left out."""
    lead = (pl.col("valid_at") - issued_at).dt.total_hours().cast(pl.String)
    found = hourly.filter(pl.col("valid_at") >= issued_at).with_columns(
        pl.concat_str([pl.lit(f"{READING}-{model}-"), "facility_id", pl.lit(f"-{issued_at:%Y%m%d%H}-"), lead]).alias("weather_forecast_id"),
        pl.lit(issued_at, dtype=INSTANT).alias("issued_at"),
        pl.lit(issued_at + RUN_DELAY, dtype=INSTANT).alias("available_at"),
    )
    return conform("weather_forecasts", found)


def stitched_rows(hourly: pl.DataFrame, *, fetched_at: datetime) -> pl.DataFrame:
    """Give ``weather_forecasts`` of the forecast API: the newest runs of several models joined, so they count as issued when they were fetched.

    Only hours from the fetch on are kept: the earlier ones of such a series are no forecasts.
    """
    valid = pl.col("valid_at").dt.strftime("%Y%m%d%H")
    found = hourly.filter(pl.col("valid_at") >= fetched_at.replace(minute=0, second=0, microsecond=0)).with_columns(
        pl.concat_str([pl.lit(f"{READING}-newest-"), "facility_id", pl.lit(f"-{fetched_at:%Y%m%d%H%M%S}-"), valid]).alias(
            "weather_forecast_id"
        ),
        pl.lit(fetched_at, dtype=INSTANT).alias("issued_at"),
        pl.lit(fetched_at, dtype=INSTANT).alias("available_at"),
    )
    return conform("weather_forecasts", found)


def archive_rows(hourly: pl.DataFrame) -> pl.DataFrame:
    """Give ``weather_observations`` of the archive, available when the reanalysis of their day was out: too late to be read as the weather of now."""
    observed = pl.col("valid_at").dt.strftime("%Y%m%d%H")
    found = hourly.select(
        pl.concat_str([pl.lit(f"{READING}-archive-"), "facility_id", pl.lit("-"), observed]).alias("observation_id"),
        "facility_id",
        pl.col("valid_at").alias("observed_at"),
        (pl.col("valid_at") + ARCHIVE_DELAY).alias("available_at"),
        pl.exclude("facility_id", "valid_at"),
    )
    return conform("weather_observations", found)
