"""Who does not know the pace says wider windows, and keeps the order of everything."""

import numpy as np
import pytest

from training.calibration.level_map import KNOTS, LevelMap
from training.calibration.unknown_pace import unsure


def test_a_surely_known_pace_changes_nothing():
    """Without a spread the levels stay."""
    assert unsure(KNOTS, 0.0) == pytest.approx(KNOTS)


def test_levels_stay_levels():
    """Nothing and everything stay, and order is kept."""
    moved = unsure(KNOTS, 0.6)

    assert moved[0] == pytest.approx(0.0, abs=1e-12)
    assert moved[-1] == pytest.approx(1.0, abs=1e-12)
    assert (np.diff(moved) > 0).all()


def test_levels_are_those_of_a_pace_drawn_at_random():
    """Arrivals at a log-normal pace fall below each said level as often as the moved level says."""
    rng = np.random.default_rng(1)
    pace = np.exp(0.4 * rng.standard_normal(200_000))
    reached = 1 - np.exp(-rng.exponential(size=200_000) / pace)

    assert [(reached <= level).mean() for level in KNOTS] == pytest.approx(unsure(KNOTS, 0.4), abs=0.004)


def test_an_unsure_map_says_wider_windows():
    """Four of five shipments need more than what was the 80 % window, and the late end moves most."""
    low, high = np.interp([0.1, 0.9], KNOTS, LevelMap.nothing().unsure(0.4).adjusted[0])

    assert 0.1 < low < 0.12
    assert 0.85 < high < 0.88
