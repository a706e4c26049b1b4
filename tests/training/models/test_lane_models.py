"""Lane tables, ratios and offsets say what is usual, and what is not."""

from dataclasses import dataclass

import numpy as np
import pytest

from data.domain.errors import ModelRefused, TooLittleData
from tests.training.models.rows import HOUR, MONDAY_NOON, make_matrix, make_problem, make_rows, words
from training.distribution import RemainingTime
from training.features.matrix import FeatureColumn, FeatureMatrix
from training.models.baselines import Baseline
from training.models.cold_lanes import ColdLanes, neighbourhoods
from training.models.heads import LEVELS, around_mean, best_share
from training.models.lane_baseline import LaneBaseline
from training.models.lane_table import LaneTable, lane_keys
from training.models.lanes import LaneSummaries
from training.models.mature import mature, ripe
from training.models.model import model_of
from training.models.plan_offset import PlanOffset
from training.models.problem import Problem
from training.models.ratio import LaneRatio
from training.models.telling import telling_columns, varying_columns


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


def summaries(origin, destination, minutes, planned_minutes):
    """Measured lanes between places of two regions, five shipments and fifty kilometres each."""
    n = len(origin)
    return LaneSummaries(origin, destination, words(n, "TN"), words(n, "NJ"), np.full(n, 5.0), minutes, planned_minutes, np.full(n, 50.0))


def measured_lanes():
    """120 measured lanes that take twice the router's minutes, and 300 shipments on six of them."""
    rng = np.random.default_rng(1)
    places = np.array([f"F{number}" for number in range(120)], dtype=object)
    planned = rng.uniform(20, 300, 120)
    lanes = summaries(places, words(120, "EWR"), planned * 2, planned)
    lane = np.arange(300) % 6
    rows = make_rows(
        300,
        at=MONDAY_NOON + np.arange(300) * HOUR // 10,
        planned_minutes=planned[lane],
        origin=places[lane],
        distance_km=np.full(300, 50.0),
    )
    return lanes, rows, planned[lane] / 60 * 2 * np.exp(rng.normal(0, 0.05, 300))


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


def test_what_a_lane_did_lately_moves_its_usual_hours():
    """Where measured lanes were handed over, rows that took half as long again move their own lane towards that, and no other lane."""
    lanes, rows, hours = measured_lanes()
    slow = rows.origin == "F3"
    problem = make_problem(rows, np.where(slow, 1.5, 1.0) * hours)
    baseline = LaneBaseline.fit(Problem(rows, problem.outcomes, lanes))
    moved = np.log(baseline.hours(rows)[0] / baseline.parts(rows, baseline.table)[0])

    assert moved[slow] == pytest.approx(np.log(1.5), abs=0.15)
    assert moved[~slow] == pytest.approx(0, abs=0.15)


def test_no_row_sees_itself_in_what_its_lane_did_lately():
    """Out of fold, the usual hours of the only shipment of a lane do not follow its own outcome."""
    lanes, rows, hours = measured_lanes()
    alone = np.append(rows.origin[:-1], "F119").astype(object)
    rows = make_rows(len(rows), at=rows.at, planned_minutes=rows.planned_minutes, distance_km=rows.distance_km, origin=alone)
    hours[-1] *= 20
    problem = Problem(rows, make_problem(rows, hours).outcomes, lanes)
    baseline = LaneBaseline.fit(problem)
    said, extra = baseline.out_of_fold(rows, hours, seed=1)

    assert extra[-1, -1] == 0
    assert baseline.hours(rows)[0][-1] > said[-1]


def test_a_lane_never_seen_is_guessed_from_its_way_back():
    """Lanes are as slow as their way back: a lane known in one direction only is guessed close to that."""
    rng = np.random.default_rng(1)
    ratio = np.repeat(rng.normal(0.7, 0.4, 300), 2)
    one, other = (np.array([f"{end}{number}" for number in range(300)], dtype=object) for end in "AB")
    origin, destination = np.stack([one, other], 1).ravel(), np.stack([other, one], 1).ravel()
    places, known = (origin, destination), np.arange(600) < 560
    planned = rng.uniform(0.5, 4, 600)
    lanes = summaries(*places, planned * 60 * np.exp(ratio), planned * 60)
    cold = ColdLanes.fit(
        lanes.take(np.flatnonzero(known[:600] & (np.arange(600) != 1))), np.delete(ratio[known], 1), np.delete(planned[known], 1)
    )
    names = neighbourhoods(*places, words(600, "TN"), words(600, "NJ"))
    guess = cold.predict(tuple(name[1:2] for name in names), planned[1:2], np.array([50.0]))

    assert abs(guess[0] - ratio[1]) < 0.5 * abs(ratio.mean() - ratio[1])


