"""Candidate days are counted from the plan as given and from the plan made anew."""

import numpy as np
from numpy.testing import assert_array_equal

from tests.training.models.rows import make_matrix, make_rows
from training.models.plan_clock import PlanClock

REPLANNED = {"progress.replanned_hours": np.array([30.0, 49.0]), "progress.replanned_slow_hours": np.array([54.0, 900.0])}


def days(clock: PlanClock, row, elapsed):
    return clock.days_left(np.array(row), np.array(elapsed, dtype=float))


def test_days_are_counted_to_each_planned_arrival():
    """A day that begins 24 hours ahead is the day of an arrival 30 hours ahead, and the one before that of 54 hours."""
    clock = PlanClock.of(make_matrix(**REPLANNED), make_rows(2, plan_hours=np.array([6.0, np.nan])))

    assert_array_equal(days(clock, [0, 0], [0, 24]), [[0, 1, 2], [-1, 0, 1]])
    assert_array_equal(days(clock, [1], [-10]), [[np.nan, 2, 30]])
    assert_array_equal(days(clock.take(np.array([1])), [0], [24]), days(clock, [1], [24]))


def test_features_without_a_new_plan_leave_it_unknown():
    """Without the columns only the plan of the rows counts."""
    clock = PlanClock.of(make_matrix(level=np.zeros(1)), make_rows(1, plan_hours=np.array([6.0])))

    assert_array_equal(days(clock, [0], [-600]), [[25, np.nan, np.nan]])
    assert_array_equal(days(clock, [0], [600]), [[-12, np.nan, np.nan]])
