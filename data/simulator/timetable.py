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

__all__ = ["Runs", "Trips", "coming", "in_sequence", "leaving", "trips_of"]

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


class Leaving(NamedTuple):
    """Hold when vehicles leave (minutes), what of their delay is the vehicle's own and what is a storm's."""

    departs: npt.NDArray[np.float64]
    truck: npt.NDArray[np.float64]
    storm_before: npt.NDArray[np.float64]


class Coming(NamedTuple):
    """Hold when vehicles arrive (minutes), and what the way took beside the planned minutes."""

    arrives: npt.NDArray[np.float64]
    storm_on_way: npt.NDArray[np.float64]
    road: npt.NDArray[np.float64]
    ordinary: npt.NDArray[np.float64]


class Runs(NamedTuple):
    """Hold what every trip of a timetable is: its lane's ends, planned minutes on the way, and whether it flies."""

    origin: npt.NDArray[np.int64]
    destination: npt.NDArray[np.int64]
    minutes: npt.NDArray[np.float64]
    air: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, network: Network, lane: npt.NDArray[np.int64]) -> "Runs":
        """Describe trips on some lanes."""
        lanes = network.lanes
        return cls(
            np.array([a.origin for a in lanes])[lane],
            np.array([a.destination for a in lanes])[lane],
            np.array([a.minutes for a in lanes])[lane],
            np.array([a.mode == "air" for a in lanes])[lane],
        )

    def take(self, rows: npt.NDArray[np.intp]) -> "Runs":
        """Give some trips."""
        return Runs(self.origin[rows], self.destination[rows], self.minutes[rows], self.air[rows])


def leaving(
    network: Network,
    storms: Storms,
    runs: Runs,
    planned: npt.NDArray[np.float64],
    *,
    first: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> Leaving:
    """Draw when vehicles leave; ``first`` says where each lane begins."""
    n = len(planned)
    storm_here = severity(network.lat[runs.origin], network.lon[runs.origin], planned, storms)
    late = np.where(rng.random(n) < 0.12, rng.exponential(35, n), 0.0)
    broken = np.where(rng.random(n) < 0.006, rng.exponential(300, n) + 60, 0.0)
    storm_before = np.where(storm_here > 0.15, storm_here * rng.exponential(np.where(runs.air, 300, 150), n), 0.0)
    departs = in_sequence(first, planned + late + broken + storm_before)
    return Leaving(departs, departs - planned - storm_before, storm_before)


def coming(
    network: Network, clock: SimulatorClock, storms: Storms, runs: Runs, *, departs: npt.NDArray[np.float64], rng: np.random.Generator
) -> Coming:
    """Draw when vehicles that left at ``departs`` arrive."""
    n = len(departs)
    severe = np.zeros(n)
    for share in POINTS_ON_THE_WAY:
        lat = network.lat[runs.origin] * (1 - share) + network.lat[runs.destination] * share
        lon = network.lon[runs.origin] * (1 - share) + network.lon[runs.destination] * share
        severe += np.minimum(severity(lat, lon, departs + share * runs.minutes, storms), 1.5) / len(POINTS_ON_THE_WAY)
    storm_on_way = runs.minutes * np.where(runs.air, 0.2, 1.4) * severe * rng.uniform(0.6, 1.4, n)
    ordinary = runs.minutes * rng.normal(0, 0.025, n) + rng.normal(0, 4, n)
    arrives = departs + runs.minutes + storm_on_way + ordinary
    day = np.clip(arrives // 1440, 0, clock.days - 1).astype(np.int64)
    local_hour = (arrives + clock.offset_minutes[runs.destination, day]) % 1440 / 60
    busy = np.clip(network.population[runs.destination] / 10_000, 0.3, 1.5)
    road = np.where(runs.air, 0.0, rush_minutes(local_hour, busy) * rng.uniform(0.5, 1.5, n))
    return Coming(arrives + road, storm_on_way, road, ordinary)


def trips_of(network: Network, clock: SimulatorClock, storms: Storms, rng: np.random.Generator) -> Trips:
    """Draw all trips of a simulation."""
    waves = [planned_departures(network, clock, lane) for lane in network.lanes]
    counts = np.array([len(wave) for wave in waves])
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    lane = np.repeat(np.arange(len(waves)), counts)
    planned = np.concatenate(waves)
    runs = Runs.of(network, lane)
    left = leaving(network, storms, runs, planned, first=first, rng=rng)
    came = coming(network, clock, storms, runs, departs=left.departs, rng=rng)
    return Trips(
        first=first,
        lane=lane,
        planned_departs=planned,
        planned_arrives=planned + runs.minutes,
        departs=left.departs,
        arrives=came.arrives,
        truck=left.truck,
        storm_before=left.storm_before,
        storm_on_way=came.storm_on_way,
        road=came.road,
        ordinary=came.ordinary,
    )
