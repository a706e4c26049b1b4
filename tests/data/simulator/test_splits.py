"""Orders in several shipments are added beside what was drawn, and only when asked for."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from data.domain.errors import InvalidFact
from data.simulator.demand import MERCHANTS
from data.simulator.simulate import simulate
from data.simulator.splits import split_orders

START = datetime(2026, 9, 14, tzinfo=UTC)


def drawn(world, share, seed=5):
    return split_orders(world.demand, world.network, share, np.random.default_rng(seed))


def test_a_share_of_the_orders_comes_in_two_to_four(world):
    """40 % of 6,000 orders get one to three shipments more."""
    plain = np.bincount(world.demand.order, minlength=6000)
    more = np.bincount(drawn(world, 0.4).order, minlength=6000) - plain

    assert 0.36 < (more > 0).mean() < 0.44
    assert set(more) == {0, 1, 2, 3}


def test_the_drawn_shipments_stay_as_they_are(world):
    """Each of them is still there, and shipments stay sorted by order."""
    split = drawn(world, 0.4)

    assert set(world.demand.created) <= set(split.created)
    assert (np.diff(split.order) >= 0).all()
    assert len({len(getattr(split, name)) for name in ("order", "created", "warehouse", "service", "zip_row", "weight_kg", "parcels")}) == 1


def test_a_further_shipment_has_the_same_address_service_and_merchant(world):
    """From the first one's warehouse in a good half of the cases, else from another one of the merchant."""
    split = drawn(world, 1.0)
    first = np.searchsorted(split.order, split.order)
    added = ~np.isin(split.created, world.demand.created)
    names = [facility.facility_id for facility in world.network.facilities]

    assert (split.zip_row == split.zip_row[first])[added].all()
    assert 0.55 < (split.warehouse == split.warehouse[first])[added].mean() < 0.85
    assert all(names[split.warehouse[i]] in MERCHANTS[split.merchant[split.order[i]]].warehouses for i in np.flatnonzero(added)[:200])


def test_without_a_share_nothing_changes(simulated):
    """The facts are those of before, to the last bit; with a share there are more shipments of the same orders."""
    plain = simulate(seed=11, orders=6000, start=START, days=30, split_share=0.0)
    split = simulate(seed=11, orders=6000, start=START, days=30, split_share=0.3)

    assert all(frame.equals(getattr(simulated.facts, name)) for name, frame in plain.facts.tables())
    assert split.facts.orders.equals(plain.facts.orders)
    assert split.facts.shipments.filter(pl.len().over("order_id") > 1)["order_id"].n_unique() > 1500


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_lies_between_nothing_and_all(share):
    """The message names the value."""
    with pytest.raises(InvalidFact, match=str(share)):
        simulate(seed=1, orders=10, start=START, days=2, split_share=share)
