"""Cut small slices of every set, with all clocks and all dirt left as they are."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from data.domain.statuses import Status
from data.facts.facts import Facts
from data.facts.moments import Moments
from data.simulator.simulate import simulate
from data.sources.datasets.catalogue import DATASETS, open_dataset
from data.sources.datasets.dataset import Dataset
from tests.training.little_network import little_facts

__all__ = ["ALWAYS_THERE", "EPOCH", "REAL", "Slice", "cut_slice", "moments_of", "slice_named"]

REAL = DATASETS
ALWAYS_THERE = ("little_network", "simulated")
FOLDERS = {"delhivery_scan_rows": "delhivery"}
LIVES = 6
"""A slice is as long as six slow shipments take, so that outcomes of some become known while others are on their way."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Slice:
    """Hold the facts of some shipments and, for real sets, the protocol's rows of them."""

    name: str
    facts: Facts
    rows: pl.DataFrame | None
    time_ordered: bool


@cache
def slice_named(name: str, real_data: Path | None, *, most: int = 900) -> Slice:
    """Give a slice of a real set, or a network that is made on the spot."""
    if name == "little_network":
        return Slice(name, little_facts(500), None, time_ordered=True)
    if name == "simulated":
        return Slice(name, simulate(seed=3, orders=500, start=datetime(2026, 3, 2, tzinfo=UTC), days=20).facts, None, time_ordered=True)
    if real_data is None:
        raise ValueError(f"{name} is read from the folder of real data.")
    whole = open_dataset(name, real_data / FOLDERS.get(name, name))
    some = cut_slice(whole, most=most)
    return Slice(name, some.facts, some.moments, some.task.time_ordered)


def cut_slice(whole: Dataset, *, most: int, lives: int = LIVES) -> Dataset:
    """Keep at most ``most`` shipments evenly spread over some lives in the middle of the set; over all of it where times have no order."""
    facts = whole.facts
    born = facts.shipments.select("shipment_id", "created_at").sort("created_at", "shipment_id")
    if whole.task.time_ordered:
        came = facts.scans.filter(pl.col("status") == str(Status.DELIVERED)).join(born, on="shipment_id")
        slow = came.select((pl.col("occurred_at") - pl.col("created_at")).quantile(0.9)).item()
        middle = born["created_at"].quantile(0.6, "nearest")
        assert isinstance(slow, timedelta)
        assert isinstance(middle, datetime)
        born = born.filter(pl.col("created_at").is_between(middle - slow * lives / 2, middle + slow * lives / 2))
    born = born.gather(np.unique(np.linspace(0, born.height - 1, most).astype(np.int64)))
    moments = whole.moments.join(born.select("shipment_id"), on="shipment_id", how="semi", maintain_order="left")
    return replace(whole, facts=only(facts, born), moments=moments)


def only(facts: Facts, born: pl.DataFrame) -> Facts:
    """Keep what belongs to some shipments, and the weather of their time."""
    tables = dict(facts.tables())
    for name in ("shipments", "parcels", "promises", "legs", "scans"):
        tables[name] = tables[name].join(born.select("shipment_id"), on="shipment_id", how="semi", maintain_order="left")
    tables["orders"] = tables["orders"].join(tables["shipments"].select("order_id"), on="order_id", how="semi", maintain_order="left")
    first, last = born["created_at"].min(), born["created_at"].max()
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    near = pl.col("available_at").is_between(first - timedelta(days=2), last + timedelta(days=2))
    for name in ("weather_observations", "weather_forecasts"):
        tables[name] = tables[name].filter(near)
    return Facts(**tables)


def moments_of(frame: pl.DataFrame) -> Moments:
    """Read shipments and instants off a frame with ``shipment_id`` and ``at``."""
    return Moments(frame["shipment_id"].to_numpy().astype(object), frame["at"].dt.epoch("us").to_numpy().astype(np.int64))
