"""Run every vehicle of the timetable: when it should leave and arrive, when it did, and what made it late.

Trips do not depend on parcels, so all of them are computed at once before the first parcel moves.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from data.simulator.clock import SimulatorClock
from data.simulator.network import Lane, Network
from data.simulator.weather import Storms, severity

__all__ = ["Trips", "trips_of"]

POINTS_ON_THE_WAY = np.array([0.0, 0.25, 0.5, 0.75, 1.0])


class Trips(NamedTuple):
    """Hold trips sorted by lane and time; lane *l* owns ``first[l]:first[l + 1]``. Minutes.

    ``departs - planned_departs`` and ``arrives - planned_arrives`` are explained exactly by: ``truck`` (late vehicle, breakdown),
    ``storm_before`` and ``storm_on_way``, ``road`` (rush hours) and ``ordinary`` (small variation, may be negative).
    """

    first: npt.NDArray[np.int64]
    lane: npt.NDArray[np.int64]
    planned_departs: npt.NDArray[np.float64]
    planned_arrives: npt.NDArray[np.float64]
    departs: npt.NDArray[np.float64]
    arrives: npt.NDArray[np.float64]
    truck: npt.NDArray[np.float64]
    storm_before: npt.NDArray[np.float64]
    storm_on_way: npt.NDArray[np.float64]
    road: npt.NDArray[np.float64]
    ordinary: npt.NDArray[np.float64]


def planned_departures(network: Network, clock: SimulatorClock, lane: Lane) -> npt.NDArray[np.float64]:
    carrier = network.carriers[lane.carrier]
    days = np.flatnonzero(clock.days_on(carrier.linehaul_weekdays))
    return np.sort(np.concatenate([clock.at_local(lane.origin, days, at) for at in carrier.departures[lane.wave]]))


def rush_minutes(local_hour: npt.NDArray[np.float64], busy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give minutes lost at the edge of a city: up to 25 at 8:00 and 17:15 local, in the busiest area (our choice)."""
    wave = np.exp(-(((local_hour - 8.0) / 1.2) ** 2)) + np.exp(-(((local_hour - 17.25) / 1.5) ** 2))
    return np.asarray(25 * busy * wave)


def in_sequence(first: npt.NDArray[np.int64], departs: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Keep vehicles of one lane in the order of the timetable: none leaves before the one planned earlier."""
    out = departs.copy()
    for begin, end in pairwise(first):
        out[begin:end] = np.maximum.accumulate(departs[begin:end])
    return out


def trips_of(network: Network, clock: SimulatorClock, storms: Storms, rng: np.random.Generator) -> Trips:
    """Draw all trips of a simulation."""
    waves = [planned_departures(network, clock, lane) for lane in network.lanes]
    counts = np.array([len(wave) for wave in waves])
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    lane = np.repeat(np.arange(len(waves)), counts)
    planned = np.concatenate(waves)
    n = len(planned)
    origin, destination = np.array([a.origin for a in network.lanes])[lane], np.array([a.destination for a in network.lanes])[lane]
    minutes = np.array([a.minutes for a in network.lanes])[lane]
    air = np.array([a.mode == "air" for a in network.lanes])[lane]

    storm_here = severity(network.lat[origin], network.lon[origin], planned, storms)
    late = np.where(rng.random(n) < 0.12, rng.exponential(35, n), 0.0)
    broken = np.where(rng.random(n) < 0.006, rng.exponential(300, n) + 60, 0.0)
    storm_before = np.where(storm_here > 0.15, storm_here * rng.exponential(np.where(air, 300, 150), n), 0.0)
    departs = in_sequence(first, planned + late + broken + storm_before)
    truck = departs - planned - storm_before

    severe = np.zeros(n)
    for share in POINTS_ON_THE_WAY:
        lat = network.lat[origin] * (1 - share) + network.lat[destination] * share
        lon = network.lon[origin] * (1 - share) + network.lon[destination] * share
        severe += np.minimum(severity(lat, lon, departs + share * minutes, storms), 1.5) / len(POINTS_ON_THE_WAY)
    storm_on_way = minutes * np.where(air, 0.2, 1.4) * severe * rng.uniform(0.6, 1.4, n)
    ordinary = minutes * rng.normal(0, 0.025, n) + rng.normal(0, 4, n)
    arrives = departs + minutes + storm_on_way + ordinary
    day = np.clip(arrives // 1440, 0, clock.days - 1).astype(np.int64)
    local_hour = (arrives + clock.offset_minutes[destination, day]) % 1440 / 60
    busy = np.clip(network.population[destination] / 10_000, 0.3, 1.5)
    road = np.where(air, 0.0, rush_minutes(local_hour, busy) * rng.uniform(0.5, 1.5, n))
    return Trips(
        first=first,
        lane=lane,
        planned_departs=planned,
        planned_arrives=planned + minutes,
        departs=departs,
        arrives=arrives + road,
        truck=truck,
        storm_before=storm_before,
        storm_on_way=storm_on_way,
        road=road,
        ordinary=ordinary,
    )
