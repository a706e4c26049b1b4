"""Make columns of the weather on the way that is left: as observed by now, and as forecast for the hour of passing."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.features.codes import UNKNOWN_TIME
from training.features.hours import HOUR
from training.features.matrix import ColumnSink
from training.features.moment_state import MomentState
from training.features.weather_tables import VARIABLES, look_up, nearest_site, sites_of, sorted_weather

__all__ = ["add_weather"]

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]

WORSE = {"temperature_c": 0, "precipitation_mm": 1, "snowfall_cm": 1, "wind_kph": 1, "visibility_km": -1}
"""Sign of each variable's effect on the remaining time."""

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


def add_weather(sink: ColumnSink, state: MomentState) -> None:
    """Add weather here (at the origin before the first scan), at the next facility and at the door; NaN where nothing was known.

    Only rows with ``available_at`` up to the moment are read: for observations the latest hour, for forecasts the hour of passing as issued last.
    """
    facts = state.subjects.facts
    observed, issued = facts.weather_observations, facts.weather_forecasts
    facilities = state.subjects.facilities
    sites = sites_of(facilities, observed, issued)
    by_hour = sorted_weather(observed, sites, "observation_id", "observed_at", "observed_at")
    as_issued = sorted_weather(issued, sites, "weather_forecast_id", "valid_at", "issued_at")
    own = np.concatenate([sites.ids.of(state.scans.facility_ids.texts), [-1]])
    for stop in stops(state):
        site = nearest_site(sites, own[stop.facility], stop.lat, stop.lon, state.at)
        now = look_up(by_hour, site, state.at, state.at, OLDEST_OBSERVATION_HOURS)
        then = look_up(as_issued, site, stop.target, state.at, FORECAST_STEP_HOURS)
        for column, name in enumerate(VARIABLES):
            sink.add("weather", f"{stop.name}.observed.{name}", now[:, column], monotone=WORSE[name])
            sink.add("weather", f"{stop.name}.forecast.{name}", then[:, column], monotone=WORSE[name])


def stops(state: MomentState) -> tuple[Stop, ...]:
    """Give the three places looked at."""
    subjects, plan, at = state.subjects, state.plan, state.at
    numbers = state.scans.facility_ids
    delay = np.where(np.isnan(state.delay_hours), 0, np.maximum(state.delay_hours, 0) * HOUR).astype(np.int64)

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
