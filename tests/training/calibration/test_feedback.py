"""Feedback arrives when a bound falls due, never before, and follows a world that changes."""

import numpy as np
import pytest

from training.calibration.bound_feedback import BoundFeedback
from training.calibration.level_map import KNOTS
from training.calibration.risk_shift import RiskShift, shifted

DAY = 86_400_000_000
INNER = KNOTS[1:-1]


def stream(n=2000, *, factor):
    """A model says uniform 0..100 hours; the truth is that times a factor. Forty days of it."""
    rng = np.random.default_rng(1)
    at = np.sort(rng.integers(0, 40 * DAY, n))
    return BoundFeedback.of(at, np.tile(100 * INNER, (n, 1)), 100 * factor * rng.uniform(size=n))


def test_nothing_due_changes_nothing():
    """At the start every level is the model's own."""
    assert np.allclose(stream(factor=0.6).levels_at(0), KNOTS)


def test_faster_times_raise_the_levels():
    """When all come in 60 % of the time, what was called 30 % is moved most of the way to 50 %."""
    middle = float(np.interp(0.3, KNOTS, stream(factor=0.6).levels_at(40 * DAY)))

    assert middle == pytest.approx(0.3 + 0.6 * 0.2, abs=0.04)


def test_a_right_model_is_left_alone():
    """Without a change of the world the corrections are noise."""
    assert np.allclose(stream(factor=1.0).levels_at(40 * DAY), KNOTS, atol=0.05)


def test_bounds_that_are_not_due_say_nothing():
    """Changing what happens after the bounds that are due changes no level."""
    one, other = stream(factor=0.6), stream(factor=0.6)
    later = other.due_at > 20 * DAY

    assert np.array_equal(one.levels_at(20 * DAY), BoundFeedback(other.due_at, other.came ^ later).levels_at(20 * DAY))


def test_a_risk_that_was_twice_too_high_sinks():
    """Half as many late as said moves the risk most of the way, without changing the order."""
    rng = np.random.default_rng(2)
    said = np.full(1000, 0.2)
    shift = RiskShift(np.arange(1000) * DAY // 50, said, rng.uniform(size=1000) < 0.1).at(20 * DAY)
    shown = shifted(np.array([0.1, 0.2, 0.4]), shift)

    assert 0.1 < shown[1] < 0.15
    assert (np.diff(shown) > 0).all()


def test_without_a_due_promise_the_risk_stays():
    """No promise due, no shift."""
    assert RiskShift(np.array([10 * DAY]), np.array([0.3]), np.array([True])).at(DAY) == 0
