"""Describe airports as facilities, and the hourly weather measured at three of them."""

import polars as pl

from data.facts.schema import INSTANT
from data.sources.datasets.dataset import Defect
from data.sources.datasets.files import Files

__all__ = ["KM_PER_MILE", "airports", "weather"]

TEXT, NUMBER = pl.String(), pl.Float64()
REPORTED_AFTER = pl.duration(hours=1)
"""From when a weather hour can be used. Two hours before a departure the newest usable hour is then the one three hours before the
departure's own hour (``time_hour`` - 3 h), the deployable variant of the protocol."""
KM_PER_MILE = 1.609344
STRONGEST_WIND_MPH = 250.0
"""Above the strongest gust ever measured at the ground (Barrow Island 1996, 253 mph; WMO), so a broken reading."""

ABSENT = pl.DataFrame(
    [
        ("BQN", "Rafael Hernandez Airport", 18.4949, -67.1294, "America/Puerto_Rico"),
        ("PSE", "Mercedita Airport", 18.0083, -66.5630, "America/Puerto_Rico"),
        ("SJU", "Luis Munoz Marin International Airport", 18.4394, -66.0018, "America/Puerto_Rico"),
        ("STT", "Cyril E. King Airport", 18.3373, -64.9734, "America/St_Thomas"),
    ],
    schema={"faa": TEXT, "name": TEXT, "lat": NUMBER, "lon": NUMBER, "tzone": TEXT},
    orient="row",
)
"""Destinations that the airport table of the set lacks; their published reference points, written down by hand and not read from a file."""


def airports(files: Files, flown: pl.Series) -> tuple[pl.DataFrame, tuple[Defect, ...]]:
    """Give every airport of the table and every one that is flown to as a facility; kind ``station``."""
    table = files.known("airports.parquet", ["faa"], {"faa": TEXT}, {"name": TEXT, "lat": NUMBER, "lon": NUMBER, "tzone": TEXT})
    absent = flown.drop_nulls().unique().sort().to_frame("faa").join(table, on="faa", how="anti").sort("faa")
    found = absent.join(ABSENT, on="faa", how="left", maintain_order="left")
    # One point of the table has its signs and coordinates swapped (EEN: 72.27, 42.90); it is in the middle of an ocean.
    swapped = (pl.col("tzone").is_null() & (pl.col("lat") > 60) & (pl.col("lon") > 0)).fill_null(value=False)
    known = pl.concat([table.select(ABSENT.columns), found.select(ABSENT.columns)])
    facilities = known.select(
        pl.col("faa").alias("facility_id"),
        pl.coalesce("name", "faa").alias("name"),
        pl.lit("station").alias("kind"),
        pl.when(~swapped).then("lat").alias("lat"),
        pl.when(~swapped).then("lon").alias("lon"),
        pl.col("tzone").alias("timezone"),
        pl.lit("US").alias("country"),
    )
    defects = (
        Defect(
            "airport_absent",
            "facilities",
            absent.height,
            "flown to, but not in the table of airports",
            "added by hand from its published reference point where it is known",
        ),
        Defect("airport_without_zone", "facilities", known["tzone"].null_count(), "airport without a time zone", "zone unknown"),
        Defect("airport_misplaced", "facilities", known.filter(swapped).height, "latitude and longitude swapped", "place unknown"),
    )
    return facilities, defects


def weather(files: Files) -> tuple[pl.DataFrame, tuple[Defect, ...]]:
    """Give the hourly observations, one for each station and hour, in metric units.

    Fahrenheit, miles per hour, inches and miles become Celsius, km/h, millimetres and km; pressure (millibar, at sea level) and relative humidity stay.
    The dew point is left out: it follows from temperature and humidity. A calm has direction 0 there, which is north elsewhere, so it becomes unknown.
    """
    measured = dict.fromkeys(("temp", "wind_speed", "precip", "visib", "humid", "pressure", "wind_gust", "wind_dir"), NUMBER)
    rows = files.known("weather_hourly.parquet", ["origin", "time_hour"], {"origin": TEXT, "time_hour": TEXT}, measured)
    hour = pl.col("time_hour").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us", strict=False).dt.replace_time_zone("UTC").cast(INSTANT)
    timed = rows.with_columns(observed_at=hour).drop_nulls(["origin", "observed_at"])
    broken = pl.col("wind_speed") > STRONGEST_WIND_MPH
    span = timed.select((pl.col("observed_at").max() - pl.col("observed_at").min()).dt.total_hours()).item()
    expected = (span + 1) * timed["origin"].n_unique() if span is not None else 0
    table = timed.select(
        pl.format("{}/{}", "origin", "time_hour").alias("observation_id"),
        pl.col("origin").alias("facility_id"),
        "observed_at",
        (pl.col("observed_at") + REPORTED_AFTER).alias("available_at"),
        ((pl.col("temp") - 32) * 5 / 9).alias("temperature_c"),
        (pl.col("precip") * 25.4).alias("precipitation_mm"),
        pl.when(~broken).then(pl.col("wind_speed") * KM_PER_MILE).alias("wind_kph"),
        (pl.col("visib") * KM_PER_MILE).alias("visibility_km"),
        pl.col("humid").alias("humidity_percent"),
        pl.col("pressure").alias("pressure_hpa"),
        pl.when(pl.col("wind_gust") <= STRONGEST_WIND_MPH).then(pl.col("wind_gust") * KM_PER_MILE).alias("wind_gust_kph"),
        pl.when(pl.col("wind_speed") > 0).then("wind_dir").alias("wind_direction_deg"),
    )
    defects = (
        Defect("weather_hour_unreadable", "weather_observations", rows.height - timed.height, "no station or hour", "left out"),
        Defect(
            "weather_hour_missing",
            "weather_observations",
            max(0, expected - timed.height),
            "hour without a report",
            "nothing made up",
        ),
        Defect("wind_impossible", "weather_observations", timed.filter(broken).height, "wind above 250 mph", "unknown"),
        Defect("wind_unknown", "weather_observations", timed["wind_speed"].null_count(), "no wind speed", "unknown"),
        Defect("temperature_unknown", "weather_observations", timed["temp"].null_count(), "no temperature", "unknown"),
        Defect("pressure_unknown", "weather_observations", timed["pressure"].null_count(), "no pressure", "unknown"),
        Defect(
            "gust_unknown",
            "weather_observations",
            timed["wind_gust"].null_count(),
            "no gust, as stations report it in a light wind",
            "unknown",
        ),
    )
    return table, defects