@dataclass
class Middles:
    """Stand for heads whose medians and means were said in advance."""

    median: np.ndarray
    mean: np.ndarray

    def middles(self, matrix, usual):
        """Give them."""
        return self.median, self.mean


@pytest.mark.parametrize(("off_by", "asked"), [(0.0, True), (1.0, False)], ids=["mean is surer", "mean is pulled away"])
def test_the_mean_takes_part_where_rows_left_out_ask_for_it(off_by, asked):
    """Two estimates that err apart are better together; a mean that rare long ones pull away takes no part."""
    rng = np.random.default_rng(1)
    hours = rng.uniform(2, 6, 2_000)
    heads = Middles(hours + rng.normal(0, 0.3, 2_000), hours + off_by + rng.normal(0, 0.3, 2_000))

    assert (best_share(heads, np.empty((2_000, 0)), hours, np.full(2_000, 4.0)) > 0) == asked


def test_levels_move_to_the_mean_and_the_median_stays():
    """Levels around a surer mean have that mean; their median and their order are what they were."""
    quantiles = np.array([[1.0, 2, 3, 4, 5, 6, 7], [1.0, 2, 3, 4, 5, 6, 7]])
    moved = around_mean(quantiles, np.array([4.3, 3.8]))

    assert RemainingTime.of_quantiles(LEVELS, moved).mean() == pytest.approx([4.3, 3.8], abs=0.05)
    assert moved[:, 3].tolist() == [4.0, 4.0]
    assert (np.diff(moved, axis=1) >= 0).all()


def test_columns_of_noise_are_left_out():
    """Of a column that tells and five that do not, the one that tells stays and most of the others go."""
    rng = np.random.default_rng(1)
    matrix = rng.normal(size=(12_000, 6)).astype(np.float32)
    target = matrix[:, 2] + rng.normal(0, 0.5, 12_000)
    nothing = np.zeros((12_000, 1), dtype=np.float32)
    told = telling_columns(matrix, nothing, target.astype(float), np.ones(12_000), categorical=(), seed=1)

    assert 2 in told
    assert len(told) <= 3


def test_days_are_no_columns_where_there_are_no_two_weeks():
    """In four days a weekday names one day; the hour stays."""
    columns = tuple(FeatureColumn(f"calendar.{name}", "calendar") for name in ("hour", "weekday"))
    matrix = FeatureMatrix(np.random.default_rng(1).normal(size=(50, 2)), columns)

    assert varying_columns(matrix, measured=False, span_days=4.0).tolist() == [0]
    assert varying_columns(matrix, measured=False, span_days=30.0).tolist() == [0, 1]


def test_a_row_has_the_same_bits_alone_and_among_many():
    """One row asked alone is answered bit by bit as among all."""
    lanes, rows, hours = measured_lanes()
    matrix = make_matrix(noise=np.random.default_rng(1).normal(size=len(rows)))
    model = LaneRatio.fit(matrix, Problem(rows, make_problem(rows, hours).outcomes, lanes), thorough=False)
    one = np.array([7])

    assert np.array_equal(model.predict(matrix.rows(one), rows.take(one)).hours, model.predict(matrix, rows).hours[7:8])


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


def test_short_ways_count_sooner_than_long_ones():
    """Of two lanes that take one and fifty hours, an hour-old moment of the first counts and a day-old one of the second does not."""
    at = MONDAY_NOON + np.arange(1000) * HOUR
    far = np.arange(1000) % 2 == 0
    hours = np.where(far, 50.0, 1.0)
    age = (at.max() - at) / HOUR
    problem = make_problem(make_rows(1000, at=at, planned_minutes=60 * hours), np.minimum(hours, age), age >= hours)
    chosen = ripe(problem)

    assert age[chosen][far[chosen]].min() == 51
    assert age[chosen][~far[chosen]].min() == 2
    assert age[mature(problem)].min() >= 50


def test_fast_ones_of_a_young_long_way_do_not_count():
    """A long way that has come at once is left out while most of its kind could not have come yet."""
    at = MONDAY_NOON + np.arange(1000) * HOUR
    hours = np.where(np.arange(1000) == 995, 1.0, 50.0)
    age = (at.max() - at) / HOUR
    problem = make_problem(make_rows(1000, at=at, planned_minutes=np.full(1000, 3000.0)), np.minimum(hours, age), age >= hours)

    assert 995 not in ripe(problem)


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
