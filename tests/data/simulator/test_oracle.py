"""The oracle keeps the past of a world and knows how its future may go on."""

import numpy as np
import pytest

from data.simulator.flow import flow
from data.simulator.oracle import OracleAnswer, open_shipments, oracle
from data.simulator.oracle_world import Future, future_of
from data.simulator.state import DELIVERED

DAY = 1440.0
NOON, NIGHT = (2 + 16) * DAY + 17 * 60, (2 + 21) * DAY + 5 * 60
"""Two moments of the shared world, in minutes."""


def true_hours(world, at, rows):
    end = np.full(len(world.row), np.nan)
    end[world.row] = np.where(world.history.outcome == DELIVERED, world.history.end, np.nan)
    return (end[rows] - at) / 60


@pytest.fixture(scope="module")
def answers(world):
    """Ask at noon and at night about everything that is open."""
    return {at: oracle(world, at, open_shipments(world, at), draws=40, seed=1) for at in (NOON, NIGHT)}


def test_everything_before_the_moment_happens_again_to_the_last_bit(world):
    """Arrivals, departures and visits up to the moment are those of the world; later ones are not."""
    future = future_of(world, NOON, NOON + 18 * DAY, np.random.default_rng(1))
    again = flow(future.setting, until=NOON + 18 * DAY)
    place = np.empty(len(future.row), dtype=np.int64)
    place[future.row] = np.arange(len(future.row))
    old = np.flatnonzero(world.created <= NOON)
    new = place[world.row[old]]

    def happened(history, parcels, rows, name):
        values = getattr(history, name)
        if len(values) == len(parcels.release):
            found = values[rows]
        else:
            visits = [values[parcels.visit[i] : parcels.visit[i + 1]] for i in rows]
            found = np.concatenate(visits)
        return np.where(found <= NOON, found, -1)

    for name in ("arrive", "start", "sorted", "depart", "dispatch", "door"):
        before = happened(world.history, world.parcels, old, name)
        assert np.array_equal(before, happened(again, future.setting.parcels, new, name)), name
    later = np.isfinite(world.history.end[old]) & (world.history.end[old] > NOON)
    assert (world.history.end[old][later] != again.end[new][later]).mean() > 0.9


def test_without_chance_the_oracle_is_a_point_at_the_truth(world):
    """In a world in which nothing is drawn anew every future is the true one."""
    rows = open_shipments(world, NOON)
    answer = oracle(
        world, NOON, rows, draws=3, seed=1, horizon_days=60, draw=lambda world, _at, _until, _rng: Future(world.setting, world.row)
    )
    truth = true_hours(world, NOON, rows)
    came = np.isfinite(truth)

    assert np.array_equal(answer.hours[came], np.repeat(truth[came, None], 3, axis=1))
    assert np.isnan(answer.hours[~came]).all() or (answer.hours[~came] != answer.hours[~came]).mean() > 0.9


def test_its_own_windows_hold_what_they_promise(world, answers):
    """Over all moments the 80 % window covers about 80 %, and the truth is nowhere among the futures more often than elsewhere."""
    covered, levels = [], []
    for at, answer in answers.items():
        truth = true_hours(world, at, answer.rows)
        known = np.isfinite(truth)
        low, high = answer.quantile((0.1, 0.9))[known].T
        covered.append((low <= truth[known]) & (truth[known] <= high))
        levels.append(answer.reached(truth)[known])
    level = np.concatenate(levels)

    assert 0.73 <= np.concatenate(covered).mean() <= 0.87
    assert 0.44 <= level.mean() <= 0.56
    assert np.histogram(level, 5, (0, 1))[0].min() > 0.12 * len(level)


def test_nothing_arrives_before_it_is_asked_for(answers):
    """What is still open at the moment arrives after it in every future."""
    for answer in answers.values():
        assert not (answer.hours <= 0).any()


def test_the_same_question_gets_the_same_answer(world):
    """Draws depend on the seed and the moment alone."""
    rows = open_shipments(world, NIGHT)[:50]
    first, second = (oracle(world, NIGHT, rows, draws=2, seed=3) for _ in range(2))

    assert np.array_equal(first.hours, second.hours, equal_nan=True)


def test_quantiles_leave_out_what_is_never_delivered():
    """Lost futures do not count; futures open at the horizon lie at the end."""
    answer = OracleAnswer(0.0, np.arange(2), np.array([[1.0, 2.0, 3.0, np.nan], [5.0, np.inf, np.inf, np.inf]]))
    quantiles = answer.quantile((0.5, 0.9))

    assert quantiles[0].tolist() == [2.0, 3.0]
    assert np.isinf(quantiles[1]).all()
    assert answer.reached(np.array([2.0, 6.0])).tolist() == [0.5, 0.25]
