"""Draw the future of a world anew from a moment on, everything up to that moment kept.

What is kept is the simulator's full state: where every parcel is, which vehicles left, today's staff, the pace of vans that are out, and the storms
that are alive or will be born within three days (the weather office sees them coming). What is drawn anew: later storms, departures and
arrivals that have not happened, staff and breakdowns from tomorrow on, vans that have not left, orders that were not placed, and the luck of every parcel.
Of what is under way at the moment it is known only that it is not over.
"""

from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from data.simulator.capacity import Capacity, Stations, capacity_of, stations_of
from data.simulator.clock import MINUTES_PER_DAY, SimulatorClock
from data.simulator.demand import WEEKDAY_SHARES, Demand, demand_of, peak_factor
from data.simulator.draws import MOST_TRIES
from data.simulator.oracle_trips import later_trips
from data.simulator.parcels import cancelled_of, parcels_of
from data.simulator.state import Setting
from data.simulator.weather import Storms, storms_of
from data.simulator.world import World

__all__ = ["Future", "future_of"]

STORMS_SEEN_MINUTES = 3 * MINUTES_PER_DAY
OF_ORDERS = ("ordered", "merchant", "channel")


@dataclass(frozen=True, slots=True)
class Future:
    """Hold one possible world from a moment on: what `flow` needs, and which row of ``demand`` each shipment is (known ones keep theirs)."""

    setting: Setting
    row: npt.NDArray[np.int64]


def future_of(world: World, at: float, until: float, rng: np.random.Generator) -> Future:
    """Draw a world that is the same up to minute ``at`` and may be another one from then to ``until``."""
    clock = shortened(world.clock, until)
    storms = later_storms(world.storms, clock, at, rng)
    demand, known = later_demand(world, clock, at, until, rng)
    cancelled = cancelled_of(demand, rng)
    cancelled[world.row[world.row < known]] = np.isnan(world.parcels.release[world.row < known])
    parcels, row = parcels_of(world.network, clock, demand, cancelled)
    setting = world.setting._replace(
        parcels=parcels,
        trips=later_trips(world, storms, at, until, rng),
        capacity=later_capacity(world, clock, storms, at, rng),
        stations=later_stations(world, clock, storms, at, rng),
        offset_minutes=clock.offset_minutes,
        fresh_from=at,
        fresh_seed=int(rng.integers(2**40)),
    )
    return Future(setting, row)


def shortened(clock: SimulatorClock, until: float) -> SimulatorClock:
    """Give the same calendar up to the day after ``until``."""
    days = min(int(until // MINUTES_PER_DAY) + 3, clock.days)
    return replace(
        clock,
        dates=clock.dates[:days],
        holiday=clock.holiday[:days],
        weekday=clock.weekday[:days],
        offset_minutes=np.ascontiguousarray(clock.offset_minutes[:, :days]),
    )


def later_storms(storms: Storms, clock: SimulatorClock, at: float, rng: np.random.Generator) -> Storms:
    """Keep the storms that the weather office sees and draw the later ones."""
    fresh, seen = storms_of(clock, rng), at + STORMS_SEEN_MINUTES
    return Storms(*(np.concatenate([old[storms.begins < seen], new[fresh.begins >= seen]]) for old, new in zip(storms, fresh, strict=True)))


def later_demand(world: World, clock: SimulatorClock, at: float, until: float, rng: np.random.Generator) -> tuple[Demand, int]:
    """Keep the orders placed by ``at`` with all their shipments and draw as many later ones as are usual; also count the kept shipments."""
    demand, full = world.demand, world.clock
    orders = int(np.searchsorted(demand.ordered, at, side="right"))
    known = int(np.searchsorted(demand.order, orders))
    end = min(until, full.until_minute)
    to_come = usual_orders(full, at, full.until_minute)
    share = usual_orders(full, at, end) / to_come if to_come > 0 else 0.0
    wanted = int(rng.binomial(len(demand.ordered) - orders, min(share, 1.0))) if end > at else 0
    window = replace(clock, start_minute=at, until_minute=max(end, at + 1))
    more = demand_of(world.network, window, max(wanted, 1), rng, served=demand.served)
    joined: dict[str, object] = {"served": demand.served}
    for item in fields(demand):
        if item.name == "served":
            continue
        old, new = getattr(demand, item.name), getattr(more, item.name)
        kept = orders if item.name in OF_ORDERS else known
        joined[item.name] = np.concatenate([old[:kept], new + orders if item.name == "order" else new])
    return Demand(**joined), known  # type: ignore[arg-type]


def usual_orders(clock: SimulatorClock, begin: float, end: float) -> float:
    """Give the usual share of demand between two minutes by weekday and season, in days."""
    by_day = WEEKDAY_SHARES[clock.weekday] * peak_factor(clock)
    edges = np.arange(clock.days + 1) * MINUTES_PER_DAY
    mass = np.concatenate([[0.0], np.cumsum(by_day)])
    return float(np.interp(end, edges, mass) - np.interp(begin, edges, mass))


def later_capacity(world: World, clock: SimulatorClock, storms: Storms, at: float, rng: np.random.Generator) -> Capacity:
    """Keep the hours that began by ``at`` and today's staff; draw staff and breakdowns from tomorrow on."""
    hours = np.arange(clock.hours)
    old = Capacity(*(np.ascontiguousarray(table[:, : clock.hours]) for table in world.capacity))
    fresh = capacity_of(world.network, clock, world.demand, storms, rng)
    local_day = (hours * 60 + 30 + clock.offset_minutes[:, hours // 24]) // MINUTES_PER_DAY
    today = local_day[:, [min(int(at // 60), clock.hours - 1)]]
    staffed = np.where(local_day <= today, old.per_minute / (1 - old.storm_share), fresh.per_minute / (1 - fresh.storm_share))
    begun = hours * 60 <= at
    storm_share = np.where(begun, old.storm_share, fresh.storm_share)
    return Capacity(np.where(begun, old.per_minute, staffed * (1 - storm_share)), storm_share)


def later_stations(world: World, clock: SimulatorClock, storms: Storms, at: float, rng: np.random.Generator) -> Stations:
    """Keep the days on which vans have left; draw lateness, pace and closures of those on which none has."""
    days = clock.days
    old = world.stations
    fresh = stations_of(world.network, clock, world.demand, storms, rng)
    dispatch, late = old.dispatch[:, :, :days], old.late[:, :, :days]
    gone = dispatch + late <= at
    waited = fresh.late
    for _ in range(MOST_TRIES):
        early = ~gone & (dispatch + waited <= at)
        if not early.any():
            break
        waited = np.where(early, rng.exponential(9, early.shape) + 90 * rng.random(early.shape) * (fresh.storm_slow - 1) / 0.35, waited)
    waited = np.where(~gone & (dispatch + waited > at), waited, late)
    begun = gone.any(axis=0) | (dispatch.min(axis=0) <= at)

    def kept(table: str) -> npt.NDArray[np.float64]:
        return np.asarray(np.where(begun, getattr(old, table)[:, :days], getattr(fresh, table)))

    return Stations(
        dispatch=np.ascontiguousarray(dispatch),  # the compiled loops know whole tables only
        late=waited,
        closed=kept("closed").astype(np.bool_),
        slow=kept("slow"),
        storm_slow=kept("storm_slow"),
        room=old.room,
        delivers=np.ascontiguousarray(old.delivers[:, :days]),
    )
