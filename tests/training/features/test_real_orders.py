"""The laws hold on real orders and on a simulated network, at speed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import process_time

import numpy as np
import polars as pl
import pytest

from data.facts.facts import Facts, received_by
from data.facts.moments import Moments
from data.simulator.simulate import simulate
from data.sources.datasets.olist import read
from training.features.build import build
from training.features.vocabulary import Vocabulary
from training.history.history import History


def instant(at: np.int64) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(at))


def only(facts: Facts, shipment: str) -> Facts:
    """Keep one shipment's own rows, and all facilities and weather."""
    mine = pl.col("shipment_id") == shipment
    return Facts(**{name: frame.filter(mine) if "shipment_id" in frame.columns else frame for name, frame in facts.tables()})


def check_laws(facts: Facts, moments: Moments, rows: Callable[[int], np.ndarray]) -> float:
    """Compare some rows of a whole build with rows built alone and from facts cut at the moment; give the seconds of the whole build."""
    vocabulary = Vocabulary.learn(facts)
    history = History.build(facts, vocabulary=vocabulary)
    build(facts, moments, history=history, vocabulary=vocabulary)  # compile
    started = process_time()
    together = build(facts, moments, history=History.build(facts, vocabulary=vocabulary), vocabulary=vocabulary)
    seconds = process_time() - started
    for i in rows(len(moments)):
        one = Moments(moments.shipment_ids[i : i + 1], moments.at[i : i + 1])
        alone = build(only(facts, one.shipment_ids[0]), one, history=history, vocabulary=vocabulary)
        known = received_by(facts, instant(one.at[0]))
        unpeeked = build(known, one, history=History.build(known, vocabulary=vocabulary), vocabulary=vocabulary)
        for row in (alone, unpeeked):
            different = ~((row.values[0] == together.values[i]) | (np.isnan(row.values[0]) & np.isnan(together.values[i])))
            assert [together.names[k] for k in np.flatnonzero(different)] == []
    return seconds


@pytest.mark.real_data
def test_olist_orders_keep_the_laws_within_ten_seconds(real_data):
    """Three moments of 39,265 real orders, dirt included: single rows, cut facts and the whole agree; history and features take under 10 s."""
    dataset = read(real_data / "olist")
    rows = dataset.moments.filter(pl.col("at") >= datetime(2017, 6, 1, tzinfo=UTC))
    moments = Moments(rows["shipment_id"].to_numpy().astype(object), rows["at"].to_physical().to_numpy())
    seconds = check_laws(dataset.facts, moments, lambda n: np.linspace(0, n - 1, 5).astype(np.int64))
    assert seconds < 10


def test_a_simulated_network_keeps_the_laws():
    """Scans that come late, twice and in disorder, replanned legs and forecasts as issued: single rows, cut facts and the whole agree."""
    facts = simulate(seed=3, orders=400, start=datetime(2026, 3, 2, tzinfo=UTC), days=20).facts
    some = facts.scans.sort("received_at", "scan_id").gather_every(5)
    moments = Moments(some["shipment_id"].to_numpy().astype(object), some["received_at"].to_physical().to_numpy())
    check_laws(facts, moments, lambda n: np.linspace(n // 3, n - 1, 8).astype(np.int64))
