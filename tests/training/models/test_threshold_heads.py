"""Chances at thresholds are one distribution, with its atoms."""

import numpy as np
import pytest

from training.models.threshold_heads import ThresholdHeads, thresholds_of


def punctual(n=4000, *, seed=1):
    """Seven of ten come at exactly 0; of the rest, those with a high first feature come late."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(n, 2)).astype(np.float32)
    away = np.where(matrix[:, 0] > 0, 1.0, -1.0) * rng.exponential(2.0, n) + 0.01 * matrix[:, 0]
    return matrix, np.where(rng.random(n) < 0.7, 0.0, away)


def test_an_atom_has_a_knot_on_both_sides():
    """What 70 % share is asked for just below and with it, in this order."""
    _, target = punctual()
    knots, strictly = thresholds_of(target, asked=[0.5])

    assert np.array_equal(strictly[knots == 0], [True, False])
    assert 0.5 in knots
    assert np.all(np.diff(knots) >= 0)


def test_the_masses_never_fall():
    """Every row is a distribution function from 0 to 1, though every head learnt alone."""
    matrix, target = punctual()
    masses = ThresholdHeads.fit(matrix, target).predict(matrix)

    assert np.all(np.diff(masses, axis=1) >= 0)
    assert np.all(masses[:, 0] == 0)
    assert np.all(masses[:, -1] == 1)


def test_the_atom_keeps_its_mass():
    """Seven of ten are said to come exactly then, and the sides are told apart by the first feature."""
    matrix, target = punctual()
    heads = ThresholdHeads.fit(matrix, target)
    new, _ = punctual(seed=2)
    masses = heads.predict(new)
    below, with_it = masses[:, heads.knots == 0].T

    assert (with_it - below).mean() == pytest.approx(0.7, abs=0.04)
    assert below[new[:, 0] > 0.5].mean() < 0.05
    assert below[new[:, 0] < -0.5].mean() > 0.2


def test_a_threshold_that_nothing_reaches_has_no_forest():
    """Where fewer rows than needed lie on one side, the usual share answers."""
    matrix, target = punctual(500)
    heads = ThresholdHeads.fit(matrix, target)

    assert heads.forests[1] is None
    assert heads.predict(matrix)[:, 1].max() == heads.usual[1]


def test_one_row_alone_has_the_bits_of_many():
    """Nothing of a row depends on the rows beside it."""
    matrix, target = punctual(1500)
    heads = ThresholdHeads.from_state(ThresholdHeads.fit(matrix, target).to_state())

    assert np.array_equal(heads.predict(matrix[7:8])[0], heads.predict(matrix)[7])
