"""Sort weather so that one loop can look up what was known of a place and hour at any moment."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from training.features.codes import Codes, floats, instants
from training.features.compiled import compiled
from training.features.earth import EARTH_RADIUS_KM
from training.features.hours import HOUR

__all__ = ["VARIABLES", "Sites", "SortedWeather", "first_available", "look_up", "nearest_site", "sites_of", "sorted_weather"]

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]

VARIABLES = (
    "temperature_c",
    "precipitation_mm",
    "snowfall_cm",
    "wind_kph",
    "visibility_km",
    "humidity_percent",
    "pressure_hpa",
    "wind_gust_kph",
)
FARTHEST_KM: Final = 100.0
"""Weather measured farther away is that of another place."""


@dataclass(frozen=True, slots=True)
class Sites:
    """Hold the facilities with weather, by id; ``since`` is when the first row of each could be had (microseconds)."""

    ids: Codes
    lat: Real
    lon: Real
    since: Whole


@dataclass(frozen=True, slots=True)
class SortedWeather:
    """Hold rows by (site, hour they speak of, availability, issue, id). Those of site *s* are ``start[s]:start[s + 1]``; ``values`` is (rows, variables)."""

    start: Whole
    valid: Whole
    available: Whole
    values: Real


def sites_of(facilities: pl.DataFrame, *tables: pl.DataFrame) -> Sites:
    """Find the facilities that any of the weather tables speaks of."""
    rows = pl.concat([table.select("facility_id", "available_at") for table in tables])
    first = rows.group_by("facility_id").agg(pl.col("available_at").min()).sort("facility_id")
    placed = first.join(facilities.select("facility_id", "lat", "lon"), on="facility_id", how="left", maintain_order="left")
    return Sites(Codes(placed["facility_id"]), floats(placed["lat"]), floats(placed["lon"]), instants(placed["available_at"]))


def first_available(table: pl.DataFrame, sites: Sites) -> Whole:
    """Give when each site's first row in one table could be had (microseconds), the largest number where it has none."""
    first = table.group_by("facility_id").agg(pl.col("available_at").min())
    found = np.full(len(sites.ids), np.iinfo(np.int64).max)
    found[sites.ids.of(first["facility_id"])] = instants(first["available_at"])
    return found


def sorted_weather(table: pl.DataFrame, sites: Sites, key: str, valid: str, issued: str) -> SortedWeather:
    """Sort one weather table; ``valid`` names the column with the hour that a row speaks of. A row id that comes twice counts once."""
    rows = table.with_columns(pl.Series("site", sites.ids.of(table["facility_id"]), dtype=pl.Int64))
    rows = rows.sort("site", valid, "available_at", issued, key)
    return SortedWeather(
        np.searchsorted(rows["site"].to_numpy(), np.arange(len(sites.ids) + 1)),
        instants(rows[valid]),
        instants(rows["available_at"]),
        np.ascontiguousarray(np.stack([floats(rows[name]) for name in VARIABLES], axis=1)),
    )


def nearest_site(sites: Sites, own: Whole, lat: Real, lon: Real, at: Whole) -> Whole:
    """Give for each place the site that speaks for it at a moment: its own, else the nearest within 100 km whose weather can be had; -1 without."""
    return nearest_loop(sites.lat, sites.lon, sites.since, own, lat, lon, at)


def look_up(weather: SortedWeather, site: Whole, target: Whole, at: Whole, longest_hours: float) -> Real:
    """Give the weather (n, variables) at each site for the latest hour up to ``target``, not older than some hours, from rows that could be had by ``at``.

    Among rows for the same hour the one that became available last counts (ties by issue, then id). NaN without a row.
    """
    return look_up_loop(weather.start, weather.valid, weather.available, weather.values, site, target, at, int(longest_hours * HOUR))


@compiled
def nearest_loop(  # noqa: PLR0917 - vectors side by side
    site_lat: Real, site_lon: Real, since: Whole, own: Whole, lat: Real, lon: Real, at: Whole
) -> Whole:
    chosen = np.full(len(at), -1, dtype=np.int64)
    reach = np.degrees(FARTHEST_KM / EARTH_RADIUS_KM)
    for i in range(len(at)):
        if own[i] >= 0 and since[own[i]] <= at[i]:
            chosen[i] = own[i]
            continue
        best = FARTHEST_KM
        for s in range(len(since)):
            if since[s] > at[i] or not abs(site_lat[s] - lat[i]) <= reach:
                continue
            a, b = np.radians(lat[i]), np.radians(site_lat[s])
            half_lat, half_lon = (b - a) / 2, np.radians(site_lon[s] - lon[i]) / 2
            chord = np.sin(half_lat) ** 2 + np.cos(a) * np.cos(b) * np.sin(half_lon) ** 2
            distance = 2 * EARTH_RADIUS_KM * np.arcsin(min(1.0, np.sqrt(chord)))
            if distance < best or (distance == best and chosen[i] < 0):
                best, chosen[i] = distance, s
    return chosen


@compiled
def look_up_loop(  # noqa: PLR0917 - vectors side by side
    start: Whole, valid: Whole, available: Whole, values: Real, site: Whole, target: Whole, at: Whole, longest: int
) -> Real:
    found = np.full((len(at), values.shape[1]), np.nan)
    for i in range(len(at)):
        if site[i] < 0:
            continue
        first, end = start[site[i]], start[site[i] + 1]
        low, high = first, end
        while low < high:
            middle = (low + high) // 2
            if valid[middle] <= target[i]:
                low = middle + 1
            else:
                high = middle
        j = low - 1
        while j >= first and target[i] - valid[j] <= longest:
            if available[j] <= at[i]:
                for v in range(values.shape[1]):
                    found[i, v] = values[j, v]
                break
            j -= 1
    return found
