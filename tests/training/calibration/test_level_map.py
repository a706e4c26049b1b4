"""Corrected windows hold what they promise on rows that were not used for the correction."""

import numpy as np
import pytest

from training.calibration.level_map import KNOTS, LevelMap, product_limit, width_correction
from training.distribution import RemainingTime


def said(n):
    """Say a uniform 0..10 hours for everybody."""
    return RemainingTime.of(np.tile(np.linspace(0, 10, 41), (n, 1)), np.linspace(0, 1, 41))


def covered(distribution, truth, level=0.8):
    low, high = distribution.quantile(((1 - level) / 2, (1 + level) / 2)).T
    return ((low <= truth) & (truth <= high)).mean()


@pytest.mark.parametrize("keep_median", [False, True])
def test_windows_that_were_too_narrow_widen(keep_median):
    """Truth at both ends of what was said: 80 % windows hold 80 % of new rows after the correction."""
    rng = np.random.default_rng(1)
    truth, new = (10 * rng.beta(0.6, 0.6, 4000) for _ in range(2))
    everywhere = np.full(4000, "all", dtype=object)
    corrected = LevelMap.fit(said(4000).arrived(truth), np.ones(4000, bool), everywhere, keep_median=keep_median).apply(
        said(4000), everywhere
    )

    assert covered(said(4000), new) < 0.74
    assert covered(corrected, new) == pytest.approx(0.8, abs=0.04)


def test_groups_are_corrected_apart():
    """Long ways that vary more get wider windows than short ones."""
    rng = np.random.default_rng(2)
    truth = np.concatenate([10 * rng.beta(3, 3, 3000), 10 * rng.beta(0.6, 0.6, 3000)])
    groups = np.array(["short"] * 3000 + ["long"] * 3000, dtype=object)
    corrected = LevelMap.fit(said(6000).arrived(truth), np.ones(6000, bool), groups).apply(said(6000), groups)

    assert covered(corrected.take(np.arange(3000)), truth[:3000]) == pytest.approx(0.8, abs=0.05)
    assert covered(corrected.take(np.arange(3000, 6000)), truth[3000:]) == pytest.approx(0.8, abs=0.05)


def test_open_shipments_count_up_to_where_they_were_seen():
    """Leaving the open ones out would make the correction too early; the product limit finds the true levels."""
    rng = np.random.default_rng(3)
    truth, seen = rng.uniform(0, 1, 20_000), rng.uniform(0, 1, 20_000)
    delivered = truth <= seen

    assert product_limit(np.minimum(truth, seen), delivered)[:18] == pytest.approx(KNOTS[:18], abs=0.03)
    assert np.median(truth[delivered]) < 0.4


def test_no_rows_correct_nothing():
    """Without deliveries the levels stay as they are."""
    assert np.allclose(LevelMap.fit(np.empty(0), np.empty(0, bool), np.empty(0, object)).adjusted[0], KNOTS)


def test_the_map_comes_back_from_its_state():
    """Plain state and back gives the same levels."""
    rng = np.random.default_rng(4)
    made = LevelMap.fit(rng.uniform(size=500), np.ones(500, bool), np.array(["a", "b"] * 250, dtype=object))

    assert np.array_equal(LevelMap.from_state(made.to_state()).adjusted, made.adjusted)


def test_a_half_trusted_block_corrects_half():
    """With half the trust each level moves half as far."""
    rng = np.random.default_rng(5)
    reached, came, one = rng.beta(2, 1, 5000), np.ones(5000, bool), np.full(5000, "", dtype=object)
    moved = {trust: LevelMap.fit(reached, came, one, trust=trust).adjusted[0] - KNOTS for trust in (1.0, 0.5)}

    assert np.allclose(moved[0.5], moved[1.0] / 2, atol=1e-9)


def test_the_width_counts_shipments_that_are_still_open():
    """A block read while its slow shipments are open gives the width of all, not that of the fast ones."""
    rng = np.random.default_rng(6)
    truth, seen = rng.beta(0.6, 0.6, 20_000), rng.uniform(0.3, 1.2, 20_000)
    came = truth <= seen
    width = np.diff(np.interp([0.1, 0.9], KNOTS, width_correction(np.minimum(truth, seen), came)))[0]
    fast_only = np.diff(np.interp([0.1, 0.9], KNOTS, width_correction(truth[came], np.ones(came.sum(), bool))))[0]
    inside = ((truth >= 0.1) & (truth <= 0.9)).mean()

    assert width == pytest.approx(inside, abs=0.03)
    assert fast_only > inside + 0.03


def test_what_never_comes_does_not_widen_windows():
    """One in ten is never delivered and outlives every level: the width is that of those that come."""
    rng = np.random.default_rng(7)
    reached = np.concatenate([rng.uniform(size=9000), np.full(1000, 0.999)])
    came = np.arange(10_000) < 9000

    assert width_correction(reached, came) == pytest.approx(KNOTS, abs=0.02)


def test_a_map_that_never_narrows_keeps_only_what_widens():
    """Levels that lie nearer the middle than said stay; those that lie further out go back to what was said."""
    narrow = LevelMap({"": 0}, np.clip(0.5 + (KNOTS - 0.5) * 1.3, 0, 1)[None, :])
    wide = LevelMap({"": 0}, (0.5 + (KNOTS - 0.5) * 0.8)[None, :])

    assert narrow.never_narrower().adjusted[0] == pytest.approx(KNOTS)
    assert wide.never_narrower().adjusted[0] == pytest.approx(wide.adjusted[0])
