"""Make a world: draw its weather, vehicles, demand and staff, then let every parcel go its way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import polars as pl

from data.simulator.capacity import Capacity, Stations, capacity_of, stations_of
from data.simulator.clock import SimulatorClock, clock_of
from data.simulator.demand import Demand, demand_of
from data.simulator.flow import flow
from data.simulator.network import Network, network
from data.simulator.parcels import cancelled_of, parcels_of, trip_room
from data.simulator.plan import Plan, plan
from data.simulator.splits import split_orders
from data.simulator.state import CANCELLED, History, Parcels, Setting
from data.simulator.timetable import Trips, trips_of
from data.simulator.weather import Storms, storms_of
from data.simulator.weather_rows import swell

__all__ = ["PLANNED_QUEUE_MINUTES", "World", "world_of"]

PLANNED_QUEUE_MINUTES = 60.0
"""What the plan allows at every facility for ordinary queues (mean wait at hubs, measured on 100,000 orders in 60 days, 2026-11-21)."""


@dataclass(frozen=True, slots=True)
class World:
    """Hold one simulated world. Minutes since ``clock.midnight``.

    Rows of ``parcels``, ``history`` and ``planned`` are shipments by release; ``row`` maps them to rows of ``demand``, and
    ``owner[v]`` maps visits to them. ``warmth[f, day]`` is how much warmer than usual a place is.
    """

    network: Network
    clock: SimulatorClock
    storms: Storms
    warmth: npt.NDArray[np.float64]
    trips: Trips
    demand: Demand
    capacity: Capacity
    stations: Stations
    parcels: Parcels
    row: npt.NDArray[np.int64]
    owner: npt.NDArray[np.int64]
    planned: Plan
    history: History
    setting: Setting

    @property
    def created(self) -> npt.NDArray[np.float64]:
        """Give when the label of each row of ``parcels`` was made."""
        return self.demand.created[self.row]

    @property
    def facility_ids(self) -> pl.Series:
        """Give the names of the facilities by index."""
        return pl.Series([f.facility_id for f in self.network.facilities])

    def facility_names(self, index: npt.NDArray[np.int64]) -> pl.Series:
        """Give facility names; null for -1 (the door)."""
        return self.facility_ids.gather(np.maximum(index, 0)).set(pl.Series(index < 0), None)


def world_of(*, seed: int, orders: int, start: datetime, days: int, tell: Callable[[str], None], split_share: float = 0.0) -> World:
    """Make the world of a seed. ``tell`` hears the name of each step as it begins; ``split_share`` of the orders come in more shipments."""
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(7)]
    tell("network")
    net = network()
    clock = clock_of(start, days, [f.place.timezone or "UTC" for f in net.facilities])
    tell("weather")
    storms = storms_of(clock, streams[0])
    warmth = swell(clock, len(net.facilities), streams[1])
    trips = trips_of(net, clock, storms, streams[2])
    tell("demand")
    demand = demand_of(net, clock, orders, streams[3])
    if split_share > 0:  # a stream of its own: without splits every other draw stays as it was
        demand = split_orders(demand, net, split_share, np.random.default_rng(np.random.SeedSequence((seed, 2))))
    capacity = capacity_of(net, clock, demand, storms, streams[4])
    stations = stations_of(net, clock, demand, storms, streams[5])
    parcels, row = parcels_of(net, clock, demand, cancelled_of(demand, streams[6]))
    tell("flow")
    planned = plan(parcels, trips, stations, clock.offset_minutes, PLANNED_QUEUE_MINUTES)
    setting = Setting(parcels, trips, trip_room(net, clock, parcels), capacity, stations, clock.offset_minutes, seed)
    history = flow(setting)
    cancelled = np.isnan(parcels.release)
    history.outcome[cancelled] = CANCELLED
    history.end[cancelled] = (demand.created[row] + streams[6].uniform(5, 240, len(row)))[cancelled]
    owner = np.repeat(np.arange(len(row)), np.diff(parcels.visit))
    return World(net, clock, storms, warmth, trips, demand, capacity, stations, parcels, row, owner, planned, history, setting)
