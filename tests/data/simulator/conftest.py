"""Worlds that the tests of the simulator share."""

from datetime import UTC, datetime

import pytest

from data.simulator.noise import NOISE
from data.simulator.scans import true_events
from data.simulator.simulate import Simulated, simulate
from data.simulator.world import World, world_of

AUTUMN = datetime(2026, 9, 14, tzinfo=UTC)
SEED, ORDERS, DAYS = 11, 6000, 30


@pytest.fixture(scope="session")
def world() -> World:
    """Give a month of autumn with 6,000 orders."""
    return world_of(seed=SEED, orders=ORDERS, start=AUTUMN, days=DAYS, tell=lambda step: None)


@pytest.fixture(scope="session")
def simulated() -> Simulated:
    """Give facts and truth of the same world."""
    return simulate(seed=SEED, orders=ORDERS, start=AUTUMN, days=DAYS, noise=NOISE)


@pytest.fixture(scope="session")
def events(world):
    """Give the perfect scans of that world."""
    return true_events(world)
