"""The three laws of features: one definition, no peeking, no order."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from data.facts.facts import Facts, received_by
from data.facts.moments import Moments
from tests.training.features.little_world import hour, little_world, moments_in
from training.features.build import build
from training.features.matrix import FeatureMatrix
from training.features.vocabulary import Vocabulary
from training.history.history import History

SEEDS = [1, 2, 3]


@pytest.fixture(params=SEEDS)
def facts(request) -> Facts:
    return little_world(request.param)


@pytest.fixture
def vocabulary(facts) -> Vocabulary:
    return Vocabulary.learn(facts, until=hour(20 * 24))


def instant(at: np.int64) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(at))


def assert_same_bits(one: FeatureMatrix, other: FeatureMatrix) -> None:
    assert one.columns == other.columns
    different = one.values.view(np.int64) != other.values.view(np.int64)
    different &= ~(np.isnan(one.values) & np.isnan(other.values))
    assert not different.any(), {one.columns[k].name: (one.values[i, k], other.values[i, k]) for i, k in np.argwhere(different)[:10]}


def test_a_row_alone_has_the_bits_it_has_among_many(facts, vocabulary):
    """A row alone has the bits that it has among many, also when only its own shipment's facts are given."""
    history, moments = History.build(facts, vocabulary=vocabulary), moments_in(facts)
    together = build(facts, moments, history=history, vocabulary=vocabulary)
    for i in range(0, len(moments), 9):
        one = Moments(moments.shipment_ids[i : i + 1], moments.at[i : i + 1])
        mine = pl.col("shipment_id") == one.shipment_ids[0]
        around = {name: frame.filter(mine) if "shipment_id" in frame.columns else frame for name, frame in facts.tables()}
        for known in (facts, Facts(**around)):
            assert_same_bits(build(known, one, history=history, vocabulary=vocabulary), together.rows(np.array([i])))


def test_no_row_peeks(facts, vocabulary):
    """Deleting everything received after a moment, from features and history alike, changes no bit of its row."""
    moments = moments_in(facts)
    together = build(facts, moments, history=History.build(facts, vocabulary=vocabulary), vocabulary=vocabulary)
    for i in range(0, len(moments), 5):
        known = received_by(facts, instant(moments.at[i]))
        one = Moments(moments.shipment_ids[i : i + 1], moments.at[i : i + 1])
        row = build(known, one, history=History.build(known, vocabulary=vocabulary), vocabulary=vocabulary)
        assert_same_bits(row, together.rows(np.array([i])))


def test_order_and_repetition_of_rows_change_nothing(facts, vocabulary):
    """Tables in any order, and scans that arrive twice, give the same bits."""
    moments = moments_in(facts)
    one = build(facts, moments, history=History.build(facts, vocabulary=vocabulary), vocabulary=vocabulary)
    mixed = {name: frame.sample(fraction=1.0, shuffle=True, seed=7) for name, frame in facts.tables()}
    mixed["scans"] = pl.concat([mixed["scans"], mixed["scans"].head(50), facts.scans.tail(50)])
    shuffled = Facts(**mixed)
    assert Vocabulary.learn(shuffled) == Vocabulary.learn(facts)
    assert_same_bits(one, build(shuffled, moments, history=History.build(shuffled, vocabulary=vocabulary), vocabulary=vocabulary))


def test_rows_come_in_the_order_asked_for(facts, vocabulary):
    """Rows come in the order asked for, repeats allowed."""
    history, moments = History.build(facts, vocabulary=vocabulary), moments_in(facts)
    order = np.random.default_rng(3).integers(len(moments), size=100)
    again = build(facts, Moments(moments.shipment_ids[order], moments.at[order]), history=history, vocabulary=vocabulary)
    assert_same_bits(again, build(facts, moments, history=history, vocabulary=vocabulary).rows(order))


def test_columns_hang_on_the_vocabulary_alone(facts, vocabulary):
    """Facts without a single optional table give the same columns."""
    bare = Facts.of({"orders": facts.orders.drop("attr_value"), "shipments": facts.shipments.select(r"^[^a].*$")})
    moments = moments_in(facts)
    full = build(facts, moments, history=History.build(facts, vocabulary=vocabulary), vocabulary=vocabulary)
    less = build(bare, moments, history=History.build(bare, vocabulary=vocabulary), vocabulary=vocabulary)
    assert (less.columns, less.schema_hash) == (full.columns, full.schema_hash)
    assert len(set(full.names)) == len(full.names)


def test_no_moment_at_all_gives_no_row(facts, vocabulary):
    """Asking for nothing gives a matrix without rows and with all columns."""
    nothing = Moments(np.empty(0, dtype=object), np.empty(0, dtype=np.int64))
    assert len(build(facts, nothing, history=History.build(facts, vocabulary=vocabulary), vocabulary=vocabulary)) == 0
