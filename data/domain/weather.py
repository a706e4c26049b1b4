"""Describe weather at a facility: as observed, and as forecast at the time of issue.

Pressure is reduced to sea level, so that high and low places compare; the wind direction is where the wind comes from, clockwise from north.
"""

from dataclasses import dataclass
from datetime import datetime

__all__ = ["WeatherForecast", "WeatherObservation"]


@dataclass(frozen=True, slots=True)
class WeatherObservation:
    """Hold what was measured at ``observed_at`` and could be known from ``available_at`` on (both UTC)."""

    facility_id: str
    observed_at: datetime
    available_at: datetime
    temperature_c: float | None = None
    precipitation_mm: float | None = None
    snowfall_cm: float | None = None
    wind_kph: float | None = None
    visibility_km: float | None = None
    humidity_percent: float | None = None
    pressure_hpa: float | None = None
    wind_gust_kph: float | None = None
    wind_direction_deg: float | None = None


@dataclass(frozen=True, slots=True)
class WeatherForecast:
    """Hold what was forecast for ``valid_at``, as issued.

    A model run starts at ``issued_at`` and can be had from ``available_at`` on; only that second clock decides what a
    prediction may use.
    """

    facility_id: str
    issued_at: datetime
    available_at: datetime
    valid_at: datetime
    temperature_c: float | None = None
    precipitation_mm: float | None = None
    snowfall_cm: float | None = None
    wind_kph: float | None = None
    visibility_km: float | None = None
    humidity_percent: float | None = None
    pressure_hpa: float | None = None
    wind_gust_kph: float | None = None
    wind_direction_deg: float | None = None
