"""Say how fast every facility sorts in every hour, and when vans of every station leave on every day."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from data.domain.places import FacilityKind
from data.simulator.clock import MINUTES_PER_DAY, SimulatorClock
from data.simulator.demand import Demand
from data.simulator.network import Network
from data.simulator.weather import Storms, severity

__all__ = ["Capacity", "Stations", "capacity_of", "stations_of"]

HEADROOM = {FacilityKind.WAREHOUSE: 4.0, FacilityKind.HUB: 3.2, FacilityKind.DELIVERY_STATION: 5.0}
"""Daily capacity over mean daily flow: tight enough that Mondays, storms and the peak leave a backlog (our choice, tuned by trying)."""
LONGEST_SORT_MINUTES = 20.0
"""Floor of capacity, so that a simulation of few orders does not queue for want of company."""
OPEN_HOURS = {FacilityKind.WAREHOUSE: (6, 22)}
DELIVERY_HEADROOM = 1.75
CLOSED_ABOVE = 0.8
"""Severity of a storm above which vans stay in: police close roads."""


class Capacity(NamedTuple):
    """Hold ``per_minute[f, hour]`` parcels sorted, and ``storm_share[f, hour]`` of the normal rate that a storm takes away."""

    per_minute: npt.NDArray[np.float64]
    storm_share: npt.NDArray[np.float64]


class Stations(NamedTuple):
    """Hold the delivery days, local days in the last axis.

    ``dispatch[carrier, f, day]`` is when vans should leave, ``late`` by how many minutes they do, ``closed`` whether they stay in for
    weather, ``slow`` the factor on driving and stopping (``storm_slow`` of it is weather), ``room[carrier, f]`` parcels a day, ``delivers[service, day]``.
    """

    dispatch: npt.NDArray[np.float64]
    late: npt.NDArray[np.float64]
    closed: npt.NDArray[np.bool_]
    slow: npt.NDArray[np.float64]
    storm_slow: npt.NDArray[np.float64]
    room: npt.NDArray[np.float64]
    delivers: npt.NDArray[np.bool_]


def daily_flow(network: Network, demand: Demand, days: float) -> npt.NDArray[np.float64]:
    """Count the mean parcels a day that want to pass each facility."""
    flow = np.bincount(demand.station, minlength=len(network.facilities)).astype(np.float64)
    path = network.paths[demand.service, demand.warehouse, demand.station]
    uses = np.bincount(path, minlength=len(network.path_start) - 1)
    origin = np.array([lane.origin for lane in network.lanes])
    per_lane = np.repeat(uses, np.diff(network.path_start))
    np.add.at(flow, origin[network.path_lanes], per_lane)
    return np.asarray(flow / days)


def staffing(clock: SimulatorClock) -> npt.NDArray[np.float64]:
    """Give staff against a plain day: +25 % from mid-November to Christmas, less than demand grows."""
    return np.array([1.25 if (11, 14) <= (day.month, day.day) <= (12, 24) else 1.0 for day in clock.dates])


def capacity_of(network: Network, clock: SimulatorClock, demand: Demand, storms: Storms, rng: np.random.Generator) -> Capacity:
    """Size every facility to its own demand, then disturb it: day-to-day staff, breakdowns of the sorter, storms."""
    days = (clock.until_minute - clock.start_minute) / MINUTES_PER_DAY
    flow = daily_flow(network, demand, days)
    shape = (len(network.facilities), clock.days)
    factor = rng.normal(1, 0.07, shape).clip(0.7, 1.3) * staffing(clock)[None, :]
    factor = np.where(rng.random(shape) < 0.025, factor * rng.uniform(0.35, 0.6, shape), factor)
    hour = np.arange(clock.hours)
    minute = np.asarray(hour * 60 + 30, dtype=np.float64)
    per_minute = np.zeros((shape[0], clock.hours))
    storm_share = np.zeros_like(per_minute)
    for f, facility in enumerate(network.facilities):
        local = minute + clock.offset_minutes[f, hour // 24]
        day = np.clip(local // MINUTES_PER_DAY, 0, clock.days - 1).astype(np.int64)
        opens, closes = OPEN_HOURS.get(facility.kind, (0, 24))
        is_open = (local % MINUTES_PER_DAY >= opens * 60) & (local % MINUTES_PER_DAY < closes * 60)
        if facility.kind is FacilityKind.WAREHOUSE:
            is_open &= (clock.weekday[day] < 5) & ~clock.holiday[day]
        rate = HEADROOM[facility.kind] * flow[f] / ((closes - opens) * 60)
        here = severity(np.full(clock.hours, network.lat[f]), np.full(clock.hours, network.lon[f]), minute, storms)
        storm_share[f] = 0.75 * np.minimum(here, 1.1) / 1.1
        busy = np.maximum(rate * factor[f, day], 1 / LONGEST_SORT_MINUTES)
        per_minute[f] = np.where(is_open, busy * (1 - storm_share[f]), 0.0)
    return Capacity(per_minute, storm_share)


def stations_of(network: Network, clock: SimulatorClock, demand: Demand, storms: Storms, rng: np.random.Generator) -> Stations:
    """Plan the delivery days of every station, then let the weather of the day disturb them."""
    days = np.arange(clock.days)
    carriers, facilities = len(network.carriers), len(network.facilities)
    dispatch = np.array([[clock.at_local(f, days, c.dispatch) for f in range(facilities)] for c in network.carriers])
    per_day = (clock.until_minute - clock.start_minute) / MINUTES_PER_DAY
    carrier_of_service = np.array([c for c, _ in network.services])
    flow = np.zeros((carriers, facilities))
    np.add.at(flow, (carrier_of_service[demand.service], demand.station), 1 / per_day)
    severe = np.zeros((facilities, clock.days))
    for hours in (0.0, 4.0, 8.0):
        for f in range(facilities):
            at = dispatch[0, f] + hours * 60
            severe[f] += severity(np.full(clock.days, network.lat[f]), np.full(clock.days, network.lon[f]), at, storms) / 3
    shape = (carriers, facilities, clock.days)
    storm_slow = 1 + 0.35 * np.minimum(severe, 1.0)
    weekly = np.array([7 / len(frozenset[int]().union(*(s.delivery_weekdays for s in c.services))) for c in network.carriers])
    return Stations(
        dispatch=dispatch,
        late=rng.exponential(9, shape) + 90 * np.minimum(severe, 1.0)[None] * rng.random(shape),
        closed=severe > CLOSED_ABOVE,
        slow=np.exp(rng.normal(0, 0.06, (facilities, clock.days))) * storm_slow,
        storm_slow=storm_slow,
        room=np.maximum(flow * weekly[:, None] * DELIVERY_HEADROOM, 8.0),
        delivers=np.array([clock.days_on(service.delivery_weekdays) for _, service in network.services]),
    )
