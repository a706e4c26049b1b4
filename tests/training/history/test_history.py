"""History tells what had become known of others, strictly before, and nothing of the own delivery."""

import json
import pickle
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from data.domain.errors import InvalidFact
from data.facts.facts import Facts, received_by
from data.facts.moments import Moments, micros
from tests.training.features.little_world import hour, little_world, moments_in
from training.features.build import build
from training.features.vocabulary import Vocabulary
from training.history.history import History

CUT = hour(14 * 24 + 0.5)


@pytest.fixture(scope="module")
def facts() -> Facts:
    return little_world(5)


@pytest.fixture(scope="module")
def vocabulary(facts) -> Vocabulary:
    return Vocabulary.learn(facts, until=CUT)


@pytest.fixture(scope="module")
def late_moments(facts) -> Moments:
    moments = moments_in(facts, each=6)
    after = (moments.at >= micros(CUT)) & np.isin(moments.shipment_ids, still_open(facts, CUT).shipment_ids)
    return Moments(moments.shipment_ids[after], moments.at[after])


def history_values(facts, moments, vocabulary, history, **more) -> np.ndarray:
    matrix = build(facts, moments, history=history, vocabulary=vocabulary, **more)
    chosen = matrix.where(lambda column: column.group in {"history", "facility"})
    assert np.isfinite(chosen.values).mean() > 0.3
    return chosen.values


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return np.array_equal(one.view(np.int64)[~np.isnan(one)], other.view(np.int64)[~np.isnan(one)]) and np.array_equal(
        np.isnan(one), np.isnan(other)
    )


def moved_delivery(facts: Facts, shipment: str, hours: float) -> Facts:
    """Move when a shipment was delivered; it is heard at the same time as before, or when it happened."""
    mine = (pl.col("shipment_id") == shipment) & (pl.col("status") == "delivered")
    scans = facts.scans.with_columns(
        pl.when(mine).then(pl.col("occurred_at") - timedelta(hours=hours)).otherwise("occurred_at").alias("occurred_at")
    )
    return Facts(**(dict(facts.tables()) | {"scans": scans}))


def test_the_own_outcome_is_never_in_the_own_history(facts, vocabulary):
    """Another delivery time of a shipment changes the history of others but not its own, also when asked long after its delivery."""
    delivered = facts.scans.filter(pl.col("status") == "delivered")["shipment_id"].unique().sort().to_list()
    ids = np.array(delivered, dtype=object)
    moments = Moments(ids, np.full(len(ids), micros(hour(2000))))
    before = History.build(facts, vocabulary=vocabulary)
    told = history_values(facts, moments, vocabulary, before)
    for n, shipment in enumerate(delivered[:12]):
        other = moved_delivery(facts, shipment, 9.0)
        retold = history_values(other, moments, vocabulary, History.build(other, vocabulary=vocabulary))
        assert same(told[n : n + 1], retold[n : n + 1])
        assert not same(told, retold)


def still_open(facts: Facts, at) -> Moments:
    """Look at every shipment whose delivery had not been heard by a moment; a snapshot has folded away the past of the others."""
    known = received_by(facts, at)
    delivered = known.scans.filter(pl.col("status") == "delivered")["shipment_id"].implode()
    ids = known.shipments.filter(~pl.col("shipment_id").is_in(delivered))["shipment_id"].to_numpy().astype(object)
    assert len(ids) > 5
    return Moments(ids, np.full(len(ids), micros(at)))


def test_a_snapshot_that_observed_the_rest_equals_a_full_build(facts, vocabulary):
    """Snapshot, stored, read, and observing in three steps gives the bits of a history built at once."""
    full = History.build(facts, vocabulary=vocabulary)
    stepwise = History.build(received_by(facts, CUT), vocabulary=vocabulary).snapshot(CUT)
    for step in (hour(17 * 24), hour(17 * 24 + 1), hour(22 * 24)):
        stepwise = History.from_arrays(pickle.loads(pickle.dumps(stepwise.to_arrays())))
        stepwise = stepwise.observe(received_by(facts, step), until=step)
        moments = still_open(facts, step)
        assert same(history_values(facts, moments, vocabulary, full), history_values(facts, moments, vocabulary, stepwise))


def test_only_shipments_with_news_need_to_be_observed(facts, vocabulary):
    """Observing just the shipments with a new scan, promise or plan since the snapshot gives the same bits as observing all."""
    step = hour(20 * 24)
    known = received_by(facts, step)
    snapshot = History.build(received_by(facts, CUT), vocabulary=vocabulary).snapshot(CUT)
    clocks = {"scans": "received_at", "shipments": "created_at", "promises": "known_at", "legs": "known_at"}
    tables = dict(known.tables())
    news = pl.concat([tables[name].filter(pl.col(clock) >= CUT)["shipment_id"] for name, clock in clocks.items()]).to_list()
    fresh = {
        name: frame.filter(pl.col("shipment_id").is_in(news)) if "shipment_id" in frame.columns else frame for name, frame in known.tables()
    }
    assert fresh["shipments"].height < known.shipments.height
    moments = still_open(facts, step)
    all_told, some_told = (snapshot.observe(seen, until=step) for seen in (known, Facts(**fresh)))
    assert same(history_values(facts, moments, vocabulary, all_told), history_values(facts, moments, vocabulary, some_told))


