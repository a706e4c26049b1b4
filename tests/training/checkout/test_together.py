"""The last of several parcels is a maximum: it can be checked against formulas."""

import numpy as np
import pytest

from data.domain.errors import InvalidFact
from training.checkout.together import last_of
from training.distribution import RemainingTime

LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])


def evenly(*longest: float) -> RemainingTime:
    """Parcels that come evenly between now and some hours."""
    return RemainingTime.of([[0.0, hours] for hours in longest], [0.0, 1.0])


def equal(n: int, correlation: float) -> np.ndarray:
    return np.full((n, n), correlation) + (1 - correlation) * np.eye(n)


@pytest.mark.parametrize("n", [2, 3, 5])
def test_independent_parcels_multiply(n):
    """The last of n even ones lies below t with t to the power of n."""
    last = last_of(evenly(*[1.0] * n), np.eye(n))

    assert last.quantile(LEVELS)[0] == pytest.approx(LEVELS ** (1 / n), abs=0.01)


def test_parcels_that_hang_together_completely_are_one():
    """With correlation one the last is any of them; the correlation matrix has no triangular root."""
    last = last_of(evenly(1.0, 1.0, 1.0), equal(3, 1.0))

    assert last.quantile(LEVELS)[0] == pytest.approx(LEVELS, abs=0.01)


def test_the_last_follows_a_gaussian_copula():
    """Half of two parcels with correlation r have both come by the median with 1/4 + arcsin(r) / 2 pi (Sheppard 1899)."""
    for r in (0.3, 0.6, 0.9):
        last = last_of(evenly(1.0, 1.0), equal(2, r))

        assert last.arrived(np.array([0.5]))[0] == pytest.approx(0.25 + np.arcsin(r) / (2 * np.pi), abs=0.006)


def test_dependence_makes_the_last_one_earlier():
    """The more they hang together, the earlier and the wider."""
    starts = [last_of(evenly(1.0, 1.0, 1.0), equal(3, r)).quantile((0.05, 0.5))[0] for r in (0.0, 0.4, 0.8)]

    assert (np.diff(starts, axis=0) < 0).all()


def test_one_parcel_is_its_own_last():
    """The window of an order of one shipment is that shipment's, bit by bit."""
    one = evenly(7.0)

    assert last_of(one, np.eye(1)) is one


def test_a_parcel_that_surely_comes_later_decides_alone():
    """Two that come within an hour say nothing beside one that takes a day."""
    slow = RemainingTime.of([[0.0, 1.0], [0.0, 1.0], [24.0, 48.0]], [0.0, 1.0])
    last = last_of(slow, equal(3, 0.5))

    assert last.quantile(LEVELS)[0] == pytest.approx(24 + 24 * LEVELS, abs=0.3)


def test_the_same_question_has_the_same_answer():
    """No randomness: equal to the last bit."""
    first, again = (last_of(evenly(5.0, 9.0), equal(2, 0.5)) for _ in range(2))

    assert (first.hours == again.hours).all()


@pytest.mark.parametrize(("n", "matrix"), [(0, np.eye(0)), (65, np.eye(65)), (2, np.eye(3))], ids=["none", "too many", "misfit"])
def test_what_cannot_be_told_is_refused(n, matrix):
    """The message names the number and the rule."""
    with pytest.raises(InvalidFact, match=str(n)):
        last_of(RemainingTime(np.zeros((n, 2)), np.tile([0.0, 1.0], (n, 1))), matrix)
