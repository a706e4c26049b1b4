"""The distribution of remaining time keeps the laws of probability."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from data.domain.errors import InvalidFact
from training.distribution import RemainingTime

LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
steps = arrays(float, (3, 6), elements=st.floats(0.01, 50))


def said(gaps, weights):
    mass = np.cumsum(weights, axis=1)
    return RemainingTime.of(np.cumsum(gaps, axis=1), mass / mass[:, -1:])


@given(steps, steps)
def test_quantiles_rise_with_their_level(gaps, weights):
    """p05 ≤ p10 ≤ … ≤ p95, row by row."""
    quantiles = said(gaps, weights).quantile(LEVELS)

    assert (np.diff(quantiles, axis=1) >= 0).all()


@given(steps, steps)
def test_survival_agrees_with_quantiles(gaps, weights):
    """At the median half is still open, unless the median is an atom."""
    distribution = said(gaps, weights)
    median = distribution.quantile((0.5,))[:, 0]

    assert np.allclose(distribution.survival(median)[distribution.mass[:, 0] < 0.5], 0.5)


@given(steps, steps, st.floats(0, 40))
def test_conditioning_on_still_open_divides_by_survival(gaps, weights, hours):
    """P(T > e + t | T > e) = S(e + t) / S(e)."""
    distribution, elapsed = said(gaps, weights), np.full(3, hours)
    open_share = distribution.survival(elapsed)
    later = distribution.given_open(elapsed).survival(np.full(3, 5.0))
    alive = open_share > 1e-6

    assert np.allclose(later[alive], (distribution.survival(elapsed + 5.0) / np.where(alive, open_share, 1))[alive])


@given(steps, steps)
def test_mean_is_the_area_under_the_survival_curve(gaps, weights):
    """E[T] = ∫ S(t) dt for times that are not negative."""
    distribution = said(gaps, weights)
    grid = np.linspace(0, distribution.hours.max(), 4001)
    area = [
        np.trapezoid(np.array([float(distribution.take(np.array([row])).survival(np.array([t]))[0]) for t in grid[::40]]), grid[::40])
        for row in (0,)
    ]

    assert distribution.mean()[0] == pytest.approx(area[0], abs=0.02 * grid[-1])


def test_quantiles_given_are_quantiles_read():
    """A distribution made of quantiles answers them again."""
    hours = np.array([[1.0, 2.0, 3.0, 4.0, 6.0, 9.0, 12.0]])

    assert np.allclose(RemainingTime.of_quantiles(LEVELS, hours).quantile(LEVELS), hours)


def test_stacked_parts_answer_as_before():
    """Parts with grids of different length keep their answers when they are put below each other."""
    short, long = RemainingTime.of([0, 10], [0, 1]), RemainingTime.of([0, 5, 20], [0, 0.5, 1])

    assert RemainingTime.stack([short, long]).quantile((0.5, 0.9)).tolist() == [[5, 9], [5, 17]]


def test_a_promise_that_is_unknown_has_no_risk():
    """Survival at NaN hours is NaN, not 0 and not 1."""
    assert np.isnan(RemainingTime.of([0, 10], [0, 1]).survival(np.array([np.nan])))


def test_recalibration_moves_levels():
    """When only 40 % came by the stated 50 %, the median moves to where 50 % will have come."""
    distribution = RemainingTime.of([0, 10], [0, 1]).recalibrated(np.array([0, 0.5, 1]), np.array([0, 0.4, 1]))

    assert distribution.survival(np.array([10.0]))[0] == 0
    assert (
        RemainingTime.of([0, 5, 10], [0, 0.5, 1]).recalibrated(np.array([0, 0.5, 1]), np.array([0, 0.4, 1])).survival(np.array([5.0]))[0]
        == 0.6
    )


def test_nan_is_refused():
    """A model that answers NaN is stopped at once."""
    with pytest.raises(InvalidFact, match="finite"):
        RemainingTime(np.array([[0.0, np.nan]]), np.array([[0.0, 1.0]]))
