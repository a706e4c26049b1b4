"""The ledger's levels equal a naive reading of their definition."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.history.events import Events, Owners
from training.history.ledger import Ledger
from training.history.levels import Kind, Plan, Track

HOUR = 3_600_000_000
PLAN = Plan(
    (
        Kind("total", True, 1, (Track("destination_region", (24.0, 240.0)), Track("region_pair", (48.0,), support=True))),
        Kind("late", False, 1, (Track("all", (3.0,)), Track("carrier", (1.0,)))),
    ),
    ("all", "destination_region", "region_pair", "carrier"),
)

event_lists = st.lists(
    st.tuples(
        st.integers(0, 20),
        st.sampled_from("abc"),
        st.integers(0, 1),
        st.floats(0.5, 90),
        st.sampled_from(["N", "S", None]),
        st.sampled_from(["x", "y"]),
    ),
    max_size=15,
    unique_by=lambda e: e[:3],
)


def events_of(rows: list[tuple]) -> Events:
    texts = {
        "all": ["all"] * len(rows),
        "destination_region": [r[4] for r in rows],
        "region_pair": [None if r[4] is None else f"{r[4]}>{r[5]}" for r in rows],
        "carrier": [r[5] for r in rows],
    }
    owners = Owners(
        pl.Series("owner", [r[1] for r in rows], dtype=pl.String), {k: pl.Series(k, v, dtype=pl.String) for k, v in texts.items()}
    )
    n = len(rows)
    whole = [np.array([r[i] for r in rows], dtype=np.int64) for i in (0, 2)]
    zero = np.zeros(n, dtype=np.int64)
    return Events(owners, whole[0] * HOUR, np.arange(n), whole[1], zero, np.array([r[3] for r in rows]), np.ones(n), zero - 2)


def naive(rows: list[tuple], now: float, kind: int, matches, *, half_life: float, pseudo: float, parent: float) -> float:
    """Read the definition word by word: decayed mean of values relative to the global level when they became known, shrunk to the parent."""
    past = sorted((r for r in rows if r[0] < now and r[2] == kind), key=lambda r: (r[0], r[1], r[2]))
    total = weight = raw_sum = raw_weight = 0.0
    last = None
    for row in past:
        fade = 1.0 if last is None else 0.5 ** ((row[0] - last) / 480)
        raw_sum, raw_weight, last = raw_sum * fade + row[3], raw_weight * fade + 1, row[0]
        reference = raw_sum / raw_weight
        if matches(row):
            share = 0.5 ** ((now - row[0]) / half_life)
            total += share * (row[3] / reference if kind == 0 else row[3] - reference)
            weight += share
    return (total + pseudo * parent) / (weight + pseudo)


@settings(max_examples=150, deadline=None)
@given(event_lists, st.integers(0, 25), st.sampled_from(["N", "S", "new"]))
def test_levels_are_decayed_means_shrunk_to_their_parents(rows, now, region):
    """Each level is the decayed mean of relative outcomes known strictly before, shrunk to its parent's level."""
    ledger = Ledger.of(PLAN, events_of(rows))
    keys = {"all": ["all"], "destination_region": [region], "region_pair": [f"{region}>x"], "carrier": ["x"]}
    found = ledger.ask(np.array([now * HOUR]), ledger.codes_of({k: pl.Series(k, v) for k, v in keys.items()}))
    durations = [r for r in rows if r[0] < now and r[2] == 0]
    if not durations:
        assert np.isnan(found.level[0, :3]).all()
        return
    day, slow = (naive(rows, now, 0, lambda r: r[4] == region, half_life=h, pseudo=20, parent=1.0) for h in (24, 240))
    pair = naive(rows, now, 0, lambda r: r[4] == region and r[5] == "x", half_life=48, pseudo=20, parent=slow)
    assert found.level[0, :3] == pytest.approx([day, slow, pair], rel=1e-9)
    own = sum(0.5 ** ((now - r[0]) / 48) for r in durations if r[4] == region and r[5] == "x")
    assert found.support[0, 0] == pytest.approx(own / (own + 20))


def test_the_global_level_is_a_plain_decayed_mean():
    """The raw level of half-life 5 days weighs an outcome 5 days older half as much."""
    rows = [(0, "a", 0, 10.0, "N", "x"), (120, "b", 0, 40.0, "N", "x")]
    ledger = Ledger.of(PLAN, events_of(rows))
    found = ledger.ask(np.array([130 * HOUR]), np.zeros((1, 4), dtype=np.int32))
    assert found.raw[0, 0, 0] == pytest.approx((0.5 * 10 + 40) / 1.5)


def test_an_outcome_known_at_the_moment_itself_is_not_history():
    """An outcome counts from strictly after it became known."""
    ledger = Ledger.of(PLAN, events_of([(5, "a", 0, 10.0, "N", "x")]))
    found = ledger.ask(np.array([5 * HOUR, 5 * HOUR + 1]), np.zeros((2, 4), dtype=np.int32))
    assert np.isnan(found.raw[0, 0]).all()
    assert found.raw[1, 0].tolist() == [10.0, 10.0, 10.0]


@settings(max_examples=60, deadline=None)
@given(event_lists, st.randoms(), st.integers(0, 25), st.integers(0, 25))
def test_order_of_arrival_and_folding_change_no_bit(rows, order, cut, more):
    """Events in any order, folded in one go or in two, with ties in time, give the same bits."""
    mixed = [*rows, *rows[:2]]
    order.shuffle(mixed)
    whole = Ledger.of(PLAN, events_of(rows))
    cut_at = cut * HOUR
    early = Ledger.of(PLAN, events_of([r for r in mixed if r[0] < cut])).folded(cut_at)
    later = early.with_events(events_of([r for r in mixed if r[0] >= cut]))
    now = np.array([max(cut, more) * HOUR])
    keys = {k: pl.Series(k, [v]) for k, v in {"all": "all", "destination_region": "N", "region_pair": "N>x", "carrier": "y"}.items()}
    one, other = whole.ask(now, whole.codes_of(keys)), later.ask(now, later.codes_of(keys))
    for name in ("raw", "level", "support"):
        assert np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)


def test_faded_weights_never_break_the_mean():
    """After centuries of silence a level falls back to its parent without overflow or NaN."""
    ledger = Ledger.of(PLAN, events_of([(0, "a", 1, 1.0, "N", "x"), (1_000_000, "b", 1, 0.0, "N", "x")]))
    found = ledger.ask(np.array([2_000_000 * HOUR]), np.zeros((1, 4), dtype=np.int32))
    assert math.isfinite(found.level[0, 3])
