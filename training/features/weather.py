"""Make columns of the weather on the way that is left: as observed by now, and as forecast for the hour of passing.

Where a place's forecast does not reach or is missing, its climatology stands in. A place that never had a forecast stays unknown: a model that never
saw one could not use its stand-in, and a normal by month alone would be a calendar, which models read as a trend.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.features.climate import Climate
from training.features.codes import UNKNOWN_TIME
from training.features.hours import HOUR
from training.features.matrix import ColumnSink
from training.features.moment_state import MomentState
from training.features.way import stops_left
from training.features.weather_tables import (
    VARIABLES,
    Sites,
    SortedWeather,
    first_available,
    look_up,
    nearest_site,
    sites_of,
    sorted_weather,
)

__all__ = ["add_weather"]

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]

WORSE = {
    "temperature_c": 0,
    "precipitation_mm": 1,
    "snowfall_cm": 1,
    "wind_kph": 1,
    "visibility_km": -1,
    "humidity_percent": 0,
    "pressure_hpa": 0,
    "wind_gust_kph": 1,
}
"""Sign of each variable's effect on the remaining time; humid air and low pressure come with bad weather, but slow nothing by themselves."""

ROUGH = ("precipitation_mm", "snowfall_cm", "wind_kph", "visibility_km", "wind_gust_kph")
"""What slows a truck down anywhere on its way."""

OLDEST_OBSERVATION_HOURS = 6.0
FORECAST_STEP_HOURS = 3.0
"""A forecast speaks for the hours until its next step (global models: 3 hours)."""

WITHOUT_PLAN = 24 * HOUR
"""Without plan and promise the door is looked at a day ahead."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Hold a place on the way that is left, and when it is expected to be passed (microseconds)."""

    name: str
    facility: Whole
    lat: Real
    lon: Real
    target: Whole


@dataclass(frozen=True, slots=True)
class Known:
    """Hold all that can be looked up: sites, observations by hour, forecasts as issued, since when each site has any, and what is usual."""

    sites: Sites
    by_hour: SortedWeather
    as_issued: SortedWeather
    forecast_since: Whole
    climate: Climate
    climate_until: int | None

    def forecast(self, site: Whole, target: Whole, at: Whole) -> tuple[Real, Real]:
        """Give the weather (n, variables) expected at sites at the hour of passing, and whether it was forecast (1), is usual (0) or unknown (NaN)."""
        then = look_up(self.as_issued, site, target, at, FORECAST_STEP_HOURS)
        is_forecast = ~np.isnan(then).all(axis=1)
        share = np.where(is_forecast, 1.0, np.nan)
        known = site >= 0
        had = known & (self.forecast_since[np.maximum(site, 0)] <= at) if len(self.forecast_since) else np.zeros(len(site), dtype=np.bool_)
        rows = np.flatnonzero(had & ~is_forecast)
        if len(rows):
            until = at[rows] if self.climate_until is None else np.minimum(at[rows], self.climate_until)
            then[rows] = self.climate.normals(self.sites.ids.texts.gather(site[rows]), target[rows], until)
            share[rows] = 0.0
        return then, share


def add_weather(sink: ColumnSink, state: MomentState, climate: Climate, *, until: int | None = None) -> None:
    """Add weather here (at the origin before the first scan), at the next facility, at the door, and the worst of the way; NaN where nothing was known.

    Only rows with ``available_at`` up to the moment are read: for observations the latest hour, for forecasts the hour of passing as issued last.
    ``climate`` knows what is usual; ``until`` (microseconds) freezes it. ``way.forecast_share`` is the share of the stops left whose weather is
    a forecast and not climatology.
    """
    facts = state.subjects.facts
    observed, issued = facts.weather_observations, facts.weather_forecasts
    sites = sites_of(state.subjects.facilities, observed, issued)
    known = Known(
        sites,
        sorted_weather(observed, sites, "observation_id", "observed_at", "observed_at"),
        sorted_weather(issued, sites, "weather_forecast_id", "valid_at", "issued_at"),
        first_available(issued, sites),
        climate,
        until,
    )
    own = np.concatenate([sites.ids.of(state.scans.facility_ids.texts), [-1]])
    worst = Worst.of(len(state))
    for stop in stops(state):
        site = nearest_site(sites, own[stop.facility], stop.lat, stop.lon, state.at)
        now = look_up(known.by_hour, site, state.at, state.at, OLDEST_OBSERVATION_HOURS)
        then, share = known.forecast(site, stop.target, state.at)
        for column, name in enumerate(VARIABLES):
            sink.add("weather", f"{stop.name}.observed.{name}", now[:, column], monotone=WORSE[name])
            sink.add("weather", f"{stop.name}.forecast.{name}", then[:, column], monotone=WORSE[name])
        if stop.name != "next":  # it is among the stops of the plan
            worst.add(np.arange(len(state)), then, share)
    way = stops_left(state)
    if issued.height and len(way.moment):
        at = state.at[way.moment]
        site = nearest_site(sites, own[way.facility], *state.point_of(way.facility), at)
        worst.add(way.moment, *known.forecast(site, np.maximum(way.arrives + late_by(state)[way.moment], at), at))
    for column, name in enumerate(VARIABLES):
        if name in ROUGH:
            sink.add("weather", f"way.worst.{name}", worst.values[:, column], monotone=WORSE[name])
    sink.add("weather", "way.forecast_share", worst.share())


