"""Measure the weather at facilities, and forecast it as a weather service would: in runs, each blinder the farther it looks.

Humidity, pressure, gusts and direction are unknown: a storm here is a severity, and figures made up from it would tell nothing more.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from data.simulator.clock import SimulatorClock
from data.simulator.network import Network
from data.simulator.weather import KM_PER_DEGREE, Storms, severity

__all__ = ["EVERY_MINUTES", "LONGEST_LEAD_HOURS", "RUN_DELAY_MINUTES", "RUN_EVERY_MINUTES", "forecasts", "observations"]

Floats = npt.NDArray[np.float64]

EVERY_MINUTES = 180.0
RUN_EVERY_MINUTES = 720.0
RUN_DELAY_MINUTES = 240.0
"""From the start of a model run until it can be had: 3.5 to 4 hours at the large weather services."""
LONGEST_LEAD_HOURS = 72
TRACK_ERROR_KM, TRACK_ERROR_KM_PER_HOUR = 12.0, 2.1
"""Typical error of a forecast storm's centre: about 60 km after one day and 160 km after three (hurricane track errors of the US National
Hurricane Center, 2020s, are of this size)."""
PEAK_ERROR_PER_HOUR = 0.007
TEMPERATURE_ERROR_C, TEMPERATURE_ERROR_C_PER_HOUR = 0.6, 0.035


def climate(clock: SimulatorClock, lat: Floats, lon: Floats, minute: Floats) -> Floats:
    """Give the usual temperature (°C) by season, latitude and local sun: -0.9 °C per degree north, ±12 °C over the year."""
    day_of_year = np.array([day.timetuple().tm_yday for day in clock.dates])
    day = np.clip(minute // 1440, 0, clock.days - 1).astype(np.int64)
    season = np.cos(2 * np.pi * (day_of_year[day] - 200) / 365.25)
    sun = np.cos(2 * np.pi * ((minute / 60 + lon / 15) - 15) / 24)
    return np.asarray(14.5 - 0.9 * (lat - 38) + (8 + 0.35 * (lat - 28)) * season + 4.5 * sun)


def swell(clock: SimulatorClock, facilities: int, rng: np.random.Generator) -> Floats:
    """Draw how much warmer than usual each place is on each day: slow, a few degrees."""
    out = rng.normal(0, 3, (facilities, clock.days))
    for d in range(1, clock.days):
        out[:, d] = 0.75 * out[:, d - 1] + 0.66 * out[:, d]
    return out


def weather_columns(severe: Floats, temperature: Floats, jitter: Floats) -> dict[str, Floats]:
    """Give what instruments show for a severity: rain or snow, wind, sight. ``jitter`` is standard normal."""
    wet = np.maximum(severe - 0.08, 0) * 7 * np.exp(0.4 * jitter)
    snow = np.clip((1.5 - temperature) / 3, 0, 1)
    return {
        "temperature_c": np.round(temperature, 1),
        "precipitation_mm": np.round(wet, 2),
        "snowfall_cm": np.round(wet * snow * 0.9, 2),
        "wind_kph": np.round(np.maximum(11 + 48 * severe + 2.5 * jitter, 0), 1),
        "visibility_km": np.round(16 / (1 + 2.5 * severe**1.5 * (1 + snow)), 1),
    }


def observations(network: Network, clock: SimulatorClock, storms: Storms, warmth: Floats, rng: np.random.Generator) -> pl.DataFrame:
    """Give one row for each facility and three hours; each can be had a quarter of an hour later."""
    times = np.arange(np.ceil(clock.start_minute / EVERY_MINUTES) * EVERY_MINUTES, clock.until_minute, EVERY_MINUTES)
    facility = np.repeat(np.arange(len(network.facilities)), len(times))
    minute = np.tile(times, len(network.facilities))
    lat, lon = network.lat[facility], network.lon[facility]
    temperature = climate(clock, lat, lon, minute) + warmth[facility, (minute // 1440).astype(np.int64)]
    columns = weather_columns(severity(lat, lon, minute, storms), temperature, rng.standard_normal(len(minute)))
    name = pl.Series([f.facility_id for f in network.facilities]).gather(facility)
    observed = clock.instants(minute)
    return pl.DataFrame(
        {"facility_id": name, "observed_at": observed, "available_at": clock.instants(minute + 15), **columns}
    ).with_columns(observation_id="WO-" + name + "-" + observed.dt.strftime("%Y%m%d%H"))


def forecasts(network: Network, clock: SimulatorClock, storms: Storms, warmth: Floats, rng: np.random.Generator) -> pl.DataFrame:
    """Give the forecasts of every run for every facility, three-hourly to 72 hours ahead.

    A run sees each storm with one error of track, timing and strength of its own, which grows with lead time; a storm that is not born
    yet when the run starts is not seen at all before its first twelve hours are over.
    """
    runs = np.arange(np.ceil(clock.start_minute / RUN_EVERY_MINUTES) * RUN_EVERY_MINUTES, clock.until_minute, RUN_EVERY_MINUTES)
    leads = np.arange(3.0, LONGEST_LEAD_HOURS + 1, 3.0)
    places = np.arange(len(network.facilities))
    shape = (len(runs), len(leads), len(places))
    severe = np.zeros(shape)
    lat, lon = network.lat[places], network.lon[places]
    for r, run in enumerate(runs):
        live = (storms.begins < run + 60 * LONGEST_LEAD_HOURS) & (storms.begins + storms.lasts > run)
        if not live.any():
            continue
        north, east, strength = (rng.standard_normal(int(live.sum())) for _ in range(3))
        hidden = storms.begins[live] > run  # not born yet: guessed late and weak
        for k, lead in enumerate(leads):
            error = (TRACK_ERROR_KM + TRACK_ERROR_KM_PER_HOUR * lead) / KM_PER_DEGREE
            seen = Storms(
                begins=storms.begins[live],
                lasts=storms.lasts[live],
                lat=storms.lat[live] + error * north,
                lon=storms.lon[live] + error * east / np.cos(np.radians(storms.lat[live])),
                lat_speed=storms.lat_speed[live],
                lon_speed=storms.lon_speed[live],
                radius_km=storms.radius_km[live],
                peak=storms.peak[live] * np.exp(PEAK_ERROR_PER_HOUR * lead * strength) * np.where(hidden, 0.5, 1.0),
            )
            severe[r, k] = severity(lat, lon, np.full(len(places), run + 60 * lead), seen)
    issued = np.broadcast_to(runs[:, None, None], shape).ravel()
    lead_hours = np.broadcast_to(leads[None, :, None], shape).ravel()
    facility = np.broadcast_to(places[None, None, :], shape).ravel()
    valid = issued + 60 * lead_hours
    day = np.clip(valid // 1440, 0, clock.days - 1).astype(np.int64)
    miss = (TEMPERATURE_ERROR_C + TEMPERATURE_ERROR_C_PER_HOUR * lead_hours) * rng.standard_normal(len(valid))
    temperature = climate(clock, network.lat[facility], network.lon[facility], valid) + warmth[facility, day] + miss
    columns = weather_columns(severe.ravel(), temperature, rng.standard_normal(len(valid)))
    name = pl.Series([f.facility_id for f in network.facilities]).gather(facility)
    issued_at = clock.instants(issued)
    return pl.DataFrame(
        {
            "facility_id": name,
            "issued_at": issued_at,
            "available_at": clock.instants(issued + RUN_DELAY_MINUTES),
            "valid_at": clock.instants(valid),
            **columns,
        }
    ).with_columns(
        weather_forecast_id="WF-"
        + name
        + "-"
        + issued_at.dt.strftime("%Y%m%d%H")
        + "-"
        + pl.Series(lead_hours.astype(np.int64)).cast(pl.String)
    )
