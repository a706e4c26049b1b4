"""Put questions to Open-Meteo into words: pure functions from sites and times to parameters, and what each question counts."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from data.sources.weather.open_meteo_parse import VARIABLES
from data.sources.weather.port import Site

__all__ = ["AT_ONCE", "archive_params", "batches", "forecast_params", "run_params", "weight"]

AT_ONCE: Final = 100
"""Calls that one request counts as, and so its sites at most: 1,000 are allowed, but the address of a GET must stay short, and a year of the archive
for 100 sites would be more than a minute's budget."""

FREE_DAYS, FREE_VARIABLES = 14, 10


def weight(sites: int, variables: int, days: int) -> float:
    """Give what a request counts: ``max(1, v / 10, v / 10 x days / 14)`` calls for each site (open-meteo.com/en/pricing, and its source code)."""
    share = variables / FREE_VARIABLES
    return sites * max(1.0, share, share * days / FREE_DAYS)


def batches(sites: Sequence[Site], each: float) -> Iterator[Sequence[Site]]:
    """Cut sites, of which each counts as so many calls, into requests that count as at most `AT_ONCE` (or hold one site)."""
    size = max(1, int(AT_ONCE / each))
    for start in range(0, len(sites), size):
        yield sites[start : start + size]


def forecast_params(sites: Sequence[Site], columns: Sequence[str], *, days: int) -> dict[str, str]:
    """Ask the forecast API for hourly weather from today 00:00 UTC on."""
    return {**everywhere(sites, columns), "forecast_days": str(days)}


def run_params(sites: Sequence[Site], columns: Sequence[str], *, model: str, run: datetime, days: int) -> dict[str, str]:
    """Ask the single-runs API for what one run of one model issued; ``run`` is its start in UTC."""
    return {**everywhere(sites, columns), "models": model, "run": f"{run:%Y-%m-%dT%H:%M}", "forecast_days": str(days)}


def archive_params(sites: Sequence[Site], columns: Sequence[str], *, first: date, last: date) -> dict[str, str]:
    """Ask the archive API for whole days."""
    return {**everywhere(sites, columns), "start_date": first.isoformat(), "end_date": last.isoformat()}


def everywhere(sites: Sequence[Site], columns: Sequence[str]) -> dict[str, str]:
    """Give the parameters of every question; units and zone are asked for, although they are the defaults today."""
    return {
        "latitude": ",".join(f"{site.lat:.4f}" for site in sites),
        "longitude": ",".join(f"{site.lon:.4f}" for site in sites),
        "hourly": ",".join(VARIABLES[column][0] for column in columns),
        "temperature_unit": "celsius",
        "wind_speed_unit": "kmh",
        "precipitation_unit": "mm",
        "timeformat": "unixtime",
        "timezone": "GMT",
    }