@dataclass(frozen=True, slots=True)
class Worst:
    """Hold the worst of each variable (n, variables) over some stops of each moment, and how many of the stops with known weather were forecast."""

    values: Real
    forecast: Real
    counted: Real

    @classmethod
    def of(cls, rows: int) -> "Worst":
        """Know no stop yet."""
        return cls(np.full((rows, len(VARIABLES)), np.nan), np.zeros(rows), np.zeros(rows))

    def add(self, moment: Whole, weather: Real, share: Real) -> None:
        """Add one stop for each of some moments; a moment may come several times."""
        told = ~np.isnan(share)
        np.add.at(self.forecast, moment[told], share[told])
        np.add.at(self.counted, moment[told], 1.0)
        for column, name in enumerate(VARIABLES):
            worse = np.fmin if WORSE[name] < 0 else np.fmax
            worse.at(self.values[:, column], moment, weather[:, column])

    def share(self) -> Real:
        """Give the share of forecasts, NaN without any stop."""
        return np.where(self.counted > 0, self.forecast / np.maximum(self.counted, 1.0), np.nan)


def late_by(state: MomentState) -> Whole:
    """Give how late each moment's shipment runs, in microseconds; early counts as on time."""
    return np.where(np.isnan(state.delay_hours), 0, np.maximum(state.delay_hours, 0) * HOUR).astype(np.int64)


def stops(state: MomentState) -> tuple[Stop, ...]:
    """Give the three places looked at."""
    subjects, plan, at = state.subjects, state.plan, state.at
    numbers = state.scans.facility_ids
    delay = late_by(state)

    def expected(planned: Whole, otherwise: Whole) -> Whole:
        return np.maximum(np.where(planned == UNKNOWN_TIME, otherwise, np.where(planned == UNKNOWN_TIME, 0, planned) + delay), at)

    origin, destination = (numbers.of(subjects.frame[f"{end}_facility_id"])[state.row] for end in ("origin", "destination"))
    seen = state.journeys.facility >= 0
    here_lat, here_lon = state.point_of(state.journeys.facility)
    here = (np.where(seen, here_lat, subjects.floats("from.lat")), np.where(seen, here_lon, subjects.floats("from.lon")))
    return (
        Stop("here", np.where(seen, state.journeys.facility, origin), *here, expected(plan.next_leaves, at)),
        Stop("next", plan.next_facility, *state.point_of(plan.next_facility), expected(plan.next_arrives, at)),
        Stop("door", destination, subjects.floats("to.lat"), subjects.floats("to.lon"), expected(plan.ends, without_plan(state))),
    )


def without_plan(state: MomentState) -> Whole:
    """Give when the door is expected without legs: by the planned minutes, else the carrier's date, else the shop's, else a day ahead."""
    at = state.at
    minutes = state.subjects.floats("planned_minutes")
    possessed = state.journeys.possession_at
    start = np.where(possessed == UNKNOWN_TIME, at, possessed)
    by_minutes = np.where(np.isnan(minutes), UNKNOWN_TIME, start + (np.where(np.isnan(minutes), 0, minutes) * 60e6).astype(np.int64))
    chosen = by_minutes
    for date in (state.carrier.latest, state.shop.latest, at + WITHOUT_PLAN):
        chosen = np.where((chosen == UNKNOWN_TIME) | (chosen < at), date, chosen)
    return np.maximum(chosen, at)
