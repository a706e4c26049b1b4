"""How much of what past blocks say about the width is believed depends on the kind of model and on what it will know."""

import numpy as np
import pytest

from training.calibration.level_map import KNOTS
from training.models.learn import Trial, correction


def block(n=4000, shape=0.6):
    """Give a block of rows that came far out more often than had been said."""
    reached = np.random.default_rng(1).beta(shape, shape, n)
    return Trial(
        ok=True,
        loss_hours=1.0,
        median_error_hours=1.0,
        reached=reached,
        delivered=np.ones(n, bool),
        groups=np.full(n, "all", dtype=object),
    )


def width(levels):
    """Give the mass that the map leaves between the said 10 % and 90 %."""
    return float(np.diff(np.interp([0.1, 0.9], KNOTS, levels.adjusted[0]))[0])


def test_a_frozen_parcel_model_is_unsure_of_the_pace():
    """Of the same blocks it believes half, as every model without later news, and adds the spread of a pace that it does not know."""
    frozen, half = (width(correction([block()], kind, keep_median=True, frozen=True)) for kind in ("daily_hazard", "lane_ratio"))

    assert frozen < half - 0.008


def test_legs_and_timetables_believe_half_and_know_their_pace():
    """Their correction is half as large, frozen or not."""
    whole = width(correction([block()], "daily_hazard", keep_median=True, frozen=False))
    half = [width(correction([block()], "lane_ratio", keep_median=True, frozen=when)) for when in (True, False)]

    assert half[0] == half[1]
    assert 0.8 - half[0] == pytest.approx((0.8 - whole) / 2, rel=0.01)


def test_too_few_arrivals_correct_nothing():
    """Fewer than a hundred say nothing of a width."""
    assert correction([block(90)], "daily_hazard", keep_median=True, frozen=True).adjusted[0] == pytest.approx(KNOTS)
