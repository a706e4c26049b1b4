"""Lane tables, ratios and offsets say what is usual, and what is not."""

import numpy as np
import pytest

from data.domain.errors import ModelRefused, TooLittleData
from tests.training.models.rows import HOUR, MONDAY_NOON, make_matrix, make_problem, make_rows
from training.models.baselines import Baseline
from training.models.lane_table import LaneTable, lane_keys
from training.models.mature import mature
from training.models.model import model_of
from training.models.plan_offset import PlanOffset
from training.models.ratio import LaneRatio


def legs(n=600, *, seed=1):
    """Legs of twelve lanes, each with its own ratio to the router, and a level that slows all of them."""
    rng = np.random.default_rng(seed)
    lane = rng.integers(0, 12, n)
    planned = 30.0 + 12 * lane
    level = rng.uniform(0.8, 1.4, n)
    hours = planned / 60 * (1.2 + 0.15 * lane) * level * np.exp(rng.normal(0, 0.1, n))
    names = np.array([f"F{one}" for one in lane], dtype=object)
    rows = make_rows(n, at=MONDAY_NOON + np.arange(n) * HOUR // 10, planned_minutes=planned, origin=names)
    return rows, make_matrix(level=level), hours


def test_a_cold_lane_answers_as_its_region():
    """A lane that was never seen has the value of the coarser cell, and says that it has seen nothing."""
    rows, _, hours = legs()
    table = LaneTable.fit(np.log(hours), lane_keys(rows, staged=False))
    unknown = make_rows(1, origin=np.array(["NEW"], dtype=object))
    value, seen = table.look_up(lane_keys(unknown, staged=False))

    assert seen[0] == 0
    assert value[0] == pytest.approx(table.levels[1]["\x1fTN\x1fNJ"][0])


def test_a_cell_of_few_leans_on_its_parent():
    """One shipment moves its lane by a third of the way only."""
    rows = make_rows(5, origin=np.array(["A"] * 4 + ["B"], dtype=object))
    table = LaneTable.fit(np.array([0.0, 0.0, 0.0, 0.0, 1.0]), lane_keys(rows, staged=False))
    lane_b = table.levels[2]["\x1fB\x1fEWR"][0]

    assert lane_b == pytest.approx(1 / 3)


def test_the_ratio_model_beats_its_own_table():
    """What slows all lanes is learnt on top of the lanes."""
    rows, matrix, hours = legs()
    problem = make_problem(rows, hours)
    model, table = LaneRatio.fit(matrix, problem), Baseline.fit("lane_table", problem)
    new_rows, new_matrix, truth = legs(seed=2)
    error = np.abs(model.predict(new_matrix, new_rows).quantile((0.5,))[:, 0] - truth).mean()

    assert error < 0.9 * np.abs(table.point(new_rows) - truth).mean()


def test_an_offset_is_learnt_around_the_plan():
    """Arrivals two hours after every plan are forecast two hours after a new plan."""
    rng = np.random.default_rng(1)
    plan = rng.uniform(5, 50, 300)
    rows, matrix = make_rows(300, plan_hours=plan), make_matrix(noise=rng.normal(size=300))
    model = PlanOffset.fit(matrix, make_problem(rows, plan + 2 + rng.normal(0, 0.1, 300)))
    new = make_rows(1, plan_hours=np.array([30.0]))

    assert model.predict(make_matrix(noise=np.zeros(1)), new).quantile((0.5,))[0, 0] == pytest.approx(32, abs=0.3)


def test_the_newest_moments_wait_for_their_slow_ones():
    """Moments younger than 95 % of the durations are left out where some are still open."""
    at = MONDAY_NOON + np.arange(1000) * HOUR
    hours, delivered = np.full(1000, 50.0), np.arange(1000) < 970
    chosen = mature(make_problem(make_rows(1000, at=at), hours, delivered))

    assert chosen.max() == 949


def test_too_few_deliveries_are_refused():
    """Thirty known deliveries are the least."""
    with pytest.raises(TooLittleData, match="at least 30"):
        mature(make_problem(make_rows(10), np.ones(10)))


@pytest.mark.parametrize("kind", ["lane_ratio", "plan_offset", "lane_table", "constant"])
def test_every_kind_comes_back_from_its_state(kind):
    """A model made again of its plain state answers bit by bit the same."""
    rows, matrix, hours = legs(200)
    rows = make_rows(200, at=rows.at, planned_minutes=rows.planned_minutes, origin=rows.origin, plan_hours=rows.planned_minutes / 60)
    problem = make_problem(rows, hours)
    fits = {"lane_ratio": LaneRatio.fit, "plan_offset": PlanOffset.fit}
    model = fits[kind](matrix, problem) if kind in fits else Baseline.fit(kind, problem)
    again = model_of(model.to_state())

    assert np.array_equal(again.predict(matrix, rows).hours, model.predict(matrix, rows).hours)


def test_an_unknown_kind_is_refused():
    """A bundle of a later version is not guessed at."""
    with pytest.raises(ModelRefused, match="crystal_ball"):
        model_of({"kind": "crystal_ball"})