def test_a_snapshot_answers_as_of_its_moment(facts, vocabulary, late_moments):
    """A snapshot without news answers every later moment as the full history frozen at the cut does."""
    full = History.build(facts, vocabulary=vocabulary)
    frozen = history_values(facts, late_moments, vocabulary, full, history_until=CUT)
    assert same(frozen, history_values(facts, late_moments, vocabulary, full.snapshot(CUT)))
    assert not same(frozen, history_values(facts, late_moments, vocabulary, full))


def test_a_frozen_history_looks_no_further(facts, vocabulary, late_moments):
    """A history frozen at the cut holds nothing that was heard after it."""
    full, early = (History.build(known, vocabulary=vocabulary) for known in (facts, received_by(facts, CUT)))
    frozen = [history_values(facts, late_moments, vocabulary, history, history_until=CUT) for history in (full, early)]
    assert same(*frozen)


def test_the_past_of_a_snapshot_cannot_be_asked(facts, vocabulary):
    """A moment before the snapshot is refused, not answered with later knowledge."""
    snapshot = History.build(facts, vocabulary=vocabulary).snapshot(CUT)
    early = facts.shipments.sort("created_at")["shipment_id"][0]
    with pytest.raises(InvalidFact, match="before this snapshot"):
        build(facts, Moments(np.array([early], dtype=object), np.array([micros(hour(24 * 13))])), history=snapshot, vocabulary=vocabulary)


def test_out_of_fold_levels_come_from_other_folds(facts, vocabulary):
    """Without an order in time, no outcome of a shipment's own fold reaches its levels; a new shipment hears of all."""
    ids = facts.shipments["shipment_id"].sort().to_list()
    folds = {name: n % 3 for n, name in enumerate(ids[:-10])}
    moments = Moments(np.array(ids, dtype=object), np.full(len(ids), micros(hour(2000))))
    fold = np.array([folds.get(name, -1) for name in ids])
    told = history_values_of_folds(facts, moments, vocabulary, folds)
    delivered = facts.scans.filter(pl.col("status") == "delivered")["shipment_id"].to_list()
    shipment = next(name for name in ids if name in delivered and folds.get(name) == 1)
    retold = history_values_of_folds(moved_delivery(facts, shipment, 9.0), moments, vocabulary, folds)
    assert same(told[fold == 1], retold[fold == 1])
    assert not same(told[fold == 0], retold[fold == 0])
    assert not same(told[fold == -1], retold[fold == -1])


def history_values_of_folds(facts, moments, vocabulary, folds) -> np.ndarray:
    matrix = build(facts, moments, history=History.out_of_fold(facts, folds, vocabulary=vocabulary), vocabulary=vocabulary)
    return matrix.where(lambda column: column.name.startswith(("history.total", "history.pace"))).values


def test_a_stored_history_out_of_fold_answers_new_shipments(facts, vocabulary):
    """A stored history out of fold answers as it answers shipments without a fold."""
    ids = facts.shipments["shipment_id"].sort().to_list()
    moments = Moments(np.array(ids, dtype=object), np.full(len(ids), micros(hour(2000))))
    history = History.out_of_fold(facts, {}, vocabulary=vocabulary)
    stored = History.from_arrays(history.snapshot(CUT).to_arrays())
    one, other = (build(facts, moments, history=h, vocabulary=vocabulary).values for h in (history, stored))
    assert same(one, other)


def test_a_stored_history_holds_plain_values_only(facts, vocabulary):
    """What goes into a bundle are numpy arrays, numbers, text, lists and dictionaries."""
    plain = History.build(facts, vocabulary=vocabulary).snapshot(CUT).to_arrays()
    json.dumps(plain, default=lambda value: value.tolist() if isinstance(value, np.ndarray) and value.dtype != object else 1 / 0)
    with pytest.raises(InvalidFact, match="format"):
        History.from_arrays(plain | {"format": 99})


def test_levels_of_others_reach_a_shipment(facts, vocabulary):
    """Twice the duration of every delivery doubles the global level and leaves relative levels near where they were."""
    ids = facts.shipments["shipment_id"].to_numpy().astype(object)
    created = dict(zip(facts.shipments["shipment_id"], facts.shipments["created_at"], strict=True))
    slower = facts.scans.with_columns(
        (2 * pl.col("occurred_at").cast(pl.Int64) - pl.col("shipment_id").replace_strict({k: micros(v) for k, v in created.items()}))
        .cast(pl.Datetime("us", "UTC"))
        .alias("occurred_at")
    ).with_columns(pl.max_horizontal("occurred_at", "received_at").alias("received_at"))
    far = Moments(ids, np.full(len(ids), micros(hour(24 * 250))))
    slow_facts = Facts(**(dict(facts.tables()) | {"scans": slower}))
    one = build(facts, far, history=History.build(facts, vocabulary=vocabulary), vocabulary=vocabulary)
    two = build(slow_facts, far, history=History.build(slow_facts, vocabulary=vocabulary), vocabulary=vocabulary)
    ratio = np.nanmedian(two.column("history.total.level") / one.column("history.total.level"))
    assert 1.6 < ratio < 2.4
    for name in ("history.total.destination_region.60d", "history.total.origin_place.60d"):
        assert 0.7 < np.nanmedian(two.column(name) / one.column(name)) < 1.4
