"""Know what can be known: the conditional distribution of the time left, by simulating the future of one world many times.

The oracle knows the full state of the network at the moment (`data.simulator.oracle_world` says what that holds), which no forecaster who only
hears scans can know. Its loss is therefore a bound that cannot be reached, and what lies between is partly hidden, partly not learnt.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data.simulator.clock import MINUTES_PER_DAY
from data.simulator.flow import flow
from data.simulator.oracle_world import Future, future_of
from data.simulator.state import DELIVERED, OPEN
from data.simulator.world import World

__all__ = ["HORIZON_DAYS", "OracleAnswer", "open_shipments", "oracle"]

HORIZON_DAYS = 18
"""How far futures are simulated; what takes longer counts as open for ever. 99.9 % of deliveries in simulated worlds take less (2026-11-22)."""


@dataclass(frozen=True, slots=True)
class OracleAnswer:
    """Hold what may become of shipments asked about at one minute.

    ``rows`` are rows of the world's demand, ``hours`` (n, draws) from the minute to the door in each simulated future; infinite where it is open
    at the horizon, NaN where it ends otherwise (lost, damaged, returned).
    """

    minute: float
    rows: npt.NDArray[np.int64]
    hours: npt.NDArray[np.float64]

    def quantile(self, levels: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Give (n, levels) hours among the futures with a delivery; NaN for a row without one."""
        ordered = np.sort(self.hours, axis=1)  # NaN sorts to the end, behind infinity
        known = (~np.isnan(self.hours)).sum(axis=1)
        place = np.asarray(levels, dtype=np.float64)[None, :] * known[:, None] - 0.5
        low = np.clip(np.floor(place), 0, np.maximum(known - 1, 0)[:, None]).astype(np.int64)
        high = np.minimum(low + 1, np.maximum(known - 1, 0)[:, None])
        left, right = np.take_along_axis(ordered, low, axis=1), np.take_along_axis(ordered, high, axis=1)
        between, share = np.isfinite(right), np.clip(place - low, 0.0, 1.0)
        return np.where(between, left + (np.where(between, right, 0.0) - np.where(between, left, 0.0)) * share, right)

    def reached(self, hours: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Give (n,) the share of futures with a delivery in which it comes by some hours (n,), ties counted half."""
        known = np.maximum((~np.isnan(self.hours)).sum(axis=1), 1)
        below, equal = (self.hours < hours[:, None]).sum(axis=1), (self.hours == hours[:, None]).sum(axis=1)
        return np.asarray((below + equal / 2) / known)


def open_shipments(world: World, at: float) -> npt.NDArray[np.int64]:
    """Give the rows of demand that have a label at a minute and have not ended."""
    history = world.history
    alive = (world.created <= at) & ~(history.end <= at)
    return np.sort(world.row[alive])


def oracle(
    world: World,
    at: float,
    rows: npt.NDArray[np.int64],
    *,
    draws: int,
    seed: int,
    horizon_days: float = HORIZON_DAYS,
    draw: Callable[[World, float, float, np.random.Generator], Future] = future_of,
    tell: Callable[[int], None] = lambda _done: None,
) -> OracleAnswer:
    """Simulate the future of a world after minute ``at`` many times and say when each of some shipments comes.

    ``rows`` are rows of demand whose orders were placed by ``at``. One simulated future (a ``draw``) answers for all of them at once. The same
    arguments give the same answer; ``tell`` hears how many futures are done.
    """
    hours = np.full((len(rows), draws), np.nan)
    until = at + horizon_days * MINUTES_PER_DAY
    for number, stream in enumerate(np.random.SeedSequence((seed, round(at))).spawn(draws)):
        future = draw(world, at, until, np.random.default_rng(stream))
        history = flow(future.setting, until=until)
        place = np.empty(len(future.row), dtype=np.int64)
        place[future.row] = np.arange(len(future.row))
        asked = place[rows]
        outcome = history.outcome[asked]
        hours[:, number] = np.where(outcome == DELIVERED, (history.end[asked] - at) / 60, np.where(outcome == OPEN, np.inf, np.nan))
        tell(number + 1)
    return OracleAnswer(at, rows, hours)
