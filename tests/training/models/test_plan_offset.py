"""Shipments with a timetable are forecast around it: atoms, late risks, and no calendar."""

import numpy as np
import pytest

from tests.training.models.rows import FAR, HOUR, MONDAY_NOON, make_matrix, make_problem, make_rows
from training.features.matrix import FeatureColumn, FeatureMatrix
from training.models.model import model_of
from training.models.plan_offset import PlanOffset, ripe, telling_columns
from training.models.problem import Outcomes


def scheduled(n=3000, *, seed=1):
    """Deliveries promised 5 to 30 days ahead: most come 24 hours before the promise's end, the burdened ones two days late."""
    rng = np.random.default_rng(seed)
    promise = 24.0 * rng.integers(5, 30, n)
    burden = rng.random(n)
    hours = promise - 24 + np.where(rng.random(n) < 0.6 * burden**2, 24.0 * rng.integers(2, 5, n), 0.0)
    return make_rows(n, at=MONDAY_NOON + np.arange(n) * HOUR, promise_hours=promise), make_matrix(burden=burden), hours


def test_a_schedule_that_is_kept_is_the_median():
    """The day on which most arrive is said exactly, and a window that starts with it holds it."""
    rows, matrix, hours = scheduled()
    model = PlanOffset.fit(matrix, make_problem(rows, hours))
    new_rows, new_matrix, truth = scheduled(400, seed=2)
    low, median = model.predict(new_matrix, new_rows).quantile((0.1, 0.5)).T
    kept = truth == new_rows.promise_hours - 24

    assert np.mean(median[kept] == truth[kept]) > 0.9
    assert np.all(low[kept] <= truth[kept])


def test_the_late_risk_is_read_at_the_promise():
    """Burdened shipments are the risky ones, and the mean risk is the share that came late."""
    rows, matrix, hours = scheduled()
    model = PlanOffset.fit(matrix, make_problem(rows, hours))
    new_rows, new_matrix, truth = scheduled(1000, seed=2)
    risk = model.predict(new_matrix, new_rows).survival(new_rows.promise_hours)
    burden, late = new_matrix.values[:, 0], truth > new_rows.promise_hours

    assert risk[burden > 0.7].mean() > 3 * risk[burden < 0.3].mean()
    assert risk.mean() == pytest.approx(late.mean(), abs=0.05)


def test_the_same_bits_alone_and_after_a_bundle():
    """A row made again of plain state, alone, answers as among many."""
    rows, matrix, hours = scheduled(1200)
    model = PlanOffset.fit(matrix, make_problem(rows, hours))
    again = model_of(model.to_state())
    one = np.array([5])
    alone = again.predict(FeatureMatrix(matrix.values[one], matrix.columns), rows.take(one))
    many = model.predict(matrix, rows)

    assert np.array_equal(alone.hours[0], many.hours[5])
    assert np.array_equal(alone.mass[0], many.mass[5])


def test_moments_are_old_enough_by_their_plan_not_by_their_age():
    """Of two moments of one week ago, the one planned for tomorrow waits, the one planned for the day after counts."""
    at = MONDAY_NOON + np.repeat([0, 7 * 24 * HOUR], [400, 1])
    anchor = np.concatenate([np.tile([24.0, 190.0], 200), [10.0]])
    delivered = np.append(np.ones(400, bool), False)
    outcomes = Outcomes(np.where(delivered, anchor, 1.0), delivered, np.full(401, FAR))

    assert np.array_equal(ripe(at, anchor, outcomes), np.arange(0, 400, 2))


def test_columns_that_tell_the_date_and_long_lists_are_left_out():
    """Global levels and cohort shares are a calendar to trees; a lane's own level is not."""
    columns = (
        FeatureColumn("history.late.level", "history"),
        FeatureColumn("history.late.5d_to_60d", "history"),
        FeatureColumn("history.moved_in_3_days.5d_to_60d", "history"),
        FeatureColumn("history.late.lane.60d", "history"),
        FeatureColumn("parcel.brand", "parcel", categorical=True),
        FeatureColumn("parcel.mode", "parcel", categorical=True),
    )
    values = np.column_stack([np.zeros((30, 4)), np.arange(30), np.arange(30) % 4]).astype(float)

    assert telling_columns(FeatureMatrix(values, columns)).tolist() == [3, 5]


def test_few_rows_leave_out_histories_of_whole_durations():
    """How many came late on a lane stays, how long it took there does not; many rows see both."""
    names = ("history.late.lane.60d", "history.total.lane.60d", "history.promise_offset.lane.60d", "history.arrival_offset.lane.60d")
    matrix = FeatureMatrix(np.zeros((5, 4)), tuple(FeatureColumn(name, "history") for name in names))

    assert telling_columns(matrix, few=True).tolist() == [0, 3]
    assert telling_columns(matrix).tolist() == [0, 1, 2, 3]
