"""The level at which a shipment came is uniform, also where many come at one instant."""

import numpy as np
import pytest

from training.distribution import RemainingTime
from training.models.learn import level_reached


def punctual(n):
    """Three of ten come before hour 10, six at hour 10, one after."""
    return RemainingTime.of(np.tile([0.0, 10.0, 10.0, 20.0], (n, 1)), [0.0, 0.3, 0.9, 1.0])


def test_who_comes_with_an_atom_came_somewhere_inside_it():
    """Levels are spread evenly between the mass before the atom and with it; their middle, not their top, is what is learnt from."""
    level = level_reached(punctual(2000), np.full(2000, 10.0), np.ones(2000, bool), seed=1)

    assert level.min() == pytest.approx(0.3, abs=0.01)
    assert level.max() == pytest.approx(0.9, abs=0.01)
    assert level.mean() == pytest.approx(0.6, abs=0.02)


def test_what_is_still_open_has_outlived_the_whole_atom():
    """A shipment last seen open at that instant did not come with it."""
    level = level_reached(punctual(3), np.full(3, 10.0), np.zeros(3, bool), seed=1)

    assert level.tolist() == [0.9] * 3


def test_without_an_atom_the_level_is_the_mass():
    """A second more or less moves a smooth distribution by next to nothing."""
    level = level_reached(punctual(1), np.array([5.0]), np.ones(1, bool), seed=1)

    assert level[0] == pytest.approx(0.15, abs=0.0001)
