"""Simulate a parcel network: one seed, one world."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from data.domain.errors import InvalidFact
from data.domain.scans import check_instant
from data.facts.facts import Facts
from data.simulator import tables, weather_rows
from data.simulator.clock import TAIL_DAYS
from data.simulator.live import known_by
from data.simulator.noise import NOISE, Noise, heard
from data.simulator.promises import promises
from data.simulator.scans import true_events
from data.simulator.truth import Truth
from data.simulator.truth_tables import truth_of
from data.simulator.world import World, world_of

__all__ = ["STEPS", "Simulated", "simulate"]

STEPS = ("network", "weather", "demand", "flow", "scans", "tables", "truth")


@dataclass(frozen=True, slots=True)
class Simulated:
    """Hold what could be known (``facts``, cut at the end of the span) and what truly happened (``truth``, to the end of every way)."""

    facts: Facts
    truth: Truth


def facts_of(world: World, noise: Noise, seed: int, tell: Callable[[str], None]) -> Facts:
    scanners, rulers, sky, forecasters = (np.random.default_rng(s) for s in np.random.SeedSequence((seed, 1)).spawn(4))
    net, clock, storms = world.network, world.clock, world.storms
    tell("scans")
    events = true_events(world)
    shape = {"facilities": len(net.facilities), "carriers": len(net.carriers)}
    noisy = heard(events, world.parcels.carrier, **shape, rng=scanners, noise=noise)
    tell("tables")
    return Facts.of(
        {
            "facilities": tables.facilities(world),
            "orders": tables.orders(world),
            "shipments": tables.shipments(world),
            "parcels": tables.boxes(world, rulers),
            "promises": promises(world),
            "legs": tables.legs(world),
            "scans": tables.scans(world, noisy),
            "weather_observations": weather_rows.observations(net, clock, storms, world.warmth, sky),
            "weather_forecasts": weather_rows.forecasts(net, clock, storms, world.warmth, forecasters),
        }
    )


def simulate(
    *,
    seed: int,
    orders: int,
    start: datetime,
    days: int,
    noise: Noise = NOISE,
    split_share: float = 0.0,
    progress: Callable[[str, int, int], None] | None = None,
) -> Simulated:
    """Simulate a parcel network that takes ``orders`` orders for ``days`` days from ``start`` on.

    The same arguments give the same facts to the last bit. ``split_share`` (0 to 1) of the orders come in two to four shipments beside the
    6 % that do anyway. Everything heard by ``start + days`` is in the facts, so the youngest
    shipments are still open. ``progress`` is called with a step, how many steps are done and how many there are.

    Raises `InvalidFact` for a start without zone or outside 1990..2100, no days, no orders, a share outside 0..1 or a negative seed.
    """
    if orders < 1 or days < 1 or seed < 0:
        raise InvalidFact(f"orders {orders}, days {days} and seed {seed}: give at least one order, one day and a seed of 0 or more.")
    if not 0 <= split_share <= 1:
        raise InvalidFact(f"split_share {split_share} is a share of the orders; give a number from 0 to 1.")
    check_instant("start", start)
    check_instant("the end of the last way", start + timedelta(days=days + TAIL_DAYS))

    def tell(step: str) -> None:
        if progress is not None:
            progress(step, STEPS.index(step), len(STEPS))

    world = world_of(seed=seed, orders=orders, start=start, days=days, tell=tell, split_share=split_share)
    facts = known_by(facts_of(world, noise, seed, tell), start + timedelta(days=days))
    tell("truth")
    truth = truth_of(world)
    if progress is not None:
        progress("truth", len(STEPS), len(STEPS))
    return Simulated(facts, truth)
