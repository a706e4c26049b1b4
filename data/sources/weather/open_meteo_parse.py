"""Read Open-Meteo's answers: pure functions from JSON to hourly rows.

Documentation: open-meteo.com/en/docs (forecast), /single-runs-api, /historical-weather-api; read in November 2026.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

import polars as pl

from data.domain.errors import InvalidFact
from data.facts.schema import INSTANT, TABLES
from data.sources.weather.port import Site

__all__ = ["HOURLY", "VARIABLES", "parse_hourly", "reason_of", "rest_of"]

VARIABLES: Final[Mapping[str, tuple[str, str, float]]] = {
    "temperature_c": ("temperature_2m", "°C", 1.0),
    "precipitation_mm": ("precipitation", "mm", 1.0),
    "snowfall_cm": ("snowfall", "cm", 1.0),
    "wind_kph": ("wind_speed_10m", "km/h", 1.0),
    "visibility_km": ("visibility", "m", 0.001),
    "humidity_percent": ("relative_humidity_2m", "%", 1.0),
    "pressure_hpa": ("pressure_msl", "hPa", 1.0),
    "wind_gust_kph": ("wind_gusts_10m", "km/h", 1.0),
    "wind_direction_deg": ("wind_direction_10m", "°", 1.0),
}
"""Canonical column: name and unit at Open-Meteo, and the factor between."""

HOURLY: Final[dict[str, pl.DataType]] = {"facility_id": pl.String(), "valid_at": INSTANT, **dict.fromkeys(VARIABLES, pl.Float64())}
"""Columns of `parse_hourly`."""

NEAR_DEGREES: Final = 2.0
"""An answer is for the nearest cell of a model's grid (at most half a degree away), or of land nearby; farther off it is another place's."""

EARLIEST, LATEST = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (1940, 2100))
RANGES = {
    column.name: (column.low or 0.0, column.high or 0.0) for column in TABLES["weather_forecasts"].columns if column.name in VARIABLES
}


def parse_hourly(body: object, sites: Sequence[Site], columns: Sequence[str]) -> pl.DataFrame:
    """Read an answer for some sites, in the order asked: one row for each site and hour (`HOURLY`), unknown values null.

    ``columns`` are the canonical columns asked for. A value that cannot be (`data.facts.schema` has the ranges) is unknown. Raises
    `InvalidFact` for anything that is not what the documentation describes, or that speaks of other places.
    """
    places = body if isinstance(body, list) else [body]
    if len(places) != len(sites):
        raise InvalidFact(f"the answer holds {len(places)} places, {len(sites)} were asked for.")
    parts = [place_rows(place, site, columns) for place, site in zip(places, sites, strict=True)]
    return pl.concat(parts) if parts else pl.DataFrame(schema=HOURLY)


def place_rows(place: object, site: Site, columns: Sequence[str]) -> pl.DataFrame:
    """Read one place."""
    found = mapping(place, "a place")
    lat, lon = number(found.get("latitude"), "latitude"), number(found.get("longitude"), "longitude")
    if not (abs(lat - site.lat) <= NEAR_DEGREES and (abs(site.lat) > 85 or abs((lon - site.lon + 180) % 360 - 180) <= 2 * NEAR_DEGREES)):
        raise InvalidFact(f"the answer for {site.lat:.2f}, {site.lon:.2f} speaks of {lat:.2f}, {lon:.2f}.")
    hourly, units = mapping(found.get("hourly"), "hourly"), mapping(found.get("hourly_units"), "hourly_units")
    if units.get("time") != "unixtime":
        raise InvalidFact(f"times are given as {units.get('time')!r}, not as unixtime.")
    seconds = times(hourly.get("time"))
    values: dict[str, pl.Series] = {"valid_at": pl.Series([s * 1_000_000 for s in seconds], dtype=pl.Int64).cast(INSTANT)}
    for column in columns:
        theirs, unit, factor = VARIABLES[column]
        if units.get(theirs) not in {unit, "undefined"}:  # a model without the variable has no unit for it
            raise InvalidFact(f"{theirs} is given in {units.get(theirs)!r}, not in {unit}.")
        values[column] = pl.Series(
            [in_range(value, factor, column) for value in sequence(hourly.get(theirs), theirs, len(seconds))], dtype=pl.Float64
        )
    frame = pl.DataFrame(values).with_columns(pl.lit(site.facility_id).alias("facility_id"))
    return frame.select(*(pl.col(n) if n in frame.columns else pl.lit(None, dtype=t).alias(n) for n, t in HOURLY.items()))


def times(value: object) -> list[int]:
    """Read whole hours in order, as seconds since 1970."""
    if not isinstance(value, list) or not value:
        raise InvalidFact("hourly.time is not a list of times.")
    for at in value:
        if type(at) is not int or not EARLIEST <= at < LATEST or at % 3600:
            raise InvalidFact(f"hourly.time holds {at!r}, which is no whole hour.")
    if any(b <= a for a, b in pairwise(value)):
        raise InvalidFact("hourly.time is not in order.")
    return value


def sequence(value: object, name: str, length: int) -> list[object]:
    if not isinstance(value, list) or len(value) != length:
        raise InvalidFact(f"hourly.{name} is not a list of {length} values, one for each hour.")
    return value


def in_range(value: object, factor: float, column: str) -> float | None:
    """Give a value in canonical units; ``None`` for null and for what cannot be."""
    if value is None:
        return None
    found = number(value, column) * factor
    low, high = RANGES[column]
    return found if low <= found <= high else None


def number(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidFact(f"{name} is {str(value)[:40]!r}, not a number.")
    return float(value)


def mapping(value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise InvalidFact(f"{name} is not an object.")
    return value


def reason_of(body: object) -> str:
    """Give the reason of a refusal, ``{"error": true, "reason": "…"}``, printable and cut."""
    reason = body.get("reason") if isinstance(body, dict) else None
    text = reason if isinstance(reason, str) else "no reason given"
    return "".join(c if c.isprintable() else " " for c in text[:300])


def rest_of(body: object, now: datetime) -> timedelta | None:
    """Say how long a 429 wants to be left alone: "Minutely", "Hourly" or "Daily API request limit exceeded"; the counters are cleared on the
    minute, the hour and the UTC day, seen in November 2026."""  # noqa: D205, D209 - one sentence
    word = reason_of(body).split(" ", 1)[0].lower()
    if word == "minutely":
        return timedelta(seconds=61)
    if word == "hourly":
        return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1, minutes=1) - now
    if word in {"daily", "monthly"}:
        return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1, minutes=1) - now
    return None
