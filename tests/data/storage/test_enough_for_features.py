"""What the store reads of one shipment is enough: its features are those that all facts would give."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from data.domain.statuses import TERMINAL
from data.facts.facts import Facts
from data.facts.moments import Moments, micros
from data.simulator.simulate import simulate
from data.storage.store import Store, open_store
from training.features.build import build
from training.features.vocabulary import Vocabulary
from training.history.history import History

START = datetime(2026, 1, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def network() -> Facts:
    return simulate(seed=5, orders=200, start=START, days=8).facts


@pytest.fixture
def store(sqlite_url: str, network: Facts) -> Store:
    with open_store(sqlite_url) as filling:
        filling.facts.add(network, source="simulator")
    return open_store(sqlite_url)


def test_features_of_one_are_features_of_all(store: Store, network: Facts) -> None:
    """For shipments at any stage, at moments with and without news, every feature is equal to the last bit."""
    rng = np.random.default_rng(1)
    ended = network.scans.filter(pl.col("status").is_in([status.value for status in TERMINAL]))["shipment_id"].unique()
    created = network.shipments.sort("shipment_id")
    chosen = created.sample(40, seed=2)
    moments = [
        (row["shipment_id"], min(row["created_at"] + timedelta(hours=float(rng.uniform(0, 110))), START + timedelta(days=8)))
        for row in chosen.iter_rows(named=True)
    ]
    assert 0 < chosen["shipment_id"].is_in(ended.to_list()).sum() < 40
    vocabulary = Vocabulary.learn(network)
    history = History.build(network, vocabulary=vocabulary)
    together = Moments(np.array([name for name, _ in moments], dtype=object), np.array([micros(at) for _, at in moments]))

    with store:
        expected = build(network, together, history=history, vocabulary=vocabulary)
        alone = []
        for name, at in moments:
            facts = store.facts.read(shipment_ids=[name], received_before=at)
            one = Moments(np.array([name], dtype=object), np.array([micros(at)]))
            alone.append(build(facts, one, history=history, vocabulary=vocabulary).values[0])

    names = [column.name for column in expected.columns]
    differing = {name for row, other in zip(expected.values, alone, strict=True) for name in differences(names, row, other)}
    assert differing == set()
    weather = [i for i, column in enumerate(expected.columns) if column.group == "weather"]
    assert np.isfinite(expected.values[:, weather]).any()


def differences(names: list[str], row: np.ndarray, other: np.ndarray) -> set[str]:
    return {name for name, a, b in zip(names, row, other, strict=True) if not (a == b or (np.isnan(a) and np.isnan(b)))}
