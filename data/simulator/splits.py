"""Send a share of the orders in two to four shipments, from one warehouse or several: for questions about whole orders."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from data.simulator.demand import MERCHANTS, Demand, warehouses_of
from data.simulator.network import Network

__all__ = ["split_orders"]

MORE_SHIPMENTS = (0.6, 0.28, 0.12)
"""Shares of split orders that get one, two and three shipments more (our choice)."""
SAME_WAREHOUSE = 0.5
"""Chance that a further shipment leaves the warehouse of the first one (our choice); else any warehouse of the merchant."""
OF_ORDERS = frozenset({"ordered", "merchant", "channel"})
"""Columns of `Demand` with one row for each order; all others but ``served`` have one for each shipment."""


def split_orders(demand: Demand, network: Network, share: float, rng: np.random.Generator) -> Demand:
    """Give the demand with further shipments in ``share`` of the orders; the drawn ones stay as they are, in their places.

    A further shipment goes to the same address by the same service (the customer chose once), its label is made at a time of its own, and
    what is in the box is drawn from other shipments of the same merchant.
    """
    first = np.searchsorted(demand.order, np.arange(len(demand.ordered)))
    chosen = first[rng.random(len(first)) < share]
    like = np.repeat(chosen, 1 + rng.choice(len(MORE_SHIPMENTS), len(chosen), p=MORE_SHIPMENTS))
    order, n = demand.order[like], len(like)
    merchant = demand.merchant[order]
    elsewhere = warehouses_of(network, merchant, rng)
    box = boxes_of_others(demand, merchant, rng)
    more = {
        **{name: getattr(demand, name)[like] for name in ("order", "station", "service", "zip_row", "local_km", "business")},
        **{name: getattr(demand, name)[box] for name in ("signature", "fragile", "weight_kg", "value_usd", "parcels")},
        "created": demand.ordered[order] + rng.lognormal(2.6, 0.9, n),
        "warehouse": np.where(rng.random(n) < SAME_WAREHOUSE, demand.warehouse[like], elsewhere),
    }
    place = np.argsort(np.concatenate([demand.order, order]), kind="stable")
    columns = [item.name for item in fields(demand) if item.name not in OF_ORDERS | {"served"}]
    grown: dict[str, Any] = {name: np.concatenate([getattr(demand, name), more[name]])[place] for name in columns}
    return replace(demand, **grown)


def boxes_of_others(demand: Demand, merchant: npt.NDArray[np.int64], rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Draw for each wanted merchant a shipment of the same one."""
    sender = demand.merchant[demand.order]
    out = np.zeros(len(merchant), dtype=np.int64)
    for m in range(len(MERCHANTS)):
        wanted = np.flatnonzero(merchant == m)
        if len(wanted):
            out[wanted] = rng.choice(np.flatnonzero(sender == m), len(wanted))
    return out
