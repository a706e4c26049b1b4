"""Draw the timetable anew from a moment on: vehicles that have left keep their departure, those that have come their arrival."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from data.simulator.draws import MOST_TRIES
from data.simulator.timetable import Runs, Trips, coming, in_sequence, leaving
from data.simulator.weather import Storms
from data.simulator.world import World

__all__ = ["later_trips"]

LATEST_MINUTES = 4 * 1440.0
"""Vehicles planned longer ago than this have left, or never do."""


def later_trips(world: World, storms: Storms, at: float, until: float, rng: np.random.Generator) -> Trips:
    """Give the trips as they may go on after minute ``at``, drawn up to ``until`` under these storms; later ones stay as they were.

    A vehicle due but not gone is drawn given that it leaves after ``at``; one on its way given that it comes after ``at``. What made them late
    is not kept: nobody asks for the causes of what may happen.
    """
    trips, network, clock = world.trips, world.network, world.clock
    planned, departs, arrives = trips.planned_departs, trips.departs.copy(), trips.arrives.copy()
    to_leave = np.flatnonzero((departs > at) & (planned > at - LATEST_MINUTES) & (planned < until))
    left = drawn_after(at, to_leave, lambda rows: departures(world, storms, trips.lane[rows], planned[rows], rng))
    departs[to_leave] = np.where(np.isfinite(left), left, departs[to_leave])
    in_order = in_sequence(trips.first, departs)

    on_way = np.flatnonzero((arrives > at) & (in_order < until) & (trips.departs > at - LATEST_MINUTES))
    came = drawn_after(
        at, on_way, lambda rows: coming(network, clock, storms, Runs.of(network, trips.lane[rows]), departs=in_order[rows], rng=rng).arrives
    )
    arrives[on_way] = np.where(np.isfinite(came), came, arrives[on_way])
    return trips._replace(departs=in_order, arrives=arrives)


def departures(
    world: World, storms: Storms, lane: npt.NDArray[np.int64], planned: npt.NDArray[np.float64], rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Draw when single vehicles leave; their order is kept later."""
    alone = np.arange(len(planned) + 1)
    return leaving(world.network, storms, Runs.of(world.network, lane), planned, first=alone, rng=rng).departs


def drawn_after(
    at: float, rows: npt.NDArray[np.intp], draw: Callable[[npt.NDArray[np.intp]], npt.NDArray[np.float64]]
) -> npt.NDArray[np.float64]:
    """Draw for each row until it lies after ``at``; NaN where it never does."""
    found = draw(rows)
    for _ in range(MOST_TRIES):
        again = np.flatnonzero(found <= at)
        if not len(again):
            return found
        found[again] = draw(rows[again])
    return np.where(found > at, found, np.nan)
