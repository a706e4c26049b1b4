"""Near the door the hour is learnt: of the plan where it names one, else of what is usual."""

import numpy as np
import pytest

from tests.training.models.rows import HOUR, MONDAY_NOON, make_rows
from training.features.matrix import FeatureColumn
from training.models.day_hours import DayHours, refined
from training.models.person_days import Calendar

COLUMNS = [FeatureColumn("progress.noise", "progress"), FeatureColumn("history.level", "history")]


def deliveries(n=3000, *, seed=1, planned=True):
    """Deliveries on the moment's day or one of the next three, half an hour around the planned hour; New York is four hours behind in June."""
    rng = np.random.default_rng(seed)
    at = MONDAY_NOON - 8 * HOUR + (rng.uniform(0, 3, n) * HOUR).astype(np.int64)
    plan = rng.uniform(9, 18, n)
    hour = np.clip(plan + rng.normal(0, 0.5, n), 6, 22)
    day = rng.integers(0, 4, n)
    local_now = (at - (MONDAY_NOON - 8 * HOUR)) / HOUR
    plan_hours = plan + 24.0 * rng.integers(0, 3, n) - local_now
    rows = make_rows(n, at=at, plan_hours=plan_hours if planned else np.full(n, np.nan))
    return rows, rng.normal(size=(n, 2)).astype(np.float32), hour, day, plan


def learnt(**given):
    rows, values, hour, day, _ = deliveries(**given)
    return DayHours.fit(rows, values, COLUMNS, calendar=Calendar.around(rows, 10), local_hour=hour, day=day)


@pytest.fixture(scope="module")
def hours():
    return learnt()


def asked(hours, rows, values, *, soon=False, steps=48):
    calendar = Calendar.around(rows, 10)
    return hours.curve(rows, values, calendar, np.zeros(len(rows), dtype=bool), soon=soon, steps=steps)


def test_a_plan_that_names_the_hour_is_believed_as_far_as_it_was_right(hours):
    """Nine of ten deliveries are expected within ninety minutes of the planned hour, on the moment's day and later."""
    rows, values, _, _, plan = deliveries(200, seed=2)
    for soon in (True, False):
        curve = asked(hours, rows, values, soon=soon, steps=96)
        grid = np.arange(97) / 4
        near = [np.interp(p + 1.5, grid, c) - np.interp(p - 1.5, grid, c) for p, c in zip(plan, curve, strict=True)]

        assert 0.85 < np.mean(near) < 0.99


def test_where_nothing_tells_the_hour_the_usual_hours_answer():
    """Without a plan the forests know nothing more than the histogram, and are left out."""
    unplanned = learnt(planned=False)

    assert unplanned.own is None


def test_few_deliveries_give_usual_hours():
    """Below a thousand deliveries no forest is grown."""
    assert learnt(n=300).own is None


def test_every_day_is_used_up(hours):
    """A curve begins at 0, ends at 1 and never falls, at any fineness."""
    rows, values, *_ = deliveries(50, seed=3)
    for steps in (48, 144):
        curve = asked(hours, rows, values, soon=True, steps=steps)

        assert curve.shape == (50, steps + 1)
        assert (curve[:, 0] == 0).all()
        assert np.allclose(curve[:, -1], 1)
        assert (np.diff(curve, axis=1) >= -1e-12).all()


def test_a_row_alone_gets_the_same_bits(hours):
    """One row among fifty is answered as it is alone, also by hours made again of their state."""
    rows, values, *_ = deliveries(50, seed=4)
    together = asked(DayHours.from_state(hours.to_state()), rows, values, soon=True)
    for row in (0, 17, 49):
        alone = asked(hours, rows.take(np.array([row])), values[[row]], soon=True)

        assert np.array_equal(alone[0], together[row])


def test_a_curve_is_read_straight_between_half_hours():
    """A finer reading keeps the known points and lies halfway between them."""
    curve = np.linspace(0, 1, 49)[None, :] ** 2
    finer = refined(curve, 96)

    assert np.allclose(finer[0, ::2], curve[0])
    assert np.allclose(finer[0, 1::2], (curve[0, 1:] + curve[0, :-1]) / 2)
